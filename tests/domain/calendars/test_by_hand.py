"""Working time in cases that were worked out with a calendar and a pencil."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.calendars import (
    Calendar,
    add_working_time,
    working_intervals,
    working_time_between,
)

LUNCH: Final = [("09:00", "13:00"), ("14:00", "18:00")]
WEEKDAYS: Final = dict.fromkeys(range(5), LUNCH)
DAILY: Final = range(7)


def _sundays(zone: str, start: str, end: str) -> Calendar:
    return Calendar(zone, {6: [(start, end)]}, {})


def _always(zone: str) -> Calendar:
    return Calendar(zone, {day: [("00:00", "24:00")] for day in DAILY}, {})


CALENDARS: Final = {
    "office": Calendar("Europe/Berlin", WEEKDAYS, {}),
    # The first days of May 2024 in Russia: a Saturday is worked for a Monday, 8 May is short.
    "moscow": Calendar(
        "Europe/Moscow",
        WEEKDAYS,
        {
            date(2024, 4, 27): LUNCH,
            date(2024, 4, 29): [],
            date(2024, 4, 30): [],
            date(2024, 5, 1): [],
            date(2024, 5, 8): [("09:00", "13:00"), ("14:00", "17:00")],
            date(2024, 5, 9): [],
            date(2024, 5, 10): [],
        },
    ),
    "night": Calendar(
        "Europe/Berlin",
        {day: [("22:00", "06:00")] for day in DAILY},
        {date(2024, 12, 24): [], date(2024, 12, 31): [("22:00", "02:00")]},
    ),
    "always": _always("Europe/Berlin"),
    "howe": _always("Australia/Lord_Howe"),
    "apia": _always("Pacific/Apia"),
    "paulo": _always("America/Sao_Paulo"),
    "kathmandu": Calendar("Asia/Kathmandu", {0: [("09:00", "18:00")]}, {}),
    "sunday 1-4": _sundays("America/New_York", "01:00", "04:00"),
    "sunday 2-3": _sundays("America/New_York", "02:00", "03:00"),
    "sunday 1-1:30": _sundays("America/New_York", "01:00", "01:30"),
    "sunday 2:30-3:30": _sundays("America/New_York", "02:30", "03:30"),
    "overlapping": Calendar(
        "Europe/Berlin",
        {0: [("12:00", "18:00"), ("09:00", "13:00"), ("22:00", "10:00")], 1: [("09:00", "17:00")]},
        {},
    ),
    "to midnight": Calendar(
        "Europe/Berlin", {0: [("20:00", "00:00")], 1: [("00:00", "01:00")]}, {}
    ),
}

# Calendar, from, to (on the calendar's own clock, unless a zone is named), hours and minutes.
BETWEEN: Final = """
office    | 2024-06-03 09:00 | 2024-06-03 18:00 | 8:00    a whole Monday with lunch
office    | 2024-06-03 10:00 | 2024-06-03 12:30 | 2:30
office    | 2024-06-03 12:00 | 2024-06-03 15:00 | 2:00    lunch is left out
office    | 2024-06-03 13:00 | 2024-06-03 14:00 | 0:00    nothing but lunch
office    | 2024-06-03 13:30 | 2024-06-03 14:30 | 0:30
office    | 2024-06-03 08:00 | 2024-06-03 08:59 | 0:00    before work
office    | 2024-06-03 18:00 | 2024-06-04 09:00 | 0:00    from end to beginning
office    | 2024-06-03 17:00 | 2024-06-04 10:00 | 2:00    over a night
office    | 2024-06-07 17:30 | 2024-06-10 09:15 | 0:45    over a week-end
office    | 2024-06-08 10:00 | 2024-06-09 20:00 | 0:00    a week-end
office    | 2024-06-03 00:00 | 2024-06-10 00:00 | 40:00   a week
office    | 2024-03-25 00:00 | 2024-04-01 00:00 | 40:00   the clocks change on Sunday
office    | 2024-06-01 00:00 | 2024-07-01 00:00 | 160:00  twenty weekdays
office    | 2024-02-28 17:00 | 2024-03-01 10:00 | 10:00   29 February is a Thursday
office    | 2023-02-28 17:00 | 2023-03-01 10:00 | 2:00    there is none
office    | 2024-12-31 17:00 | 2025-01-02 10:00 | 10:00   no holidays here
office    | 2024-01-01 00:00 | 2025-01-01 00:00 | 2096:00 262 weekdays
office    | 2023-01-01 00:00 | 2024-01-01 00:00 | 2080:00 260 weekdays
office    | 2001-01-01 00:00 | 2401-01-01 00:00 | 834840:00 20,871 weeks
office    | 2024-06-03 12:30 | 2024-06-03 10:00 | -2:30   backwards
office    | 2024-06-04 10:00 | 2024-06-03 17:00 | -2:00
office    | 2024-06-03 10:00 | 2024-06-03 10:00 | 0:00
office    | 2024-06-03 07:00 UTC | 2024-06-03 16:00 UTC | 8:00  Berlin is two hours ahead
office    | 2024-01-15 08:00 UTC | 2024-01-15 09:00 UTC | 1:00  and in winter one
office    | 2024-06-03 03:00 America/New_York | 2024-06-03 12:00 America/New_York | 8:00
office    | 2024-06-03 10:00 Europe/Moscow | 2024-06-03 12:00 UTC | 4:00  from 9 to 14 o'clock
moscow    | 2024-04-26 17:00 | 2024-04-29 10:00 | 9:00    a working Saturday
moscow    | 2024-04-27 09:00 | 2024-04-27 18:00 | 8:00
moscow    | 2024-04-22 00:00 | 2024-04-29 00:00 | 48:00   six days
moscow    | 2024-04-29 00:00 | 2024-05-02 00:00 | 0:00    two moved days and a holiday
moscow    | 2024-05-02 09:00 | 2024-05-03 18:00 | 16:00
moscow    | 2024-05-08 09:00 | 2024-05-08 18:00 | 7:00    a short day
moscow    | 2024-05-08 16:00 | 2024-05-13 10:00 | 2:00
moscow    | 2024-05-06 00:00 | 2024-05-13 00:00 | 23:00
night     | 2024-06-03 22:00 | 2024-06-04 06:00 | 8:00
night     | 2024-06-03 23:30 | 2024-06-04 00:30 | 1:00
night     | 2024-06-04 05:00 | 2024-06-04 22:30 | 1:30
night     | 2024-06-04 06:00 | 2024-06-04 22:00 | 0:00
night     | 2024-03-30 22:00 | 2024-03-31 06:00 | 7:00    an hour is left out
night     | 2024-10-26 22:00 | 2024-10-27 06:00 | 9:00    an hour comes twice
night     | 2024-03-31 01:30 | 2024-03-31 03:30 | 1:00
night     | 2024-10-27 00:00 UTC | 2024-10-27 02:00 UTC | 2:00  both hours of two o'clock
night     | 2024-02-28 22:00 | 2024-03-01 06:00 | 16:00   two nights
night     | 2023-12-31 22:00 | 2024-01-01 06:00 | 8:00    over New Year
night     | 2024-12-23 22:00 | 2024-12-25 06:00 | 8:00    the night before goes on, that one is off
night     | 2024-12-24 00:00 | 2024-12-25 00:00 | 6:00
night     | 2024-12-31 00:00 | 2025-01-01 12:00 | 10:00   six hours of the 30th, four of the 31st
always    | 2024-03-31 00:00 | 2024-04-01 00:00 | 23:00
always    | 2024-10-27 00:00 | 2024-10-28 00:00 | 25:00
always    | 2024-01-01 00:00 | 2025-01-01 00:00 | 8784:00 a leap year
always    | 2023-01-01 00:00 | 2024-01-01 00:00 | 8760:00
always    | 2024-06-03 10:07 | 2024-06-03 10:08 | 0:01
howe      | 2024-04-07 00:00 | 2024-04-08 00:00 | 24:30   half an hour comes twice
howe      | 2024-10-06 00:00 | 2024-10-07 00:00 | 23:30
apia      | 2011-12-29 00:00 | 2011-12-31 00:00 | 24:00   the 30th was left out
paulo     | 2018-11-04 01:00 | 2018-11-05 00:00 | 23:00   midnight itself was left out
kathmandu | 2024-06-03 03:00 UTC | 2024-06-03 03:30 UTC | 0:15  nine o'clock is 3:15
sunday 1-4 | 2024-03-10 00:00 | 2024-03-10 12:00 | 2:00
sunday 1-4 | 2024-11-03 00:00 | 2024-11-03 12:00 | 4:00
sunday 1-4 | 2024-11-10 00:00 | 2024-11-10 12:00 | 3:00
sunday 2-3 | 2024-03-10 00:00 | 2024-03-10 12:00 | 0:00   the range itself is left out
sunday 2-3 | 2024-11-03 00:00 | 2024-11-03 12:00 | 1:00   one o'clock is what comes twice
sunday 1-1:30 | 2024-11-03 00:00 | 2024-11-03 12:00 | 1:00
sunday 2:30-3:30 | 2024-03-10 00:00 | 2024-03-10 12:00 | 0:30
overlapping | 2024-06-03 00:00 | 2024-06-03 20:00 | 9:00  once, not eleven hours
overlapping | 2024-06-03 22:00 | 2024-06-04 17:00 | 19:00 the night and the morning meet
to midnight | 2024-06-03 12:00 | 2024-06-04 12:00 | 5:00
"""

# Calendar, from, how much, until.
ADDED: Final = """
office | 2024-06-03 09:00 | 1:00  | 2024-06-03 10:00
office | 2024-06-03 09:00 | 4:00  | 2024-06-03 13:00  lunch begins, it is not over
office | 2024-06-03 09:00 | 4:01  | 2024-06-03 14:01
office | 2024-06-03 09:00 | 8:00  | 2024-06-03 18:00
office | 2024-06-03 09:00 | 8:01  | 2024-06-04 09:01
office | 2024-06-03 09:00 | 40:00 | 2024-06-07 18:00
office | 2024-06-03 09:00 | 41:00 | 2024-06-10 10:00
office | 2024-06-03 07:00 | 0:30  | 2024-06-03 09:30  too early
office | 2024-06-03 20:00 | 0:30  | 2024-06-04 09:30  too late
office | 2024-06-03 13:30 | 0:30  | 2024-06-03 14:30  at lunch
office | 2024-06-08 10:00 | 1:00  | 2024-06-10 10:00
office | 2024-06-07 17:00 | 2:00  | 2024-06-10 10:00
office | 2024-06-08 10:00 | 0:00  | 2024-06-08 10:00  nothing is nothing
office | 2024-06-10 10:00 | -2:00 | 2024-06-07 17:00
office | 2024-06-03 18:00 | -8:00 | 2024-06-03 09:00
office | 2024-06-03 14:00 | -1:00 | 2024-06-03 12:00
office | 2024-06-03 18:00 | -4:00 | 2024-06-03 14:00  lunch is over, it does not begin
office | 2024-06-09 12:00 | -1:00 | 2024-06-07 17:00
office | 2024-06-10 09:00 | -1:00 | 2024-06-07 17:00
office | 2024-06-04 09:01 | -0:01 | 2024-06-04 09:00
office | 2024-06-04 09:01 | -0:02 | 2024-06-03 17:59
office | 2024-02-28 17:00 | 10:00 | 2024-03-01 10:00
office | 2401-01-01 00:00 | -834840:00 | 2001-01-01 09:00
moscow | 2024-04-26 17:00 | 2:00  | 2024-04-27 10:00
moscow | 2024-04-27 18:00 | 1:00  | 2024-05-02 10:00
moscow | 2024-05-08 16:00 | 2:00  | 2024-05-13 10:00
moscow | 2024-05-13 10:00 | -2:00 | 2024-05-08 16:00
night  | 2024-03-30 22:00 | 7:00  | 2024-03-31 06:00
night  | 2024-03-30 22:00 | 4:30  | 2024-03-31 03:30  two o'clock is left out
night  | 2024-10-26 22:00 | 9:00  | 2024-10-27 06:00
night  | 2024-10-26 22:00 | 5:00  | 2024-10-27 01:00 UTC  two o'clock for the second time
night  | 2024-10-27 06:00 | -9:00 | 2024-10-26 22:00
always | 2024-02-28 12:00 | 24:00 | 2024-02-29 12:00
always | 2023-02-28 12:00 | 24:00 | 2023-03-01 12:00
always | 2024-12-31 23:30 | 1:00  | 2025-01-01 00:30
always | 2024-03-30 12:00 | 24:00 | 2024-03-31 13:00
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _moment(text: str, calendar: Calendar) -> datetime:
    """Read a moment; a remark may stand behind it."""
    day, time, *rest = text.split()
    zone = rest[0] if rest and (rest[0] == "UTC" or "/" in rest[0]) else calendar.time_zone
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=ZoneInfo(zone))


def _amount(text: str) -> timedelta:
    hours, minutes = text.split()[0].lstrip("-").split(":")
    found = timedelta(hours=int(hours), minutes=int(minutes))
    return -found if text.startswith("-") else found


def test_there_are_at_least_sixty() -> None:
    assert len(_rows(BETWEEN)) + len(_rows(ADDED)) >= 60


@pytest.mark.parametrize("row", _rows(BETWEEN), ids=" ".join)
def test_the_time_between(row: list[str]) -> None:
    calendar = CALENDARS[row[0]]
    start, end = _moment(row[1], calendar), _moment(row[2], calendar)
    assert working_time_between(calendar, start, end) == _amount(row[3])


@pytest.mark.parametrize("row", _rows(ADDED), ids=" ".join)
def test_what_is_added(row: list[str]) -> None:
    calendar = CALENDARS[row[0]]
    expected = _moment(row[3], calendar).astimezone(UTC)
    found = add_working_time(calendar, _moment(row[1], calendar), _amount(row[2]))
    assert found.astimezone(UTC) == expected


def test_an_answer_is_in_the_zone_that_was_asked_in() -> None:
    start = datetime(2024, 6, 3, 9, tzinfo=timezone(timedelta(hours=5)))
    found = add_working_time(CALENDARS["office"], start, timedelta(hours=1))
    assert found.isoformat() == "2024-06-03T13:00:00+05:00"


def test_parts_of_a_second_count() -> None:
    start = datetime(2024, 6, 3, 10, 59, 59, 999_999, tzinfo=UTC)
    end = start + timedelta(microseconds=2)
    assert working_time_between(CALENDARS["office"], start, end) == timedelta(microseconds=1)
    one = timedelta(microseconds=1)
    assert add_working_time(CALENDARS["office"], start, one) == start + one


def test_the_stretches_are_named_one_by_one() -> None:
    zone = ZoneInfo("Europe/Moscow")
    start = datetime(2024, 5, 8, 12, tzinfo=zone)
    end = datetime(2024, 5, 13, 10, tzinfo=zone)
    spans = working_intervals(CALENDARS["moscow"], start, end)
    assert [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in spans] == [
        "08 09:00-10:00", "08 11:00-14:00", "13 06:00-07:00",  # by the clock of UTC
    ]  # fmt: skip


def test_a_year_round_the_clock_is_one_stretch() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    end = datetime(2026, 1, 1, tzinfo=UTC)
    assert working_intervals(CALENDARS["always"], start, end) == [(start, end)]


@pytest.mark.parametrize("amount", [timedelta(hours=1), timedelta(hours=-1)])
@pytest.mark.parametrize("week", [{}, {day: [] for day in DAILY}])
def test_a_calendar_without_working_time_says_so(
    week: dict[int, list[tuple[str, str]]], amount: timedelta
) -> None:
    calendar = Calendar("UTC", week, {date(2024, 6, 3): []})
    start = datetime(2024, 6, 3, tzinfo=UTC)
    assert working_time_between(calendar, start, start + timedelta(days=900)) == timedelta()
    assert add_working_time(calendar, start, timedelta()) == start
    with pytest.raises(UserError, match="no such working time"):
        add_working_time(calendar, start, amount)


def test_a_calendar_of_exceptions_only_ends_with_them() -> None:
    calendar = Calendar("UTC", {}, {date(2024, 6, 3): [("09:00", "10:00")]})
    start = datetime(1990, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert add_working_time(calendar, start, hour) == datetime(2024, 6, 3, 10, tzinfo=UTC)
    assert add_working_time(calendar, datetime(2050, 1, 1, tzinfo=UTC), -hour) == datetime(
        2024, 6, 3, 9, tzinfo=UTC
    )
    with pytest.raises(UserError, match="no such working time"):
        add_working_time(calendar, start, 2 * hour)


def test_more_than_all_years_hold_is_refused() -> None:
    start = datetime(9990, 1, 1, tzinfo=UTC)
    with pytest.raises(UserError, match="beyond all years"):
        add_working_time(CALENDARS["always"], start, timedelta(days=10_000))


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    naive = datetime(2024, 6, 3, 9)  # noqa: DTZ001 (what must be refused)
    with pytest.raises(ValueError, match="time zone"):
        add_working_time(CALENDARS["office"], naive, timedelta(hours=1))


@pytest.mark.parametrize(
    ("zone", "week", "said"),
    [
        ("", {}, "needs a time zone"),
        ("Mars/Olympus", {}, "is not a time zone"),
        ("UTC", {7: []}, "no weekday 7"),
        ("UTC", {-1: []}, "no weekday -1"),
        ("UTC", {0: [("9:00", "18:00")]}, "“9:00” is not a time of day"),
        ("UTC", {0: [("24:00", "18:00")]}, "“24:00” is not a time of day"),
        ("UTC", {0: [("09:60", "18:00")]}, "“09:60” is not a time of day"),
        ("UTC", {0: [("09:00", "25:00")]}, "“25:00” is not a time of day"),
        ("UTC", {0: [("09:00", "09:00")]}, "has no length"),
        ("UTC", {0: ["09:00"]}, "is not a range of hours"),
        ("UTC", {0: [("09:00", "12:00", "13:00")]}, "is not a range of hours"),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(
    zone: str, week: dict[int, list[tuple[str, str]]], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        Calendar(zone, week, {})


def test_a_calendar_does_not_change_with_what_it_was_made_of() -> None:
    hours = [("09:00", "10:00")]
    calendar = Calendar("UTC", {0: hours}, {})
    start = datetime(2024, 6, 3, tzinfo=UTC)
    hours.append(("11:00", "12:00"))
    day = timedelta(days=1)
    assert working_time_between(calendar, start, start + day) == timedelta(hours=1)
