"""How much working time lies between two moments, and when so much of it will have passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.calendars.hours import Ranges, checked_ranges
from deskcrm.domain.calendars.timeline import (
    EPOCH,
    FIRST_BLOCK,
    LAST_BLOCK,
    MICROSECOND,
    Timeline,
    block_of,
)
from deskcrm.domain.timezones import check_time_zone


@dataclass(frozen=True)
class Calendar:
    """When somebody works: a week, and the days that are otherwise.

    ``week`` has the ranges of each day, Monday = 0; a day that is missing or empty is a day off.
    A range is ("09:00", "18:00"); one that ends before it begins goes over midnight and belongs
    to the day on which it begins; "24:00" ends at midnight. Ranges that overlap count once.
    ``exceptions`` has the days that are not as their weekday, with the ranges that begin on them:
    none for a holiday. Raises UserError for what is no time, no day or no zone.
    """

    time_zone: str
    week: Mapping[int, Sequence[tuple[str, str]]]
    exceptions: Mapping[date, Sequence[tuple[str, str]]]

    def __post_init__(self) -> None:
        if not check_time_zone(self.time_zone):
            raise UserError(
                tr("A calendar needs a time zone."),
                tr("Choose one from the list, such as Europe/Moscow."),
            )
        for day in self.week:
            if day not in range(7):
                raise UserError(
                    tr("There is no weekday {number}.", number=day),
                    tr("Monday is 0 and Sunday is 6."),
                )
        # Copies: the timeline is made from them once, so they must not change under it.
        week = {day: checked_ranges(ranges) for day, ranges in self.week.items()}
        exceptions = {day: checked_ranges(ranges) for day, ranges in self.exceptions.items()}
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "exceptions", exceptions)

    def ranges_on(self, day: date) -> Ranges:
        """Give the ranges that begin on a day."""
        found = self.exceptions.get(day)
        return tuple(self.week.get(day.weekday(), ()) if found is None else found)

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone itself."""
        from zoneinfo import ZoneInfo  # reads a file: only when somebody counts

        return ZoneInfo(self.time_zone)

    @cached_property
    def timeline(self) -> Timeline:
        """The working time on the line of real time; see :mod:`timeline`."""
        return Timeline(
            self.zone,
            {day: tuple(ranges) for day, ranges in self.week.items()},
            {day: tuple(ranges) for day, ranges in self.exceptions.items()},
        )


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """Give the moment at which so much working time has passed since ``start``.

    The earliest such moment: eight hours from nine o'clock are up at the range's end, not when
    the next range begins. A negative amount gives the latest moment from which so much passes
    until ``start``. Nothing at all gives ``start``, in working time or not. The answer is in the
    zone of ``start``. Raises UserError when the calendar has no such time to come (or gone by).
    """
    moment, wanted = _number(start), amount // MICROSECOND
    if not wanted:
        return start
    found = _forward(calendar, moment, wanted) if wanted > 0 else _back(calendar, moment, -wanted)
    return (EPOCH + found * MICROSECOND).astimezone(start.tzinfo)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Give the working time between two moments; negative when ``end`` is before ``start``.

    It is time that really passes: a shift over the night of a change to summer time is an hour
    shorter than its clock says, and one over the change back an hour longer.
    """
    first, last = _number(start), _number(end)
    if last < first:
        return -_between(calendar, last, first) * MICROSECOND
    return _between(calendar, first, last) * MICROSECOND


def working_intervals(
    calendar: Calendar, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """List the stretches of working time between two moments, in order, in UTC.

    Their lengths add up to :func:`working_time_between`; in a zone of its own the difference of
    two moments would be that of their clocks.
    """
    first, last = _number(start), _number(end)
    spans: list[list[int]] = []
    timeline = calendar.timeline
    for number in _blocks(timeline, first, last):
        for since, until in timeline.block(number).spans(first, last):
            if spans and spans[-1][1] == since:
                spans[-1][1] = until  # cut only by the end of a block, or by a change of offset
            else:
                spans.append([since, until])
    return [(EPOCH + since * MICROSECOND, EPOCH + until * MICROSECOND) for since, until in spans]


def _number(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return (moment - EPOCH) // MICROSECOND


def _blocks(timeline: Timeline, first: int, last: int) -> range:
    since = max(block_of(first), timeline.first_block)
    return range(since, min(block_of(last), timeline.last_block) + 1)


def _between(calendar: Calendar, first: int, last: int) -> int:
    timeline = calendar.timeline
    numbers = _blocks(timeline, first, last)
    if not numbers:
        return 0
    whole = sum(timeline.block(number).total for number in numbers[:-1])
    return (
        whole
        + timeline.block(numbers[-1]).worked_before(last)
        - timeline.block(numbers[0]).worked_before(first)
    )


def _forward(calendar: Calendar, moment: int, wanted: int) -> int:
    timeline = calendar.timeline
    since = max(block_of(moment), timeline.first_block)
    # What is worked in the first block before the start is not ours.
    left = wanted
    for number in range(since, timeline.last_block + 1):
        block = timeline.block(number)
        if number == since:
            left += block.worked_before(moment)
        if left <= block.total:
            return block.earliest(left)
        left -= block.total
    raise _never(calendar)


def _back(calendar: Calendar, moment: int, wanted: int) -> int:
    timeline = calendar.timeline
    since = min(block_of(moment), timeline.last_block)
    left = wanted
    for number in range(since, timeline.first_block - 1, -1):
        block = timeline.block(number)
        here = block.worked_before(moment) if number == since else block.total
        if left <= here:
            return block.latest(here - left)
        left -= here
    raise _never(calendar)


def _never(calendar: Calendar) -> UserError:
    timeline = calendar.timeline
    if (timeline.first_block, timeline.last_block) == (FIRST_BLOCK, LAST_BLOCK):
        return UserError(
            tr("So much working time lies beyond all years."), tr("Choose a shorter time.")
        )
    return UserError(
        tr("This calendar has no such working time."),
        tr("Give it working hours on at least one day of the week."),
    )
