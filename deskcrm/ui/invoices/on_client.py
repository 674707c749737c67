"""A client's invoices on its page: all that is owed, and the last that were settled."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.invoices.commands import (
    cancel_invoice,
    delete_invoice,
    pay_invoice,
    reopen_invoice,
)
from deskcrm.domain.invoices.model import InvoiceState
from deskcrm.domain.invoices.queries import InvoiceRow
from deskcrm.ui.invoices.cards import open_edit, open_paid
from deskcrm.ui.invoices.words import invoice_chip, late_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.more_button import Deed, more_button

SETTLED: Final = 2
"""How many of those that are settled are shown before one asks for all."""


def shown_first(invoices: Sequence[InvoiceRow]) -> list[InvoiceRow]:
    """Give what is owed, the latest first, and the last few of the rest."""
    owed = [one for one in reversed(invoices) if one.state is InvoiceState.OPEN]
    return owed + [one for one in invoices if one.state is not InvoiceState.OPEN][:SETTLED]


class InvoicesPart(QWidget):
    """``unfolded`` keeps whose invoices are shown in full, from one reading to the next."""

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        invoices: Sequence[InvoiceRow],
        unfolded: set[ClientId | None],
        client: ClientId | None,
    ) -> None:
        super().__init__()
        self._desk, self._over, self._invoices = desk, over, invoices
        self._unfolded, self._client = unfolded, client
        self._rows = parts.column(spacing=6)
        self.setLayout(self._rows)
        self._show()

    def _show(self) -> None:
        parts.clear(self._rows)
        is_all = self._client in self._unfolded
        shown = list(self._invoices) if is_all else shown_first(self._invoices)
        for row in shown:
            self._rows.addWidget(_invoice(self._desk, self._over, row))
        if len(shown) < len(self._invoices):
            said = tr("Show all {n}", n=len(self._invoices))
            link = parts.button(said, self._unfold, look="link", icon="chevron-down")
            self._rows.addLayout(parts.flush(link))

    def _unfold(self) -> None:
        self._unfolded.add(self._client)
        self._show()


def _invoice(desk: Desk, over: QWidget, row: InvoiceRow) -> QWidget:
    marks = ChipRow()
    marks.set_chips([invoice_chip(row)])
    said = " · ".join((row.number, dates.money(row.amount_minor, row.currency)))
    body = parts.column(parts.label(said, wrap=True), marks, spacing=3)
    late = late_words(row)
    if late:
        body.addWidget(parts.label(late, "faint"))
    line = parts.row(spacing=2, margins=(0, 0, 0, 6))
    line.addLayout(body, 1)
    if row.state is InvoiceState.OPEN:
        paid = partial(_do, desk, pay_invoice, row)
        done = parts.icon_button("check", tr("Paid: {number}", number=row.number), paid)
        line.addLayout(parts.column(done, None))
    more = more_button(tr("More for {what}", what=row.number), _deeds(desk, over, row))
    line.addLayout(parts.column(more, None))
    made = QWidget()
    made.setLayout(line)
    return made


def _deeds(desk: Desk, over: QWidget, row: InvoiceRow) -> list[Deed]:
    found: list[Deed] = []
    if row.state is InvoiceState.OPEN:
        found += [
            (tr("Paid on another day…"), "calendar", partial(open_paid, desk, over, row)),
            (tr("Cancel or write off"), "close", partial(_do, desk, cancel_invoice, row)),
        ]
    else:
        found.append((tr("Owed after all"), "undo", partial(_do, desk, reopen_invoice, row)))
    found += [
        (tr("Edit…"), "edit", partial(open_edit, desk, over, row)),
        (tr("Delete"), "trash", partial(_do, desk, delete_invoice, row)),
    ]
    return found


def _do(desk: Desk, command: Any, row: InvoiceRow) -> None:
    desk.do(command, row.id).tell()
