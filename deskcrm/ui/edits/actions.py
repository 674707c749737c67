"""Editing several clients, tickets or tasks: one action in each of the lists."""

from collections.abc import Callable, Sequence
from typing import Any

from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.tasks.queries import list_task_ids
from deskcrm.domain.tickets.queries import list_ticket_ids
from deskcrm.ui.edits.card import open_edit
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import for_targets, some_selected


def _declare(place: Place, list_ids: Callable[..., Sequence[Any]]) -> Callable[[Any], None]:
    @action(
        f"{place}.edit_several", "Edit several…", key="Shift+U", needs=some_selected, icon="edit",
        synonyms="bulk mass field change массово поле изменить",
    )  # fmt: skip
    def edit(screen: Any) -> None:
        """Edit one field of the picked rows, after a preview of each."""
        for_targets(screen, list_ids, lambda ids: open_edit(screen.desk, screen, place, ids))

    return edit


edit_clients = _declare(Place.CLIENTS, list_client_ids)
edit_tickets = _declare(Place.TICKETS, list_ticket_ids)
edit_tasks = _declare(Place.TASKS, list_task_ids)
