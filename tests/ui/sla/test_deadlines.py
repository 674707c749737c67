"""Deadlines on the screen: marked in the list, and explained on a card."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.sla.explain import Step, StepKind
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sla.card import DeadlineCard, when_words
from deskcrm.ui.sla.words import due_chip, due_line, due_words
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def ticket(desk: Desk) -> TicketId:
    """Open a ticket by mail that has waited a whole year."""
    desk.store.do(create_first_user, name="Ann")
    acme = desk.store.do(create_company, name="Acme").value
    desk.store.do(create_policy, name="Urgent", priorities=[Priority.URGENT])
    return desk.store.do(
        open_ticket, acme, subject="Broken", text="Help!", channel=Channel.EMAIL,
        opened_at=clock.now() - timedelta(days=365),
    ).value  # fmt: skip


@pytest.fixture
def screen(desk: Desk, ticket: TicketId, qtbot: QtBot) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def test_a_late_ticket_says_so_in_words_and_colour(desk: Desk, ticket: TicketId) -> None:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    chip = due_chip(row)
    assert chip is not None and chip.text.startswith("−") and chip.tone is Tone.DANGER
    assert due_words(row).startswith("First response: due ")
    assert re.fullmatch(r"First response: \d+ days late", due_line(row))


def test_a_paused_ticket_has_no_time_and_a_settled_one_no_chip(
    desk: Desk, ticket: TicketId
) -> None:
    desk.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    settled = desk.store.ask(get_ticket, ticket)
    assert settled is not None and due_chip(settled) is None
    assert due_words(settled) == "No deadline: the ticket is settled"
    acme = settled.client_id
    other = desk.store.do(open_ticket, acme, subject="B").value
    desk.store.do(set_state, [other], state=TicketState.WAITING_ON_CLIENT)
    paused = desk.store.ask(get_ticket, other)
    assert paused is not None
    chip = due_chip(paused)
    assert chip is not None and chip.text == "Paused"


def test_the_arithmetic_opens_beside_a_ticket(
    screen: TicketsScreen, desk: Desk, ticket: TicketId
) -> None:
    screen.table.show_id(ticket)
    settle(desk)
    assert screen.record.due.accessibleName().startswith("First response: due ")
    run_action("tickets.deadline", screen)
    settle(desk)
    (card,) = screen.window().findChildren(DeadlineCard)
    said = "\n".join(label.text() for label in card.findChildren(QLabel))
    assert "No policy matches; the general targets hold." in said
    assert "“Urgent” does not match: priority is Normal, it asks for Urgent." in said
    assert "Monday to Friday, 09:00–18:00 (UTC): no calendar is set up." in said
    assert "overdue" in said
    assert unnamed(card) == [] and unreachable(card) == []
    card.close_card()


def test_what_ends_on_the_day_it_began_names_that_day_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = datetime(2026, 11, 19, 6, tzinfo=UTC)
    today = datetime(2026, 8, 1, tzinfo=UTC)  # of another year the year would be said too
    monkeypatch.setattr(clock, "now", lambda: today)

    def said(kind: StepKind, until: datetime | None) -> str:
        step = Step(kind, begun, until, timedelta(), timedelta())
        return when_words(step, ZoneInfo("Europe/Moscow"))

    assert said(StepKind.COUNTED, begun + timedelta(hours=4)) == "19 Nov 09:00 – 13:00"
    assert said(StepKind.COUNTED, begun + timedelta(hours=17)) == "19 Nov 09:00 – 20 Nov 02:00"
    assert said(StepKind.PAUSED, None) == "19 Nov 09:00 – …"
    assert said(StepKind.DAY_OFF, None) == "Thu 19 Nov"


def test_the_list_is_sorted_by_deadline(
    screen: TicketsScreen, desk: Desk, ticket: TicketId
) -> None:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    later = desk.store.do(
        open_ticket, row.client_id, subject="Later", text="?", channel=Channel.EMAIL
    ).value
    screen.table.rows.order_by("due_at", descending=False)
    screen.load()
    settle(desk)
    assert [screen.table.rows.row(n).id for n in (0, 1)] == [ticket, later]  # type: ignore[union-attr]  # both are there
