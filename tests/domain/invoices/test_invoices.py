"""Invoices: recorded as the books have them, paid, cancelled, and how late they are."""

from datetime import date, timedelta
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.invoices.commands import (
    InvoiceFigures,
    add_invoice,
    cancel_invoice,
    delete_invoice,
    edit_invoice,
    pay_invoice,
    record_invoices,
    reopen_invoice,
)
from deskcrm.domain.invoices.model import InvoiceState, merge_states
from deskcrm.domain.invoices.queries import InvoiceRow, list_invoices, list_late_invoices
from deskcrm.domain.recorded import Recorded
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def invoice(client: ClientId, **more: Any) -> InvoiceFigures:
    plain: dict[str, Any] = {
        "number": "A-1",
        "due_on": days_ago(20),
        "amount_minor": 100_00,
        "currency": "EUR",
    }
    return InvoiceFigures(client, **(plain | more))


def row(desk: Store, client: ClientId) -> InvoiceRow:
    (found,) = desk.ask(list_invoices, client)
    return found


def test_an_invoice_is_recorded_once_however_often_it_is_read(
    desk: Store, client: ClientId
) -> None:
    assert desk.do(record_invoices, [invoice(client)]).value == Recorded(new=1)
    again = desk.do(record_invoices, [invoice(client), invoice(client, number=" a-1 ")])
    assert (again.value, again.step) == (Recorded(same=1), None)
    found = row(desk, client)
    assert (found.number, found.state, found.days_late) == ("A-1", InvoiceState.OPEN, 20)
    desk.undo()
    assert desk.ask(list_invoices, client) == []
    assert desk.do(record_invoices, [invoice(client)]).value == Recorded(new=1)


def test_the_books_say_later_that_it_was_paid(desk: Store, client: ClientId) -> None:
    desk.do(record_invoices, [invoice(client)])
    paid = invoice(client, paid_on=days_ago(3))
    assert desk.do(record_invoices, [paid]).value == Recorded(changed=1)
    found = row(desk, client)
    assert (found.state, found.paid_on, found.days_late) == (InvoiceState.PAID, days_ago(3), 17)
    desk.undo()
    assert row(desk, client).state is InvoiceState.OPEN


def test_a_payment_is_noted_and_taken_back(desk: Store, client: ClientId) -> None:
    desk.do(record_invoices, [invoice(client)])
    one = row(desk, client).id
    with pytest.raises(UserError, match="not come yet"):
        desk.do(pay_invoice, one, on=TODAY + timedelta(days=1))
    desk.do(pay_invoice, one)
    assert row(desk, client).paid_on == TODAY
    with pytest.raises(UserError, match="already"):
        desk.do(pay_invoice, one)
    desk.do(reopen_invoice, one)
    assert (row(desk, client).state, row(desk, client).paid_on) == (InvoiceState.OPEN, None)
    desk.do(cancel_invoice, one)
    assert (row(desk, client).state, row(desk, client).days_late) == (InvoiceState.CANCELLED, 0)
    desk.undo()
    assert row(desk, client).state is InvoiceState.OPEN
    desk.do(delete_invoice, one)
    assert desk.ask(list_invoices, client) == []
    desk.undo()
    assert row(desk, client).id == one


def test_an_invoice_is_added_by_hand_and_put_right(desk: Store, client: ClientId) -> None:
    given: dict[str, Any] = {
        "due_on": days_ago(20),
        "amount_minor": 100_00,
        "currency": "EUR",
    }
    one = desk.do(add_invoice, client, number="A-1", **given).value
    with pytest.raises(UserError, match="has an invoice A-1 already"):
        desk.do(add_invoice, client, number=" a-1", **given)
    desk.do(edit_invoice, one, due_on=days_ago(3), amount_minor=250_00)
    found = row(desk, client)
    assert (found.due_on, found.amount_minor, found.days_late) == (days_ago(3), 250_00, 3)
    desk.undo()
    assert row(desk, client).amount_minor == 100_00
    bad: list[dict[str, Any]] = [{"due_on": None}, {"issued_on": TODAY}, {"amount_minor": -1}]
    for refused in bad:
        with pytest.raises(UserError):
            desk.do(edit_invoice, one, **refused)
    assert row(desk, client).due_on == days_ago(20)
    desk.do(delete_invoice, one)
    assert desk.do(add_invoice, client, number="A-1", **given).value == one


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"number": " "}, "needs its number"),
        ({"issued_on": days_ago(1)}, "before it was issued"),
        ({"amount_minor": -1}, "less than nothing"),
        ({"currency": "eur"}, "is not a currency"),
        ({"paid_on": TODAY + timedelta(days=1)}, "not come yet"),
    ],
)
def test_a_bad_invoice_is_refused(
    desk: Store, client: ClientId, details: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        desk.do(record_invoices, [invoice(client, number="B"), invoice(client, **details)])
    assert desk.ask(list_invoices, client) == []


def test_late_is_counted_as_of_a_day(desk: Store, client: ClientId, watch: Watch) -> None:
    desk.do(
        record_invoices,
        [
            invoice(client),
            invoice(client, number="A-2", due_on=days_ago(50), paid_on=days_ago(2)),
            invoice(client, number="A-3", due_on=days_ago(60), is_cancelled=True),
            invoice(client, number="A-4", due_on=TODAY),
        ],
    )

    def late(**asked: Any) -> list[tuple[str, int]]:
        found = desk.ask(list_late_invoices, client_id=client, **asked)
        return [(one.number, one.days_late) for one in found]

    assert late() == [("A-1", 20)]
    assert late(on=days_ago(10)) == [("A-2", 40), ("A-1", 10)]
    assert late(on=days_ago(10), days=15) == [("A-2", 40)]
    assert late(recorded_by=START - timedelta(days=1)) == []


def test_paid_is_paid_whoever_says_otherwise() -> None:
    assert merge_states(InvoiceState.CANCELLED, InvoiceState.PAID) is InvoiceState.PAID
    assert merge_states(InvoiceState.OPEN, InvoiceState.CANCELLED) is InvoiceState.CANCELLED
