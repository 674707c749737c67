"""How long clients under contract stay: the shifted beta-geometric model (Fader and Hardie 2007).

Each client leaves at a renewal with a chance of its own; over all clients these chances have a
beta distribution. So retention rises with the years, for those who stay are the faithful ones,
and one average figure of churn makes a client worth too little.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.metrics.minimising import minimise

_ENOUGH: Final = 1e-12
_LONGEST: Final = 100_000
_WIDEST: Final = 12.0
"""The logarithm of a parameter stays within: beyond, all clients have one and the same chance."""


@dataclass(frozen=True, slots=True)
class Sbg:
    """The two parameters of the beta distribution of the chance to leave at a renewal."""

    alpha: float
    beta: float

    def retention(self, renewal: int) -> float:
        """The share that renews for the n-th time, of those who come to it; 1 is the first."""
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def surviving(self, renewals: int) -> float:
        """The share that is there after so many renewals."""
        return math.exp(_surviving(self.alpha, self.beta, renewals))

    def discounted_years(self, discount: float) -> float:
        """How many years a new client stays, later ones worth less: Σ S(t)/(1 + d)ᵗ from t = 0."""
        return 1 + self.residual_years(1, discount) / (1 + discount)

    def residual_years(self, renewal: int, discount: float) -> float:
        """DERL: the discounted years to come of who stands before the n-th renewal.

        Σ S(t)/S(n − 1)/(1 + d)^(t − n) from t = n (Fader and Hardie 2010).
        """
        if discount <= 0:
            raise ValueError("without a discount there may be no end to it")
        total, here = 0.0, 1.0
        for number in range(renewal, renewal + _LONGEST):
            here *= self.retention(number)
            total += here
            here /= 1 + discount
            if here < _ENOUGH:
                break
        return total


def fit_sbg(lost: Mapping[int, int], staying: Mapping[int, int]) -> Sbg | None:
    """Fit by maximum likelihood; None where nobody left or nobody ever renewed.

    ``lost``: how many left at their n-th renewal; ``staying``: how many have renewed n times and
    are there still.
    """
    renewed = any(n > 1 and many for n, many in lost.items())
    renewed = renewed or any(n > 0 and many for n, many in staying.items())
    if not any(lost.values()) or not renewed:
        return None

    def unlikely(point: list[float]) -> float:
        if max(map(abs, point)) > _WIDEST:
            return math.inf
        return -log_likelihood(Sbg(math.exp(point[0]), math.exp(point[1])), lost, staying)

    alpha, beta = minimise(unlikely, (0.0, 0.0), tolerance=1e-12)
    return Sbg(math.exp(alpha), math.exp(beta))


def log_likelihood(model: Sbg, lost: Mapping[int, int], staying: Mapping[int, int]) -> float:
    """Σ lost · ln P(T = n) + Σ staying · ln S(n)."""
    a, b = model.alpha, model.beta
    leaving = (many * _leaving(a, b, n) for n, many in lost.items() if many)
    there = (many * _surviving(a, b, n) for n, many in staying.items() if many)
    return math.fsum(leaving) + math.fsum(there)


def _leaving(a: float, b: float, renewal: int) -> float:
    return _log_beta(a + 1, b + renewal - 1) - _log_beta(a, b)


def _surviving(a: float, b: float, renewals: int) -> float:
    return _log_beta(a, b + renewals) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
