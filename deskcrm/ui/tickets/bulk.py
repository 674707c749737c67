"""What a person can do with the picked tickets, or else with the current one."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.tickets.commands import (
    assign_tickets,
    delete_tickets,
    route_tickets,
    set_priority,
    set_state,
)
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.tickets.queries import list_ticket_ids
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.commands import Command
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.edits.actions import declare_edit
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Field
from deskcrm.ui.kit.list_detail import for_targets, some_selected
from deskcrm.ui.macros.chooser import MacroChooser
from deskcrm.ui.tickets import merging, tagging
from deskcrm.ui.tickets.told import told
from deskcrm.ui.tickets.words import named

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


@action(
    "tickets.macro", "Apply macro…", key="Shift+M", needs=some_selected, icon="macro",
    synonyms="several steps at once макрос применить сразу",
)  # fmt: skip
def macro(screen: "TicketsScreen", typed: str = "") -> None:
    """Do several things at once in the picked tickets, shown before they are done."""
    for_targets(screen, list_ticket_ids, lambda ids: MacroChooser(screen.desk, screen, ids, typed))


@action(
    "tickets.assign", "Assign…", key="A", needs=some_selected, icon="person", synonyms="назначить"
)
def assign(screen: "TicketsScreen") -> None:
    """Make somebody responsible for the picked tickets."""
    asked = screen.desk.ask((screen, "people"), list_choosable)
    asked.then(lambda people: _open_assign(screen, people))


def _open_assign(screen: "TicketsScreen", people: list[Choosable]) -> None:
    _choose(
        screen,
        tr("Assign"),
        Choice("owner_id", tr("Owner"), person_options(people), none=tr("Nobody")),
        assign_tickets,
    )


@action(
    "tickets.route", "Assign by the rules", key="Shift+T", needs=some_selected, icon="team",
    synonyms="automatic round robin распределить автоматически",
)  # fmt: skip
def route(screen: "TicketsScreen") -> None:
    """Let the rules of assignment choose whose the picked tickets become."""
    for_targets(screen, list_ticket_ids, lambda ids: screen.desk.do(route_tickets, ids).tell())


@action("tickets.state", "Set state…", key="S", needs=some_selected, icon="flag", synonyms="статус")
def change_state(screen: "TicketsScreen") -> None:
    """Move the picked tickets on."""
    _choose(
        screen,
        tr("Set state"),
        Choice("state", tr("State"), [(one, of(one)) for one in TicketState]),
        set_state,
    )


@action(
    "tickets.priority",
    "Set priority…",
    key="P",
    needs=some_selected,
    icon="flag",
    synonyms="urgent важность приоритет",
)
def change_priority(screen: "TicketsScreen") -> None:
    """Set how pressing the picked tickets are."""
    _choose(
        screen,
        tr("Set priority"),
        Choice("priority", tr("Priority"), [(one, of(one)) for one in Priority]),
        set_priority,
    )


@action(
    "tickets.tags", "Tags…", key="Y", needs=some_selected, icon="tag",
    synonyms="label метки теги ярлык",
)  # fmt: skip
def tags(screen: "TicketsScreen") -> None:
    """Set the tags of the current ticket, or put some on the picked ones and take others off."""
    for_targets(screen, list_ticket_ids, lambda ids: tagging.open_tags(screen, ids))


@action("tickets.resolve", "Resolve", key="D", needs=some_selected, icon="check", synonyms="решить")
def resolve(screen: "TicketsScreen") -> None:
    """Say that the picked tickets are resolved."""
    _set(screen, set_state, state=TicketState.RESOLVED)


@action(
    "tickets.merge", "Merge…", key="Shift+I", needs=some_selected, icon="merge",
    synonyms="duplicate join combine объединить слить дубль",
)  # fmt: skip
def merge(screen: "TicketsScreen") -> None:
    """Let the picked tickets be one: all of it is read in the one that goes on."""
    for_targets(
        screen, list_ticket_ids, lambda ids: merging.open_merge(screen, ids, partial(told, screen))
    )


edit_field = declare_edit(Place.TICKETS, list_ticket_ids)


@action(
    "tickets.delete", "Delete", key="Del", needs=some_selected, icon="trash", synonyms="удалить"
)
def delete(screen: "TicketsScreen") -> None:
    """Delete the picked tickets with their threads; Undo brings them back."""
    for_targets(screen, list_ticket_ids, lambda ids: screen.desk.do(delete_tickets, ids).tell())


def bulk_buttons(screen: "TicketsScreen") -> list[QPushButton]:
    """Make the buttons of the bar that appears when tickets are picked."""
    return [
        parts.button(words, partial(run, screen), look="quiet", icon=icon)
        for words, run, icon in (
            (tr("Assign…"), assign, "person"),
            (tr("By the rules"), route, "team"),
            (tr("Macro…"), macro, "macro"),
            (tr("State…"), change_state, "flag"),
            (tr("Priority…"), change_priority, "warning"),
            (tr("Tags…"), tags, "tag"),
            (tr("Merge…"), merge, "merge"),
            (tr("Delete"), delete, "trash"),
        )
    ]


def _choose(
    screen: "TicketsScreen", title: str, field: Field, command: Command[..., Any]
) -> FormCard:
    """Ask for one value, beginning with the current ticket's, and set it for the picked ones."""
    row = screen.row()
    now = {field.name: getattr(row, field.name)} if row is not None else None

    return FormCard(
        screen.desk, screen, title, [field],
        lambda typed: _set(screen, command, **typed),
        about=_whose(screen), place=f"tickets.{field.name}", button=title, values=now, width=420,
    )  # fmt: skip


def _set(screen: "TicketsScreen", command: Command[..., Any], **values: Any) -> Any:
    """Run a command on the picked tickets, and say what became of each."""
    do = screen.desk.do
    return for_targets(
        screen, list_ticket_ids, lambda ids: told(screen, ids, do(command, ids, **values))
    )


def _whose(screen: "TicketsScreen") -> str:
    """Name the ticket that something is about, or say how many are picked."""
    row, picked = screen.row(), screen.selection.count(screen.table.rows.total)
    if picked or row is None:
        return ntr("{n} ticket", "{n} tickets", picked)
    return named(row)
