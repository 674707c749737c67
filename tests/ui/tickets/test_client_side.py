"""The client beside the work: names and addresses are read whole, what is next as in its list."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.breaking import MAY_BREAK, breakable
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tasks.words import due_chip
from deskcrm.ui.tickets.client_side import ClientSide
from deskcrm.ui.tickets.record import SIDE
from deskcrm.ui.tickets.shapes import Link
from tests.ui.settle import settle

NAME = "АО «Орловская типография и полиграфический комбинат»"
ADDRESS = "natalya.lazareva@orlovskaya-tipografiya.example"


@pytest.fixture
def client(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Anna")
    made = desk.store.do(create_company, name=NAME).value
    desk.store.do(add_contact, made, name="Natalya", emails=[ADDRESS])
    return made


@pytest.fixture
def side(desk: Desk, client: ClientId, qtbot: QtBot) -> ClientSide:
    made = ClientSide(desk)
    qtbot.addWidget(made)
    made.resize(SIDE, 700)
    made.show()
    made.show_client(client)
    settle(desk)
    return made


def test_a_long_address_is_read_whole(side: ClientSide) -> None:
    (shown,) = [one for one in side.findChildren(QLabel) if one.accessibleName() == ADDRESS]
    assert shown.text().replace(MAY_BREAK, "") == ADDRESS
    metrics, room = shown.fontMetrics(), shown.width()
    assert metrics.horizontalAdvance(ADDRESS) > room, "on one line it would be cut"
    pieces = shown.text().split(MAY_BREAK)
    assert max(map(metrics.horizontalAdvance, pieces)) <= room
    assert shown.height() >= 2 * metrics.lineSpacing() - 2


def test_an_address_breaks_where_its_parts_meet() -> None:
    assert breakable("ann@acme.example").split(MAY_BREAK) == ["ann", "@acme", ".example"]
    assert all(len(one) <= 22 for one in breakable("x" * 60 + "@y.example").split(MAY_BREAK))


def test_a_long_name_takes_two_lines(side: ClientSide) -> None:
    (name,) = [one for one in side.findChildren(Link) if one.words == NAME]
    assert name.text().count("\n") == 1
    assert name.height() >= 2 * name.fontMetrics().lineSpacing()


def test_a_short_subject_of_another_ticket_takes_one_line_and_a_long_one_two(
    side: ClientSide, desk: Desk, client: ClientId
) -> None:
    desk.store.do(open_ticket, client, subject="Dark")
    desk.store.do(open_ticket, client, subject="The item page takes more than 26 seconds")
    side.reload()
    settle(desk)
    short, long = sorted(
        (one for one in side.findChildren(Link) if one.words.startswith("#")), key=lambda x: x.words
    )
    assert "\n" not in short.text() and short.height() < long.height()
    assert long.text().replace("\n", " ") == long.words


def test_what_is_next_is_marked_as_in_the_list_of_tasks(
    side: ClientSide, desk: Desk, client: ClientId
) -> None:
    late = datetime.now().astimezone() - timedelta(minutes=1)
    desk.store.do(create_task, title="Call", client_id=client, due=late)
    desk.store.do(create_task, title="Write", client_id=client, due=dates.today())
    side.reload()
    settle(desk)
    expected = [due_chip(row) for row in desk.store.ask(list_client_tasks, client)]
    shown = [one.accessibleName() for one in side.findChildren(ChipLabel)]
    assert [one.text for one in expected if one] == shown[-2:]
    assert {one.icon for one in expected if one} == {"warning", "clock"}
