"""A report over a year of 100,000 tickets: twelve periods of thirty days, and the rows behind one.

The workspace is its own, whatever the number of clients: what counts here is how many tickets.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.lines import Line, line, repeated, timed, timed_in_window
from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.domain.calendars.commands import create_calendar, use_calendar
from deskcrm.domain.clients.model import Client, ClientId, ClientKind
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.report import get_report
from deskcrm.domain.metrics.rows import list_rows
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    Ticket,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.commands import command
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.work import Work

TICKETS: Final = 100_000
CLIENTS: Final = 1_000
DAYS: Final = 359
_KEY: Final = bytes(range(32))
_TICKETS: Final = """SELECT t.id, t.owner_id, t.opened_at, t.state, s.first_reply_at, t.kind,
    t.priority, c.tier, t.line, t.channel, t.scope FROM ticket t
    LEFT JOIN client c ON c.id = t.client_id LEFT JOIN ticket_standing s ON s.ticket_id = t.id
    WHERE t.is_deleted = 0"""
_MOVES: Final = """SELECT ticket_id, happened_at, to_state FROM ticket_transition
    WHERE is_deleted = 0 AND to_state <> 'new' ORDER BY ticket_id, happened_at, id"""

Row = dict[str, Any]


def run(clients: int) -> list[Line]:
    """Measure a report of twelve periods, and opening a figure to its rows."""
    with tempfile.TemporaryDirectory(prefix="deskcrm-bench-") as folder:
        store = Store.open(open_sqlite(Path(folder) / "deskcrm.db", _KEY))
        try:
            store.sign_in(new_id())
            store.do(fill_year)
            return _measured(store, clients)
        finally:
            store.close()


@command("bench.fill_year", "Fill a year")
def fill_year(work: Work) -> None:
    """Add the tickets of a year: answered, waited for, solved, one in ten reopened, some open."""
    office = create_calendar(work, name="Office", time_zone="Europe/Moscow")
    use_calendar(work, office)
    ids = [ClientId(new_id()) for _ in range(CLIENTS)]
    named = ({"id": one, "name": f"Client {n}", "kind": ClientKind.COMPANY, "sort_name": f"{n:06}"}
             for n, one in enumerate(ids))  # fmt: skip
    work.insert_many(Client, named)
    tickets = list(_tickets(work, ids))
    work.insert_many(Ticket, tickets)
    work.insert_many(TicketTransition, (row for one in tickets for row in _moves(one)))
    work.insert_many(TicketMessage, (row for one in tickets for row in _words(one)))


def _tickets(work: Work, clients: list[ClientId]) -> Iterator[Row]:
    step = timedelta(days=DAYS) / TICKETS
    people = [new_id() for _ in range(20)]
    for n in range(TICKETS):
        is_open = n < TICKETS // 20
        opened = clock.now() - step * n - timedelta(minutes=1)
        yield {
            "id": new_id(),
            "number": n,
            "subject": f"Ticket {n}",
            "client_id": clients[n % CLIENTS],
            "owner_id": people[n % len(people)],
            "channel": Channel.EMAIL,
            "priority": list(Priority)[n % 4],
            "state": TicketState.OPEN if is_open else TicketState.CLOSED,
            "opened_at": opened,
            "opened_by": work.actor,
            "resolved_at": None if is_open else opened + timedelta(hours=5 + n % 70),
        }


def _moves(ticket: Row) -> Iterator[Row]:
    same = {"ticket_id": ticket["id"], "client_id": ticket["client_id"]}
    same["changed_by"] = ticket["opened_by"]
    at, n = ticket["opened_at"], ticket["number"]
    state = TicketState
    told = [(state.NEW, 0), (state.OPEN, 1)]
    if n % 3 == 0:
        told += [(state.WAITING_ON_CLIENT, 2), (state.OPEN, 4)]
    if ticket["state"] is state.CLOSED:
        told += [(state.RESOLVED, 5 + n % 70)]
        told += [(state.OPEN, 80), (state.RESOLVED, 90)] if n % 10 == 0 else []
        told += [(state.CLOSED, 120)]
    before = None
    for to, hours in told:
        yield {
            **same, "from_state": before, "to_state": to, "happened_at": at + timedelta(hours=hours)
        }  # fmt: skip
        before = to


def _words(ticket: Row) -> Iterator[Row]:
    n = ticket["number"]
    for kind, minutes in ((MessageKind.CLIENT_WORD, 0), (MessageKind.PUBLIC_REPLY, 5 + n % 600)):
        yield {
            "ticket_id": ticket["id"],
            "client_id": ticket["client_id"],
            "kind": kind,
            "text": "It is broken",
            "channel": Channel.EMAIL,
            "sent_at": ticket["opened_at"] + timedelta(minutes=minutes),
        }


def _measured(store: Store, clients: int) -> list[Line]:
    today = clock.now().astimezone().date()
    period = Period(today - timedelta(days=29), today)
    with store.database.readers.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        floor = [timed(partial(_rows, raw)) for _ in range(5)]
    rows = partial(list_rows, metric=Metric.FIRST_RESPONSE, period=period, narrowing=Narrowing(),
                   limit=1_000)  # fmt: skip
    report = store.ask(get_report, period)
    assert sum(figure.n for figure in report.measured[0].trend) == TICKETS
    return [
        line("report of twelve periods, 100,000 tickets", clients,
             [timed_in_window(lambda: store.ask(get_report, period)) for _ in range(5)],
             budget=2_000, at="median", floor=floor),
        line("rows behind one figure of it", clients, repeated(lambda: store.ask(rows), 10),
             budget=500, at="median"),
    ]  # fmt: skip


def _rows(raw: Any) -> int:
    return sum(len(raw.cursor().execute(one).fetchall()) for one in (_TICKETS, _MOVES))
