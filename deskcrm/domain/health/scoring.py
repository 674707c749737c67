"""Scores a client: points, probability, how much is known, and reasons that add up exactly.

Every contribution is brought onto a grid of 2**-20 of a point and held within a million points.
Sums of such numbers need fewer bits than a float has, so they are exact in any order: reasons
sum to the score and deltas to the change with ``==``. What the grid takes from a score is less than
a hundred-thousandth of a point.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from deskcrm.domain.health.model import POINTS, SCORECARD, Model, Term

Signals = Mapping[str, float | None]

BASE: Final = "(base)"
"""The reason that stands for where every client starts."""
ENOUGH: Final = 0.5
"""The share of weight below which there is not enough data to say anything."""
_GRID: Final = 2**20
_MOST: Final = float(2**20)


@dataclass(frozen=True, slots=True)
class Reason:
    """What one signal adds to the score, in points."""

    name: str
    points: float
    value: float | None = None
    """The signal itself, as it counted; None for the base."""


@dataclass(frozen=True, slots=True)
class Score:
    """A client's score under a model. +10 points double the odds; 0 points are even odds."""

    points: float
    probability: float
    coverage: float
    """Share of the model's weight that is known, 0 to 1."""
    reasons: tuple[Reason, ...]
    """Everything that moves the score, the base last; their points sum to it exactly."""
    unknown: tuple[str, ...]
    signals: Signals
    model: Model

    @property
    def is_enough(self) -> bool:
        """Tell whether enough is known to say anything; if not, it must never look healthy."""
        return self.coverage >= ENOUGH

    @property
    def above_base(self) -> float:
        """Points over a client of whom nothing speaks."""
        return self.points - on_grid(self.model.intercept * POINTS)

    def top(self, count: int = 4) -> tuple[Reason, ...]:
        """Give what raises the risk most; less than half a point says nothing to anybody."""
        raising = (one for one in self.reasons if round(one.points) > 0 and one.name != BASE)
        return tuple(raising)[:count]


def score(signals: Signals, model: Model | None = None) -> Score:
    """Score a client; a signal that is missing, None or no number is unknown and adds nothing."""
    model = SCORECARD if model is None else model
    base = on_grid(model.intercept * POINTS)
    total, known = base, 0.0
    reasons: list[Reason] = []
    unknown: list[str] = []
    for name, term in model.terms.items():
        value = counted(term, signals.get(name))
        if value is None:
            unknown.append(name)
            continue
        known += term.weight
        if points := contribution(term, value):
            total += points
            reasons.append(Reason(name, points, value))
    reasons.sort(key=_weightiest_first)
    reasons.append(Reason(BASE, base))
    coverage = known / model.whole_weight if model.whole_weight else 1.0
    return Score(
        total, probability_of(total), coverage, tuple(reasons), tuple(unknown), signals, model
    )


def points_of(signals: Signals, model: Model) -> float:
    """Give the points alone: the same as ``score(…).points``, several times faster."""
    return figures_of(signals, model)[0]


def figures_of(signals: Signals, model: Model) -> tuple[float, float]:
    """Give points and coverage alone: the same as ``score`` does, several times faster."""
    total, known = on_grid(model.intercept * POINTS), 0.0
    for name, per_unit, low, high, reference, weight in model.terms.values():
        value = signals.get(name)
        if value is None or not isfinite(value):
            continue
        known += weight
        if value != reference or not low <= value <= high:
            total += on_grid(per_unit * (min(max(value, low), high) - reference))
    return total, known / model.whole_weight if model.whole_weight else 1.0


def counted(term: Term, value: float | None) -> float | None:
    """Give the value as it counts: held within its limits; None where it is no number."""
    if value is None or not math.isfinite(value):
        return None
    return min(max(float(value), term.low), term.high)


def contribution(term: Term, value: float) -> float:
    """Give the points of one value, on the grid."""
    return on_grid(term.per_unit * (value - term.reference))


def on_grid(points: float) -> float:
    """Round to the grid on which sums are exact."""
    return round(min(max(points, -_MOST), _MOST) * _GRID) / _GRID


def probability_of(points: float) -> float:
    """Turn points into the probability of leaving within 90 days."""
    return 1 / (1 + math.exp2(min(max(-points / 10, -1000.0), 1000.0)))


def points_at(probability: float) -> float:
    """Turn a probability, above 0 and below 1, into points."""
    return 10 * math.log2(probability / (1 - probability))


def faded(events: Iterable[float], half_life_weeks: float, high: float = math.inf) -> float:
    """Sum events by their age in days, each losing half its weight in a half-life; at most high."""
    return min(math.fsum(math.exp2(-days / 7 / half_life_weeks) for days in events), high)


def whole(parts: Sequence[float]) -> list[int]:
    """Round parts so that what is shown adds up to their sum, rounded (largest remainder)."""
    down = [math.floor(part) for part in parts]
    missing = round(math.fsum(parts)) - sum(down)
    by_remainder = sorted(range(len(parts)), key=lambda i: down[i] - parts[i])
    for index in by_remainder[:missing]:
        down[index] += 1
    return down


def _weightiest_first(one: Reason) -> tuple[float, str]:
    return -one.points, one.name
