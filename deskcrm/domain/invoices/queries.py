"""Answers about invoices: what a client was billed, and what is late."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.invoices.model import Invoice, InvoiceId, InvoiceState
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice, and how late it is or was paid as of the day that was asked about."""

    id: InvoiceId
    client_id: ClientId
    number: str
    issued_on: date | None
    due_on: date
    paid_on: date | None
    amount_minor: int
    currency: str
    state: InvoiceState
    days_late: int
    """Days after the one it was due: until it was paid, or until the day that was asked about."""


def list_invoices(db: Reader, client_id: ClientId) -> list[InvoiceRow]:
    """List a client's invoices, the latest due first."""
    rows = db.all(_rows().where(Invoice.client_id == client_id).order_by(Invoice.due_on.desc()))
    return [_row(row, day_of(db.now)) for row in rows]


def list_late_invoices(
    db: Reader,
    *,
    on: date | None = None,
    days: int = 1,
    client_id: ClientId | None = None,
    recorded_by: datetime | None = None,
) -> list[InvoiceRow]:
    """List what was owed on a day and so many days late, the latest first.

    What was paid later was owed then; ``recorded_by`` leaves out what was not known by then.
    """
    today = on or day_of(db.now)
    statement = (
        _rows()
        .join(Client, Client.id == Invoice.client_id)
        .where(~Client.is_deleted, Invoice.due_on < today)
        .where(or_(Invoice.state == InvoiceState.OPEN, Invoice.paid_on > today))
        .order_by(Invoice.due_on, Invoice.number)
    )
    if client_id is not None:
        statement = statement.where(Invoice.client_id == client_id)
    if recorded_by is not None:
        statement = statement.where(Invoice.created_at <= recorded_by)
    rows = [_row(row, today) for row in db.all(statement)]
    return [row for row in rows if row.days_late >= days]


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Invoice.id,
        Invoice.client_id,
        Invoice.number,
        Invoice.issued_on,
        Invoice.due_on,
        Invoice.paid_on,
        Invoice.amount_minor,
        Invoice.currency,
        Invoice.state,
    ).where(~Invoice.is_deleted)


def _row(row: Any, on: date) -> InvoiceRow:
    is_owed = row.state is InvoiceState.OPEN or (row.paid_on is not None and row.paid_on > on)
    until = on if is_owed else row.paid_on
    late = max((until - row.due_on).days, 0) if until is not None else 0
    return InvoiceRow(**row._asdict(), days_late=late)
