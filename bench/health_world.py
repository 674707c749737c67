"""A world with a known truth: clients, what can be seen of them, and who leaves within 90 days.

What each signal really weighs differs from the built-in priors from world to world, and part of
why clients leave cannot be seen at all; so the best that can be foretold is known: the ceiling.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.health import BUILT_IN, Signal
from deskcrm.domain.health.features import BASE_PRIOR

Row = dict[str, float | None]
QUARTERS: Final = 8
"""A client is seen every 90 days for two years, or until it leaves."""
_ASTRAY: Final = 0.35
"""How far, in logarithms, the true weights lie from the priors."""
_UNSEEN: Final = 0.5
"""Log-odds of what no signal shows."""
_CALMER: Final = -0.7
"""So that about one client in twenty leaves in a quarter."""
_IDLE: Final = 0.06
"""Of so many signals nothing follows at all in this world."""


@dataclass(frozen=True, slots=True)
class World:
    """What each signal really weighs."""

    weights: Mapping[str, float]
    base: float

    def log_odds(self, row: Row) -> float:
        """Give what can be known at best: what is unknown adds nothing."""
        return self.base + math.fsum(
            b * value for name, b in self.weights.items() if (value := row[name]) is not None
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows in order of time, when each was seen (in days) and whether the client then left."""

    rows: list[Row]
    times: list[float]
    churned: list[bool]


def make_world(rng: random.Random) -> World:
    """Draw a truth around the priors."""
    weights = {
        f.name: 0.0 if rng.random() < _IDLE else f.prior * math.exp(rng.gauss(0, _ASTRAY))
        for f in BUILT_IN
    }
    return World(weights, BASE_PRIOR + rng.gauss(_CALMER, 0.2))


def see(world: World, rng: random.Random, clients: int, quarters: int = QUARTERS) -> Seen:
    """Follow clients quarter by quarter until they leave."""
    found: list[tuple[float, Row, bool]] = []
    for _ in range(clients):
        years = rng.expovariate(1 / 3)
        for quarter in range(quarters):
            row = _row(rng, years + quarter / 4)
            odds = world.log_odds(row) + rng.gauss(0, _UNSEEN)
            leaves = rng.random() < 1 / (1 + math.exp(-odds))
            found.append((quarter * 90.0, row, leaves))
            if leaves:
                break
    found.sort(key=lambda one: one[0])
    times, rows, churned = ([one[part] for one in found] for part in range(3))
    return Seen(rows, times, churned)  # type: ignore[arg-type]  # the three parts, each of its own


def _row(rng: random.Random, years: float) -> Row:
    """Draw what can be seen of a client at one moment."""
    late = rng.random() < 0.08
    rated = rng.random() < 0.5
    answered = rng.random() < 0.6
    return {
        Signal.RENEWAL_DUE: float(rng.random() < 0.25),
        Signal.USAGE_DROP: _over_zero(rng, 0.0, 0.4, 1.5) if rng.random() < 0.7 else None,
        Signal.TICKETS_REOPENED: _count(rng, 0.3, 4) * rng.random(),
        Signal.SECOND_FAILURE: rng.uniform(0.4, 1) if rng.random() < 0.08 else 0.0,
        Signal.TICKETS_OVERDUE: _count(rng, 0.5, 4),
        Signal.CSAT_BELOW_OWN: _over_zero(rng, 0.0, 0.8, 4) if rated else None,
        Signal.DETRACTOR: (rng.uniform(0.5, 1) if rng.random() < 0.2 else 0.0)
        if answered
        else None,
        Signal.NPS_FALL: _over_zero(rng, -0.3, 0.8, 10 / 3) if answered else None,
        Signal.SILENCE: _over_zero(rng, 0.3, 1.0, 3),
        Signal.OUTREACH_UNANSWERED: _count(rng, 0.6, 4),
        Signal.CHAMPION_LEFT: rng.uniform(0.3, 1) if rng.random() < 0.06 else 0.0,
        Signal.INVOICE_LATE_15: float(late),
        Signal.INVOICE_LATE_45: float(late and rng.random() < 0.35),
        Signal.FIRST_YEAR: float(years < 1),
        Signal.TENURE: math.log(max(1.0, years)),
        Signal.PROMISES_BROKEN: _count(rng, 0.25, 3) * rng.random(),
    }


def _over_zero(rng: random.Random, mean: float, spread: float, high: float) -> float:
    return min(max(rng.gauss(mean, spread), 0.0), high)


def _count(rng: random.Random, mean: float, high: int) -> float:
    """Draw from Poisson's distribution (Knuth), cut off."""
    least, product = math.exp(-mean), rng.random()
    count = 0
    while product > least and count < high:
        count += 1
        product *= rng.random()
    return float(count)
