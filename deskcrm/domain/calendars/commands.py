"""Makes calendars, marks the days that are otherwise, and says who goes by which."""

from collections.abc import Mapping
from datetime import date
from typing import Final, TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.calendars.hours import read_hours, write_hours
from deskcrm.domain.calendars.model import (
    WEEKDAYS,
    CalendarDay,
    CalendarId,
    CalendarUse,
    WorkCalendar,
    calendar_day_id,
    calendar_use_id,
)
from deskcrm.domain.calendars.public_holidays import list_countries, public_days
from deskcrm.domain.calendars.working_time import Calendar
from deskcrm.domain.names import one_line
from deskcrm.domain.naming import check_name_free
from deskcrm.domain.teams.model import Team, TeamId
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work

OFFICE_HOURS: Final = "09:00–18:00"
MOST_YEARS: Final = 10


class WeekHours(TypedDict, total=False):
    """The hours of weekdays, as people type them; empty for a day off."""

    monday: str
    tuesday: str
    wednesday: str
    thursday: str
    friday: str
    saturday: str
    sunday: str


class CalendarChanges(WeekHours, total=False):
    """What can be edited of a calendar; only what is given is written."""

    name: str
    time_zone: str


@command("calendars.create", "Create calendar")
def create_calendar(
    work: Work, /, *, name: str, time_zone: str, **week: Unpack[WeekHours]
) -> CalendarId:
    """Make a calendar; without hours it is Monday to Friday, nine to six."""
    hours = week or dict.fromkeys(WEEKDAYS[:5], OFFICE_HOURS)
    calendar = WorkCalendar(name=name, time_zone=time_zone)
    _change(work, calendar, {**hours, "name": name, "time_zone": time_zone})
    return CalendarId(work.add(calendar).id)


@command("calendars.set_up", "Set up", can_undo=False)
def set_up_calendar(work: Work, *, name: str, time_zone: str, country: str = "") -> CalendarId:
    """Make the calendar that everybody in a new workspace goes by, with public holidays if known.

    A country whose holidays are not known gets none.
    """
    calendar_id = create_calendar(work, name=name, time_zone=time_zone)
    use_calendar(work, calendar_id)
    if country and country in list_countries():
        add_holidays(work, calendar_id, country=country)
    return calendar_id


@command("calendars.edit", "Edit calendar")
def edit_calendar(
    work: Work, /, calendar_id: CalendarId, **changes: Unpack[CalendarChanges]
) -> None:
    """Change a calendar's name, time zone and weekly hours; deadlines follow at once."""
    _change(work, work.get(WorkCalendar, calendar_id), changes)


@command("calendars.delete", "Delete calendar")
def delete_calendar(work: Work, calendar_id: CalendarId) -> None:
    """Delete a calendar; whoever went by it goes by the next one that holds, until an undo."""
    work.delete(work.get(WorkCalendar, calendar_id))


@command("calendars.set_day", "Set special day")
def set_day(
    work: Work, calendar_id: CalendarId, *, day: date, hours: str = "", name: str = ""
) -> None:
    """Say when is worked on one day, whatever its weekday; no hours make it a day off."""
    work.get(WorkCalendar, calendar_id)
    _put_day(work, calendar_id, day, write_hours(read_hours(hours)), one_line(name), "")


@command("calendars.clear_day", "Clear special day")
def clear_day(work: Work, calendar_id: CalendarId, *, day: date) -> None:
    """Let a day be as its weekday again."""
    found = work.find(CalendarDay, calendar_day_id(calendar_id, day))
    if found is None:
        raise UserError(
            tr("This day is as its weekday already."), tr("Choose a day that was set otherwise.")
        )
    work.delete(found)


@command("calendars.add_holidays", "Add public holidays")
def add_holidays(
    work: Work, calendar_id: CalendarId, *, country: str, region: str = "", years: int = 2
) -> int:
    """Take over a country's public holidays from this year on; gives how many days that made.

    Days that were set by hand stay. Repeated, it brings in what has become known since, and takes
    away what the country does not keep any more.
    """
    calendar = work.get(WorkCalendar, calendar_id)
    if not 1 <= years <= MOST_YEARS:
        raise UserError(
            tr("Holidays are added for 1 to {n} years.", n=MOST_YEARS),
            tr("Those further ahead are not known yet: repeat it later."),
        )
    this_year = work.now.year
    span = range(this_year, this_year + years)
    found = public_days(country, region, span, as_calendar(calendar))
    by_id = {calendar_day_id(calendar_id, one.day): one for one in found}
    known = select(CalendarDay).where(CalendarDay.calendar_id == calendar_id)
    kept = {row.id: row for row in work.records(known)}
    for row in kept.values():
        if row.country and row.day.year in span and not row.is_deleted and row.id not in by_id:
            work.delete(row)
    written = 0
    for row_id, one in by_id.items():
        row = kept.get(row_id)
        if row is None or row.is_deleted or row.country:
            _put_day(work, calendar_id, one.day, write_hours(one.hours), one.name, country)
            written += 1
    return written


@command("calendars.use", "Use calendar")
def use_calendar(
    work: Work,
    calendar_id: CalendarId,
    *,
    team_id: TeamId | None = None,
    user_id: UserId | None = None,
) -> None:
    """Let a team, a person, or everybody else go by a calendar."""
    work.get(WorkCalendar, calendar_id)
    _check_holder(work, team_id, user_id)
    row_id = calendar_use_id(team_id, user_id)
    found = _use(work, team_id, user_id) or work.find_deleted(CalendarUse, row_id)
    if found is None:
        work.add(CalendarUse(id=row_id, calendar_id=calendar_id, team_id=team_id, user_id=user_id))
        return
    found.calendar_id = calendar_id
    if found.is_deleted:
        work.restore(found)


@command("calendars.stop_using", "Stop using calendar")
def stop_using(work: Work, *, team_id: TeamId | None = None, user_id: UserId | None = None) -> None:
    """Let a team or a person go by what holds for the others."""
    found = _use(work, team_id, user_id)
    if found is None:
        raise UserError(
            tr("No calendar was chosen here."), tr("The one that holds for all counts already.")
        )
    work.delete(found)


def as_calendar(row: WorkCalendar) -> Calendar:
    """Give the weekly hours of a calendar to count by, without its special days."""
    week = {day: read_hours(getattr(row, name)) for day, name in enumerate(WEEKDAYS)}
    return Calendar(row.time_zone, week, {})


def _use(work: Work, team_id: TeamId | None, user_id: UserId | None) -> CalendarUse | None:
    """Give what was chosen; looked up by whose it is, as a person's id may have changed."""
    chosen = select(CalendarUse).where(
        CalendarUse.team_id == team_id, CalendarUse.user_id == user_id, ~CalendarUse.is_deleted
    )
    return next(iter(work.records(chosen)), None)


def _check_holder(work: Work, team_id: TeamId | None, user_id: UserId | None) -> None:
    if team_id is not None and user_id is not None:
        raise UserError(
            tr("A calendar is chosen for a team or for a person, not for both."),
            tr("Choose one of the two."),
        )
    if team_id is not None:
        work.get(Team, team_id)
    if user_id is not None:
        work.get(User, user_id)


def _change(work: Work, calendar: WorkCalendar, changes: Mapping[str, object]) -> None:
    if "name" in changes:
        calendar.rename(str(changes["name"]))
        title = tr("There is a calendar “{name}” already.", name=calendar.name)
        check_name_free(work, calendar, title)
    if "time_zone" in changes:
        calendar.move_to(str(changes["time_zone"]))
    for day in WEEKDAYS:
        if day in changes:
            calendar.set_hours(day, str(changes[day]))
    calendar.check_works()


def _put_day(
    work: Work, calendar_id: CalendarId, day: date, hours: str, name: str, country: str
) -> None:
    row_id = calendar_day_id(calendar_id, day)
    found = work.find(CalendarDay, row_id) or work.find_deleted(CalendarDay, row_id)
    if found is None:
        work.add(
            CalendarDay(
                id=row_id, calendar_id=calendar_id, day=day, hours=hours, name=name, country=country
            )
        )
        return
    found.hours, found.name, found.country = hours, name, country
    if found.is_deleted:
        work.restore(found)
