"""The tickets screen: who waits is seen, answered, handed over, settled and found again."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tickets.commands import (
    add_note,
    assign_tickets,
    client_wrote,
    open_ticket,
    set_state,
)
from deskcrm.domain.tickets.model import MessageKind, Priority, TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadStep
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, Told, undo
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import CLOSED, OPEN
from deskcrm.ui.tickets.thread import ThreadView
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

MINE, UNASSIGNED = 1, 2


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    desk.store.do(create_first_user, name="Ann")
    return show(desk, qtbot)


@pytest.fixture
def acme(screen: TicketsScreen, desk: Desk) -> ClientId:
    return desk.store.do(create_company, name="Acme").value


def show(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def add(desk: Desk, client: ClientId, subject: str, text: str = "Help!", **more: Any) -> TicketId:
    more.setdefault("channel", Channel.EMAIL)
    return desk.store.do(open_ticket, client, subject=subject, text=text, **more).value


def shelve(screen: TicketsScreen, shelf: int) -> list[str]:
    screen.shelf.setCurrentIndex(shelf)
    settle(screen.desk)
    return shown(screen)


def shown(screen: TicketsScreen) -> list[str]:
    rows = screen.table.rows
    return [row.subject for n in range(rows.total) if (row := rows.row(n))]


def card_of(screen: TicketsScreen) -> FormCard:
    return next(card for card in screen.window().findChildren(FormCard) if card.isVisible())


def write(screen: TicketsScreen, kind: MessageKind, text: str) -> None:
    screen.record.composer.begin(kind)
    screen.record.composer.text.setPlainText(text)
    screen.record.composer.save()
    settle(screen.desk)


def state_of(desk: Desk, ticket: TicketId) -> TicketState:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    return row.state


def said(screen: TicketsScreen) -> list[tuple[MessageKind, str]]:
    return [(one.message.kind, one.message.text) for one in screen.record.talk.bubbles()]


def listen(desk: Desk) -> list[Told]:
    heard: list[Told] = []
    desk.told.connect(heard.append)
    return heard


def test_every_shelf_shows_what_its_name_says(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    add(desk, acme, "Waits")
    quiet = add(desk, acme, "Quiet", channel=Channel.CALL)
    done = add(desk, acme, "Done")
    desk.store.do(assign_tickets, [quiet], owner_id=UserId(desk.store.actor))
    desk.store.do(set_state, [done], state=TicketState.RESOLVED)
    settle(desk)
    assert shown(screen) == ["Waits"]
    assert shelve(screen, MINE) == ["Quiet"]
    assert shelve(screen, UNASSIGNED) == ["Waits"]
    assert set(shelve(screen, OPEN)) == {"Waits", "Quiet"}
    assert shelve(screen, CLOSED) == ["Done"]


def test_a_ticket_is_found_by_subject_client_and_number(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    other = desk.store.do(create_company, name="Ромашка").value
    printer = add(desk, acme, "Printer")
    add(desk, other, "Invoice")
    row = desk.store.ask(get_ticket, printer)
    assert row is not None
    for typed, wanted in (
        ("print", ["Printer"]),
        ("ромаш", ["Invoice"]),
        (f"#{row.number}", ["Printer"]),
        ("#99999999999999999999", []),
        ("nothing of it", []),
    ):
        screen.search.setText(typed)
        settle(desk)
        assert shown(screen) == wanted


def test_a_reply_stands_in_the_thread_and_can_be_undone(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer", "It is on fire")
    shelve(screen, OPEN)
    write(screen, MessageKind.PUBLIC_REPLY, "We are coming")
    assert said(screen) == [
        (MessageKind.CLIENT_WORD, "It is on fire"),
        (MessageKind.PUBLIC_REPLY, "We are coming"),
    ]
    assert state_of(desk, ticket) is TicketState.OPEN
    assert screen.record.composer.text.toPlainText() == ""
    undo(desk)
    settle(desk)
    assert said(screen) == [(MessageKind.CLIENT_WORD, "It is on fire")]
    assert state_of(desk, ticket) is TicketState.NEW


def test_a_promise_in_a_reply_is_noted_with_it(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    add(desk, acme, "Printer")
    shelve(screen, OPEN)
    write(screen, MessageKind.PUBLIC_REPLY, "I will call back tomorrow.")
    assert len(desk.store.ask(list_open_promises, acme)) == 1
    undo(desk)
    settle(desk)
    assert desk.store.ask(list_open_promises, acme) == []


def test_a_note_looks_and_reads_unlike_a_reply(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    add(desk, acme, "Printer")
    shelve(screen, OPEN)
    screen.record.composer.begin(MessageKind.INTERNAL_NOTE)
    assert screen.record.composer.lock.isVisible()
    write(screen, MessageKind.INTERNAL_NOTE, "He is cross")
    note = screen.record.talk.bubbles()[-1]
    assert note.is_note
    words = [label.text() for label in note.findChildren(type(note.text))]
    assert any("does not see" in one for one in words)


def test_a_word_of_the_client_opens_a_settled_ticket_again_and_shows_it(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer")
    desk.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    shelve(screen, CLOSED)
    screen.record.composer.begin(MessageKind.CLIENT_WORD)
    assert screen.record.composer.hint.accessibleName()
    heard = listen(desk)
    write(screen, MessageKind.CLIENT_WORD, "It burns again")
    assert state_of(desk, ticket) is TicketState.OPEN
    assert "open again" in heard[0].text
    assert screen.shelf.currentIndex() == OPEN
    row = screen.row()
    assert row is not None and row.id == ticket and row.reopened == 1


def test_an_empty_reply_is_refused_in_words(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    add(desk, acme, "Printer")
    shelve(screen, OPEN)
    screen.record.composer.save()
    settle(desk)
    assert screen.record.composer.wrong.isVisible()
    assert len(said(screen)) == 1


def test_what_was_begun_in_a_ticket_is_there_in_another_window(
    screen: TicketsScreen, desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    ticket = add(desk, acme, "Printer")
    other = add(desk, acme, "Invoice")
    shelve(screen, OPEN)
    screen.table.show_id(ticket)
    settle(desk)
    screen.record.composer.begin(MessageKind.INTERNAL_NOTE)
    screen.record.composer.text.setPlainText("Half a thou")
    screen.table.show_id(other)
    settle(desk)
    assert screen.record.composer.text.toPlainText() == ""
    again = show(desk, qtbot)
    again.arrive(ticket=ticket)
    settle(desk)
    assert again.record.composer.text.toPlainText() == "Half a thou"
    assert again.record.composer.kind is MessageKind.INTERNAL_NOTE


def test_state_priority_and_owner_are_set_in_the_record(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer")
    shelve(screen, OPEN)
    record = screen.record
    for setter, value in (
        (record.priority, Priority.URGENT),
        (record.owner, desk.store.actor),
        (record.state, TicketState.WAITING_ON_CLIENT),
    ):
        setter.choose(value)
        settle(desk)
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    assert (row.priority, row.owner_id) == (Priority.URGENT, desk.store.actor)
    assert row.state is TicketState.WAITING_ON_CLIENT


def test_a_step_that_makes_no_sense_is_refused_and_the_old_state_shown(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer")
    desk.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    shelve(screen, CLOSED)
    heard = listen(desk)
    setter = screen.record.state
    setter.choose(TicketState.WAITING_ON_CLIENT)
    settle(desk)
    assert "cannot go" in heard[0].text
    assert setter.value() is TicketState.RESOLVED


def test_many_tickets_are_assigned_at_once_and_given_back(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    tickets = [add(desk, acme, f"Number {n}") for n in range(5)]
    shelve(screen, OPEN)
    screen.table.selectAll()
    run_action("tickets.assign", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["owner_id"].set_value(desk.store.actor)
    card.form.save()
    settle(desk)
    rows = [desk.store.ask(get_ticket, one) for one in tickets]
    assert {row.owner_id for row in rows if row is not None} == {desk.store.actor}
    undo(desk)
    settle(desk)
    assert len(shelve(screen, UNASSIGNED)) == 5


@pytest.mark.parametrize(
    ("action", "field", "value"),
    [
        ("tickets.state", "state", TicketState.WAITING_ON_CLIENT),
        ("tickets.priority", "priority", Priority.HIGH),
    ],
)
def test_a_card_begins_with_what_is(
    screen: TicketsScreen, desk: Desk, acme: ClientId, action: str, field: str, value: object
) -> None:
    ticket = add(desk, acme, "Dark", priority=Priority.HIGH)
    desk.store.do(set_state, [ticket], state=TicketState.WAITING_ON_CLIENT)
    shelve(screen, OPEN)
    run_action(action, screen)
    settle(desk)
    assert card_of(screen).form.fields[field].value() == value
    card_of(screen).close_card()


def test_a_deleted_ticket_comes_back_with_its_thread(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer")
    desk.store.do(add_note, ticket, text="Careful")
    shelve(screen, OPEN)
    run_action("tickets.delete", screen)
    settle(desk)
    assert shown(screen) == []
    undo(desk)
    settle(desk)
    assert shown(screen) == ["Printer"]
    screen.table.go_to(0)
    settle(desk)
    assert len(said(screen)) == 2


def test_a_ticket_far_down_a_long_list_is_shown_when_one_goes_there(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    first = add(desk, acme, "The first")
    for number in range(230):
        add(desk, acme, f"Number {number}", text="")
    shelve(screen, OPEN)
    screen.arrive(ticket=first)
    settle(desk)
    row = screen.row()
    assert row is not None and row.id == first


def test_going_to_a_ticket_that_is_gone_says_so(screen: TicketsScreen, desk: Desk) -> None:
    heard = listen(desk)
    screen.arrive(ticket=TicketId(desk.store.actor))
    settle(desk)
    assert "not there" in heard[0].text


def test_what_the_client_writes_meanwhile_appears(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    ticket = add(desk, acme, "Printer")
    shelve(screen, OPEN)
    desk.store.do(client_wrote, ticket, text="Hello?")
    settle(desk)
    assert said(screen)[-1] == (MessageKind.CLIENT_WORD, "Hello?")


def test_what_a_reply_is_sent_with_is_not_cut_off_where_there_is_little_room(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    add(desk, acme, "Printer")
    shelve(screen, OPEN)
    composer = screen.record.composer
    composer.then.setCurrentIndex(1)
    for width in (900, 430):
        composer.setFixedWidth(width)
        settle(desk)
        for setter in (composer.channel, composer.then):
            assert setter.width() >= setter.sizeHint().width(), width


def test_a_step_in_the_thread_goes_on_in_the_next_line(desk: Desk, qtbot: QtBot) -> None:
    thread = ThreadView(desk)
    qtbot.addWidget(thread)
    thread.resize(320, 400)
    step = ThreadStep(
        clock.now(), TicketState.RESOLVED, TicketState.OPEN, "", "Bartholomew " * 6, True
    )
    thread.show_thread([step], "Acme", is_other=True)
    thread.show()
    settle(desk)
    said = next(x for x in thread.findChildren(QLabel) if x.text().startswith("Bartholomew"))
    assert said.wordWrap() and said.height() >= said.heightForWidth(said.width())


@pytest.mark.parametrize("width", [760, 1180, 1700])
def test_every_control_has_a_name_and_tab_reaches_it(
    screen: TicketsScreen, desk: Desk, acme: ClientId, width: int
) -> None:
    add(desk, acme, "Printer")
    screen.resize(width, 760)
    shelve(screen, OPEN)
    QApplication.processEvents()
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_esc_goes_back_to_the_list_and_keeps_what_was_typed(
    screen: TicketsScreen, desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    add(desk, acme, "Printer")
    shelve(screen, OPEN)
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    run_action("tickets.note", screen)
    screen.record.composer.text.setPlainText("Half")
    QTest.keyClick(screen.record.composer.text, Qt.Key.Key_Escape)
    assert screen.table.hasFocus() and screen.record.composer.text.toPlainText() == "Half"
