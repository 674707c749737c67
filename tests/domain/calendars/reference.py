"""Working time as one would count it with a clock and patience: minute by minute.

It shares no line with what it checks: each minute of real time is shown on the wall clock of the
zone, and looked up in the ranges of that day and of the day before.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from deskcrm.domain.calendars import Calendar

Ranges = Sequence[tuple[str, str]]
MINUTE: Final = timedelta(minutes=1)


def is_working(calendar: Calendar, minute: datetime) -> bool:
    """Tell whether the minute that begins now is worked."""
    wall = minute.astimezone(ZoneInfo(calendar.time_zone))
    clock = f"{wall:%H:%M}"
    for start, end in _ranges(calendar.week, calendar.exceptions, wall.date()):
        over_midnight = end < start
        if clock >= start and (over_midnight or clock < end):
            return True
    yesterday = wall.date() - timedelta(days=1)
    return any(
        end < start and clock < end
        for start, end in _ranges(calendar.week, calendar.exceptions, yesterday)
    )


def slow_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Count the working minutes between two whole minutes."""
    if end.astimezone(UTC) < start.astimezone(UTC):
        return -slow_between(calendar, end, start)
    worked, minute, last = timedelta(), start.astimezone(UTC), end.astimezone(UTC)
    while minute < last:
        if is_working(calendar, minute):
            worked += MINUTE
        minute += MINUTE
    return worked


def slow_add(
    calendar: Calendar, start: datetime, amount: timedelta, at_most: timedelta
) -> datetime | None:
    """Walk until so much is worked; None when that takes longer than ``at_most``."""
    minute, left = start.astimezone(UTC), abs(amount)
    step = MINUTE if amount > timedelta() else -MINUTE
    first = minute
    while left and abs(minute - first) < at_most:
        if is_working(calendar, minute if step > timedelta() else minute + step):
            left -= MINUTE
        minute += step
    return None if left else minute


def _ranges(week: Mapping[int, Ranges], exceptions: Mapping[date, Ranges], day: date) -> Ranges:
    return exceptions[day] if day in exceptions else week.get(day.weekday(), ())
