"""Takes a feed in: reads it, finds its clients, and writes what is new in one step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.commands import DepartureFigures, record_departures
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.feeds.clients import find_clients
from deskcrm.domain.feeds.formats import (
    departure_line,
    invoice_line,
    read_departures,
    read_invoices,
    read_usage,
    usage_line,
)
from deskcrm.domain.feeds.reading import Cells, Read, Reject, Taken, settle
from deskcrm.domain.invoices.commands import InvoiceFigures, record_invoices
from deskcrm.domain.names import fold
from deskcrm.domain.recorded import Recorded
from deskcrm.domain.usage.commands import UsageFigure, record_usage
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store


class Feed(StrEnum):
    """What a feed tells."""

    USAGE = "usage"
    INVOICES = "invoices"
    DEPARTURES = "departures"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a feed; new, changed, same and rejected are all that was read."""

    read: int
    new: int
    changed: int
    same: int
    rejected: int
    rejects: tuple[Reject, ...]
    step: int | None
    """The step that undo takes back; None where nothing was written."""


def take_feed(store: Store, lines: Iterable[str], kind: Feed) -> Report:
    """Take in every line that can be taken, all in one step; read again, it changes nothing."""
    shape = SHAPES[kind]
    today = store.ask(lambda db: day_of(db.now))
    read = shape.read(lines, today + timedelta(days=shape.days_ahead))
    found = store.ask(_with_clients, read, shape)
    rows = [one.row for one in found.taken]
    done = store.do(shape.command, rows) if rows else None
    came = done.value if done is not None else Recorded()
    return Report(
        read=read.lines,
        new=came.new,
        changed=came.changed,
        same=came.same + read.repeated + found.repeated,
        rejected=len(found.rejects),
        rejects=found.rejects,
        step=done.step if done is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """How a feed is read and written: rows of a class, told apart by some of their columns."""

    read: Callable[[Iterable[str], date], Read[Any]]
    line: Callable[[Cells, date], Any]
    """Makes a line of its cells."""
    make: Callable[..., Any]
    command: Any
    key: tuple[str, ...]
    days_ahead: int = 0

    def figure(self, line: Any, client_id: ClientId) -> Any:
        """Give what a line says of a client, as it is written."""
        values = {field.name: getattr(line, field.name) for field in fields(line)}
        del values["client"]
        return self.make(client_id=client_id, **values)

    def key_of(self, figure: Any) -> tuple[object, ...]:
        """Give what tells figures apart, in any spelling."""
        values = (getattr(figure, column) for column in self.key)
        return tuple(fold(value) if isinstance(value, str) else value for value in values)


SHAPES: Final[dict[Feed, Shape]] = {
    # The day of a client further east has begun already.
    Feed.USAGE: Shape(
        read_usage, usage_line, UsageFigure, record_usage, ("client_id", "metric", "day"),
        days_ahead=1,
    ),
    Feed.INVOICES: Shape(
        read_invoices, invoice_line, InvoiceFigures, record_invoices, ("client_id", "number")
    ),
    Feed.DEPARTURES: Shape(
        read_departures, departure_line, DepartureFigures, record_departures, ("client_id",)
    ),
}  # fmt: skip


def _with_clients(db: Reader, read: Read[Any], shape: Shape) -> Read[Any]:
    """Give the rows with the clients that they speak of; who is told of twice is one."""
    clients = find_clients(db, {one.row.client for one in read.taken})
    days = known_days(db) if shape.make is DepartureFigures else {}
    found: list[Taken[Any]] = []
    rejects = list(read.rejects)
    for one in read.taken:
        client = clients[one.row.client]
        if isinstance(client, str):
            rejects.append(Reject(one.line, client))
        elif contradicts(one.row, days.get(client)):
            rejects.append(Reject(one.line, tr("The client left before it gave notice.")))
        else:
            found.append(Taken(one.line, shape.figure(one.row, client)))
    return settle(found, shape.key_of, rejects)


Days = tuple[date | None, date | None]


def known_days(db: Reader) -> dict[ClientId, Days]:
    """Give the notice and the last day of those who are leaving, as far as they are noted."""
    return {
        row.client_id: (row.noticed_on, row.left_on)
        for row in list_departures(db)
        if row.id is not None and row.returned_on is None
    }


def contradicts(row: Any, known: Days | None) -> bool:
    """Tell whether a departure is impossible together with what is noted of it."""
    if known is None:
        return False
    noticed_on, left_on = row.noticed_on or known[0], row.left_on or known[1]
    return noticed_on is not None and left_on is not None and left_on < noticed_on
