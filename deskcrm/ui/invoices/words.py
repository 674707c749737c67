"""How an invoice stands, in words."""

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.invoices.model import InvoiceState
from deskcrm.domain.invoices.queries import InvoiceRow
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone


def invoice_chip(row: InvoiceRow) -> Chip:
    """Say where an invoice stands, and for how long it is late."""
    if row.state is InvoiceState.PAID and row.paid_on is not None:
        return Chip(tr("Paid {day}", day=dates.due(row.paid_on)), Tone.OK, "check")
    if row.state is not InvoiceState.OPEN:
        return Chip(of(row.state), Tone.NEUTRAL, "close")
    return Chip(_until(row), Tone.DANGER if row.days_late else Tone.NEUTRAL, "clock")


def owed_words(row: InvoiceRow) -> str:
    """Say what is owed and until when, in a line."""
    return " · ".join((dates.money(row.amount_minor, row.currency), _until(row)))


def late_words(row: InvoiceRow) -> str:
    """Say that a paid one was paid late; nothing where it was not."""
    if row.state is not InvoiceState.PAID or not row.days_late:
        return ""
    return ntr("{n} day late", "{n} days late", row.days_late)


def _until(row: InvoiceRow) -> str:
    if row.days_late:
        return ntr("Overdue by {n} day", "Overdue by {n} days", row.days_late)
    return tr("Due {day}", day=dates.due(row.due_on))
