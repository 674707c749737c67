"""A figure and the period that it is of; what every formula answers."""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from deskcrm.domain.days import add_months, month_end

Z95: Final = 1.96
"""How many standard errors lie on each side of a figure in 95 of 100 cases."""
FEW: Final = 30
"""Below so many a figure says that it rests on few."""


class Unit(StrEnum):
    """What a figure counts in."""

    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    """From −100 to 100, or from 0 to 100, and no share of anything."""
    SCALE_OF_7 = "scale_of_7"
    SECONDS = "seconds"
    MONEY = "money"
    """Minor units (kopecks, cents) of the currency that stands beside."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the morning of one day to the evening of another."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The moment at which it begins, where this machine stands."""
        return datetime.combine(self.first, time()).astimezone()

    @property
    def until(self) -> datetime:
        """The moment at which it is over: the first that does not belong to it."""
        return datetime.combine(self.last + timedelta(days=1), time()).astimezone()

    @property
    def months(self) -> int:
        """How many whole months it is; 0 when it is none."""
        over = self.last + timedelta(days=1)
        if self.first.day != 1 or over.day != 1:
            return 0
        return (over.year - self.first.year) * 12 + over.month - self.first.month

    @property
    def before(self) -> "Period":
        """The period of the same length just before it; of whole months as many whole months."""
        return self._back(1)

    def chain(self, number: int) -> list["Period"]:
        """Give so many periods of the same length, one after another; this is the last."""
        return [self._back(steps) for steps in reversed(range(number))]

    def _back(self, steps: int) -> "Period":
        months = self.months
        if months:
            first = add_months(self.first, -months * steps)
            return Period(first, month_end(first, months - 1))
        back = timedelta(days=self.days * steps)
        return Period(self.first - back, self.last - back)


Interval = tuple[float, float | None]
"""From and to, with 95 % confidence; without an end where the figures do not say one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure; without a value there is no data, whatever ``n`` says of how many were asked."""

    value: float | None
    unit: Unit
    n: int
    """How many rows it is worked out from."""
    interval: Interval | None = None
    period: Period | None = None
    currency: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether there is a value."""
        return self.value is not None

    @property
    def rests_on_few(self) -> bool:
        """Tell whether chance alone may have made it what it is."""
        return self.value is not None and self.n < FEW and self.unit is not Unit.COUNT

    def of(self, period: Period) -> "Figure":
        """Give the figure with the period that it is of."""
        return replace(self, period=period)


def no_data(unit: Unit, n: int = 0) -> Figure:
    """Give the figure that says that there is no data."""
    return Figure(None, unit, n)


def count(n: int) -> Figure:
    """A number of things: exact, so without an interval."""
    return Figure(float(n), Unit.COUNT, n)


def share(part: int, whole: int) -> Figure:
    """100 · part / whole, in percent, with Wilson's interval (1927); none of nothing is no data."""
    if not whole:
        return no_data(Unit.PERCENT)
    p, z = part / whole, Z95
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Figure(100 * p, Unit.PERCENT, whole, (100 * low, 100 * high))


def mean(values: list[float], unit: Unit) -> Figure:
    """The arithmetic mean, ±1.96·s/√n from two values on (s with n − 1)."""
    n = len(values)
    if not n:
        return no_data(unit)
    middle = math.fsum(values) / n
    if n == 1:
        return Figure(middle, unit, n)
    spread = math.sqrt(math.fsum((one - middle) ** 2 for one in values) / (n - 1) / n)
    return Figure(middle, unit, n, (middle - Z95 * spread, middle + Z95 * spread))
