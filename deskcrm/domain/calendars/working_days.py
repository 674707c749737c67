"""Days on which somebody works: so many on from one, and how many lie between two."""

from datetime import date, timedelta
from typing import Final

from deskcrm.domain.calendars.working_time import Calendar

_ONE: Final = timedelta(days=1)
_WITHOUT_WORK: Final = 366
"""Days in a row without work after which a calendar is not asked any more."""


def first_working_day(calendar: Calendar, day: date) -> date:
    """Give the day itself, or the next one on which somebody works."""
    for ahead in range(_WITHOUT_WORK):
        found = day + ahead * _ONE
        if calendar.ranges_on(found):
            return found
    return day


def working_days_after(calendar: Calendar, day: date, count: int) -> date:
    """Go so many working days on; none gives the day itself, or the next working day."""
    found = first_working_day(calendar, day)
    for _ in range(count):
        found = first_working_day(calendar, found + _ONE)
    return found


def working_days_before(calendar: Calendar, day: date, count: int) -> date:
    """Go so many working days back."""
    found, left = day, count
    for _ in range(_WITHOUT_WORK + 7 * count):
        if not left:
            break
        found -= _ONE
        left -= bool(calendar.ranges_on(found))
    return found


def working_days_between(calendar: Calendar, since: date, until: date) -> int:
    """Count the working days after one day up to another, that one included."""
    days = (until - since).days
    return sum(bool(calendar.ranges_on(since + n * _ONE)) for n in range(1, days + 1))
