"""Working time against counting minute by minute; all 10,000 cases with DESKCRM_FULL=1."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcrm.base.errors import UserError
from deskcrm.domain.calendars import (
    Calendar,
    add_working_time,
    hours,
    working_intervals,
    working_time_between,
)
from deskcrm.domain.calendars import timeline as timelines
from tests.domain.calendars.reference import MINUTE, slow_add, slow_between

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
CASES: Final = 5_000 if FULL else 75
"""For each of two properties, so 10,000 in all."""

ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "Europe/Moscow",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "Asia/Kathmandu",  # a quarter of an hour from everybody
    "Africa/Casablanca",  # summer time backwards, around Ramadan
    "Pacific/Apia",  # left out 30 December 2011
    "America/Sao_Paulo",  # its changes were at midnight
)
# Days on which something happens somewhere: changes of the clocks, leap days, ends of years.
DAYS: Final = (
    date(2024, 2, 28), date(2024, 2, 29), date(2023, 2, 28), date(2000, 2, 29), date(2023, 12, 31),
    date(2024, 3, 31), date(2024, 10, 27), date(2024, 3, 10), date(2024, 11, 3),
    date(2024, 4, 6), date(2024, 10, 5), date(2023, 3, 19), date(2023, 4, 23), date(2011, 12, 30),
    date(2018, 11, 3), date(2018, 2, 17), date(2014, 10, 26), date(2011, 3, 27), date(2026, 1, 1),
    date(2040, 3, 25),
)  # fmt: skip
TIMES: Final = (
    "00:00 00:15 01:00 01:45 02:00 02:30 03:00 06:00 08:30 09:00 12:00 13:00 17:45 22:00 23:59"
).split()


@st.composite
def ranges(draw: Any) -> Sequence[tuple[str, str]]:
    """Draw the ranges of a day: none, one, several, over midnight, overlapping."""
    found = []
    for _ in range(draw(st.sampled_from((0, 1, 1, 2, 3)))):
        start = draw(st.sampled_from(TIMES))
        end = draw(st.sampled_from([one for one in (*TIMES, "24:00") if one != start]))
        found.append((start, end))
    return found


@st.composite
def cases(draw: Any) -> tuple[Calendar, datetime]:
    """Draw a calendar, and a moment at which something happens nearby."""
    day = draw(st.sampled_from(DAYS))
    near = [day + timedelta(days=shift) for shift in range(-2, 4)]
    calendar = Calendar(
        draw(st.sampled_from(ZONES)),
        draw(st.dictionaries(st.integers(0, 6), ranges(), max_size=7)),
        draw(st.dictionaries(st.sampled_from(near), ranges(), max_size=3)),
    )
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return calendar, start + draw(st.integers(-2 * 1440, 2 * 1440)) * MINUTE


@settings(max_examples=CASES)
@given(cases(), st.integers(-4 * 1440, 4 * 1440), st.sampled_from(ZONES))
def test_time_between_is_what_counting_minutes_gives(
    case: tuple[Calendar, datetime], minutes: int, zone: str
) -> None:
    calendar, start = case
    end = (start + minutes * MINUTE).astimezone(ZoneInfo(zone))
    found = working_time_between(calendar, start, end)
    assert found == slow_between(calendar, start, end)
    spans = working_intervals(calendar, min(start, end), max(start, end))
    assert sum((b - a for a, b in spans), timedelta()) == abs(found)


@settings(max_examples=CASES)
@given(cases(), st.integers(-2 * 1440, 2 * 1440))
def test_adding_time_is_what_walking_minutes_gives(
    case: tuple[Calendar, datetime], minutes: int
) -> None:
    calendar, start = case
    amount = minutes * MINUTE
    expected = slow_add(calendar, start, amount, timedelta(days=9))
    try:
        found = add_working_time(calendar, start, amount)
    except UserError:
        assert expected is None
        return
    if expected is None:
        assert abs(found - start) > timedelta(days=9)
    else:
        assert found == expected
    assert working_time_between(calendar, start, found) == amount


@settings(max_examples=2_000 if FULL else 50)
@given(cases(), st.integers(0, 3 * 365), st.integers(0, 86_399), st.integers(0, 999_999))
def test_what_is_added_lies_between_to_the_microsecond(
    case: tuple[Calendar, datetime], days: int, seconds: int, microseconds: int
) -> None:
    calendar, start = case
    middle = start + timedelta(days=days, seconds=seconds, microseconds=microseconds)
    end = middle + timedelta(days=seconds % 400, microseconds=microseconds)
    first = working_time_between(calendar, start, middle)
    second = working_time_between(calendar, middle, end)
    assert working_time_between(calendar, start, end) == first + second
    if first:
        found = add_working_time(calendar, start, first)
        assert found <= middle and working_time_between(calendar, start, found) == first
        back = add_working_time(calendar, middle, -first)
        assert back >= start and working_time_between(calendar, back, middle) == first


def _forget_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_stretch(self: timelines.Timeline, first: int, last: int) -> Any:
        return [(first, last, timelines._offsets(self._zone)(first))]

    monkeypatch.setattr(timelines.Timeline, "_stretches", one_stretch)


def _forget_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    def until_midnight(start: str, end: str) -> tuple[int, int]:
        first, last = hours.range_minutes(start, end)
        return first, min(last, 1440)

    monkeypatch.setattr(timelines, "range_minutes", until_midnight)


def _forget_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    walls = timelines.Timeline._walls

    def as_always(self: timelines.Timeline, first_day: int, last_day: int) -> Any:
        self._exceptions = {}
        return walls(self, first_day, last_day)

    monkeypatch.setattr(timelines.Timeline, "_walls", as_always)


@pytest.mark.parametrize("spoil", [_forget_the_change, _forget_the_night, _forget_exceptions])
def test_a_mistake_is_seen_by_the_reference(spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: every kind of mistake is found among the same cases."""
    spoil(monkeypatch)
    berlin = Calendar(
        "Europe/Berlin",
        {day: [("22:00", "06:00")] for day in range(7)},
        {date(2024, 3, 29): []},
    )
    start = datetime(2024, 3, 28, 12, tzinfo=UTC)
    end = start + timedelta(days=5)
    assert working_time_between(berlin, start, end) != slow_between(berlin, start, end)
