"""The form of a service level policy: for which tickets, what is promised, when it pauses."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.calendars.queries import CalendarRow, list_calendars
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.sla.commands import create_policy, edit_policy
from deskcrm.domain.sla.queries import PolicyRow
from deskcrm.domain.tags.queries import TagChip, list_tag_names
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Field, Line
from deskcrm.ui.kit.fields_parsed import Duration
from deskcrm.ui.kit.several import Several

_TARGETS = ("first_response_minutes", "next_response_minutes", "resolution_minutes")
_PAUSES = (TicketState.WAITING_ON_CLIENT, TicketState.WAITING_ON_THIRD_PARTY)


def open_policy(desk: Desk, over: QWidget, row: PolicyRow | None) -> None:
    """Ask for a new policy, or edit one."""
    asked = desk.ask((over, "policy choices"), _choices)
    asked.then(lambda choices: _open(desk, over, row, *choices))


def _choices(db: Reader) -> tuple[list[CalendarRow], list[TagChip]]:
    return list_calendars(db), list_tag_names(db)


def _open(
    desk: Desk,
    over: QWidget,
    row: PolicyRow | None,
    calendars: list[CalendarRow],
    tags: list[TagChip],
) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        for key in _TARGETS:
            if values.get(key) is not None:
                values[key] = values[key] // 60
        if "warn_percent" in values:
            values["warn_percent"] = int(values["warn_percent"])
        if row is None:
            return desk.do(create_policy, **values).tell()
        return desk.do(edit_policy, row.id, **values).tell()

    return FormCard(
        desk,
        over,
        tr("New policy") if row is None else tr("Edit policy"),
        _fields(calendars, tags),
        save,
        place="sla.policy",
        subject="" if row is None else row.id.hex,
        values=_values(row),
        changes_only=row is not None,
        width=640,
    )


def condition_fields(tags: list[TagChip]) -> list[Field | tuple[Field, ...]]:
    """Make the fields that ask for which tickets something holds."""
    fields: list[Field | tuple[Field, ...]] = [
        Several("priorities", tr("Priorities"), [(one, of(one)) for one in Priority]),
        Several("kinds", tr("Kinds"), [(one, of(one)) for one in TicketKind]),
        Several("tiers", tr("Tiers"), [(one, of(one)) for one in Tier]),
        Several("lines", tr("Lines"), [(one, of(one)) for one in SupportLine]),
        Several("channels", tr("Channels"), [(one, of(one)) for one in Channel]),
    ]
    return [*fields, tags_field(tags)]


def tags_field(tags: list[TagChip]) -> Field:
    """Make the field for tags: a ticket's own, or its client's."""
    hint = "" if tags else tr("There are no tags yet; they are made at a client or a ticket.")
    return Several(
        "tags",
        tr("Tags of the ticket or its client"),
        [(one.id, one.name) for one in tags],
        hint=hint,
    )


def _percent(value: str) -> str:
    is_right = value.isdecimal() and 1 <= int(value) <= 99
    return "" if is_right else tr("A number from 1 to 99; 75 is usual.")


def _fields(calendars: list[CalendarRow], tags: list[TagChip]) -> list[Field | tuple[Field, ...]]:
    return [
        Line("name", ptr("thing", "Name"), required=True),
        *condition_fields(tags),
        (
            Duration("first_response_minutes", tr("First response")),
            Duration("next_response_minutes", tr("Next response")),
            Duration("resolution_minutes", tr("Resolution")),
        ),
        Line(
            "warn_percent",
            tr("Warn after so many percent of the time"),
            required=True,
            check=_percent,
        ),
        Several("pauses_in", tr("Resolution pauses in"), [(one, of(one)) for one in _PAUSES]),
        Choice(
            "calendar_id",
            tr("Calendar"),
            [(one.id, one.name) for one in calendars],
            none=tr("That of the team that has the ticket"),
        ),
        Check("is_active", tr("In force")),
    ]


def _values(row: PolicyRow | None) -> dict[str, Any]:
    if row is None:
        pauses = (TicketState.WAITING_ON_CLIENT,)
        return {"is_active": True, "pauses_in": pauses, "warn_percent": "75"}
    plain = ("name", "is_active", "calendar_id", "kinds", "priorities", "tiers", "lines",
             "channels", "tags", "pauses_in")  # fmt: skip
    targets = {key: getattr(row, key) for key in _TARGETS}
    return (
        {key: getattr(row, key) for key in plain}
        | {"warn_percent": str(row.warn_percent)}
        | {key: None if minutes is None else minutes * 60 for key, minutes in targets.items()}
    )
