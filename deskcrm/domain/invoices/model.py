"""The table of invoices."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold, one_line
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers

InvoiceId = NewType("InvoiceId", UUID)


class InvoiceState(StrEnum):
    """Where an invoice stands. That it is late is not a state: it follows from the dates."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


def merge_states(mine: InvoiceState, theirs: InvoiceState) -> InvoiceState:
    """Decide between two set without knowledge of one another: what was paid is paid."""
    order = (InvoiceState.PAID, InvoiceState.CANCELLED, InvoiceState.OPEN)
    return min(mine, theirs, key=order.index)


class Invoice(Record, kw_only=True):
    """What a client was billed; the same number from the same client is the same invoice."""

    __tablename__ = "invoice"
    __subject__ = "client_id"
    __title__ = "number"
    __table_args__ = (
        Index(None, "client_id", "due_on"),
        index_where(
            "ix_invoice_open_by_due",
            "due_on",
            "client_id",
            where="is_deleted = 0 AND state = 'open'",
            postgres="NOT is_deleted AND state = 'open'",
        ),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    number: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    issued_on: Mapped[date | None] = mapped_column(default=None)
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(default=0, info=merges(Merge.REGISTER, group="value"))
    currency: Mapped[str] = mapped_column(default="RUB", info=merges(Merge.REGISTER, group="value"))
    state: Mapped[InvoiceState] = mapped_column(
        default=InvoiceState.OPEN,
        info={**merges(Merge.STATE, group="state"), "rule": merge_states},
    )
    paid_on: Mapped[date | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="state")
    )

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of a client's invoice of this number, in any spelling."""
        return meant_id("invoice", values["client_id"], fold(values["number"]))

    def __post_init__(self) -> None:
        self.number = one_line(self.number)
        check_invoice(self.number, self.issued_on, self.due_on, self.amount_minor, self.currency)

    def settle(self, state: InvoiceState, on: date | None = None) -> None:
        """Say what became of it; ``on`` is the day of the payment."""
        if self.state is state:
            raise UserError(
                tr("Invoice {number} stands like that already.", number=self.number),
                tr("Nothing was changed."),
            )
        self.state, self.paid_on = state, on if state is InvoiceState.PAID else None


def check_invoice(
    number: str, issued_on: date | None, due_on: date, amount_minor: int, currency: str
) -> None:
    """Refuse, in words, what cannot be an invoice."""
    if not one_line(number):
        raise UserError(tr("An invoice needs its number."), tr("It is told apart by it."))
    if issued_on is not None and due_on < issued_on:
        raise UserError(
            tr("Invoice {number} is due before it was issued.", number=number),
            tr("Check the two dates."),
        )
    if amount_minor < 0:
        raise UserError(
            tr("Invoice {number} is for less than nothing.", number=number),
            tr("Enter the amount as a positive number."),
        )
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise UserError(
            tr("“{currency}” is not a currency.", currency=currency),
            tr("Use the three-letter code, such as RUB or EUR."),
        )
