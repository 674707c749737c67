"""Plans and writes rows of figures: usage, invoices and departures, as their feeds take them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.commands import DepartureFigures
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.feeds.reading import Cells, Unfit
from deskcrm.domain.feeds.taking import SHAPES, Feed, Shape, contradicts
from deskcrm.domain.imports.fields import ImportField, Target, label_of
from deskcrm.domain.imports.matching import Known
from deskcrm.domain.imports.plan import Fate, FieldChange, Mode, Plan, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.domain.imports.whom import begin
from deskcrm.domain.invoices.commands import InvoiceFigures
from deskcrm.domain.invoices.model import Invoice, InvoiceState
from deskcrm.domain.usage.commands import UsageFigure
from deskcrm.domain.usage.model import DAYS, UsageWeek
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

F = ImportField
Figures = dict[tuple[object, ...], Any]
"""What is there, by what tells it apart."""
FEEDS: Final = {
    Target.USAGE: Feed.USAGE, Target.INVOICES: Feed.INVOICES, Target.DEPARTURES: Feed.DEPARTURES,
}  # fmt: skip
_AT_ONCE: Final = 5_000
_NEEDED: Final = {
    Target.USAGE: (F.METRIC, F.DAY, F.AMOUNT_USED),
    Target.INVOICES: (F.INVOICE_NUMBER, F.DUE_ON, F.VALUE),
    Target.DEPARTURES: (),
}
_CELLS: Final = {
    Target.USAGE: {
        F.METRIC: "metric", F.PRODUCT: "product", F.DAY: "day", F.AMOUNT_USED: "value",
        F.DAILY_LIMIT: "limit",
    },
    Target.INVOICES: {
        F.INVOICE_NUMBER: "number", F.ISSUED_ON: "issued", F.DUE_ON: "due", F.PAID_ON: "paid",
        F.INVOICE_STATE: "status",
    },
    Target.DEPARTURES: {
        F.GAVE_NOTICE_ON: "noticed", F.LEFT_ON: "left", F.REASON_FOR_LEAVING: "reason",
        F.IN_THEIR_WORDS: "words", F.COMPETITOR: "competitor",
    },
}  # fmt: skip
"""By field of an import: the column of the feed."""
_FIELDS: Final = {
    "value": F.AMOUNT_USED, "ceiling": F.DAILY_LIMIT, "issued_on": F.ISSUED_ON, "due_on": F.DUE_ON,
    "paid_on": F.PAID_ON, "amount_minor": F.VALUE, "currency": F.CURRENCY,
    "is_cancelled": F.INVOICE_STATE, "noticed_on": F.GAVE_NOTICE_ON, "left_on": F.LEFT_ON,
    "reason": F.REASON_FOR_LEAVING, "words": F.IN_THEIR_WORDS, "competitor": F.COMPETITOR,
}  # fmt: skip
"""By column of a figure: the field that it is told under."""


class FigurePlanner:
    """Plans row after row; a figure that is known is told, one that differs is a change."""

    def __init__(self, db: Reader, known: Known, wish: Wish) -> None:
        self._known, self._wish = known, wish
        self._shape: Shape = SHAPES[FEEDS[wish.target]]
        self._until = day_of(db.now) + timedelta(days=self._shape.days_ahead)
        self._there = _THERE[wish.target](db, self._shape, list(known.titles))
        self._seen: dict[tuple[object, ...], tuple[int, Any]] = {}

    def plan(self, row: Prepared) -> RowPlan:
        """Say what comes of a row."""
        plan, client = begin(self._known, self._wish, row)
        if client is None:
            return plan
        missing = [key for key in _NEEDED[self._wish.target] if key not in row.values]
        if missing:
            plan.why = tr("“{field}” is empty", field=label_of(missing[0], {}))
            return plan
        try:
            line = self._shape.line(cells_of(row, self._wish.target), self._until)
        except Unfit as unfit:
            plan.why = str(unfit)
            return plan
        plan.figure = self._shape.figure(line, ClientId(client))
        self._decide(plan, self._shape.key_of(plan.figure))
        return plan

    def _decide(self, plan: RowPlan, key: tuple[object, ...]) -> None:
        number, earlier = self._seen.get(key, (0, None))
        there = self._there.get(key)
        changes = [] if there is None else differing(there, plan.figure)
        if earlier is not None:
            plan.fate, plan.why = Fate.CONFLICT, tr("line {n} says otherwise", n=number)
            if earlier == plan.figure:
                plan.fate, plan.why = Fate.DUPLICATE, tr("line {n} says it already", n=number)
        elif there is None and self._wish.mode is Mode.UPDATE:
            plan.why = tr("nothing like this is there to be changed")
        elif isinstance(plan.figure, DepartureFigures) and contradicts(
            plan.figure, None if there is None else (there.noticed_on, there.left_on)
        ):
            plan.why = tr("The client left before it gave notice.")
        elif there is not None and (self._wish.mode is Mode.CREATE or not changes):
            plan.fate, plan.why = Fate.DUPLICATE, tr("it is there already")
        else:
            plan.fate = Fate.NEW if there is None else Fate.CHANGED
            plan.changes = tuple(changes)
        self._seen.setdefault(key, (plan.number, plan.figure))


def cells_of(row: Prepared, target: Target) -> Cells:
    """Give a row as the cells of its feed."""
    cells = {"client": row.name or "?"}  # whose it is was found by then, whatever it was named by
    for key, column in _CELLS[target].items():
        if key in row.values:
            cells[column] = _written(row.values[key])
    if target is Target.INVOICES:
        minor, currency = row.values[F.VALUE]
        cells["amount"] = str(Decimal(minor) / 100)
        cells["currency"] = currency or row.values.get(F.CURRENCY, "RUB")
    return cells


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def differing(before: Any, after: Any) -> list[FieldChange]:
    """Say what a figure would change; what it does not know stays as it is."""
    found = []
    for column, key in _FIELDS.items():
        old, new = getattr(before, column, None), getattr(after, column, None)
        if old != new and (new or isinstance(after, InvoiceFigures) or new == 0):
            found.append(FieldChange(key, _said(column, old), _said(column, new)))
    return found


def _said(column: str, value: Any) -> str:
    if column == "is_cancelled":
        return words.of(InvoiceState.CANCELLED if value else InvoiceState.OPEN)
    if column == "amount_minor":
        return f"{value / 100:.2f}"
    if isinstance(value, float):
        return f"{value:g}"
    return words.of(value) if hasattr(value, "name") else str(value or "")


def _usage_there(db: Reader, shape: Shape, clients: Sequence[UUID]) -> Figures:
    found: Figures = {}
    columns = [getattr(UsageWeek, day) for day in DAYS]
    u = UsageWeek
    for some in in_chunks(clients):
        weeks = select(u.client_id, u.metric, u.week_on, u.ceiling, *columns)
        for client_id, metric, week_on, ceiling, *days in db.all(
            weeks.where(u.client_id.in_(some), ~u.is_deleted)
        ):
            for place, value in enumerate(days):
                if value is not None:
                    day = week_on + timedelta(days=place)
                    figure = UsageFigure(client_id, metric, day, value, ceiling)
                    found[shape.key_of(figure)] = figure
    return found


def _invoices_there(db: Reader, shape: Shape, clients: Sequence[UUID]) -> Figures:
    found: Figures = {}
    i = Invoice
    columns = (i.client_id, i.number, i.due_on, i.amount_minor, i.currency, i.issued_on, i.paid_on)
    for some in in_chunks(clients):
        there = select(*columns, i.state).where(i.client_id.in_(some), ~i.is_deleted)
        for row in db.all(there):
            is_cancelled = row.state is InvoiceState.CANCELLED
            figure = InvoiceFigures(
                row.client_id, row.number, row.due_on, row.amount_minor, row.currency,
                row.issued_on, row.paid_on, is_cancelled,
            )  # fmt: skip
            found[shape.key_of(figure)] = figure
    return found


def _departures_there(db: Reader, shape: Shape, _clients: Sequence[UUID]) -> Figures:
    figures = [
        DepartureFigures(
            row.client_id, row.noticed_on, row.left_on, row.reason, row.words, row.competitor
        )
        for row in list_departures(db)
        if row.id is not None and row.returned_on is None
    ]
    return {shape.key_of(one): one for one in figures}


_THERE: Final[Mapping[Target, Callable[[Reader, Shape, Sequence[UUID]], Figures]]] = {
    Target.USAGE: _usage_there,
    Target.INVOICES: _invoices_there,
    Target.DEPARTURES: _departures_there,
}


def write_figures(work: Work, plan: Plan, job: Job) -> None:
    """Write what is new and what differs, as the feed would."""
    record = SHAPES[FEEDS[plan.wish.target]].command
    rows = [row.figure for row in plan.rows if row.fate in (Fate.NEW, Fate.CHANGED)]
    done = 0
    for some in in_chunks(rows, _AT_ONCE):
        job.progress(done, len(rows), tr("Writing"))
        record(work, some)
        done += len(some)
