"""Editing several clients, tickets or tasks: one action in each of the lists."""

from collections.abc import Callable
from typing import Any

from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.tasks.queries import list_task_ids
from deskcrm.domain.tickets.queries import list_ticket_ids
from deskcrm.ui.edits.card import open_edit
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import one_selected


def _some_selected(screen: Any) -> bool:
    """Whether rows are picked, or one is current: that of a tab, say."""
    picked = screen.selection
    return one_selected(screen) or picked.is_everything or bool(picked.ids)


_WORDS = "bulk mass field change массово поле изменить"


@action(
    "clients.edit_several", "Edit several…", key="Shift+U", needs=_some_selected, icon="edit",
    synonyms=_WORDS,
)  # fmt: skip
def edit_clients(screen: Any) -> None:
    """Edit one field of the picked clients, after a preview of each."""
    _open(screen, Place.CLIENTS, list_client_ids)


@action(
    "tickets.edit_several", "Edit several…", key="Shift+U", needs=_some_selected, icon="edit",
    synonyms=_WORDS,
)  # fmt: skip
def edit_tickets(screen: Any) -> None:
    """Edit one field of the picked tickets, after a preview of each."""
    _open(screen, Place.TICKETS, list_ticket_ids)


@action(
    "tasks.edit_several", "Edit several…", key="Shift+U", needs=_some_selected, icon="edit",
    synonyms=_WORDS,
)  # fmt: skip
def edit_tasks(screen: Any) -> None:
    """Edit one field of the picked tasks, after a preview of each."""
    _open(screen, Place.TASKS, list_task_ids)


def _open(screen: Any, place: Place, list_ids: Callable[..., Any]) -> None:
    picked = screen.selection
    if not picked.is_everything:
        open_edit(screen.desk, screen, place, screen.targets())
        return
    found = screen.desk.ask((screen, "all"), list_ids, **screen.filters())
    found.then(
        lambda ids: open_edit(
            screen.desk, screen, place, [one for one in ids if one not in picked.ids]
        )
    )
