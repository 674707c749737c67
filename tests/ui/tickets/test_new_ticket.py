"""A new ticket: a client picked by any scrap, a subject, and a draft that keeps both."""

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pick import Pick
from deskcrm.ui.lookup.whose import option_of
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    desk.store.do(create_first_user, name="Ann")
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def acme(screen: TicketsScreen, desk: Desk) -> ClientId:
    return desk.store.do(create_company, name="Acme").value


def card_of(screen: TicketsScreen) -> FormCard:
    cards = screen.window().findChildren(FormCard)
    return next(card for card in cards if card.isVisible())


def test_a_new_ticket_needs_a_client_and_a_subject(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    run_action("tickets.new", screen)
    settle(desk)
    card = card_of(screen)
    card.form.save()
    settle(desk)
    for name in ("client", "subject"):
        assert card.form.fields[name].stop().property("wrong")
    client = card.form.fields["client"]
    assert isinstance(client, Pick)
    client.choose(option_of(acme, "Acme"))
    card.form.fields["subject"].set_value("Printer")
    card.form.save()
    settle(desk)
    row = screen.row()
    assert row is not None and (row.subject, row.client) == ("Printer", "Acme")


def test_a_half_written_ticket_keeps_its_client(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    run_action("tickets.new", screen)
    settle(desk)
    field = card_of(screen).form.fields["client"]
    assert isinstance(field, Pick)
    field.choose(option_of(acme, "Acme"))
    card_of(screen).form.leave()
    settle(desk)
    run_action("tickets.new", screen)
    settle(desk)
    card = card_of(screen)
    assert card.form.fields["client"].value() == option_of(acme, "Acme").value
    card.close_card()


def test_the_picker_finds_a_client_by_a_scrap(
    screen: TicketsScreen, desk: Desk, acme: ClientId
) -> None:
    run_action("tickets.new", screen)
    settle(desk)
    card = card_of(screen)
    field = card.form.fields["client"]
    assert isinstance(field, Pick)
    field.line.setText("acm")
    field.line.textEdited.emit("acm")
    settle(desk)
    assert [option.text for option in field.offered()] == ["Acme"]
    field.close_options()
    card.close_card()
