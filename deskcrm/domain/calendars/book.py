"""All calendars as of one moment, ready to count by, and who goes by which."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, select

from deskcrm.domain.calendars.hours import Ranges, read_hours
from deskcrm.domain.calendars.model import (
    WEEKDAYS,
    CalendarDay,
    CalendarId,
    CalendarUse,
    WorkCalendar,
)
from deskcrm.domain.calendars.working_time import Calendar
from deskcrm.domain.teams.model import Team, TeamId, TeamMember
from deskcrm.domain.users.model import UserId


class Whose(StrEnum):
    """By whose choice a calendar holds."""

    PERSON = "person"
    TEAM = "team"
    EVERYBODY = "everybody"
    NOBODY = "nobody"
    """Nobody chose: the calendar that the program begins with."""
    POLICY = "policy"
    """A service level policy names it."""


@dataclass(frozen=True)
class KnownCalendar:
    """A calendar to count by, with its name and what its special days are called."""

    id: CalendarId | None
    name: str
    calendar: Calendar
    day_names: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Applied:
    """The calendar that holds for somebody, and by whose choice."""

    known: KnownCalendar
    whose: Whose


_OFFICE: Final = (("09:00", "18:00"),)


@cache
def built_in() -> KnownCalendar:
    """Give what counts until somebody makes a calendar; time zones are read when it is asked."""
    return KnownCalendar(None, "", Calendar("UTC", dict.fromkeys(range(5), _OFFICE), {}))


class CalendarBook:
    """The calendars of a workspace: person before team, team before everybody."""

    def __init__(self, connection: Connection) -> None:
        self._calendars = _calendars(connection)
        self._uses = _uses(connection)
        self._parents = _parents(connection)
        self._teams = _teams(connection)

    def by_id(self, calendar_id: CalendarId | None) -> KnownCalendar | None:
        """Give a calendar, or None when it is not there (any more)."""
        return None if calendar_id is None else self._calendars.get(calendar_id)

    def is_team(self, scope: UUID) -> bool:
        """Tell whether a scope is that of a team."""
        return scope in self._parents

    def of_person(self, user_id: UserId) -> Applied:
        """Give the calendar of a person: their own, else that of a team of theirs, else all's."""
        own = self._chosen(None, user_id)
        if own is not None:
            return Applied(own, Whose.PERSON)
        return self._of_teams(self._teams.get(user_id, []))

    def of_team(self, team_id: TeamId) -> Applied:
        """Give the calendar of a team: its own, else that of the team it is within, else all's."""
        return self._of_teams([team_id])

    def of_teams_of(self, user_id: UserId) -> Applied:
        """Give the calendar of a person's teams, whatever their own is."""
        return self._of_teams(self._teams.get(user_id, []))

    def of_everybody(self) -> Applied:
        """Give the calendar that holds where nothing else was chosen."""
        chosen = self._chosen(None, None)
        return (
            Applied(built_in(), Whose.NOBODY)
            if chosen is None
            else Applied(chosen, Whose.EVERYBODY)
        )

    def _of_teams(self, teams: list[TeamId]) -> Applied:
        for team_id in teams:
            above: UUID | None = team_id
            seen: set[UUID] = set()
            while above is not None and above not in seen:
                seen.add(above)
                chosen = self._chosen(above, None)
                if chosen is not None:
                    return Applied(chosen, Whose.TEAM)
                above = self._parents.get(above)
        return self.of_everybody()

    def _chosen(self, team_id: UUID | None, user_id: UUID | None) -> KnownCalendar | None:
        return self.by_id(self._uses.get((team_id, user_id)))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a book is read with."""

    days: Select[*tuple[Any, ...]]
    calendars: Select[*tuple[Any, ...]]
    uses: Select[*tuple[Any, ...]]
    parents: Select[*tuple[Any, ...]]
    members: Select[*tuple[Any, ...]]


@cache
def _asked() -> _Asked:
    """Build it once: a book is read with every write that may move a deadline."""
    week = [getattr(WorkCalendar, day) for day in WEEKDAYS]
    calendars = select(WorkCalendar.id, WorkCalendar.name, WorkCalendar.time_zone, *week)
    return _Asked(
        days=select(CalendarDay.calendar_id, CalendarDay.day, CalendarDay.hours, CalendarDay.name)
        .where(~CalendarDay.is_deleted)
        .order_by(CalendarDay.day),
        calendars=calendars.where(~WorkCalendar.is_deleted),
        uses=select(CalendarUse.team_id, CalendarUse.user_id, CalendarUse.calendar_id).where(
            ~CalendarUse.is_deleted
        ),
        parents=select(Team.id, Team.parent_id).where(~Team.is_deleted),
        members=select(TeamMember.user_id, TeamMember.team_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(~TeamMember.is_deleted, ~Team.is_deleted)
        .order_by(TeamMember.team_id),
    )


def _calendars(connection: Connection) -> dict[CalendarId, KnownCalendar]:
    days: dict[UUID, list[tuple[date, str, str]]] = defaultdict(list)
    asked = _asked()
    for calendar_id, day, text, name in connection.execute(asked.days):
        days[calendar_id].append((day, text, name))
    found = {}
    for calendar_id, name, zone, *hours in connection.execute(asked.calendars):
        special = days[calendar_id]
        calendar = _made(zone, tuple(hours), tuple((day, text) for day, text, _ in special))
        names = {day: what for day, _, what in special}
        found[CalendarId(calendar_id)] = KnownCalendar(calendar_id, name, calendar, names)
    return found


@lru_cache(maxsize=64)
def _made(zone: str, week: tuple[str, ...], days: tuple[tuple[date, str], ...]) -> Calendar:
    """Make a calendar of what is kept; the same one again, with what it has counted already."""
    ranges: dict[int, Ranges] = {day: read_hours(text) for day, text in enumerate(week)}
    return Calendar(zone, ranges, {day: read_hours(text) for day, text in days})


def _uses(connection: Connection) -> dict[tuple[UUID | None, UUID | None], CalendarId]:
    """Give the calendars by the team or the person that chose them; all have neither."""
    rows = connection.execute(_asked().uses)
    return {(row.team_id, row.user_id): row.calendar_id for row in rows}


def _parents(connection: Connection) -> dict[UUID, UUID | None]:
    return {row.id: row.parent_id for row in connection.execute(_asked().parents)}


def _teams(connection: Connection) -> dict[UUID, list[TeamId]]:
    """Give everybody's teams, those first that are there longest."""
    teams: dict[UUID, list[TeamId]] = defaultdict(list)
    for user_id, team_id in connection.execute(_asked().members):
        teams[user_id].append(TeamId(team_id))
    return teams
