"""The service levels of the sample: a calendar, its holidays, and three policies that name it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from deskcrm.domain.calendars.hours import read_hours, write_hours
from deskcrm.domain.calendars.model import (
    WEEKDAYS,
    CalendarDay,
    CalendarId,
    WorkCalendar,
    calendar_day_id,
)
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.sla.model import SlaPolicy
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.tables import Record

_NAMES: Final = {
    "ru": {
        "desk": "Служба поддержки", "eve": "Короткий день", "day": "Новый год",
        "vip": "Важные клиенты", "urgent": "Срочное", "rest": "Все остальные",
    },
    "en": {
        "desk": "Support desk", "eve": "Short day", "day": "New Year’s Day",
        "vip": "Important clients", "urgent": "Urgent matters", "rest": "Everything else",
    },
}  # fmt: skip
_ZONES: Final = {"ru": "Europe/Moscow", "en": "Europe/London"}
_HOURS: Final = "09:00–13:00, 14:00–18:00"
_EVE: Final = "09:00–13:00, 14:00–17:00"


_Level = tuple[str, list[Tier], list[Priority], tuple[int, int, int]]
"""A policy: its name, for whom, for what, and in how many minutes."""


def make_levels(language: str, now: datetime) -> Iterator[Record]:
    """Make the calendar and the policies; nobody is made to go by the calendar but the policies."""
    names = _NAMES[language]
    calendar = WorkCalendar(name=names["desk"], time_zone=_ZONES[language])
    for weekday in WEEKDAYS[:5]:
        calendar.set_hours(weekday, _HOURS)
    calendar_id = CalendarId(calendar.id)
    yield calendar
    for year in (now.year, now.year + 1):
        for day, name, text in (
            (date(year, 12, 31), names["eve"], _EVE),
            (date(year, 1, 1), names["day"], ""),
        ):
            yield CalendarDay(
                id=calendar_day_id(calendar_id, day), calendar_id=calendar_id, day=day,
                name=name, hours=write_hours(read_hours(text)),
            )  # fmt: skip
    policies: tuple[_Level, ...] = (
        (names["vip"], [Tier.DIAMOND, Tier.GOLD], [], (30, 60, 480)),
        (names["urgent"], [], [Priority.URGENT, Priority.HIGH], (60, 120, 960)),
        (names["rest"], [], [], (240, 480, 2_400)),
    )
    for position, (name, tiers, priorities, minutes) in enumerate(policies, start=1):
        first, following, resolution = minutes
        yield SlaPolicy(
            name=name,
            position=position,
            tiers=[one.value for one in tiers],
            priorities=[one.value for one in priorities],
            first_response_minutes=first,
            next_response_minutes=following,
            resolution_minutes=resolution,
            pauses_in=[TicketState.WAITING_ON_CLIENT.value],
            calendar_id=calendar_id,
        )
