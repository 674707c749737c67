"""A card that is held at an edge of the board: it scrolls, the column down and the board across."""

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.kit.cards import CARD, CardList
from deskcrm.ui.kit.desk import Desk
from tests.ui.settle import settle
from tests.ui.tickets.test_board import add, show, stand


@pytest.fixture
def acme(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Anna")
    return desk.store.do(create_company, name="Acme").value


def hold(source: CardList[Any], over: CardList[Any], at: QPoint) -> bool:
    """Hold a card of one list over a place in another; tell whether it may be dropped there."""
    data = QMimeData()
    data.setData(CARD, b"card")

    class Held(QDragMoveEvent):
        def source(self) -> Any:
            return source

    event = Held(
        at, Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    over.dragMoveEvent(event)
    return event.isAccepted()


def test_a_card_held_at_an_edge_scrolls_the_board_and_its_column(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    for number in range(12):
        add(desk, acme, f"Ticket {number}")
    screen = show(desk, qtbot)
    screen.resize(700, 500)
    settle(desk)
    board, source = screen.board, stand(screen, "New")
    across, down = board.across.horizontalScrollBar(), source.verticalScrollBar()
    assert across.maximum() > 0 and down.maximum() > 0
    assert not hold(source, source, QPoint(60, source.viewport().height() - 4))
    source._edge.turn()
    assert down.value() > 0 and board._edge.speed == 0
    over = board.lanes[2].cards
    right = board.across.viewport().mapToGlobal(QPoint(board.across.viewport().width() - 6, 200))
    assert hold(source, over, over.viewport().mapFromGlobal(right))
    board._edge.turn()
    moved = across.value()
    assert moved > 0
    over.dragLeaveEvent(QDragLeaveEvent())
    assert (over._edge.speed, board._edge.speed) == (0, 0)
    hold(source, over, QPoint(100, 150))
    assert board._edge.speed == 0 and across.value() == moved
