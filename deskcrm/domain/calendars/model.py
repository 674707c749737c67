"""The tables of calendars, of the days that are otherwise, and of who goes by which."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NewType
from uuid import UUID, uuid5

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.calendars.hours import read_hours, write_hours
from deskcrm.domain.names import one_line
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.timezones import check_time_zone
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import WORKSPACE, Record
from deskcrm.store.types import Merge, merges, refers

CalendarId = NewType("CalendarId", UUID)

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WorkCalendar(Record, kw_only=True):
    """When somebody works. Each weekday has its hours as text, so that days merge one by one."""

    __tablename__ = "calendar"
    __title__ = "name"

    name: Mapped[str]
    time_zone: Mapped[str]
    monday: Mapped[str] = mapped_column(default="")
    tuesday: Mapped[str] = mapped_column(default="")
    wednesday: Mapped[str] = mapped_column(default="")
    thursday: Mapped[str] = mapped_column(default="")
    friday: Mapped[str] = mapped_column(default="")
    saturday: Mapped[str] = mapped_column(default="")
    sunday: Mapped[str] = mapped_column(default="")

    def rename(self, name: str) -> None:
        """Give the calendar another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A calendar needs a name."), tr("Type the name and save again."))
        self.name = name

    def move_to(self, time_zone: str) -> None:
        """Let the calendar's clock be that of another time zone."""
        checked = check_time_zone(time_zone)
        if not checked:
            raise UserError(
                tr("A calendar needs a time zone."),
                tr("Choose one from the list, such as Europe/Moscow."),
            )
        self.time_zone = checked

    def set_hours(self, weekday: str, text: str) -> None:
        """Say when is worked on a weekday; nothing makes it a day off."""
        setattr(self, weekday, write_hours(read_hours(text)))

    def check_works(self) -> None:
        """Refuse a week without any work: no deadline could ever come."""
        if not any(getattr(self, day) for day in WEEKDAYS):
            raise UserError(
                tr("“{name}” has no working hours.", name=self.name),
                tr("Give it working hours on at least one day of the week."),
            )


class CalendarDay(Record, kw_only=True):
    """A day that is not as its weekday: a holiday, a working Saturday, a short day.

    ``country`` says which country's public holidays it came with; a day that somebody set by hand
    has none, and no import of holidays changes it.
    """

    __tablename__ = "calendar_day"
    __subject__ = "calendar_id"
    __title__ = "name"

    calendar_id: Mapped[CalendarId] = mapped_column(
        info=refers("calendar", Merge.FINAL), index=True
    )
    day: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    hours: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the id that every workstation gives the day."""
        return calendar_day_id(values["calendar_id"], values["day"])


class CalendarUse(Record, kw_only=True):
    """That somebody goes by a calendar: a team, a person, or, where neither is named, all."""

    __tablename__ = "calendar_use"

    calendar_id: Mapped[CalendarId] = mapped_column(info=refers("calendar"))
    team_id: Mapped[TeamId | None] = mapped_column(default=None, info=refers("team", Merge.FINAL))
    user_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user", Merge.FINAL))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the id that every workstation gives the choice of a team, a person or all."""
        return calendar_use_id(values["team_id"], values["user_id"])


def calendar_day_id(calendar_id: UUID, day: date) -> UUID:
    """Give the id of a day in a calendar: worked out, so that two workstations write one record."""
    return uuid5(calendar_id, f"calendar day {day.isoformat()}")


def calendar_use_id(team_id: UUID | None, user_id: UUID | None) -> UUID:
    """Give the id of the choice of a team, a person, or all."""
    return uuid5(user_id or team_id or WORKSPACE, "calendar use")
