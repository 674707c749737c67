"""The form of a service level policy: for which tickets, what is promised, when it pauses."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.calendars.queries import CalendarRow, list_calendars
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.sla.commands import create_policy, edit_policy
from deskcrm.domain.sla.queries import PolicyRow
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Field, Line
from deskcrm.ui.kit.fields_parsed import Duration
from deskcrm.ui.kit.several import Several

_TARGETS = ("first_response_minutes", "next_response_minutes", "resolution_minutes")
_PAUSES = (TicketState.WAITING_ON_CLIENT, TicketState.WAITING_ON_THIRD_PARTY)


def open_policy(desk: Desk, over: QWidget, row: PolicyRow | None) -> None:
    """Ask for a new policy, or edit one."""
    asked = desk.ask((over, "calendars"), list_calendars)
    asked.then(lambda calendars: _open(desk, over, row, calendars))


def _open(
    desk: Desk, over: QWidget, row: PolicyRow | None, calendars: list[CalendarRow]
) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        for key in _TARGETS:
            if values.get(key) is not None:
                values[key] = values[key] // 60
        if row is None:
            return desk.do(create_policy, **values).tell()
        return desk.do(edit_policy, row.id, **values).tell()

    return FormCard(
        desk,
        over,
        tr("New policy") if row is None else tr("Edit policy"),
        _fields(calendars),
        save,
        place="sla.policy",
        subject="" if row is None else row.id.hex,
        values=_values(row),
        changes_only=row is not None,
        width=640,
    )


def _fields(calendars: list[CalendarRow]) -> list[Field | tuple[Field, ...]]:
    return [
        Line("name", tr("Name"), required=True),
        Several("priorities", tr("Priorities"), [(one, of(one)) for one in Priority]),
        Several("kinds", tr("Kinds"), [(one, of(one)) for one in TicketKind]),
        Several("tiers", tr("Tiers"), [(one, of(one)) for one in Tier]),
        Several("lines", tr("Lines"), [(one, of(one)) for one in SupportLine]),
        Several("channels", tr("Channels"), [(one, of(one)) for one in Channel]),
        (
            Duration("first_response_minutes", tr("First response")),
            Duration("next_response_minutes", tr("Next response")),
            Duration("resolution_minutes", tr("Resolution")),
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
        return {"is_active": True, "pauses_in": (TicketState.WAITING_ON_CLIENT,)}
    plain = ("name", "is_active", "calendar_id", "kinds", "priorities", "tiers", "lines",
             "channels", "pauses_in")  # fmt: skip
    targets = {key: getattr(row, key) for key in _TARGETS}
    return {key: getattr(row, key) for key in plain} | {
        key: None if minutes is None else minutes * 60 for key, minutes in targets.items()
    }
