"""A score: its arithmetic, what is unknown, and reasons that sum to it exactly."""

import math
from dataclasses import replace

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from deskcrm.domain.health import BUILT_IN, SCORECARD, Model, Reason, Score, Signal, score
from deskcrm.domain.health.model import POINTS, sound
from deskcrm.domain.health.scoring import (
    BASE,
    faded,
    figures_of,
    points_at,
    points_of,
    probability_of,
    whole,
)
from tests.domain.health.cases import many, scores

QUIET = dict.fromkeys(SCORECARD.terms, 0.0)


def adds_up(found: Score) -> bool:
    return sum(reason.points for reason in found.reasons) == found.points


@many
@given(scores())
def test_the_reasons_sum_to_the_score_exactly(found: Score) -> None:
    assert adds_up(found)
    assert found.points == points_of(found.signals, found.model)
    assert (found.points, found.coverage) == figures_of(found.signals, found.model)
    assert 0 <= found.probability <= 1
    assert 0 <= found.coverage <= 1


def test_a_reason_that_is_wrong_by_the_least_is_noticed() -> None:
    found = score(QUIET | {Signal.SILENCE: 1.7})
    first = found.reasons[0]
    wrong = replace(
        found, reasons=(replace(first, points=first.points + 2**-20), *found.reasons[1:])
    )
    assert adds_up(found) and not adds_up(wrong)


def test_without_the_grid_reasons_would_not_sum_exactly() -> None:
    """The control of the property: plain floats, summed in another order, miss."""

    def misses(parts: list[float]) -> bool:
        return sum(parts) != sum(reversed(parts))

    found = find(st.lists(st.floats(0, 30), min_size=3, max_size=3), misses)
    assert misses(found)


def test_the_scorecard_is_the_table() -> None:
    assert [(f.name, f.prior, f.half_life_weeks) for f in BUILT_IN] == [
        ("renewal_due", 1.1, None),
        ("usage_drop", 1.5, None),
        ("tickets_reopened", 0.3, 6),
        ("second_failure", 0.7, 6),
        ("tickets_overdue", 0.3, None),
        ("csat_below_own", 0.4, None),
        ("detractor", 0.6, 26),
        ("nps_fall", 0.4, 26),
        ("silence", 0.4, None),
        ("outreach_unanswered", 0.25, None),
        ("champion_left", 1.2, 9),
        ("invoice_late_15", 0.5, None),
        ("invoice_late_45", 0.4, None),
        ("first_year", 0.3, None),
        ("tenure", -0.2, None),
        ("promises_broken", 0.3, 6),
    ]
    assert SCORECARD.intercept == -4.0
    assert SCORECARD.is_sound()


def test_a_score_is_the_sum_of_the_log_odds() -> None:
    found = score(QUIET | {Signal.RENEWAL_DUE: 1, Signal.SILENCE: 2, Signal.TENURE: math.log(3)})
    log_odds = -4.0 + 1.1 + 0.8 - 0.2 * math.log(3)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-log_odds)), rel=1e-6)
    assert found.points == pytest.approx(log_odds * 10 / math.log(2), abs=1e-5)
    assert [one.name for one in found.reasons] == ["renewal_due", "silence", "tenure", BASE]
    assert [one.name for one in found.top()] == ["renewal_due", "silence"]
    hardly = score(QUIET | {Signal.RENEWAL_DUE: 1, Signal.PROMISES_BROKEN: 0.05})
    assert [one.name for one in hardly.top()] == ["renewal_due"], "less than half a point"
    assert found.above_base == found.points - found.reasons[-1].points
    assert found.coverage == 1 and found.unknown == ()


def test_ten_points_double_the_odds() -> None:
    p, q = probability_of(-40), probability_of(-30)
    assert q / (1 - q) == pytest.approx(2 * p / (1 - p))
    assert points_at(probability_of(-37.25)) == pytest.approx(-37.25)
    assert pytest.approx(14.427, abs=1e-3) == POINTS


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_what_is_unknown_adds_nothing_and_lowers_the_coverage(unknown: float | None) -> None:
    found = score(QUIET | {Signal.USAGE_DROP: unknown})
    assert found.unknown == ("usage_drop",)
    assert found.coverage == pytest.approx(1 - 1.5 / sum(abs(f.prior) for f in BUILT_IN))
    assert found == replace(
        score({k: v for k, v in QUIET.items() if k != "usage_drop"}), signals=found.signals
    )


def test_a_client_of_whom_nothing_is_known_has_not_enough_data() -> None:
    found = score({})
    assert found.coverage == 0 and not found.is_enough
    assert set(found.unknown) == set(SCORECARD.terms)
    assert score(QUIET).is_enough


def test_values_count_within_their_limits() -> None:
    least = score(QUIET | {Signal.TICKETS_OVERDUE: -3})
    most = score(QUIET | {Signal.TICKETS_OVERDUE: 40})
    assert least.points == score(QUIET).points
    assert most.points == score(QUIET | {Signal.TICKETS_OVERDUE: 4}).points


def test_a_neutral_model_scores_even_odds_and_its_coverage_counts_signals() -> None:
    found = score({"a": 3.0, "b": None}, Model.neutral(["a", "b"]))
    assert (found.points, found.probability, found.coverage) == (0, 0.5, 0.5)
    assert found.reasons == (Reason(BASE, 0.0),)


def test_absurd_coefficients_fall_back_to_the_scorecard() -> None:
    tried = SCORECARD.with_weights({"silence": 0.9})
    assert sound(tried) is tried and tried.version != SCORECARD.version
    for wrong in (math.nan, math.inf, -0.1, 50.0):
        assert sound(SCORECARD.with_weights({"silence": wrong})) is SCORECARD
    assert sound(replace(SCORECARD, intercept=math.nan)) is SCORECARD
    assert sound(replace(SCORECARD, intercept=300.0)) is SCORECARD
    assert sound(None) is SCORECARD


def test_models_with_the_same_weights_have_the_same_version() -> None:
    one, two = (SCORECARD.with_weights({"silence": w}).version for w in (0.5, 0.6))
    assert one == SCORECARD.with_weights({"silence": 0.5}).version
    assert one != two


def test_an_event_loses_half_its_weight_in_a_half_life() -> None:
    assert faded([0], 6) == 1
    assert faded([42], 6) == 0.5
    assert faded([0, 42, 84], 6) == 1.75
    assert faded([0] * 9, 6, 4) == 4
    assert faded([], 6) == 0


def test_what_is_shown_still_adds_up() -> None:
    assert whole([1.5, 1.5, 1.4]) == [2, 1, 1]
    assert whole([-57.71, 15.87, 5.77]) == [-58, 16, 6]
    assert whole([]) == []


@many
@given(st.lists(st.floats(-100, 100), max_size=17))
def test_rounded_parts_sum_to_the_rounded_sum(parts: list[float]) -> None:
    shown = whole(parts)
    assert sum(shown) == round(math.fsum(parts))
    assert all(abs(one - part) <= 1 for one, part in zip(shown, parts, strict=True))


def test_a_model_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="one coefficient for each"):
        replace(SCORECARD, coefficients=(1.0,))
    with pytest.raises(ValueError, match="share a name"):
        Model.neutral(["a", "a"])
