"""How well a ranking foretold: AUC, precision at a capacity, intervals, calibration."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_NORMAL_95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its interval of 95 %."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of about the same foretold chance, and how many of them came true."""

    foretold: float
    seen: Share


def wilson(count: int, of: int) -> Share:
    """Give a share with Wilson's interval (1927), which holds for few and for none."""
    if not of:
        return Share(0, 0, 0.0, 1.0)
    share, z = count / of, _NORMAL_95
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    low, high = max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)
    return Share(count, of, low if count else 0.0, high if count < of else 1.0)


def auc(scores: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Give the chance that one that came true was ranked above one that did not; ties are half.

    None where all came true or none did.
    """
    ranked = sorted(scores)
    true = sorted(score for score, came in zip(scores, outcomes, strict=True) if came)
    positive, negative = len(true), len(scores) - len(true)
    if not (positive and negative):
        return None
    above = 0.0
    for score in true:  # few come true: only these are looked up among all
        below = bisect_left(ranked, score) - bisect_left(true, score)
        up_to = bisect_right(ranked, score) - bisect_right(true, score)
        above += (below + up_to) / 2
    return above / (positive * negative)


def auc_error(positive: int, negative: int) -> float:
    """Give the standard error of an AUC under chance alone (Mann–Whitney)."""
    return math.sqrt((positive + negative + 1) / (12 * positive * negative))


def capacity_of(book: int, share: float) -> int:
    """Give how many of a book can be looked after: a share of it, but at least one."""
    return max(1, math.floor(book * share + 1e-9)) if book else 0


def hits_at(scores: Sequence[float], outcomes: Sequence[bool], capacity: int) -> float:
    """Count what came true among the highest; of those tied at the edge, as many as by chance."""
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    hits, left = 0.0, capacity
    for _, group in groupby(order, key=scores.__getitem__):
        tied = [outcomes[index] for index in group]
        taken = min(left, len(tied))
        hits += sum(map(bool, tied)) * taken / len(tied)
        left -= taken
        if not left:
            break
    return hits


def calibration(
    chances: Sequence[float], outcomes: Sequence[bool], bins: int = 5
) -> tuple[Bin, ...]:
    """Compare what was foretold with what came, in bins of equally many rows, the lowest first."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    found = []
    for number in range(bins):
        part = order[len(order) * number // bins : len(order) * (number + 1) // bins]
        if part:
            foretold = math.fsum(chances[index] for index in part) / len(part)
            found.append(Bin(foretold, wilson(sum(bool(outcomes[i]) for i in part), len(part))))
    return tuple(found)
