"""Settings of the metrics: what cannot be read from tickets and contracts, and the digest."""

from dataclasses import dataclass
from enum import StrEnum

from deskcrm.base.settings import Scope, Setting
from deskcrm.base.words import of
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader

MARGIN = Setting("metrics.margin_percent", 80, "Margin on what clients pay, percent", Scope.SHARED)
DISCOUNT = Setting(
    "metrics.discount_percent", 10, "Discount of a year for lifetime values, percent", Scope.SHARED
)


@dataclass(frozen=True, slots=True)
class Rates:
    """What lifetime values are worked out with, as shares."""

    margin: float
    discount: float


def get_rates(db: Reader) -> Rates:
    """Give the rates that are set, within what makes sense."""
    stored = list_set(db)
    margin = MARGIN.read(stored.get(MARGIN.key))
    discount = DISCOUNT.read(stored.get(DISCOUNT.key))
    return Rates(min(max(margin, 1), 100) / 100, min(max(discount, 1), 100) / 100)


class Cadence(StrEnum):
    """How often a report is told of by itself."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


DIGEST = Setting(
    "notices.report_digest",
    Cadence.WEEKLY.value,
    "A short report when the shift begins",
    Scope.PERSONAL,
    choices=tuple(one.value for one in Cadence),
    said=lambda value: of(Cadence(value)),
)
DIGEST_TOLD = Setting("window.report_told", "", "The report that was told of last")
