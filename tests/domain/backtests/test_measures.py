"""Measures of a ranking, by worked examples: none, one, ties."""

import random

import pytest

from deskcrm.domain.backtests.measures import (
    auc,
    auc_error,
    calibration,
    capacity_of,
    hits_at,
    wilson,
)


def test_wilsons_interval_is_that_of_the_books() -> None:
    # Brown, Cai & DasGupta 2001; 10 of 100, and the two ends.
    found = wilson(10, 100)
    assert [found.low, found.high] == pytest.approx([0.0552, 0.1744], abs=1e-4)
    assert found.value == 0.1
    assert wilson(0, 10).low == 0 and wilson(0, 10).high == pytest.approx(0.2775, abs=1e-4)
    assert wilson(10, 10).high == 1 and wilson(10, 10).low == pytest.approx(0.7225, abs=1e-4)
    assert wilson(0, 0).value is None


def by_pairs(scores: list[float], outcomes: list[bool]) -> float:
    """Compare every pair, as the definition says."""
    above = [a for a, left in zip(scores, outcomes, strict=True) if left]
    below = [b for b, left in zip(scores, outcomes, strict=True) if not left]
    wins = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in above for b in below)
    return wins / (len(above) * len(below))


@pytest.mark.parametrize("seed", range(20))
def test_auc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    rng = random.Random(seed)
    scores = [float(rng.randint(0, 6)) for _ in range(40)]
    outcomes = [True, False, *(rng.random() < 0.3 for _ in range(38))]
    assert auc(scores, outcomes) == pytest.approx(by_pairs(scores, outcomes))


def test_auc_of_one_sort_alone_is_unknown() -> None:
    assert auc([], []) is None
    assert auc([1.0, 2.0], [True, True]) is None
    assert auc([1.0, 1.0], [True, False]) == 0.5
    assert auc([1.0, 2.0], [True, False]) == 0
    assert auc_error(10, 90) == pytest.approx((101 / 10_800) ** 0.5)


def test_of_those_tied_at_the_edge_as_many_count_as_by_chance() -> None:
    assert hits_at([3, 2, 2, 2, 1], [False, True, True, False, True], 2) == pytest.approx(2 / 3)
    assert hits_at([3, 2, 1], [True, False, True], 1) == 1
    assert hits_at([1.0], [True], 5) == 1
    assert hits_at([], [], 3) == 0


def test_a_capacity_is_at_least_one_of_anybody() -> None:
    assert [capacity_of(book, 0.1) for book in (0, 1, 9, 19, 20, 100)] == [0, 1, 1, 1, 2, 10]


def test_calibration_sets_what_was_foretold_beside_what_came() -> None:
    low, high = calibration([0.1, 0.9, 0.3, 0.7], [False, True, False, False], bins=2)
    assert [low.foretold, low.seen.value] == pytest.approx([0.2, 0])
    assert [high.foretold, high.seen.value] == pytest.approx([0.8, 0.5])
    assert calibration([], []) == ()
    assert len(calibration([0.5], [True])) == 1
