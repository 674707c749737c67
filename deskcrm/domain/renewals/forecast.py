"""What to expect of renewals: how often contracts were renewed so far, and how it adds up."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

PRIOR_RENEWED: Final = 8.5
PRIOR_ENDED: Final = 1.5
"""Ten imagined decisions: with none of one's own, 85 in 100 are renewed."""
ENOUGH_COVERAGE: Final = 0.5
"""Below this a score does not know enough to speak of a renewal."""


@dataclass(frozen=True, slots=True)
class BaseRate:
    """How many of the contracts that were decided on went on."""

    renewed: int
    ended: int

    @property
    def leaving(self) -> float:
        """The share that leaves, with ten imagined decisions mixed in: a few tell little."""
        all_ended = self.ended + PRIOR_ENDED
        return all_ended / (self.renewed + self.ended + PRIOR_RENEWED + PRIOR_ENDED)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one contract brings in a year now, and what each of the three expects it to bring."""

    currency: str
    now_minor: int
    automated_minor: int
    manager_minor: int | None
    final_minor: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """What contracts in one currency bring now, and what is expected of them.

    Where a manager has not called, what is worked out stands in; where nobody has decided for
    good, the manager's. ``called`` and ``decided`` say how many were.
    """

    currency: str
    contracts: int
    now_minor: int
    automated_minor: int
    manager_minor: int
    final_minor: int
    called: int
    decided: int


def add_up(expected: Iterable[Expected]) -> list[Total]:
    """Add up what is expected, the currency with most contracts first."""
    by_currency: dict[str, list[Expected]] = {}
    for one in expected:
        by_currency.setdefault(one.currency, []).append(one)
    totals = [_total(currency, its) for currency, its in by_currency.items()]
    return sorted(totals, key=lambda total: (-total.contracts, total.currency))


def _total(currency: str, its: list[Expected]) -> Total:
    managers = [_or(one.manager_minor, one.automated_minor) for one in its]
    finals = [_or(one.final_minor, manager) for one, manager in zip(its, managers, strict=True)]
    return Total(
        currency,
        len(its),
        sum(one.now_minor for one in its),
        sum(one.automated_minor for one in its),
        sum(managers),
        sum(finals),
        sum(one.manager_minor is not None for one in its),
        sum(one.final_minor is not None for one in its),
    )


def _or(said: int | None, otherwise: int) -> int:
    return otherwise if said is None else said
