"""The queue on the screen: its order, a place in it, what comes next, and what was skipped."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.queue.queries import list_skips
from deskcrm.domain.tickets.commands import claim_ticket, open_ticket, set_state
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.queue.next_card import NextCard
from deskcrm.ui.queue.order import ORDER
from deskcrm.ui.queue.place_card import PlaceCard
from deskcrm.ui.queue.skips_card import SkipsCard
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import CLOSED, OPEN
from deskcrm.ui.today.screen import TodayScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def acme(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Ann")
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def screen(desk: Desk, acme: ClientId, qtbot: QtBot) -> TicketsScreen:
    """Give the list with three tickets, by mail: an old one, a pressing one, a VIP's."""
    gold = desk.store.do(create_company, name="Gold", tier=Tier.GOLD).value
    for client, subject, priority in (
        (acme, "Old", Priority.NORMAL),
        (acme, "Urgent", Priority.URGENT),
        (gold, "Gold", Priority.NORMAL),
    ):
        add(desk, client, subject, priority=priority)
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def add(desk: Desk, client: ClientId, subject: str, **more: Any) -> TicketId:
    given = {"text": "Help!", "channel": Channel.EMAIL, **more}
    return desk.store.do(open_ticket, client, subject=subject, **given).value


def shown(screen: TicketsScreen) -> list[str]:
    settle(screen.desk)
    rows = screen.table.rows
    return [row.subject for n in range(rows.total) if (row := rows.row(n))]


def opened(screen: Any, kind: type[Overlay]) -> Any:
    settle(screen.desk)
    (card,) = [one for one in screen.window().findChildren(kind) if one.isVisible()]
    assert unnamed(card) == [] and unreachable(card) == []
    return card


def said(card: Overlay) -> str:
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def test_the_list_stands_in_the_order_that_is_chosen(screen: TicketsScreen) -> None:
    assert shown(screen) == ["Old", "Urgent", "Gold"]
    screen.order.choose("importance")
    assert shown(screen) == ["Urgent", "Gold", "Old"]
    screen.shelf.setCurrentIndex(OPEN)
    assert shown(screen) == ["Urgent", "Gold", "Old"]
    screen.shelf.setCurrentIndex(CLOSED)
    assert shown(screen) == [] and not screen.order.isEnabled()


def test_a_key_goes_through_the_orders_and_they_are_remembered(
    screen: TicketsScreen, qtbot: QtBot
) -> None:
    names = []
    for _ in range(4):
        run_action("tickets.order", screen)
        settle(screen.desk)
        names.append(screen.order.currentText())
    assert names == ["By importance", "By deadline", "By arrival", "Usual order"]
    run_action("tickets.order", screen)
    again = TicketsScreen(screen.desk)
    qtbot.addWidget(again)
    again.show()
    assert shown(again) == ["Urgent", "Gold", "Old"]
    assert again.order.value() == screen.desk.setting(ORDER) == "importance"


def test_a_header_that_is_clicked_shows_in_the_order(screen: TicketsScreen) -> None:
    screen.table.order_by("subject", descending=False)
    assert shown(screen) == ["Gold", "Old", "Urgent"]
    assert screen.order.currentText() == "By a column"
    screen.table.order_by("due_at", descending=False)
    settle(screen.desk)
    assert screen.order.currentText() == "By deadline"


def test_a_ticket_says_where_it_stands_and_why(screen: TicketsScreen, desk: Desk) -> None:
    screen.order.choose("importance")
    settle(desk)
    assert screen.record.place.accessibleName().startswith(
        "Place 1 of 3 by importance: Urgent 8 × Standard 1 = 8 points"
    )
    run_action("tickets.place", screen)
    card = opened(screen, PlaceCard)
    assert "Normal 2 × Gold 3 = 6 points" in said(card)
    assert "Importance is how pressing it is" in said(card)
    card.close_card()
    first = screen.table.rows.row(0)
    assert first is not None
    desk.store.do(set_state, [first.id], state=TicketState.RESOLVED)
    settle(desk)
    assert screen.record.place.accessibleName().startswith(
        "Place 1 of 2 by importance: Normal 2 × Gold 3"
    )


def test_next_shows_one_ticket_with_its_reasons_and_takes_it(
    screen: TicketsScreen, desk: Desk
) -> None:
    went: list[Any] = []
    desk.went.connect(lambda place, where: went.append((place, where["ticket"])))
    run_action("tickets.next", screen)
    card: NextCard = opened(screen, NextCard)
    assert "Urgent" in card.subject.text()
    assert "Priority: urgent" in said(card) and not card.sentence.isVisible()
    assert "2 more tickets come after it" in said(card)
    assert card.found is not None
    ticket = card.found.row.id
    assert card.take.hasFocus()
    QTest.keyClick(card.take, Qt.Key.Key_Return)
    settle(desk)
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None and row.owner == "Ann"
    assert went == [("tickets", ticket)]


def test_what_is_skipped_needs_a_reason_and_gives_way_to_the_next(
    screen: TicketsScreen, desk: Desk
) -> None:
    told: list[str] = []
    desk.told.connect(lambda one: told.append(one.text))
    run_action("tickets.next", screen)
    card: NextCard = opened(screen, NextCard)
    card.skip.click()
    card.skip.click()
    settle(desk)
    assert told == ["Why do you skip it?"] and "Urgent" in card.subject.text()
    card.reason.setText("Needs Ivan")
    card.skip.click()
    settle(desk)
    assert [one.reason for one in desk.store.ask(list_skips)] == ["Needs Ivan"]
    assert "Gold" in card.subject.text() and not card.reason.isVisible()
    reasons = said(card)
    assert reasons.index("Gold client") < reasons.index("Priority: normal")
    card.close_card()
    run_action("tickets.skips", screen)
    skips: SkipsCard = opened(screen, SkipsCard)
    assert skips.people.text() == "Ann: 1" and "Ann: Needs Ivan" in said(skips)


def test_a_ticket_that_somebody_was_quicker_with_gives_way(
    screen: TicketsScreen, desk: Desk
) -> None:
    run_action("tickets.next", screen)
    card: NextCard = opened(screen, NextCard)
    assert card.found is not None
    ann = desk.store.actor
    desk.store.sign_in(desk.store.do(add_user, name="Ivan").value)
    desk.store.do(claim_ticket, card.found.row.id)
    desk.store.sign_in(ann)
    card.take.click()
    settle(desk)
    assert "Gold" in card.subject.text() and card.isVisible()


def test_next_is_on_today_too_and_says_when_nothing_is_left(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    today = TodayScreen(desk)
    qtbot.addWidget(today)
    today.resize(1180, 760)
    today.show()
    settle(desk)
    today.next.click()
    card: NextCard = opened(today, NextCard)
    assert card.subject.text() == "Nothing is left for you"
    assert card.sentence.isVisible() and not card.take.isVisible()
