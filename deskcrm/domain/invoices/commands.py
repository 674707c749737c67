"""Takes in invoices and says what became of them; the same invoice twice changes nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import check_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.invoices.model import Invoice, InvoiceId, InvoiceState, check_invoice
from deskcrm.domain.names import one_line
from deskcrm.domain.recorded import Recorded
from deskcrm.store.commands import command
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class InvoiceFigures:
    """An invoice as the books have it."""

    client_id: ClientId
    number: str
    due_on: date
    amount_minor: int
    currency: str
    issued_on: date | None = None
    paid_on: date | None = None
    is_cancelled: bool = False

    @property
    def state(self) -> InvoiceState:
        """Where it stands; one that was paid was not cancelled."""
        if self.paid_on is not None:
            return InvoiceState.PAID
        return InvoiceState.CANCELLED if self.is_cancelled else InvoiceState.OPEN


class InvoiceChanges(TypedDict, total=False):
    """What can be edited of an invoice; only what is given is written."""

    issued_on: date | None
    due_on: date | None
    amount_minor: int
    currency: str


@command("invoices.record", "Record invoices")
def record_invoices(work: Work, invoices: Sequence[InvoiceFigures]) -> Recorded:
    """Write invoices down as the books have them; of two of one number the last holds."""
    check_clients(work, [one.client_id for one in invoices])
    today = day_of(work.now)
    wanted: dict[Any, dict[str, Any]] = {}
    for one in invoices:
        check_invoice(one.number, one.issued_on, one.due_on, one.amount_minor, one.currency)
        _check_payment(one.paid_on, today)
        row = asdict(one) | {"state": one.state, "number": one_line(one.number)}
        del row["is_cancelled"]
        wanted[Invoice.work_out_id(row)] = row
    new = changed = 0
    for some in in_chunks(wanted.items(), _AT_ONCE):
        ids = [row_id for row_id, _ in some]
        there = {r.id: r for r in work.records(select(Invoice).where(Invoice.id.in_(ids)))}
        fresh = [{"id": row_id, **row} for row_id, row in some if row_id not in there]
        new += work.insert_many(Invoice, fresh)
        for row_id, row in some:
            if row_id in there:
                is_back = there[row_id].is_deleted
                has_changed = _change(work, there[row_id], row)
                new, changed = new + is_back, changed + (has_changed and not is_back)
    return Recorded(new, changed, len(wanted) - new - changed)


@command("invoices.add", "Add invoice")
def add_invoice(
    work: Work,
    client_id: ClientId,
    *,
    number: str,
    due_on: date | None,
    amount_minor: int,
    currency: str,
    issued_on: date | None = None,
) -> InvoiceId:
    """Add an invoice that is owed; a number that the client has already is refused."""
    due_on = _known_day(due_on)
    check_invoice(number, issued_on, due_on, amount_minor, currency)
    check_clients(work, [client_id])
    known = work.session.get(
        Invoice, Invoice.work_out_id({"client_id": client_id, "number": number})
    )
    if known is not None and not known.is_deleted:
        raise UserError(
            tr("The client has an invoice {number} already.", number=known.number),
            tr("Check the number, or edit the invoice that is there."),
        )
    figures = InvoiceFigures(client_id, number, due_on, amount_minor, currency, issued_on)
    record_invoices(work, [figures])
    return InvoiceId(Invoice.work_out_id({"client_id": client_id, "number": number}))


@command("invoices.edit", "Edit invoice")
def edit_invoice(work: Work, /, invoice_id: InvoiceId, **changes: Unpack[InvoiceChanges]) -> None:
    """Put right what was written down of an invoice; its number stays."""
    invoice = work.get(Invoice, invoice_id)
    if "due_on" in changes:
        _known_day(changes["due_on"])
    for key, value in changes.items():
        setattr(invoice, key, value)
    check_invoice(
        invoice.number, invoice.issued_on, invoice.due_on, invoice.amount_minor, invoice.currency
    )


@command("invoices.pay", "Note payment")
def pay_invoice(work: Work, invoice_id: InvoiceId, *, on: date | None = None) -> None:
    """Note that an invoice was paid, today or on a day."""
    today = day_of(work.now)
    _check_payment(on, today)
    work.get(Invoice, invoice_id).settle(InvoiceState.PAID, on or today)


@command("invoices.cancel", "Cancel invoice")
def cancel_invoice(work: Work, invoice_id: InvoiceId) -> None:
    """Note that nothing is owed on an invoice any more."""
    work.get(Invoice, invoice_id).settle(InvoiceState.CANCELLED)


@command("invoices.reopen", "Reopen invoice")
def reopen_invoice(work: Work, invoice_id: InvoiceId) -> None:
    """Note that an invoice is owed after all."""
    work.get(Invoice, invoice_id).settle(InvoiceState.OPEN)


@command("invoices.delete", "Delete invoice")
def delete_invoice(work: Work, invoice_id: InvoiceId) -> None:
    """Delete an invoice that was recorded by mistake."""
    work.delete(work.get(Invoice, invoice_id))


def _known_day(due_on: date | None) -> date:
    if due_on is None:
        raise UserError(tr("Until when is the invoice to be paid?"), tr("Enter the day."))
    return due_on


def _check_payment(day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise UserError(tr("That day has not come yet."), tr("Enter today or an earlier day."))


def _change(work: Work, invoice: Invoice, row: dict[str, Any]) -> bool:
    """Set what differs; tells whether anything did."""
    if invoice.is_deleted:
        work.restore(invoice)
    differing = {key: value for key, value in row.items() if getattr(invoice, key) != value}
    # Another spelling of its number is the same invoice.
    differing.pop("number", None)
    for key, value in differing.items():
        setattr(invoice, key, value)
    return bool(differing)
