"""What the list of tickets shows of each, column by column."""

from collections.abc import Sequence
from typing import Final

from deskcrm.base.settings import Setting
from deskcrm.base.words import tr
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.sla.words import due_chip
from deskcrm.ui.tickets.words import KIND_ICONS, priority_chip, state_chip, waiting_chip

COLUMNS: Final = Setting("window.ticket_columns", "", "Columns of the list of tickets")
"""Their keys, with commas; none: those that fit."""


def _under(row: TicketRow) -> str:
    return " · ".join(one for one in (f"#{row.number}", row.client, row.contact) if one)


def _chips(row: TicketRow) -> list[Chip]:
    chip = priority_chip(row.priority)
    return [chip] if chip else []


def _waiting(row: TicketRow) -> list[Chip]:
    chip = waiting_chip(row)
    return [chip] if chip else []


def _due(row: TicketRow) -> list[Chip]:
    chip = due_chip(row)
    return [chip] if chip else []


def ticket_columns() -> Sequence[Column[TicketRow]]:
    """Give the columns: those of every list first, then those that can be chosen."""
    return [
        Column(
            tr("Subject"),
            lambda row: row.subject,
            under=_under,
            icon=lambda row: KIND_ICONS[row.kind],
            chips=_chips,
            sort="subject",
            stretch=True,
            strong=True,
            key="subject",
        ),
        Column(
            tr("Due"), lambda row: "", chips=_due, sort="due_at", width=124, low_below=480,
            key="due_at",
        ),
        Column(
            tr("Waits"), lambda row: "", chips=_waiting, sort="waiting_since", width=112,
            hide_below=480, key="waiting_since",
        ),
        Column(
            tr("State"), lambda row: "", chips=lambda row: [state_chip(row.state)],
            sort="state", width=140, hide_below=620, key="state",
        ),
        Column(
            tr("Owner"), lambda row: row.owner, width=120, muted=True, hide_below=860, key="owner",
        ),
        Column(
            tr("Opened"), lambda row: dates.ago(row.opened_at), sort="opened_at", width=110,
            muted=True, hide_below=740, key="opened_at",
        ),
        *_extra_columns(),
    ]  # fmt: skip


def _extra_columns() -> list[Column[TicketRow]]:
    return [
        Column(
            tr("Line"), lambda row: line_words(row.line), width=80, muted=True, key="line",
            is_extra=True,
        ),
        Column(
            tr("Worker"), lambda row: row.worker, width=120, muted=True, key="worker",
            is_extra=True,
        ),
        Column(
            tr("Tags"), lambda row: ", ".join(tag.name for tag in row.tags), width=150, muted=True,
            key="tags", is_extra=True,
        ),
    ]  # fmt: skip
