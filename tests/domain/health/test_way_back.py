"""What would bring a client back: fewest acts, and re-scored it is below the line."""

from itertools import combinations

from hypothesis import event, given
from hypothesis import strategies as st

from deskcrm.domain.health import (
    SCORECARD,
    Fix,
    Model,
    Score,
    Signal,
    score,
    what_would_bring_it_back,
)
from deskcrm.domain.health.scoring import Signals
from tests.domain.health.cases import many, scores

QUIET = dict.fromkeys(SCORECARD.terms, 0.0)


def settled(signals: Signals, fixes: tuple[Fix, ...], model: Model) -> Score:
    """Score a client after some acts, in the test's own way."""
    unknown = score(signals, model).unknown
    done = {f.name for f in model.features if f.fix in fixes and f.name not in unknown}
    return score({name: 0.0 if name in done else v for name, v in signals.items()}, model)


def falls_below(found: Score, fixes: tuple[Fix, ...], line: float) -> bool:
    return settled(found.signals, fixes, found.model).probability < line


@many
@given(scores(), st.floats(0.0001, 0.9999))
def test_rescored_it_falls_below_the_line_with_as_few_acts_as_can_be(
    found: Score, line: float
) -> None:
    way = what_would_bring_it_back(found.signals, line, found.model)
    ways = [acts for n in range(len(Fix) + 1) for acts in combinations(Fix, n)]
    enough = [acts for acts in ways if falls_below(found, acts, line)]
    event(f"acts: {None if way is None else len(way.fixes)}")
    if way is None:
        assert enough == []
        return
    assert way.score.probability < line
    assert falls_below(found, way.fixes, line)
    assert len(way.fixes) == len(enough[0])


def test_one_act_too_few_does_not_fall_below() -> None:
    signals = QUIET | {Signal.TICKETS_OVERDUE: 3, Signal.SILENCE: 2, Signal.OUTREACH_UNANSWERED: 2}
    line = 0.025
    way = what_would_bring_it_back(signals, line)
    assert way is not None and way.fixes == (Fix.CONTACT, Fix.OVERDUE_TICKETS)
    assert not falls_below(score(signals), way.fixes[:1], line)


def test_a_talk_settles_silence_and_what_was_unanswered() -> None:
    signals = QUIET | {Signal.SILENCE: 3, Signal.OUTREACH_UNANSWERED: 4}
    way = what_would_bring_it_back(signals, 0.02)
    assert way is not None and way.fixes == (Fix.CONTACT,)
    assert way.score.signals["silence"] == way.score.signals["outreach_unanswered"] == 0


def test_what_we_cannot_settle_has_no_way_back() -> None:
    signals = QUIET | {Signal.RENEWAL_DUE: 1, Signal.USAGE_DROP: 1.5}
    assert what_would_bring_it_back(signals, 0.03) is None


def test_below_the_line_already_needs_no_act() -> None:
    way = what_would_bring_it_back(QUIET, 0.03)
    assert way is not None and way.fixes == ()


def test_what_is_unknown_stays_unknown() -> None:
    signals = QUIET | {Signal.SILENCE: 3, Signal.OUTREACH_UNANSWERED: None}
    way = what_would_bring_it_back(signals, 0.02)
    assert way is not None and way.score.unknown == ("outreach_unanswered",)
