"""Calendars as records: who makes them, which days are otherwise, and who goes by which."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.domain.calendars import commands, working_time_between
from deskcrm.domain.calendars.book import Whose
from deskcrm.domain.calendars.hours import read_hours, shortened, write_hours
from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.calendars.queries import (
    CalendarRow,
    calendar_of,
    list_calendars,
    list_special_days,
)
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.users.commands import add_user
from deskcrm.store.store import Store
from deskcrm.store.work import Missing

NO = CalendarId(uuid4())
DAY = date(2026, 5, 4)


@pytest.fixture
def office(desk: Store) -> CalendarId:
    return desk.do(
        commands.create_calendar, name="Office", time_zone="Europe/Moscow", monday="9-13, 14-18"
    ).value


def row(desk: Store) -> CalendarRow:
    (found,) = desk.ask(list_calendars)
    return found


def special(desk: Store, calendar_id: CalendarId) -> list[str]:
    days = desk.ask(list_special_days, calendar_id)
    return [f"{one.day} {one.hours or 'off'} {one.name}".strip() for one in days]


def test_a_calendar_without_hours_begins_with_a_working_week(desk: Store) -> None:
    desk.do(commands.create_calendar, name="  Desk ", time_zone="Europe/Berlin")
    assert row(desk).name == "Desk"
    assert row(desk).week == ("09:00–18:00",) * 5 + ("", "")
    desk.undo()
    assert desk.ask(list_calendars) == []


def test_hours_are_read_as_people_type_them(desk: Store, office: CalendarId) -> None:
    assert row(desk).week == ("09:00–13:00, 14:00–18:00", *[""] * 6)
    desk.do(commands.edit_calendar, office, sunday="22 – 6", monday="", name="Nights")
    assert (row(desk).name, row(desk).week[0], row(desk).week[6]) == ("Nights", "", "22:00–06:00")
    desk.undo()
    assert row(desk).week == ("09:00–13:00, 14:00–18:00", *[""] * 6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("early", "“early” is not a range of hours"),
        ("9-25", "“25:00” is not a time of day"),
        ("9-9", "has no length"),
        ("9-13, 12-18", "overlap at 12:00"),
        ("22-6, 5-7", None),  # a night ends tomorrow, so five o'clock today is before it
    ],
)
def test_hours_that_are_none_are_refused_in_words(
    desk: Store, office: CalendarId, text: str, said: str | None
) -> None:
    if said is None:
        desk.do(commands.edit_calendar, office, monday=text)
        assert row(desk).week[0] == "05:00–07:00, 22:00–06:00"
        return
    with pytest.raises(UserError, match=said):
        desk.do(commands.edit_calendar, office, monday=text)
    assert row(desk).week[0] == "09:00–13:00, 14:00–18:00"


def test_a_day_is_shortened_from_its_end() -> None:
    lunch = read_hours("9-13, 14-18")
    assert write_hours(shortened(lunch, 60)) == "09:00–13:00, 14:00–17:00"
    assert write_hours(shortened(lunch, 240)) == "09:00–13:00"
    assert write_hours(shortened(lunch, 300)) == "09:00–12:00"
    assert shortened(lunch, 480) == ()
    assert write_hours(shortened(read_hours("22-6"), 60)) == "22:00–05:00"


def test_what_is_no_calendar_is_refused(desk: Store, office: CalendarId) -> None:
    create, edit = commands.create_calendar, commands.edit_calendar
    with pytest.raises(UserError, match="needs a name"):
        desk.do(create, name=" ", time_zone="UTC")
    with pytest.raises(UserError, match="needs a time zone"):
        desk.do(create, name="A", time_zone="")
    with pytest.raises(UserError, match="is not a time zone"):
        desk.do(create, name="A", time_zone="Mars/Olympus")
    with pytest.raises(UserError, match="already"):
        desk.do(create, name="office", time_zone="UTC")
    with pytest.raises(UserError, match="“Office” has no working hours"):
        desk.do(edit, office, monday="")
    with pytest.raises(Missing):
        desk.do(edit, NO, name="A")
    with pytest.raises(Missing):
        desk.do(commands.delete_calendar, NO)


def test_a_day_is_set_otherwise_and_back(desk: Store, office: CalendarId) -> None:
    desk.do(commands.set_day, office, day=DAY, hours="9-12", name=" Inventory ")
    assert special(desk, office) == ["2026-05-04 09:00–12:00 Inventory"]
    desk.do(commands.set_day, office, day=DAY)
    assert special(desk, office) == ["2026-05-04 off"]
    desk.do(commands.clear_day, office, day=DAY)
    assert special(desk, office) == []
    desk.undo()
    assert special(desk, office) == ["2026-05-04 off"]
    desk.undo()
    assert special(desk, office) == ["2026-05-04 09:00–12:00 Inventory"]
    desk.undo()
    assert special(desk, office) == []
    desk.do(commands.set_day, office, day=DAY, name="Again")
    assert special(desk, office) == ["2026-05-04 off Again"]


def test_a_day_that_cannot_be_set_is_refused(desk: Store, office: CalendarId) -> None:
    with pytest.raises(UserError, match="is not a range"):
        desk.do(commands.set_day, office, day=DAY, hours="early")
    with pytest.raises(Missing):
        desk.do(commands.set_day, NO, day=DAY)
    with pytest.raises(UserError, match="as its weekday already"):
        desk.do(commands.clear_day, office, day=DAY)
    assert special(desk, office) == []


def test_the_holidays_of_russia_come_with_moved_and_short_days(desk: Store) -> None:
    """The test's clock is in 2026; the days are those of the government's decree for 2027 too."""
    calendar = desk.do(commands.create_calendar, name="Desk", time_zone="Europe/Moscow").value
    made = desk.do(commands.add_holidays, calendar, country="RU", years=2).value
    days = special(desk, calendar)
    assert made == len(days)
    assert "2026-01-09 off Day off (substituted from 01/03/2026)" in days
    assert "2026-06-12 off Russia Day" in days
    assert "2026-06-11 09:00–17:00 Short day before a holiday" in days
    assert "2027-02-20 09:00–18:00 Working day, moved" in days  # a Saturday
    assert "2027-02-22 off Day off (substituted from 02/20/2027)" in days
    # 8 May 2026 is the Friday before Victory Day; 30 December is not before a holiday.
    assert "2026-05-08 09:00–17:00 Short day before a holiday" in days
    assert not any(one.startswith("2026-12-30") for one in days)
    known = desk.ask(calendar_of).known
    assert known.name == ""  # nobody goes by it yet
    desk.do(commands.use_calendar, calendar)
    counted = desk.ask(calendar_of).known.calendar
    june = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    # 21 working days of nine hours each, one of them an hour shorter.
    assert working_time_between(counted, *june) == timedelta(hours=21 * 9 - 1)
    desk.undo()
    desk.undo()
    assert special(desk, calendar) == []


def test_holidays_come_in_the_persons_language(desk: Store, office: CalendarId) -> None:
    words.set_language("ru")
    desk.do(commands.add_holidays, office, country="RU", years=1)
    assert "2026-06-12 off День России" in special(desk, office)


def test_holidays_leave_what_was_set_by_hand(desk: Store, office: CalendarId) -> None:
    christmas = date(2026, 12, 25)
    desk.do(commands.set_day, office, day=christmas, hours="10-14", name="We are here")
    desk.do(commands.add_holidays, office, country="DE", years=1)
    first = special(desk, office)
    assert "2026-12-25 10:00–14:00 We are here" in first
    assert "2026-10-03 off German Unity Day" in first
    assert "2026-06-04 off Corpus Christi" not in first
    again = desk.do(commands.add_holidays, office, country="DE", region="BY", years=1).value
    assert again == len(special(desk, office)) - 1
    assert "2026-06-04 off Corpus Christi" in special(desk, office)
    # Another country takes the place of the first, and not of what was set by hand.
    desk.do(commands.add_holidays, office, country="GB", years=1)
    assert "2026-12-25 10:00–14:00 We are here" in special(desk, office)
    assert "2026-10-03 off German Unity Day" not in special(desk, office)
    desk.undo()
    desk.undo()
    assert special(desk, office) == first


def test_holidays_that_are_not_known_are_refused(desk: Store, office: CalendarId) -> None:
    with pytest.raises(UserError, match="holidays of “XX” are not known"):
        desk.do(commands.add_holidays, office, country="XX")
    with pytest.raises(UserError, match="“ZZ” is no part of Germany"):
        desk.do(commands.add_holidays, office, country="DE", region="ZZ")
    with pytest.raises(UserError, match="1 to 10 years"):
        desk.do(commands.add_holidays, office, country="DE", years=11)
    with pytest.raises(Missing):
        desk.do(commands.add_holidays, NO, country="DE")
    assert special(desk, office) == []


def test_a_person_goes_before_a_team_and_a_team_before_everybody(desk: Store) -> None:
    def make(name: str) -> CalendarId:
        return desk.do(commands.create_calendar, name=name, time_zone="UTC").value

    def holds() -> str:
        applied = desk.ask(calendar_of, user_id=ivan)
        return f"{applied.known.name or '-'} {applied.whose}"

    ivan = desk.do(add_user, name="Ivan").value
    division = desk.do(create_team, name="Division").value
    team = desk.do(create_team, name="Support", parent_id=division).value
    desk.do(add_member, team, user_id=ivan)
    assert holds() == "- nobody"
    steps: list[dict[str, Any]] = [{}, {"team_id": division}, {"team_id": team}, {"user_id": ivan}]
    expected = ["All everybody", "Division team", "Team team", "Ivan person"]
    for name, whose in zip(("All", "Division", "Team", "Ivan"), steps, strict=True):
        desk.do(commands.use_calendar, make(name), **whose)
        assert holds() == expected.pop(0)
    assert desk.ask(calendar_of, team_id=team).known.name == "Team"
    assert desk.ask(calendar_of).whose is Whose.EVERYBODY
    desk.do(commands.stop_using, user_id=ivan)
    assert holds() == "Team team"
    desk.undo()
    assert holds() == "Ivan person"
    desk.do(commands.use_calendar, make("Other"), user_id=ivan)
    assert holds() == "Other person"
    desk.undo()
    assert holds() == "Ivan person"


def test_a_deleted_calendar_holds_for_nobody_until_it_is_back(
    desk: Store, office: CalendarId
) -> None:
    desk.do(commands.use_calendar, office)
    assert row(desk).is_everybodys
    desk.do(commands.delete_calendar, office)
    assert desk.ask(calendar_of).whose is Whose.NOBODY
    desk.undo()
    assert desk.ask(calendar_of).known.name == "Office"


def test_a_use_that_makes_no_sense_is_refused(desk: Store, office: CalendarId) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    team = desk.do(create_team, name="Support").value
    with pytest.raises(UserError, match="not for both"):
        desk.do(commands.use_calendar, office, team_id=team, user_id=ivan)
    with pytest.raises(Missing):
        desk.do(commands.use_calendar, NO)
    with pytest.raises(UserError, match="No calendar was chosen here"):
        desk.do(commands.stop_using, team_id=team)
    assert row(desk).users == ()


def test_the_list_says_who_goes_by_a_calendar(desk: Store, office: CalendarId) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    team = desk.do(create_team, name="Support").value
    desk.do(commands.use_calendar, office, user_id=ivan)
    desk.do(commands.use_calendar, office, team_id=team)
    desk.do(commands.use_calendar, office)
    assert [one.name for one in row(desk).users] == ["", "Ivan", "Support"]
