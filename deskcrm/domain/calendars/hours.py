"""The working hours of one day as they are written: "09:00" to "18:00", or over midnight."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

Ranges = tuple[tuple[str, str], ...]
"""The ranges of one day, each from a time to a time; an end before its start is tomorrow's."""

DAY_MINUTES: Final = 24 * 60
_TYPED: Final = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|—|to|до)\s*(\d{1,2})(?:[:.](\d\d))?", re.ASCII
)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def checked_ranges(ranges: Iterable[Sequence[str]]) -> Ranges:
    """Give the ranges of a day, in order; raises UserError when one of them is none."""
    found = []
    for one in ranges:
        if isinstance(one, str) or len(one) != 2:
            raise UserError(
                tr("“{text}” is not a range of hours.", text=str(one)),
                tr("A range has a start and an end, such as 09:00–18:00."),
            )
        start, end = one
        range_minutes(start, end)
        found.append((start, end))
    return tuple(sorted(found))


def range_minutes(start: str, end: str) -> tuple[int, int]:
    """Turn a range into minutes from the day's midnight; an end over midnight is above 1,440."""
    first, last = _minutes(start), DAY_MINUTES if end == "24:00" else _minutes(end)
    if first == last:
        raise UserError(
            tr("The range {start}–{end} has no length.", start=start, end=end),
            tr("A whole day is written as 00:00–24:00."),
        )
    return first, last if last > first else last + DAY_MINUTES


def check_no_overlap(ranges: Ranges) -> Ranges:
    """Give the ranges of a day back; raises UserError when two of them hold the same minutes.

    The functions count such a minute once. A person who writes two of them means something else.
    """
    minutes = sorted(range_minutes(*one) for one in ranges)
    for (_, end), (start, _) in pairwise(minutes):
        if start < end:
            raise UserError(
                tr("Two ranges of one day overlap at {time}.", time=written(start)),
                tr("Let the first one end where the second begins."),
            )
    return ranges


def written(minutes: int) -> str:
    """Write minutes from midnight as a time; those of tomorrow as tomorrow's."""
    if minutes == DAY_MINUTES:
        return "24:00"
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    return f"{hour:02}:{minute:02}"


def _minutes(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise UserError(
            tr("“{text}” is not a time of day.", text=text),
            tr("Write hours and minutes, such as 09:00; midnight as an end is 24:00."),
        )
    return int(found[1]) * 60 + int(found[2])


def read_hours(text: str) -> Ranges:
    """Read the hours of a day as people type them: "9-13, 14:00 – 18:00"; nothing is a day off."""
    ranges = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]", text))):
        found = _TYPED.fullmatch(part)
        if found is None:
            raise UserError(
                tr("“{text}” is not a range of hours.", text=part),
                tr("A range has a start and an end, such as 09:00–18:00."),
            )
        start, end = (f"{found[i].zfill(2)}:{found[i + 1] or '00'}" for i in (1, 3))
        ranges.append((start, end))
    return check_no_overlap(checked_ranges(ranges))


def write_hours(ranges: Iterable[Sequence[str]]) -> str:
    """Write the hours of a day as they are kept and shown."""
    return ", ".join(f"{start}–{end}" for start, end in ranges)


def shortened(ranges: Ranges, minutes: int) -> Ranges:
    """Let a day end earlier by so much working time."""
    found = [range_minutes(*one) for one in ranges]
    while found and minutes:
        start, end = found.pop()
        taken = min(minutes, end - start)
        minutes -= taken
        if end - taken > start:
            found.append((start, end - taken))
    return tuple((written(start), written(end)) for start, end in found)
