"""What clients without a contract will buy: BG/NBD and Gamma–Gamma, from invoices alone.

*BG/NBD* (Fader, Hardie and Lee 2005): each client buys at a pace of its own and may have left for
good after any purchase, which nobody sees. *Gamma–Gamma* (Fader and Hardie 2013): what a purchase
is worth varies around a mean of the client's own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.metrics.minimising import minimise

_ENOUGH: Final = 1e-12
_TERMS: Final = 20_000
_WIDEST: Final = 15.0


@dataclass(frozen=True, slots=True)
class Buyer:
    """What is known of a client who buys, or of ``many`` of whom the same is known.

    ``repeats``: purchases after the first; ``last``: when the last one was, and ``age``: how long
    ago the first one was, both counted from the first; ``mean``: what a repeat was worth.
    """

    repeats: int
    last: float
    age: float
    mean: float = 0.0
    many: int = 1


@dataclass(frozen=True, slots=True)
class Paces:
    """BG/NBD: the paces have a gamma distribution (r, α), the chances to leave a beta one (a, b).

    Time counts in the unit of the buyers' ages.
    """

    r: float
    alpha: float
    a: float
    b: float

    def chance_alive(self, buyer: Buyer) -> float:
        """The chance that a client has not left for good."""
        return 1 / (1 + self._left_for(buyer))

    def purchases(self, buyer: Buyer, time: float) -> float:
        """How many purchases are to be expected within a time from now (equation 10)."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        x, since = buyer.repeats, alpha + buyer.age
        series = _hypergeometric(r + x, b + x, a + b + x - 1, time / (since + time))
        bought = 1 - (since / (since + time)) ** (r + x) * series
        return float((a + b + x - 1) / (a - 1) * bought / (1 + self._left_for(buyer)))

    def _left_for(self, buyer: Buyer) -> float:
        """The odds that a client has left after the last purchase."""
        x = buyer.repeats
        if not x:
            return 0.0
        quiet = (self.alpha + buyer.age) / (self.alpha + buyer.last)
        return float(self.a / (self.b + x - 1) * quiet ** (self.r + x))


@dataclass(frozen=True, slots=True)
class Worths:
    """Gamma–Gamma: a purchase varies with shape p, the clients' means with shape q and scale γ."""

    p: float
    q: float
    gamma: float

    def mean(self, buyer: Buyer) -> float:
        """What a purchase of the client's is worth on average: its own mean, drawn to all's."""
        x = buyer.repeats
        return (self.gamma + x * buyer.mean) * self.p / (self.p * x + self.q - 1)


def fit_paces(buyers: Sequence[Buyer]) -> Paces | None:
    """Fit BG/NBD by maximum likelihood; None where nobody bought again."""
    if not any(one.repeats for one in buyers):
        return None

    def unlikely(point: list[float]) -> float:
        if max(map(abs, point)) > _WIDEST:
            return math.inf
        return -log_likelihood(Paces(*map(math.exp, point)), buyers)

    ages = [one.age for one in buyers if one.age > 0]
    scale = math.log(max(ages) / 10) if ages else 0.0
    found = minimise(unlikely, (0.0, scale, 0.0, 0.0), tolerance=1e-10)
    return Paces(*map(math.exp, found))


def log_likelihood(model: Paces, buyers: Sequence[Buyer]) -> float:
    """Σ ln L of the BG/NBD model (equation 6, as computed in its note on spreadsheets)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    gamma, log = math.lgamma, math.log
    always = r * log(alpha) - gamma(r) + gamma(a + b) - gamma(b)
    by_repeats: dict[int, tuple[float, float]] = {}
    total = []
    for one in buyers:
        x = one.repeats
        known = by_repeats.get(x)
        if known is None:
            same = always + gamma(r + x) + gamma(b + x) - gamma(a + b + x)
            known = by_repeats[x] = same, log(a / (b + x - 1)) if x else -math.inf
        same, left = known
        alive = -(r + x) * log(alpha + one.age)
        if x:
            gone = left - (r + x) * log(alpha + one.last)
            high, low = (alive, gone) if alive > gone else (gone, alive)
            alive = high + math.log1p(math.exp(low - high))
        total.append(one.many * (same + alive))
    return math.fsum(total)


def fit_worths(buyers: Sequence[Buyer]) -> Worths | None:
    """Fit Gamma–Gamma by maximum likelihood to who bought again; None with fewer than two."""
    repeaters = [one for one in buyers if one.repeats and one.mean > 0]
    if sum(one.many for one in repeaters) < 2:
        return None
    scale = math.fsum(one.many * one.mean for one in repeaters) / sum(one.many for one in repeaters)

    def unlikely(point: list[float]) -> float:
        if max(map(abs, point)) > _WIDEST:
            return math.inf
        p, q, gamma = map(math.exp, point)
        return -worth_likelihood(Worths(p, q, gamma * scale), repeaters)

    p, q, gamma = map(math.exp, minimise(unlikely, (0.0, 0.5, 0.0), tolerance=1e-10))
    return Worths(p, q, gamma * scale)


def worth_likelihood(model: Worths, repeaters: Sequence[Buyer]) -> float:
    """Σ ln L of the Gamma–Gamma model (its equation 1a)."""
    p, q, gamma = model.p, model.q, model.gamma
    log, lgamma = math.log, math.lgamma
    always = q * log(gamma) - lgamma(q)
    return math.fsum(
        one.many
        * (
            always
            + lgamma(p * one.repeats + q)
            - lgamma(p * one.repeats)
            + (p * one.repeats - 1) * log(one.mean)
            + p * one.repeats * log(one.repeats)
            - (p * one.repeats + q) * log(gamma + one.repeats * one.mean)
        )
        for one in repeaters
    )


def worth_to_come(
    paces: Paces, worths: Worths, buyer: Buyer, *, steps: int, step: float, discount: float
) -> float:
    """What a client will buy over some steps of time, each discounted by so much for a step."""
    total, before = 0.0, 0.0
    for number in range(1, steps + 1):
        bought = paces.purchases(buyer, number * step)
        total += (bought - before) / (1 + discount) ** number
        before = bought
    return total * worths.mean(buyer)


def _hypergeometric(a: float, b: float, c: float, z: float) -> float:
    """₂F₁(a, b; c; z) for 0 ≤ z < 1, by its series."""
    term = total = 1.0
    for n in range(_TERMS):
        term *= (a + n) * (b + n) / (c + n) * z / (n + 1)
        total += term
        if abs(term) < _ENOUGH * abs(total):
            break
    return total
