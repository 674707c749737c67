"""Days counted from today: which day it is here, and which day a while from now."""

from calendar import monthrange
from datetime import date, datetime, timedelta

FRIDAY = 4
SUNDAY = 6


def day_of(moment: datetime) -> date:
    """Give the day that a moment falls on where this machine stands."""
    return moment.astimezone().date()


def next_weekday(today: date, weekday: int) -> date:
    """Give the next such day after today (Monday = 0)."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date:
    """Give that day of the week which is so many weeks after this one."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def week_end(today: date, weeks: int = 0) -> date:
    """Give the last day on which a promise for that week can be kept: Friday, or else Sunday."""
    friday = weekday_of_week(today, FRIDAY, weeks)
    return friday if friday >= today else weekday_of_week(today, SUNDAY, weeks)


def month_end(today: date, months: int = 0) -> date:
    """Give the last day of the month which is so many months after this one."""
    first = add_months(today.replace(day=1), months)
    return first.replace(day=monthrange(first.year, first.month)[1])


def add_months(day: date, months: int) -> date:
    """Go so many months on; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def quarter_end(today: date, quarters: int = 0) -> date:
    """Give the last day of the quarter which is so many quarters after this one."""
    return month_end(today, (3 - today.month) % 3 + 3 * quarters)


def next_day_of_month(today: date, day: int) -> date | None:
    """Give the next such day of a month, today included; None when no month has it."""
    for months in range(12):
        first = add_months(today.replace(day=1), months)
        if 1 <= day <= monthrange(first.year, first.month)[1]:
            found = first.replace(day=day)
            if found >= today:
                return found
    return None


def day_and_month(today: date, day: int, month: int, year: int | None = None) -> date | None:
    """Give the date; without a year the next one, today included. None when there is no such."""
    if year is not None and year < 100:
        year += 2000
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def end_of_named_month(today: date, month: int) -> date:
    """Give the last day of the next such month, this one included."""
    return month_end(today, (month - today.month) % 12)


def add_working_days(today: date, days: int) -> date:
    """Go so many days on, Saturdays and Sundays not counted."""
    day = today
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= FRIDAY
    return day


def at_time(now: datetime, hour: int, minute: int) -> date | None:
    """Give the day on which the clock next shows that time."""
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    later = (hour, minute) > (now.hour, now.minute)
    return now.date() if later else now.date() + timedelta(days=1)
