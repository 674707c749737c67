"""Invoices and departures on a client's page: added, settled, put right, taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.queries import likeliest_currency
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.invoices.commands import add_invoice, pay_invoice
from deskcrm.domain.invoices.model import InvoiceState
from deskcrm.domain.invoices.queries import InvoiceRow, list_invoices
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import ALL_ACTIONS, run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.fields_parsed import Money
from tests.ui.clients.conftest import AddClient
from tests.ui.settle import settle

Card = Callable[[], FormCard]


@pytest.fixture
def acme(screen: ClientsScreen, desk: Desk, add: AddClient) -> ClientId:
    """Give a client that the page shows."""
    client = add("Acme")
    screen.table.go_to(0)
    settle(desk)
    return client


def invoices(desk: Desk, client: ClientId) -> list[InvoiceRow]:
    return desk.store.ask(list_invoices, client)


def bill(desk: Desk, client: ClientId, number: str, days_ago: int) -> Any:
    due_on = dates.today() - timedelta(days=days_ago)
    made = desk.store.do(
        add_invoice, client, number=number, due_on=due_on, amount_minor=90_00, currency="EUR"
    )
    settle(desk)
    return made.value


def said(screen: ClientsScreen) -> str:
    """Give all that the right part of the page says."""
    page = screen.view.standing
    labels = [one.text() for one in page.findChildren(QLabel)]
    return "\n".join([*labels, *(one.accessibleName() for one in page.findChildren(QWidget))])


def click(screen: ClientsScreen, desk: Desk, name: str) -> None:
    buttons = screen.view.standing.findChildren(QAbstractButton)
    next(one for one in buttons if one.accessibleName() == name).click()
    settle(desk)


def run(screen: ClientsScreen, desk: Desk, action: str) -> None:
    run_action(action, screen)
    settle(desk)


def fill(card: FormCard, desk: Desk, **typed: Any) -> None:
    for name, value in typed.items():
        card.form.fields[name].set_draft(value)
    card.form.save()
    settle(desk)


def test_an_invoice_is_added_paid_and_written_off_by_keys(
    screen: ClientsScreen, desk: Desk, acme: ClientId, card: Card
) -> None:
    run(screen, desk, "clients.invoice")
    fill(card(), desk, number="A-1", amount=["120", "EUR"])
    assert [(one.number, one.amount_minor) for one in invoices(desk, acme)] == [("A-1", 120_00)]
    assert "A-1 · €120" in said(screen)
    run(screen, desk, "clients.settle")
    fill(card(), desk)
    assert invoices(desk, acme)[0].paid_on == dates.today()
    assert "Paid today" in said(screen)
    undo(desk)
    settle(desk)
    run(screen, desk, "clients.settle")
    fill(card(), desk, became="written_off")
    assert invoices(desk, acme)[0].state is InvoiceState.CANCELLED


def test_what_is_owed_comes_first_and_the_rest_when_one_asks(
    screen: ClientsScreen, desk: Desk, acme: ClientId
) -> None:
    for number in range(4):
        paid = bill(desk, acme, f"P-{number}", 40 + number)
        desk.store.do(pay_invoice, paid)
    bill(desk, acme, "LATE", 90)
    settle(desk)
    shown = said(screen)
    assert "LATE" in shown and "P-0" in shown and "P-3" not in shown
    click(screen, desk, "Show all 5")
    assert "P-3" in said(screen)
    click(screen, desk, "Paid: LATE")
    assert invoices(desk, acme)[-1].state is InvoiceState.PAID
    assert "P-3" in said(screen)  # what was unfolded stays so


def test_a_client_leaves_with_a_reason_and_is_back(
    screen: ClientsScreen, desk: Desk, acme: ClientId, card: Card
) -> None:
    assert not ALL_ACTIONS["clients.stays"].can_run(screen)
    run(screen, desk, "clients.leaves")
    card().form.save()
    assert card().form.fields["reason"].stop().property("wrong")
    fill(card(), desk, reason="closed_down", words="We wind up")
    (departure,) = desk.store.ask(list_departures, client_id=acme)
    assert (departure.reason, departure.left_on) == (LossReason.CLOSED_DOWN, dates.today())
    assert desk.store.ask(get_client, acme).profile.lifecycle is Lifecycle.CHURNED
    assert "not by its own choice" in said(screen)
    later = dates.today() + timedelta(days=30)
    run(screen, desk, "clients.leaves")
    fill(card(), desk, left_on=dates.typed_day(later))
    assert desk.store.ask(get_client, acme).profile.lifecycle is Lifecycle.ACTIVE
    run(screen, desk, "clients.stays")
    fill(card(), desk)
    assert desk.store.ask(list_departures, client_id=acme)[0].returned_on == dates.today()
    assert screen.view.standing.departure is None
    undo(desk)
    settle(desk)
    assert screen.view.standing.departure is not None


def test_a_new_contract_is_in_the_currency_of_the_last(
    screen: ClientsScreen, desk: Desk, acme: ClientId, add: AddClient, card: Card
) -> None:
    assert desk.store.ask(likeliest_currency, acme) == ""
    other = add("Beta")
    desk.store.do(add_contract, other, title="Theirs", currency="KZT")
    assert desk.store.ask(likeliest_currency, acme) == "KZT"
    today = dates.today()
    desk.store.do(add_contract, acme, title="New", currency="USD", starts_on=today)
    earlier = today - timedelta(days=400)
    desk.store.do(add_contract, acme, title="Old", currency="EUR", starts_on=earlier)
    assert desk.store.ask(likeliest_currency, acme) == "USD"
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    run(screen, desk, "clients.contract")
    field = card().form.fields["value"]
    assert isinstance(field, Money)
    assert field.box.currentText() == "USD"
