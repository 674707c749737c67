"""A calendar's working time laid out on the line of real time, year by year as it is asked for.

Wall time becomes real time here, once for a block of a year; after that every question is a
bisection in lists of numbers. A moment is in working time when the clock on the wall of that zone
shows a time in a range. So an hour that daylight saving leaves out is not worked, and one that it
repeats is worked twice, whichever way a range begins or ends in it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from typing import Final

from deskcrm.domain.calendars.hours import Ranges, range_minutes

Span = tuple[int, int]
"""From one moment until another, in microseconds since 1970."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = 86_400_000_000
_MINUTE: Final = 60_000_000
_BLOCK_DAYS: Final = 364
# No two changes of any zone's offset in the tz database lie within three days of each other.
_SAMPLE_DAYS: Final = 3
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# The block with the last whole days that a date can name, and the first.
LAST_BLOCK: Final = (date.max.toordinal() - 3 - _EPOCH_ORDINAL) // _BLOCK_DAYS - 1
FIRST_BLOCK: Final = (4 - _EPOCH_ORDINAL) // _BLOCK_DAYS + 1


class Block:
    """The working time of 364 days: disjoint spans in order, and what is worked before each."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before = list(accumulate((end - start for start, end in spans), initial=0))
        self.total = self.before[-1]

    def worked_before(self, moment: int) -> int:
        """Give what is worked in this block before a moment."""
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0
        return self.before[at] + min(moment, self.ends[at]) - self.starts[at]

    def earliest(self, worked: int) -> int:
        """Give the first moment before which so much of this block is worked; 0 < worked."""
        at = bisect_left(self.before, worked) - 1
        return self.starts[at] + worked - self.before[at]

    def latest(self, worked: int) -> int:
        """Give the last moment before which no more than this is worked; worked < total."""
        at = bisect_right(self.before, worked) - 1
        return self.starts[at] + worked - self.before[at]

    def spans(self, first: int, last: int) -> list[Span]:
        """Give the spans between two moments."""
        some = range(bisect_right(self.ends, first), bisect_left(self.starts, last))
        return [(max(self.starts[i], first), min(self.ends[i], last)) for i in some]


class Timeline:
    """The blocks of one calendar; made when first asked for, and kept."""

    def __init__(
        self, zone: tzinfo, week: Mapping[int, Ranges], exceptions: Mapping[date, Ranges]
    ) -> None:
        self._zone = zone
        self._week = [_wall(week.get(day, ())) for day in range(7)]
        self._exceptions = {
            day.toordinal() - _EPOCH_ORDINAL: _wall(ranges) for day, ranges in exceptions.items()
        }
        self._blocks: dict[int, Block] = {}
        works = [day for day, ranges in self._exceptions.items() if ranges]
        if any(self._week):
            self.first_block, self.last_block = FIRST_BLOCK, LAST_BLOCK
        elif works:
            # Two days more on each side: the zone's offset, and a range over midnight.
            self.first_block = max((min(works) - 2) // _BLOCK_DAYS, FIRST_BLOCK)
            self.last_block = min((max(works) + 3) // _BLOCK_DAYS, LAST_BLOCK)
        else:
            self.first_block, self.last_block = 0, -1

    def block(self, number: int) -> Block:
        """Give a block, made now if it was not asked for before."""
        found = self._blocks.get(number)
        if found is None:
            found = self._blocks[number] = Block(self._spans(number * _BLOCK_DAYS))
        return found

    def _spans(self, first_day: int) -> list[Span]:
        """Turn the wall time of a block into real time, a stretch of one offset after another."""
        walls = self._walls(first_day - 3, first_day + _BLOCK_DAYS + 3)
        wall_starts = [start for start, _ in walls]
        wall_ends = [end for _, end in walls]
        spans: list[Span] = []
        for start, end, offset in self._stretches(first_day * DAY, (first_day + _BLOCK_DAYS) * DAY):
            some = range(
                bisect_right(wall_ends, start + offset), bisect_left(wall_starts, end + offset)
            )
            spans += [
                (max(wall_starts[i] - offset, start), min(wall_ends[i] - offset, end)) for i in some
            ]
        return spans

    def _walls(self, first_day: int, last_day: int) -> list[Span]:
        """Give the wall time worked on some days, merged where it touches."""
        exceptions, week, walls = self._exceptions, self._week, []
        for day in range(first_day, last_day):
            ranges = exceptions.get(day)
            midnight = day * DAY
            # The first of January 1970 was a Thursday.
            for start, end in week[(day + 3) % 7] if ranges is None else ranges:
                walls.append((midnight + start, midnight + end))
        merged: list[Span] = []
        for start, end in sorted(walls):
            if merged and start <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            else:
                merged.append((start, end))
        return merged

    def _stretches(self, first: int, last: int) -> list[tuple[int, int, int]]:
        """Cut real time where the zone's offset changes."""
        offset_at = _offsets(self._zone)
        stretches, since, offset = [], first, offset_at(first)
        for sample in [*range(first + _SAMPLE_DAYS * DAY, last, _SAMPLE_DAYS * DAY), last]:
            other = offset_at(sample)
            if other != offset:
                change = _change(offset_at, sample - _SAMPLE_DAYS * DAY, sample)
                stretches.append((since, change, offset))
                since, offset = change, other
        stretches.append((since, last, offset))
        return stretches


def block_of(moment: int) -> int:
    """Tell in which block a moment lies."""
    return moment // (_BLOCK_DAYS * DAY)


def _wall(ranges: Ranges) -> list[Span]:
    return [
        (start * _MINUTE, end * _MINUTE) for start, end in (range_minutes(*one) for one in ranges)
    ]


def _offsets(zone: tzinfo) -> Callable[[int], int]:
    def offset_at(moment: int) -> int:
        shift = (EPOCH + moment * MICROSECOND).astimezone(zone).utcoffset() or timedelta()
        return shift // MICROSECOND

    return offset_at


def _change(offset_at: Callable[[int], int], before: int, after: int) -> int:
    """Find the second at which an offset gives way to another."""
    low, high, old = before // 1_000_000, after // 1_000_000, offset_at(before)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(middle * 1_000_000) == old:
            low = middle
        else:
            high = middle
    return high * 1_000_000
