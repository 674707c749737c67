"""The periods that are offered by name, as of a day."""

from datetime import date, timedelta
from enum import StrEnum

from deskcrm.domain.days import add_months, month_end
from deskcrm.domain.metrics.figures import Period


class PeriodChoice(StrEnum):
    """A period by its name; CUSTOM is any other."""

    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    CUSTOM = "custom"


def period_of(choice: PeriodChoice, today: date) -> Period:
    """Give the period of a name; the present month, quarter or year as a whole."""
    if choice is PeriodChoice.LAST_7_DAYS:
        return Period(today - timedelta(days=6), today)
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    quarter = add_months(month, -((today.month - 1) % 3))
    if choice is PeriodChoice.THIS_MONTH:
        return Period(month, month_end(month))
    if choice is PeriodChoice.LAST_MONTH:
        return Period(month, month_end(month)).before
    if choice is PeriodChoice.THIS_QUARTER:
        return Period(quarter, month_end(quarter, 2))
    if choice is PeriodChoice.LAST_QUARTER:
        return Period(quarter, month_end(quarter, 2)).before
    if choice is PeriodChoice.THIS_YEAR:
        return Period(year, month_end(year, 11))
    if choice is PeriodChoice.LAST_YEAR:
        return Period(year, month_end(year, 11)).before
    return Period(today - timedelta(days=29), today)
