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
from deskcrm.domain.feeds.formats import read_departures, read_invoices, read_usage
from deskcrm.domain.feeds.reading import Read, Reject, Taken, settle
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
    shape = _SHAPES[kind]
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
class _Shape:
    """How a feed is read and written: rows of a class, told apart by some of their columns."""

    read: Callable[[Iterable[str], date], Read[Any]]
    make: Callable[..., Any]
    command: Any
    key: tuple[str, ...]
    days_ahead: int = 0


_SHAPES: Final[dict[Feed, _Shape]] = {
    # The day of a client further east has begun already.
    Feed.USAGE: _Shape(
        read_usage, UsageFigure, record_usage, ("client_id", "metric", "day"), days_ahead=1
    ),
    Feed.INVOICES: _Shape(read_invoices, InvoiceFigures, record_invoices, ("client_id", "number")),
    Feed.DEPARTURES: _Shape(read_departures, DepartureFigures, record_departures, ("client_id",)),
}


def _with_clients(db: Reader, read: Read[Any], shape: _Shape) -> Read[Any]:
    """Give the rows with the clients that they speak of; who is told of twice is one."""
    clients = find_clients(db, {one.row.client for one in read.taken})
    days = _known_days(db) if shape.make is DepartureFigures else {}
    found: list[Taken[Any]] = []
    rejects = list(read.rejects)
    for one in read.taken:
        client = clients[one.row.client]
        if isinstance(client, str):
            rejects.append(Reject(one.line, client))
        elif _contradicts(one.row, days.get(client)):
            rejects.append(Reject(one.line, tr("The client left before it gave notice.")))
        else:
            values = {field.name: getattr(one.row, field.name) for field in fields(one.row)}
            del values["client"]
            found.append(Taken(one.line, shape.make(client_id=client, **values)))
    return settle(found, lambda row: _key(row, shape), rejects)


def _key(row: Any, shape: _Shape) -> tuple[object, ...]:
    values = (getattr(row, column) for column in shape.key)
    return tuple(fold(value) if isinstance(value, str) else value for value in values)


Days = tuple[date | None, date | None]


def _known_days(db: Reader) -> dict[ClientId, Days]:
    """Give the notice and the last day of those who are leaving, as far as they are noted."""
    return {
        row.client_id: (row.noticed_on, row.left_on)
        for row in list_departures(db)
        if row.id is not None and row.returned_on is None
    }


def _contradicts(row: Any, known: Days | None) -> bool:
    """Tell whether a departure is impossible together with what is noted of it."""
    if known is None:
        return False
    noticed_on, left_on = row.noticed_on or known[0], row.left_on or known[1]
    return noticed_on is not None and left_on is not None and left_on < noticed_on
