"""A clients screen on a real store, with somebody signed in by name."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from tests.ui.settle import settle

AddClient = Callable[..., ClientId]


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> ClientsScreen:
    desk.store.do(create_first_user, name="Ann")
    made = ClientsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1600, 800)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def add(desk: Desk, screen: ClientsScreen) -> AddClient:
    """Give a function that adds a client and lets the screen show it."""

    def add_client(name: str, **details: Any) -> ClientId:
        made = desk.store.do(create_company, name=name, **details).value
        settle(desk)
        return made

    return add_client


@pytest.fixture
def card(screen: ClientsScreen) -> Callable[[], FormCard]:
    """Give a function that finds the form that is open."""

    def find() -> FormCard:
        cards = screen.window().findChildren(FormCard)
        return next(one for one in reversed(cards) if one.isVisible())

    return find
