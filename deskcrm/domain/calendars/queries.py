"""Answers about calendars: the list, one with its special days, and who goes by which."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from deskcrm.domain.calendars.book import Applied, CalendarBook
from deskcrm.domain.calendars.model import (
    WEEKDAYS,
    CalendarDay,
    CalendarId,
    CalendarUse,
    WorkCalendar,
)
from deskcrm.domain.names import sort_key
from deskcrm.domain.teams.model import Team, TeamId
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class CalendarUser:
    """Who goes by a calendar: a team, a person, or, without either, everybody else."""

    name: str
    team_id: TeamId | None
    user_id: UserId | None

    @property
    def is_everybody(self) -> bool:
        """Tell whether it is whoever has no other calendar."""
        return self.team_id is None and self.user_id is None


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A calendar, as the list of calendars shows it. ``week``: the hours, Monday first."""

    id: CalendarId
    name: str
    time_zone: str
    week: tuple[str, ...]
    days: int
    users: tuple[CalendarUser, ...]

    @property
    def is_everybodys(self) -> bool:
        """Tell whether it holds where nothing else was chosen."""
        return any(one.is_everybody for one in self.users)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not as its weekday; no hours: it is off."""

    day: date
    hours: str
    name: str
    country: str


def list_calendars(db: Reader) -> list[CalendarRow]:
    """List the calendars, by name."""
    users = _users(db)
    days: dict[CalendarId, int] = dict(
        db.all(
            select(CalendarDay.calendar_id, func.count())
            .where(~CalendarDay.is_deleted)
            .group_by(CalendarDay.calendar_id)
        )
    )
    week = [getattr(WorkCalendar, day) for day in WEEKDAYS]
    statement = select(WorkCalendar.id, WorkCalendar.name, WorkCalendar.time_zone, *week)
    rows = []
    for found_id, name, zone, *hours in db.all(statement.where(~WorkCalendar.is_deleted)):
        row_id = CalendarId(found_id)
        used_by = tuple(users.get(row_id, ()))
        rows.append(CalendarRow(row_id, name, zone, tuple(hours), days.get(row_id, 0), used_by))
    return sorted(rows, key=lambda row: (not row.is_everybodys, sort_key(row.name)))


def list_special_days(db: Reader, calendar_id: CalendarId) -> list[SpecialDay]:
    """List the days of a calendar that are not as their weekday, in order."""
    rows = db.all(
        select(CalendarDay.day, CalendarDay.hours, CalendarDay.name, CalendarDay.country)
        .where(CalendarDay.calendar_id == calendar_id, ~CalendarDay.is_deleted)
        .order_by(CalendarDay.day)
    )
    return [SpecialDay(*row) for row in rows]


def calendar_of(
    db: Reader, *, user_id: UserId | None = None, team_id: TeamId | None = None
) -> Applied:
    """Give the calendar that holds for a person, else for a team, else for everybody."""
    book = CalendarBook(db.connection)
    if user_id is not None:
        return book.of_person(user_id)
    return book.of_everybody() if team_id is None else book.of_team(team_id)


def _users(db: Reader) -> dict[CalendarId, list[CalendarUser]]:
    found: dict[CalendarId, list[CalendarUser]] = {}
    rows = db.all(
        select(
            CalendarUse.calendar_id,
            func.coalesce(Team.name, User.name, ""),
            CalendarUse.team_id,
            CalendarUse.user_id,
        )
        .outerjoin(Team, (Team.id == CalendarUse.team_id) & ~Team.is_deleted)
        .outerjoin(User, (User.id == CalendarUse.user_id) & ~User.is_deleted)
        .where(~CalendarUse.is_deleted)
        .order_by(CalendarUse.team_id.is_not(None), CalendarUse.user_id.is_not(None))
    )
    for calendar_id, name, team_id, user_id in rows:
        found.setdefault(calendar_id, []).append(CalendarUser(name, team_id, user_id))
    return found
