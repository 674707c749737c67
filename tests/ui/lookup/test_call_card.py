"""The caller card: who it is, the note that survives, and what the call leads to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.drafts.queries import get_draft, list_drafts
from deskcrm.domain.interactions.channels import Direction
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.lookup.caller import PLACE, list_last_contacts
from deskcrm.domain.lookup.queries import find_callers
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.queries import list_open_tickets
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.lookup.call_card import CallCard
from deskcrm.ui.lookup.cards import CallCards
from deskcrm.ui.lookup.facts import FactLine
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

NUMBER = "+79161234567"
TYPED = "8 (916) 123-45-67"


@pytest.fixture
def client(desk: Desk) -> ClientId:
    """Give a client with a contact, a ticket, a promise and a past."""
    store = desk.store
    store.do(create_first_user, name="Anna")
    made = store.do(create_company, name="Ромашка", tier=Tier.GOLD, caution="Speak slowly.").value
    store.do(add_contact, made, name="Ольга Иванова", phones=[TYPED], position="Director")
    store.do(open_ticket, made, subject="Printer on fire", text="It burns")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    store.do(log_call, made, text="Asked for the price", started_at=yesterday)
    store.do(make_promise, made, text="send the price", due_on=yesterday.date())
    return made


@pytest.fixture
def cards(desk: Desk, qtbot: QtBot) -> Iterator[CallCards]:
    made = CallCards(desk)
    made.prepare()
    settle(desk)
    yield made
    made.close()


def rung(cards: CallCards, desk: Desk, number: str) -> CallCard:
    card = cards.ring(number)
    settle(desk)
    return card


def facts(card: CallCard) -> str:
    lines = card.facts.findChildren(FactLine)
    return "\n".join(line.accessibleName() for line in lines if not line.isHidden())


def shown(card: CallCard) -> str:
    """Whose facts are shown; "" while it asks who it is."""
    return card.card.name if card.is_known and card.card is not None else ""


def test_a_known_number_shows_who_it_is_and_what_is_open(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    assert card.isVisible()
    assert card.card is not None
    assert card.card.name == "Ольга Иванова"
    said = facts(card)
    assert "#1000  Printer on fire" in said
    assert "send the price, overdue, yesterday" in said
    assert "Asked for the price, yesterday" in said
    assert card.facts.caution.text() == "Speak slowly."


def test_the_card_never_takes_the_focus_by_itself(
    cards: CallCards, desk: Desk, client: ClientId, qtbot: QtBot
) -> None:
    elsewhere = QLineEdit()
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    elsewhere.setFocus()
    QApplication.processEvents()
    card = rung(cards, desk, TYPED)
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert card.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert not card.isModal()


def test_logging_the_call_keeps_note_promise_and_minutes(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    card.note.started_at -= timedelta(minutes=7)
    card.note.note.setPlainText("Wants a discount. I will send the offer tomorrow.")
    card.note.log()
    settle(desk)
    assert not card.isVisible()
    latest = desk.store.ask(list_last_contacts, client)[0]
    assert latest.said.startswith("Wants a discount")
    assert latest.direction is Direction.INCOMING
    assert len(desk.store.ask(list_open_promises, client)) == 2
    assert desk.store.ask(list_drafts, place=PLACE) == []


def test_a_promise_that_is_taken_away_is_not_noted(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    card.note.note.setPlainText("I'll call back tomorrow.")
    card.note.offers.look()
    card.note.offers._checks[0].setChecked(False)
    card.note.log()
    settle(desk)
    assert len(desk.store.ask(list_open_promises, client)) == 1


def test_the_note_is_kept_as_it_is_typed_and_is_there_again(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    card.note.note.setPlainText("Half a sen")
    card.note.keep_draft()
    settle(desk)
    draft = desk.store.ask(get_draft, place=PLACE, subject=NUMBER)
    assert draft is not None
    assert draft.content["text"] == "Half a sen"
    # As after a kill: other cards, the same store.
    others = CallCards(desk)
    again = rung(others, desk, "+7 916 123 45 67")
    assert again.note.note.toPlainText() == "Half a sen"
    assert "is back" in again.note.back.text()
    others.close()


def test_a_note_that_was_left_is_offered_and_taken_up(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    card.note.note.setPlainText("Left behind")
    card.close()
    settle(desk)
    offered: list[list[object]] = []
    cards.left.connect(offered.append)
    cards.look_for_drafts()
    settle(desk)
    (draft,) = desk.store.ask(list_drafts, place=PLACE)
    assert offered == [[draft]]
    cards.take(draft)
    settle(desk)
    assert card.note.note.toPlainText() == "Left behind"
    assert card.card is not None
    assert card.card.profile.id == client


def test_one_key_opens_a_ticket_and_the_call_belongs_to_it(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    card.note.note.setPlainText("The scanner is broken\nsince Monday")
    card.note.begin_ticket()
    assert card.note.ticket.line.text() == "The scanner is broken"
    card.note.ticket.line.returnPressed.emit()
    settle(desk)
    assert len(desk.store.ask(list_open_tickets, client)) == 2
    assert card.isVisible()
    card.note.log()
    settle(desk)
    assert not card.isVisible()


def test_one_key_schedules_a_follow_up(cards: CallCards, desk: Desk, client: ClientId) -> None:
    card = rung(cards, desk, TYPED)
    card.note.begin_follow_up()
    card.note.follow_up.day.setText("nonsense")
    card.note.follow_up.line.returnPressed.emit()
    assert "not a day" in card.note.problem.text()
    card.note.follow_up.day.setText("+3")
    card.note.follow_up.line.returnPressed.emit()
    settle(desk)
    (task,) = desk.store.ask(list_client_tasks, client)
    assert task.title == "Call Ольга Иванова back"


def test_several_who_may_call_are_shown_with_the_reason(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    other = desk.store.do(create_company, name="Vector").value
    desk.store.do(add_contact, other, name="Пётр", phones=[TYPED])
    card = rung(cards, desk, TYPED)
    assert shown(card) == ""
    rows = card.who.list.found.rows
    assert {row.client_name for row in rows} == {"Ромашка", "Vector"}
    assert all(row.why for row in rows)
    card.who._choose(next(row for row in rows if row.client_name == "Vector"))
    settle(desk)
    assert shown(card) == "Пётр"


def test_an_unknown_number_is_kept_with_whom_one_finds(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, "+7 999 000-11-22")
    assert "is not known yet" in card.who.title.text()
    card.who.line.setText("ромашка")
    settle(desk)
    card.who.line.returnPressed.emit()
    settle(desk)
    assert card.card is not None
    assert [one.client_id for one in desk.store.ask(find_callers, "+79990001122")] == [client]


def test_an_unknown_caller_becomes_a_client(cards: CallCards, desk: Desk) -> None:
    card = rung(cards, desk, "+7 999 000-11-22")
    assert not card.who._new.add.isEnabled()
    card.who._new.name.setText("Иван Петров")
    card.who._new.company.setText("Заря")
    card.who._new.add.click()
    settle(desk)
    assert card.card is not None
    assert (card.card.profile.name, card.card.name) == ("Заря", "Иван Петров")
    desk.store.undo()
    assert desk.store.ask(find_callers, "+79990001122") == []


def test_logging_without_knowing_who_is_refused_in_words(cards: CallCards, desk: Desk) -> None:
    card = rung(cards, desk, "+7 999 000-11-22")
    card.note.note.setPlainText("Somebody asked for prices")
    card.note.log()
    assert card.note.problem.text() == "Choose first who is calling."
    card.note.keep_draft()
    settle(desk)
    assert desk.store.ask(get_draft, place=PLACE, subject="+79990001122") is not None


def test_a_tel_link_is_a_call_of_ours(cards: CallCards, desk: Desk, client: ClientId) -> None:
    card = rung(cards, desk, "tel:%2B79161234567")
    assert card.card is not None
    assert card.note.direction.currentText() == "Outgoing"


def test_a_number_that_cannot_be_read_still_shows_a_card(cards: CallCards, desk: Desk) -> None:
    card = rung(cards, desk, "anonymous")
    assert card.isVisible()
    assert card.who.keep.isHidden()


def test_a_second_call_has_a_card_of_its_own(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    first = rung(cards, desk, TYPED)
    first.note.note.setPlainText("Still talking")
    second = rung(cards, desk, "+7 999 000-11-22")
    assert second is not first
    assert first.isVisible()
    assert first.note.note.toPlainText() == "Still talking"
    assert cards.ring(NUMBER) is first


def test_tab_reaches_every_control_and_each_has_a_name(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    for number in (TYPED, "+7 999 000-11-22"):
        card = rung(cards, desk, number)
        card.note.begin_ticket()
        card.note.begin_follow_up()
        assert unnamed(card) == []
        assert unreachable(card) == []


def test_what_changes_elsewhere_shows_on_the_card(
    cards: CallCards, desk: Desk, client: ClientId
) -> None:
    card = rung(cards, desk, TYPED)
    desk.do(open_ticket, client, subject="Opened by a colleague")
    settle(desk)
    assert "Opened by a colleague" in facts(card)
