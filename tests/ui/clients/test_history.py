"""The history of a client on its card: who changed what, and the way back."""

from PySide6.QtWidgets import QLabel, QToolButton

from deskcrm.domain.clients.commands import set_tier
from deskcrm.domain.clients.model import Tier
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.history.card import HistoryCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from tests.ui.clients.conftest import AddClient
from tests.ui.clients.test_clients_screen import Card, shown
from tests.ui.settle import settle


def test_history_takes_a_step_back(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme")
    screen.table.go_to(0)
    settle(desk)
    screen.view.edit()
    settle(desk)
    card().form.fields["name"].set_draft("Acme Ltd")
    card().form.save()
    settle(desk)
    assert shown(screen) == ["Acme Ltd"]
    run_action("clients.history", screen)
    settle(desk)
    history = screen.window().findChild(HistoryCard)
    assert history is not None
    named = {one.accessibleName(): one for one in history.findChildren(QToolButton)}
    named["Undo: Edited client"].click()
    settle(desk)
    assert shown(screen) == ["Acme"]


def test_a_step_that_was_undone_stands_in_line_with_the_others(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    client = add("Acme")
    undo(desk, desk.store.do(set_tier, [client], tier=Tier.GOLD).step)
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    run_action("clients.history", screen)
    settle(desk)
    history = screen.window().findChild(HistoryCard)
    assert history is not None
    said = [one for one in history.findChildren(QLabel) if one.property("role") == "faint"]
    edges = {one.mapTo(history, one.rect().bottomRight()).x() for one in said}
    assert len(said) == 3 and len(edges) == 1
    hidden = [one for one in history.findChildren(QToolButton) if one.isHidden()]
    assert [one.accessibleName() for one in hidden] == ["Undo: Set tier"]
