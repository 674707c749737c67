"""The replay: whom the score would have named, and the same figures however a weight got there."""

from datetime import date

import pytest

from deskcrm.domain.backtests.observations import cases_of
from deskcrm.domain.backtests.replay import Replay
from deskcrm.domain.health import SCORECARD, score
from tests.domain.backtests.months import TODAY, case, observations, who

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ALL = dict.fromkeys(SCORECARD.terms, 0.0)


def known(**signals: float | None) -> dict[str, float | None]:
    return {**ALL, **signals}


def test_hits_misses_and_false_alarms_are_told_apart() -> None:
    cases = [
        case(1, MARCH, left=True, **known(silence=3)),
        case(2, MARCH, left=False, **known(silence=2)),
        case(3, MARCH, left=True, **known()),
        case(4, MARCH, left=False, **known()),
    ]
    found = Replay(cases, capacity=0.5).measure(SCORECARD)
    assert [one.client_id for one in found.hits] == [who(1)]
    assert [one.client_id for one in found.misses] == [who(3)]
    assert [one.client_id for one in found.false_alarms] == [who(2)]
    assert (found.precision.count, found.precision.of, found.caught.value) == (1, 2, 0.5)
    assert found.base.value == 0.5 and found.lift == 1
    assert found.lead_days == 40 and found.hits[0].lead_days == 40
    assert found.auc == pytest.approx(0.625)  # 1 above both, 3 below one and level with the other


def test_the_lead_counts_from_the_first_month_in_which_it_was_named() -> None:
    early = case(1, MARCH, left=True, **known(silence=3))
    late = early.__class__(who(1), APRIL, early.signals, early.noticed_on, True)
    found = Replay([early, late, case(2, MARCH, left=False, **known())], 0.1).measure(SCORECARD)
    assert [(one.on, one.lead_days) for one in found.hits] == [(MARCH, 40)]
    assert found.caught.of == 1 and found.months == (MARCH, APRIL)


def test_who_is_named_early_and_then_caught_is_no_false_alarm() -> None:
    cases = [
        case(1, APRIL, left=True, **known(silence=3)),
        case(2, MARCH, left=False, **known()),
    ]
    cases.append(cases[0].__class__(who(1), MARCH, cases[0].signals, cases[0].noticed_on, False))
    found = Replay(cases, 0.1).measure(SCORECARD)
    assert found.false_alarms == () and len(found.hits) == 1
    assert found.precision.count == 1 and found.precision.of == 2  # the strict figure counts it


def test_with_not_enough_data_nobody_is_named() -> None:
    cases = [case(1, MARCH, left=True, silence=3.0), case(2, MARCH, left=False, **known())]
    found = Replay(cases, 0.5).measure(SCORECARD)
    assert found.too_little_known == 1
    assert [one.client_id for one in found.misses] == [who(1)]


def test_no_cases_give_no_figures() -> None:
    found = Replay([]).measure(SCORECARD)
    assert (found.cases, found.auc, found.lift, found.lead_days) == (0, None, None, None)
    assert found.precision.value is None and found.calibration == ()


def test_baselines_rank_by_one_signal_alone() -> None:
    cases = cases_of(observations(120, 12), TODAY)
    renewal, silence = Replay(cases).measure(SCORECARD).baselines
    assert (renewal.name, silence.name) == ("renewal_due", "silence")
    assert silence.lift is not None and renewal.lift is not None and silence.lift > renewal.lift


def test_a_weight_that_moves_gives_what_a_fresh_replay_gives() -> None:
    cases = cases_of(observations(60, 12), TODAY)
    moving = Replay(cases)
    for weight in (0.0, 0.7, 3.1, 0.4):
        model = SCORECARD.with_weights({"silence": weight, "tickets_overdue": weight / 3})
        assert moving.measure(model) == Replay(cases).measure(model)
    assert moving.measure(SCORECARD) == Replay(cases).measure(SCORECARD)


def test_its_points_are_those_of_the_score() -> None:
    cases = cases_of(observations(10, 6), TODAY)
    found = Replay(cases, capacity=1.0).measure(SCORECARD)
    by_client = {(one.client_id, one.on): one for one in found.false_alarms}
    compared = [one for one in cases if (one.client_id, one.on) in by_client]
    assert compared
    for one in compared:
        named = by_client[one.client_id, one.on]
        assert named.probability == score(one.signals, SCORECARD).probability
