"""Figures of what clients answered: NPS, CSAT, CSI and CES 2.0."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from deskcrm.domain.metrics.figures import Z95, Figure, Unit, mean, no_data, share

EQUAL: Final = (1 / 3, 1 / 3, 1 / 3)


def nps(scores: Iterable[int]) -> Figure:
    """100 · (share of 9 to 10 − share of 0 to 6), in points from −100 to 100; Reichheld 2003.

    The interval is ±1.96·100·√((p + d − (p − d)²)/n), with p promoters and d detractors as shares.
    """
    listed = _on(scores, 0, 10)
    n = len(listed)
    if not n:
        return no_data(Unit.POINTS)
    promoters = sum(one >= 9 for one in listed) / n
    detractors = sum(one <= 6 for one in listed) / n
    net = promoters - detractors
    half = Z95 * 100 * math.sqrt((promoters + detractors - net * net) / n)
    return Figure(100 * net, Unit.POINTS, n, (100 * net - half, 100 * net + half))


def csat(ratings: Iterable[int]) -> Figure:
    """100 · (answers of 4 and 5 on a scale of 5) / answers, in percent."""
    listed = _on(ratings, 1, 5)
    return share(sum(one >= 4 for one in listed), len(listed))


def csi(answers: Iterable[Sequence[int]], weights: Sequence[float] = EQUAL) -> Figure:
    """Σ wᵢ·(mean of xᵢ − 1)/9 · 100, in points from 0 to 100; ACSI (Fornell 1996).

    Each answer has satisfaction, expectation met and closeness to the ideal, on 1 to 10. The
    weights add up to 1; ACSI estimates them for each trade, without that they are equal.
    """
    if not math.isclose(math.fsum(weights), 1):
        raise ValueError("the weights add up to 1")
    scores = [
        math.fsum(w * (x - 1) / 9 * 100 for w, x in zip(weights, _on(one, 1, 10), strict=True))
        for one in answers
    ]
    return mean(scores, Unit.POINTS)


def ces(answers: Iterable[int]) -> Figure:
    """The mean of the answers on 1 to 7, 7 being the least effort; CES 2.0 (CEB 2013)."""
    return mean([float(one) for one in _on(answers, 1, 7)], Unit.SCALE_OF_7)


def ces_easy(answers: Iterable[int]) -> Figure:
    """100 · (answers of 5 to 7) / answers, in percent; CES 2.0 (CEB 2013)."""
    listed = _on(answers, 1, 7)
    return share(sum(one >= 5 for one in listed), len(listed))


def _on(answers: Iterable[int], low: int, high: int) -> list[int]:
    listed = list(answers)
    if any(not low <= one <= high for one in listed):
        raise ValueError(f"answers are from {low} to {high}")
    return listed
