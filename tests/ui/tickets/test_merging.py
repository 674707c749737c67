"""Merging and splitting on the ticket's page, and what a bulk edit says of each ticket."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.merges.queries import get_home
from deskcrm.domain.tickets.commands import client_wrote, open_ticket, set_state
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.kit.outcome_card import OutcomeCard
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import OPEN
from deskcrm.ui.tickets.told import told
from tests.ui.settle import settle
from tests.ui.walk import unnamed


@pytest.fixture
def acme(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Anna")
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def tickets(desk: Desk, acme: ClientId) -> list[TicketId]:
    return [
        desk.store.do(open_ticket, acme, subject=one, text=one).value for one in ("Dark", "Cold")
    ]


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, tickets: list[TicketId]) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.arrive(ticket=tickets[1])
    settle(desk)
    return made


def card(screen: TicketsScreen) -> FormCard:
    settle(screen.desk)
    (found,) = [one for one in screen.window().findChildren(FormCard) if one.isVisible()]
    return found


def said(desk: Desk, ticket: TicketId) -> list[str]:
    thread = desk.store.ask(get_thread, ticket)
    return [one.text for one in thread if isinstance(one, ThreadMessage)]


def shown(screen: TicketsScreen) -> str:
    labels = screen.record.talk.findChildren(QLabel)
    return "\n".join(one.text() for one in labels)


def test_a_merged_ticket_leads_to_the_one_that_goes_on(
    screen: TicketsScreen, tickets: list[TicketId]
) -> None:
    desk, (dark, cold) = screen.desk, tickets
    run_action("tickets.merge", screen)
    form = card(screen).form
    form.save()  # the oldest open one of the client is offered first
    settle(desk)
    home = desk.store.ask(get_home, cold)
    assert home is not None and home.ticket_id == dark
    screen.arrive(ticket=cold)
    settle(desk)
    assert screen.record.home.isVisible() and not screen.record.composer.isVisible()
    assert not screen.record.state.isEnabled()
    assert "#1000 Dark" in screen.record.home.link.words
    assert unnamed(screen) == []
    screen.arrive(ticket=dark)
    settle(desk)
    assert screen.record.composer.isVisible() and screen.record.state.isEnabled()
    assert "from #1001" in shown(screen)
    assert "Anna merged #1001 “Cold” into this ticket" in shown(screen)
    desk.store.undo()
    settle(desk)
    assert "from #1001" not in shown(screen)


def test_what_is_ticked_is_split_off(
    screen: TicketsScreen, tickets: list[TicketId], desk: Desk
) -> None:
    desk.store.do(client_wrote, tickets[1], text="And wet")
    settle(desk)
    run_action("tickets.split", screen)
    form = card(screen).form
    form.save()
    assert card(screen).isVisible()  # it needs a subject
    wet = desk.store.ask(get_thread, tickets[1])[-1]
    assert isinstance(wet, ThreadMessage)
    form.fill({"subject": "Wet", "message_ids": (wet.id,)})
    form.save()
    settle(desk)
    row = screen.row()
    assert row is not None and (row.subject, row.number) == ("Wet", 1002)
    assert (said(desk, row.id), said(desk, tickets[1])) == (["And wet"], ["Cold"])


def test_there_must_be_something_to_merge_with_and_to_split(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    lone = desk.store.do(create_company, name="Lone").value
    screen.arrive(ticket=desk.store.do(open_ticket, lone, subject="One").value)
    settle(desk)
    heard: list[Told] = []
    desk.told.connect(heard.append)
    for asked in ("tickets.merge", "tickets.split"):
        run_action(asked, screen)
        settle(desk)
    assert [one.text for one in heard] == [
        "The client has no other ticket.",
        "There is nothing to split: one thing at most was said in it.",
    ]


def test_a_bulk_edit_says_what_became_of_each(
    screen: TicketsScreen, desk: Desk, acme: ClientId, tickets: list[TicketId]
) -> None:
    dark, cold = tickets
    wet = desk.store.do(open_ticket, acme, subject="Wet").value
    other = desk.store.do(open_ticket, acme, subject="Other").value
    desk.store.do(merge_tickets, [wet], into_id=dark)
    desk.store.do(set_state, [cold], state=TicketState.RESOLVED)
    heard: list[Told] = []
    desk.told.connect(heard.append)
    screen.shelf.setCurrentIndex(OPEN)
    settle(desk)
    screen.table.selectAll()
    settle(desk)
    assert run_action("tickets.resolve", screen)
    settle(desk)
    assert heard[-1].text == "Set state: 2 tickets"
    row = desk.store.ask(get_ticket, other)
    assert row is not None and row.state is TicketState.RESOLVED
    ids = [dark, cold, wet]
    told(screen, ids, desk.do(set_state, ids, state=TicketState.OPEN))
    settle(desk)
    assert (heard[-1].text, heard[-1].detail) == ("Set state: 2 tickets", "1 was refused.")
    assert heard[-1].more is not None
    heard[-1].more()
    settle(desk)
    opened = screen.window().findChild(OutcomeCard)
    assert isinstance(opened, OutcomeCard)
    rows = [opened.table.rows.row(at) for at in range(3)]
    assert [row.name for row in rows if row] == ["#1000 Dark", "#1001 Cold", "#1002 Wet"]
    assert rows[2] is not None
    assert rows[2].refused == "Ticket 1002 was merged into ticket 1000."
    assert rows[0] is not None and any("Resolved → Open" in line for line in rows[0].lines)


def test_a_merged_ticket_is_parted_from_its_page(
    screen: TicketsScreen, desk: Desk, tickets: list[TicketId]
) -> None:
    dark, cold = tickets
    assert not run_action("tickets.part", screen), "nothing is merged yet"
    desk.store.do(merge_tickets, [cold], into_id=dark)
    screen.arrive(ticket=cold)
    settle(desk)
    assert screen.record.home.part_button.isVisible()
    desk.went.connect(lambda _place, where: screen.arrive(**where))
    assert not screen.record.answering.isVisible()
    assert run_action("tickets.part", screen)
    settle(desk)
    row = desk.store.ask(get_ticket, cold)
    assert row is not None and row.state is TicketState.OPEN
    assert screen.record.row is not None and screen.record.row.id == cold
    assert screen.record.answering.isVisible() and not screen.record.home.isVisible()


def test_where_a_ticket_was_merged_is_read_whole_in_a_narrow_window(
    screen: TicketsScreen, desk: Desk, acme: ClientId, tickets: list[TicketId]
) -> None:
    subject = "The list of orders takes more than forty seconds to open"
    home = desk.store.do(open_ticket, acme, subject=subject, text="Slow").value
    desk.store.do(merge_tickets, [tickets[1]], into_id=home)
    screen.resize(836, 560)
    screen.arrive(ticket=tickets[1])
    settle(desk)
    shown = screen.record.home.link.text().replace("\n", " ")
    assert shown == f"#1002 {subject}"
