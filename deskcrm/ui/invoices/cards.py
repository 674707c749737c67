"""The forms of an invoice: a new one, another day or sum, and what became of one."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.invoices.commands import (
    add_invoice,
    cancel_invoice,
    edit_invoice,
    pay_invoice,
)
from deskcrm.domain.invoices.model import InvoiceState
from deskcrm.domain.invoices.queries import InvoiceRow, list_invoices
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.invoices.words import owed_words
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Field, Line
from deskcrm.ui.kit.fields_parsed import Day, Money

_TIME_TO_PAY: Final = timedelta(days=14)


class Settled(StrEnum):
    """What became of an invoice that was owed."""

    PAID = "paid"
    WRITTEN_OFF = "written_off"


def open_new(
    desk: Desk, over: QWidget, client_id: ClientId, name: str, currency: str = ""
) -> FormCard:
    """Ask for a new invoice of a client; ``currency`` is the one it is likely to be in."""

    def save(values: dict[str, Any]) -> Any:
        return desk.do(add_invoice, client_id, **_columns(values)).tell()

    today = dates.today()
    return FormCard(
        desk,
        over,
        tr("New invoice"),
        [Line("number", tr("Number"), required=True), *_fields(currency)],
        save,
        place="invoices.new",
        subject=client_id.hex,
        values={"issued_on": today, "due_on": today + _TIME_TO_PAY},
        button=tr("Add invoice"),
        about=name,
        width=480,
    )


def open_edit(desk: Desk, over: QWidget, invoice: InvoiceRow) -> FormCard:
    """Put right what was written down of an invoice."""

    def save(values: dict[str, Any]) -> Any:
        return desk.do(edit_invoice, invoice.id, **_columns(values)).tell()

    return FormCard(
        desk,
        over,
        tr("Invoice {number}", number=invoice.number),
        _fields(invoice.currency),
        save,
        place="invoices.edit",
        subject=invoice.id.hex,
        values={
            "amount": (invoice.amount_minor, invoice.currency),
            "issued_on": invoice.issued_on,
            "due_on": invoice.due_on,
        },
        changes_only=True,
        width=480,
    )


def open_paid(desk: Desk, over: QWidget, invoice: InvoiceRow) -> FormCard:
    """Ask on which day an invoice was paid."""
    return FormCard(
        desk,
        over,
        tr("Invoice {number}", number=invoice.number),
        [Day("on", tr("Paid on"), required=True)],
        lambda values: desk.do(pay_invoice, invoice.id, **values).tell(),
        place="invoices.paid",
        subject=invoice.id.hex,
        values={"on": dates.today()},
        button=tr("Note payment"),
        about=owed_words(invoice),
        width=420,
    )


def open_settling(desk: Desk, over: QWidget, client_id: ClientId, name: str) -> None:
    """Ask what became of which of a client's invoices; the one that is latest comes first."""
    asked = desk.ask((over, "settling"), list_invoices, client_id)
    asked.then(lambda found: _open_settling(desk, over, client_id, name, found))


def _open_settling(
    desk: Desk, over: QWidget, client_id: ClientId, name: str, found: Sequence[InvoiceRow]
) -> None:
    owed = [one for one in reversed(found) if one.state is InvoiceState.OPEN]
    if not owed:
        desk.tell(tr("{client} owes nothing.", client=name))
        return

    def save(values: dict[str, Any]) -> Any:
        if values["became"] is Settled.WRITTEN_OFF:
            return desk.do(cancel_invoice, values["invoice"]).tell()
        return desk.do(pay_invoice, values["invoice"], on=values["on"]).tell()

    invoices = [(one.id, f"{one.number} · {owed_words(one)}") for one in owed]
    card = FormCard(
        desk,
        over,
        tr("What became of the invoice"),
        [
            Choice("invoice", tr("Invoice"), invoices),
            Choice("became", tr("It was"), [(one, of(one)) for one in Settled]),
            Day("on", tr("On")),
        ],
        save,
        place="invoices.settle",
        subject=client_id.hex,
        values={"became": Settled.PAID, "on": dates.today()},
        about=name,
        width=480,
    )

    def show() -> None:
        is_paid = card.form.fields["became"].value() is Settled.PAID
        card.form.fields["on"].setVisible(is_paid)
        card.relayout()

    card.form.edited.connect(show)


def _fields(currency: str) -> list[Field | tuple[Field, ...]]:
    return [
        Money("amount", tr("Amount"), currencies=dates.currencies(currency), required=True),
        (Day("issued_on", tr("Issued on")), Day("due_on", tr("To be paid by"), required=True)),
    ]


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Turn what the field of money gives into the two columns."""
    money = values.pop("amount", None)
    if money is not None:
        values["amount_minor"], values["currency"] = money
    return values
