"""What changed: the parts sum to the change, each under its cause."""

from hypothesis import given
from hypothesis import strategies as st

from deskcrm.domain.health import SCORECARD, Cause, Delta, Score, Signal, score, what_changed
from deskcrm.domain.health.scoring import BASE
from tests.domain.health.cases import many, pairs

QUIET = dict.fromkeys(SCORECARD.terms, 0.0)


def sums_to_the_change(before: Score, after: Score, deltas: tuple[Delta, ...]) -> bool:
    return sum(delta.points for delta in deltas) == after.points - before.points


@many
@given(pairs(), st.floats(0, 100))
def test_the_parts_sum_to_the_change_exactly(pair: tuple[Score, Score], days: float) -> None:
    before, after = pair
    assert sums_to_the_change(before, after, what_changed(before, after, days))


def test_a_part_left_out_is_noticed() -> None:
    before, after = score(QUIET), score(QUIET | {Signal.SILENCE: 1.3, Signal.RENEWAL_DUE: 1})
    deltas = what_changed(before, after)
    assert sums_to_the_change(before, after, deltas)
    assert not sums_to_the_change(before, after, deltas[1:])


def causes(before: dict[str, float | None], after: dict[str, float | None]) -> dict[str, Cause]:
    found = what_changed(score(QUIET | before), score(QUIET | after))
    return {delta.name: delta.cause for delta in found}


def test_each_part_has_its_cause() -> None:
    assert causes({}, {Signal.TICKETS_OVERDUE: 2}) == {"tickets_overdue": Cause.NEW_EVENT}
    assert causes({Signal.TICKETS_OVERDUE: 2}, {}) == {"tickets_overdue": Cause.RESOLVED}
    assert causes({Signal.USAGE_DROP: None}, {Signal.USAGE_DROP: 1}) == {
        "usage_drop": Cause.DATA_ARRIVED
    }
    assert causes({Signal.USAGE_DROP: 1}, {Signal.USAGE_DROP: None}) == {
        "usage_drop": Cause.DATA_AGED
    }
    assert causes({Signal.TENURE: 1.0}, {Signal.TENURE: 1.1}) == {"tenure": Cause.FADING}
    assert causes({}, {}) == {}


def test_what_fell_is_split_into_fading_and_the_rest() -> None:
    week = 0.5 ** (1 / 9)
    alone = causes({Signal.CHAMPION_LEFT: 1}, {Signal.CHAMPION_LEFT: week})
    assert alone == {"champion_left": Cause.FADING}
    found = what_changed(score(QUIET | {Signal.CHAMPION_LEFT: 1}), score(QUIET))
    assert {delta.cause for delta in found} == {Cause.FADING, Cause.RESOLVED}


def test_a_new_event_shows_although_older_ones_faded_by_more() -> None:
    before, after = {"tickets_reopened": 3.0}, {"tickets_reopened": 2.9}
    found = what_changed(score(QUIET | before), score(QUIET | after))
    assert [(delta.cause, delta.points > 0) for delta in found] == [
        (Cause.FADING, False),
        (Cause.NEW_EVENT, True),
    ]


def test_events_over_the_cap_fade_too() -> None:
    # Five reopened tickets count four; a week later they count 4 still, or a little less.
    assert causes({Signal.TICKETS_REOPENED: 4}, {Signal.TICKETS_REOPENED: 3.9}) == {
        "tickets_reopened": Cause.FADING
    }


def test_other_rules_stand_by_themselves() -> None:
    other = SCORECARD.with_weights({"silence": 0.8})
    signals = QUIET | {Signal.SILENCE: 1.0}
    found = what_changed(score(signals), score(signals | {Signal.RENEWAL_DUE: 1}, other))
    assert {(delta.name, delta.cause) for delta in found} == {
        ("silence", Cause.RULES_CHANGED),
        ("renewal_due", Cause.NEW_EVENT),
    }
    moved = SCORECARD.with_weights({})
    assert what_changed(score(signals), score(signals, moved)) == ()
    assert BASE not in {delta.name for delta in found}
