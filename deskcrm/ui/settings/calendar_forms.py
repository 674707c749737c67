"""The forms of calendars: hours and time zone, special days, public holidays, who uses it."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base import places
from deskcrm.base.words import ntr, of_column, ptr, tr
from deskcrm.domain.calendars.commands import (
    OFFICE_HOURS,
    add_holidays,
    create_calendar,
    edit_calendar,
    set_day,
    use_calendar,
)
from deskcrm.domain.calendars.model import WEEKDAYS
from deskcrm.domain.calendars.queries import CalendarRow
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.domain.teams.queries import TeamRow, list_teams
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.fields_parsed import Day


def open_calendar(desk: Desk, over: QWidget, row: CalendarRow | None) -> FormCard:
    """Ask for a new calendar, or edit one."""
    # Russian writes the days small within a sentence; a caption begins with a capital.
    captions = [said[:1].upper() + said[1:] for said in map(of_column, WEEKDAYS)]
    hours = [
        Line(day, caption, placeholder=tr("day off"))
        for day, caption in zip(WEEKDAYS, captions, strict=True)
    ]

    def save(values: dict[str, Any]) -> Any:
        if row is None:
            return desk.do(create_calendar, **values).tell()
        return desk.do(edit_calendar, row.id, **values).tell()

    values: dict[str, Any] = dict(zip(WEEKDAYS, row.week, strict=True)) if row is not None else {
        **dict.fromkeys(WEEKDAYS[:5], OFFICE_HOURS), "time_zone": "Europe/Moscow",
    }  # fmt: skip
    if row is not None:
        values |= {"name": row.name, "time_zone": row.time_zone}
    return FormCard(
        desk,
        over,
        tr("New calendar") if row is None else tr("Edit calendar"),
        [
            Line("name", ptr("thing", "Name"), required=True),
            Choice("time_zone", tr("Time zone"), places.zones(values["time_zone"])),
            (hours[0], hours[1]),
            (hours[2], hours[3]),
            (hours[4], hours[5]),
            hours[6],
        ],
        save,
        place="calendars.form",
        subject="" if row is None else row.id.hex,
        values=values,
        changes_only=row is not None,
    )


def open_day(desk: Desk, over: QWidget, row: CalendarRow) -> FormCard:
    """Ask for a day that is not as its weekday."""
    return FormCard(
        desk,
        over,
        tr("Special day in {name}", name=row.name),
        [
            Day("day", tr("Day"), required=True),
            Line("hours", tr("Hours"), hint=tr("Empty for a day off; else such as 09:00–13:00.")),
            Line("name", tr("What it is")),
        ],
        lambda values: desk.do(set_day, row.id, **values).tell(),
        place="calendars.day",
        subject=row.id.hex,
        width=420,
    )


def open_holidays(desk: Desk, over: QWidget, row: CalendarRow) -> FormCard:
    """Ask of which country the public holidays are to be added."""
    years = [(n, ntr("{n} year", "{n} years", n)) for n in (1, 2, 3, 5)]

    def save(values: dict[str, Any]) -> Any:
        return desk.do(add_holidays, row.id, **values | {"region": values["region"].strip()}).tell()

    return FormCard(
        desk,
        over,
        tr("Public holidays in {name}", name=row.name),
        [
            Choice("country", tr("Country"), places.countries()),
            Line("region", tr("Region"), hint=tr("Where it has holidays of its own, such as BY.")),
            Choice("years", tr("For"), years),
        ],
        save,
        place="calendars.holidays",
        subject=row.id.hex,
        values={"country": desk.setting(PHONE_REGION), "years": 2},
        button=tr("Add public holidays"),
        width=420,
    )  # fmt: skip


def open_use(desk: Desk, over: QWidget, row: CalendarRow) -> None:
    """Ask who is to go by a calendar."""

    def with_teams(teams: list[TeamRow]) -> None:
        asked = desk.ask((over, "people"), list_users)
        asked.then(lambda people: _open_use(desk, over, row, teams, people))

    desk.ask((over, "teams"), list_teams).then(with_teams)


def _open_use(
    desk: Desk, over: QWidget, row: CalendarRow, teams: list[TeamRow], people: list[UserRow]
) -> FormCard:
    options: list[tuple[tuple[str, Any], str]] = [
        (("team_id", one.id), tr("Team {name}", name=one.name)) for one in teams
    ]
    options += [(("user_id", one.id), one.name) for one in people]

    def save(values: dict[str, Any]) -> Any:
        whose = dict([values["whose"]]) if values["whose"] is not None else {}
        return desk.do(use_calendar, row.id, **whose).tell()

    return FormCard(
        desk,
        over,
        tr("Who uses {name}", name=row.name),
        [Choice("whose", tr("Who"), options, none=tr("Everybody who has no other"))],
        save,
        place="calendars.use",
        subject=row.id.hex,
        width=420,
    )
