"""How much a thing weighs on today's list, with the arithmetic that says why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.days import day_of

FACTORS: Final = {Tier.DIAMOND: 4, Tier.GOLD: 3, Tier.SILVER: 2, Tier.STANDARD: 1}
"""How many times a day counts for a client of a tier."""


@dataclass(frozen=True, slots=True)
class Weight:
    """For how many days a thing waits, and how many times they count for its client."""

    days: int = 1
    """One on the day on which it came up, too."""
    tier: Tier = Tier.STANDARD

    @property
    def factor(self) -> int:
        """How many times a day counts."""
        return FACTORS[self.tier]

    @property
    def points(self) -> int:
        """What the things of a section are ordered by."""
        return self.days * self.factor

    @property
    def is_raised(self) -> bool:
        """Whether the client's tier moves the thing up."""
        return self.factor > 1

    def arithmetic(self) -> str:
        """Say how the points come about."""
        days = ntr("{n} day", "{n} days", self.days)
        points = ntr("{n} point", "{n} points", self.points)
        return tr(
            "{days} × {factor} ({tier}) = {points}",
            days=days, factor=self.factor, tier=of(self.tier), points=points,
        )  # fmt: skip


LEAST: Final = Weight()
"""What came up today, for whoever is nobody special."""


def weigh(began: date | datetime | None, now: datetime, tier: Tier) -> Weight:
    """Weigh a thing that waits since a day; what has no day came up today."""
    if began is None:
        return Weight(tier=tier)
    first = day_of(began) if isinstance(began, datetime) else began
    return Weight(max(1, (day_of(now) - first).days), tier)
