"""Begins a merge: of two clients that are picked, else with one that is found by any scrap."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.store.reader import Reader
from deskcrm.ui.client_merges.merge_card import MergeCard
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pick import Option, Pick

_SHOWN = 8


def open_merge(desk: Desk, over: QWidget, clients: Sequence[ClientId], name: str) -> None:
    """Merge the two clients that are picked, or one with another that is asked for."""
    window = over.window()

    def then(into: ClientId) -> None:
        desk.go("clients", client=into)

    if len(clients) == 2:
        MergeCard(desk, window, (clients[0], clients[1]), then)
        return
    (client,) = clients

    def find(typed: str, show: Callable[[list[Option]], None]) -> None:
        asked = desk.ask((over, "mergeable"), find_others, typed, client)
        asked.then(show)

    def save(values: dict[str, Any]) -> None:
        MergeCard(desk, window, (client, values["other_id"]), then)

    FormCard(
        desk, over, tr("Merge with another client"),
        [
            Pick(
                "other_id", tr("Other client"), find, required=True,
                placeholder=tr("Name, number, address or person"),
            )
        ],
        save, place="client_merges.choose", subject=client.hex, button=tr("Compare"), width=480,
        about=name,
    )  # fmt: skip


def find_others(db: Reader, typed: str, client: ClientId) -> list[Option]:
    """Find the clients that something typed may mean, but for one."""
    found: dict[ClientId, Option] = {}
    for hit in search_everything(db, typed, 3 * _SHOWN, kinds=(Kind.CLIENT, Kind.CONTACT)):
        if hit.client != client and hit.client not in found:
            detail = "" if hit.kind is Kind.CLIENT else hit.title
            found[hit.client] = Option(hit.client, hit.client_name, detail)
    return list(found.values())[:_SHOWN]
