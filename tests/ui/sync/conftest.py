"""A sync page with a line to a server that is not there, and a client whose edit is refused."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, update

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.store import Arrived
from deskcrm.store.tables import step_table
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.sync.posing import PosedLink
from deskcrm.ui.sync.screen import SyncScreen
from deskcrm.ui.sync.standing import Standing
from tests.ui.settle import settle

Refuse = Callable[..., int]


@pytest.fixture
def link() -> PosedLink:
    return PosedLink()


@pytest.fixture
def standing(desk: Desk, link: PosedLink) -> Standing:
    desk.store.do(create_first_user, name="Anna")
    made = Standing(desk, desk)
    made.follow(link)
    return made


@pytest.fixture
def screen(desk: Desk, standing: Standing, qtbot: QtBot) -> SyncScreen:
    made = SyncScreen(desk, standing)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def acme(desk: Desk) -> ClientId:
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def refuse(desk: Desk, acme: ClientId) -> Refuse:
    """Give a function that renames the client and lets the server refuse it."""

    def make(name: str, reason: str = "rights") -> int:
        step = desk.store.do(rename_client, acme, name=name).step
        assert step is not None
        chosen = step_table.c.id == step
        values = {"state": "refused", "refusal": reason}

        def take(connection: Connection) -> Arrived[None]:
            connection.execute(update(step_table).where(chosen).values(values))
            return Arrived(None)

        desk.store.absorb(take)
        return step

    return make
