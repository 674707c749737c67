"""All absences from one moment on, ready to ask who is away and who acts for them."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import Connection, select

from deskcrm.domain.absences.chains import Away, Chain, away_at, follow
from deskcrm.domain.absences.model import Absence, AbsenceId
from deskcrm.domain.calendars.book import CalendarBook, Whose
from deskcrm.domain.users.model import User, UserId

_ANYWHERE: Final = timedelta(days=2)
"""A day begins and ends at most that far from the same day elsewhere."""


class AbsenceBook:
    """Who is away from a moment on; those whose absence was over by then are left out."""

    def __init__(self, connection: Connection, since: datetime) -> None:
        rows = connection.execute(
            select(Absence.__table__)
            .where(~Absence.is_deleted, Absence.last_day >= (since - _ANYWHERE).date())
            .order_by(Absence.first_day, Absence.id)
        ).all()
        self.names: dict[UserId, str] = {}
        self.working: set[UserId] = set()
        self.absences: dict[UserId, list[Away]] = defaultdict(list)
        if not rows:  # on most days: nothing more is read
            return
        self._read_people(connection)
        zones = Zones(connection)
        for row in rows:
            away = away_of(row, zones)
            if away.ends > since:
                self.absences[away.user_id].append(away)

    def away(self, user_id: UserId, at: datetime) -> Away | None:
        """Give the absence of somebody at a moment; None when they are here."""
        return away_at(self.absences, user_id, at)

    def follow(self, user_id: UserId, at: datetime) -> Chain:
        """Tell who acts for somebody at a moment, and through whom."""
        return follow(self.absences, user_id, at, working=self.working)

    def all_away(self, at: datetime) -> list[Away]:
        """List who is away at a moment, one absence each."""
        found = [self.away(user_id, at) for user_id in self.absences]
        return [one for one in found if one is not None and one.user_id in self.working]

    def _read_people(self, connection: Connection) -> None:
        people = select(User.id, User.name, User.is_active, User.is_deleted)
        for user_id, name, is_active, is_deleted in connection.execute(people):
            self.names[UserId(user_id)] = name
            if is_active and not is_deleted:
                self.working.add(UserId(user_id))


class Zones:
    """Where each person's days begin: in their own time zone, else in that of their calendar."""

    def __init__(self, connection: Connection) -> None:
        self._own: dict[Any, str] = {
            row.id: row.time_zone for row in connection.execute(select(User.id, User.time_zone))
        }
        self._book = CalendarBook(connection)

    def of(self, user_id: UserId) -> tzinfo | None:
        """Give somebody's time zone; None means that of this machine, as nobody chose any."""
        from zoneinfo import ZoneInfo  # reads files: only when somebody is away

        own = self._own.get(user_id)
        if own:
            return ZoneInfo(own)
        applied = self._book.of_person(user_id)
        return None if applied.whose is Whose.NOBODY else ZoneInfo(applied.known.calendar.time_zone)

    def begin_of(self, user_id: UserId, day: date) -> datetime:
        """Give the moment at which a day begins for somebody."""
        return datetime.combine(day, time.min, self.of(user_id)).astimezone()

    def day_of(self, user_id: UserId, at: datetime) -> date:
        """Give the day that it is for somebody at a moment."""
        return at.astimezone(self.of(user_id)).date()


def away_of(row: Any, zones: Zones) -> Away:
    """Turn a record, or its row, into the span that it means."""
    ends = zones.begin_of(row.user_id, row.last_day + timedelta(days=1))
    return Away(
        AbsenceId(row.id),
        UserId(row.user_id),
        row.substitute_id,
        row.first_day,
        row.last_day,
        zones.begin_of(row.user_id, row.first_day),
        ends if row.ended_at is None else min(ends, row.ended_at),
        row.note,
    )
