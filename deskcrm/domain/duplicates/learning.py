"""Learns how much each ground tells from the team's own decisions: merged, or not the same.

The built-in bits stay what they are; each ground is given a factor, for what speaks for a pair and
for what speaks against it, and all pairs a shift. They are the likeliest ones (logistic regression)
under a prior that the built-in bits are right, and they are bounded: a dozen decisions move them a
little, hundreds move them as far as they bear out, and none can turn a ground round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from deskcrm.domain.duplicates.weighing import PRIOR, Ground

LEAST: Final = 12
"""Of fewer decisions nothing is learned, nor where not each kind was decided a few times."""
LEAST_OF_EACH: Final = 4
MOST: Final = 500
"""So many of the latest are learned from: who works here now decides."""
_FACTORS: Final = 2 * len(Ground)
_FACTOR_BOUNDS: Final = (0.25, 2.0)
_SHIFT_BOUNDS: Final = (-4.0, 4.0)
_FACTOR_SPREAD: Final = 0.3
_SHIFT_SPREAD: Final = 1.5
"""How far, in bits, all pairs may be likelier or less likely than was thought, before evidence."""
_SWEEPS: Final = 40
_BIT: Final = log(2)


@dataclass(frozen=True, slots=True)
class Decision:
    """What spoke for a pair, ground by ground, and that it was merged, or was not the same."""

    bits: tuple[float, ...]
    is_same: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """How much each ground tells here: a factor for what speaks for it and for what is against."""

    supports: tuple[float, ...] = (1.0,) * len(Ground)
    opposes: tuple[float, ...] = (1.0,) * len(Ground)
    shift: float = 0.0
    merged: int = 0
    apart: int = 0
    is_learned: bool = False

    @property
    def decisions(self) -> int:
        """How many decisions stand behind it."""
        return self.merged + self.apart

    def weigh(self, bits: Sequence[float]) -> tuple[float, ...]:
        """Give bits as they weigh here."""
        pairs = zip(bits, self.supports, self.opposes, strict=True)
        return tuple(one * (more if one > 0 else less) for one, more, less in pairs)

    def probability_of(self, bits: Sequence[float]) -> float:
        """Give the probability that a pair with these built-in bits is one."""
        odds: float = 2.0 ** max(-60.0, min(60.0, PRIOR + self.shift + sum(self.weigh(bits))))
        return odds / (1.0 + odds)


BUILT_IN: Final = Learned()


def learn(decisions: Sequence[Decision]) -> Learned:
    """Learn from decisions, the latest first; too few of either kind leave all as it is."""
    used = decisions[:MOST]
    merged = sum(one.is_same for one in used)
    apart = len(used) - merged
    if len(used) < LEAST or min(merged, apart) < LEAST_OF_EACH:
        return Learned(merged=merged, apart=apart)
    rows = [(_features(one.bits), 1.0 if one.is_same else 0.0) for one in used]
    weights = _fit(rows)
    half = len(Ground)
    return Learned(
        tuple(weights[:half]), tuple(weights[half:-1]), weights[-1], merged, apart, is_learned=True
    )


def _features(bits: Sequence[float]) -> list[float]:
    return [*(max(one, 0.0) for one in bits), *(min(one, 0.0) for one in bits), 1.0]


def _fit(rows: Sequence[tuple[list[float], float]]) -> list[float]:
    """Climb to the likeliest weights, one after another: the hill has one top."""
    weights = [1.0] * _FACTORS + [0.0]
    prior = [(1.0, _FACTOR_SPREAD, _FACTOR_BOUNDS)] * _FACTORS
    prior.append((0.0, _SHIFT_SPREAD, _SHIFT_BOUNDS))
    scores = [PRIOR + sum(map(_times, weights, one)) for one, _ in rows]
    for _ in range(_SWEEPS):
        for at, (middle, spread, (low, high)) in enumerate(prior):
            slope, curve = (middle - weights[at]) / spread**2, 1.0 / spread**2
            for (one, is_same), score in zip(rows, scores, strict=True):
                if one[at]:
                    expected = 1.0 / (1.0 + exp(-_BIT * max(-60.0, min(60.0, score))))
                    slope += _BIT * one[at] * (is_same - expected)
                    curve += (_BIT * one[at]) ** 2 * 0.25
            moved = max(low, min(high, weights[at] + slope / curve)) - weights[at]
            weights[at] += moved
            scores = [score + moved * one[at] for (one, _), score in zip(rows, scores, strict=True)]
    return weights


def _times(one: float, other: float) -> float:
    return one * other
