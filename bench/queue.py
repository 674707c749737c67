"""The queue of a support desk: 5,000 open tickets of 100,000, their order, deadlines and alerts.

The workspace is its own, whatever the number of clients: what counts here is how many are open.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.lines import Line, line, repeated, timed
from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.domain.calendars.commands import create_calendar
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.queue.next import get_next
from deskcrm.domain.sla.cases import Rulebook, read_cases
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.sla.queries import scan_deadlines
from deskcrm.domain.tickets.model import (
    IS_OPEN,
    MessageKind,
    Priority,
    Ticket,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.queries import count_tickets, get_ticket_counts, page_tickets
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.alerts import list_nearly_due, list_waiting_vips
from deskcrm.domain.today.queries import AT_MOST
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.commands import command
from deskcrm.store.engine import open_sqlite
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.work import Work

TICKETS: Final = 100_000
OPEN: Final = 5_000
CLIENTS: Final = 1_000
WORDS: Final = 4
"""So many words stand in the thread of an open ticket, the client's and ours in turn."""
_KEY: Final = bytes(range(32))
_ASKED: Final = Filter().also("is_open", Comparison.IS, True)

_QUEUE: Final = """SELECT t.* FROM ticket_deadline d JOIN ticket t ON t.id = d.ticket_id
    ORDER BY d.due_at, d.ticket_id LIMIT 200"""
_OPEN: Final = """SELECT t.owner_id, s.*, d.* FROM ticket t
    JOIN ticket_standing s ON s.ticket_id = t.id JOIN ticket_deadline d ON d.ticket_id = t.id
    WHERE t.is_deleted = 0 AND t.state NOT IN ('resolved', 'closed')"""
_OPEN_SQL: Final = "t.is_deleted = 0 AND t.state NOT IN ('resolved', 'closed')"
_IMPORTANT: Final = f"""SELECT t.* FROM ticket t JOIN client c ON c.id = t.client_id
    WHERE {_OPEN_SQL} ORDER BY t.priority, c.tier, t.opened_at LIMIT 200"""
_NEXT: Final = f"""SELECT t.id FROM ticket t JOIN client c ON c.id = t.client_id
    JOIN ticket_deadline d ON d.ticket_id = t.id JOIN ticket_standing s ON s.ticket_id = t.id
    WHERE {_OPEN_SQL} ORDER BY t.priority, c.tier, d.due_at, s.waiting_since LIMIT 1"""
_LOGS: Final = """SELECT m.* FROM ticket_message m JOIN ticket t ON t.id = m.ticket_id
    WHERE t.is_deleted = 0 AND t.state NOT IN ('resolved', 'closed')"""

Row = dict[str, Any]


def run(clients: int) -> list[Line]:
    """Measure opening the queue by deadline, and looking over all open tickets."""
    with tempfile.TemporaryDirectory(prefix="deskcrm-bench-") as folder:
        store = Store.open(open_sqlite(Path(folder) / "deskcrm.db", _KEY))
        try:
            store.sign_in(new_id())
            store.do(fill_queue)
            return _measured(store, clients)
        finally:
            store.close()


@command("bench.fill_queue", "Fill the queue")
def fill_queue(work: Work) -> None:
    """Add the tickets, with a calendar and policies to go by."""
    office = create_calendar(work, name="Office", time_zone="Europe/Moscow")
    for priority, minutes in ((Priority.URGENT, 30), (Priority.HIGH, 60)):
        create_policy(
            work, name=priority, priorities=[priority], first_response_minutes=minutes,
            calendar_id=office,
        )  # fmt: skip
    create_policy(work, name="All", resolution_minutes=2_400, calendar_id=office)
    ids = [ClientId(new_id()) for _ in range(CLIENTS)]
    named = ({"id": one, "name": f"Client {n}", "kind": ClientKind.COMPANY, "sort_name": f"{n:06}",
              "tier": list(Tier)[n % len(Tier)]}
             for n, one in enumerate(ids))  # fmt: skip
    work.insert_many(Client, named)
    tickets = list(_tickets(work, ids))
    work.insert_many(Ticket, tickets)
    work.insert_many(TicketTransition, (row for one in tickets for row in _moves(one)))
    work.insert_many(TicketMessage, (row for one in tickets for row in _words(one)))


def _tickets(work: Work, clients: list[ClientId]) -> Iterator[Row]:
    states = (TicketState.NEW, TicketState.OPEN, TicketState.OPEN, TicketState.WAITING_ON_CLIENT)
    for n in range(TICKETS):
        yield {
            "id": new_id(),
            "number": n,
            "subject": f"Ticket {n}",
            "client_id": clients[n % CLIENTS],
            "channel": Channel.EMAIL,
            "priority": list(Priority)[n % 4],
            "state": states[n // 4 % 4] if n < OPEN else TicketState.CLOSED,
            "opened_at": clock.now() - timedelta(minutes=7 * (n % OPEN) + 60),
            "opened_by": work.actor,
        }


def _moves(ticket: Row) -> Iterator[Row]:
    same = {"ticket_id": ticket["id"], "client_id": ticket["client_id"]}
    same["changed_by"] = ticket["opened_by"]
    at, state = ticket["opened_at"], ticket["state"]
    yield {**same, "to_state": TicketState.NEW, "happened_at": at}
    if state is not TicketState.NEW:
        move = {"from_state": TicketState.NEW, "to_state": state}
        yield {**same, **move, "happened_at": at + timedelta(minutes=40)}


def _words(ticket: Row) -> Iterator[Row]:
    for n in range(WORDS if ticket["state"].is_open else 1):
        yield {
            "ticket_id": ticket["id"],
            "client_id": ticket["client_id"],
            "kind": MessageKind.PUBLIC_REPLY if n % 2 else MessageKind.CLIENT_WORD,
            "text": "We look into it" if n % 2 else "It is broken",
            "channel": Channel.EMAIL,
            "sent_at": ticket["opened_at"] + timedelta(minutes=10 * n),
        }


def _measured(store: Store, clients: int) -> list[Line]:
    asked = partial(store.ask, page_tickets, sort="due_at", descending=False, asked=_ASKED)
    with store.database.readers.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        queue = partial(_rows, raw, _QUEUE)
        logs = partial(_rows, raw, _LOGS)
        queue_floor = [timed(queue) for _ in range(100)]
        open_floor = [timed(partial(_rows, raw, _OPEN)) for _ in range(20)]
        important_floor = [timed(partial(_rows, raw, _IMPORTANT)) for _ in range(100)]
        next_floor = [timed(partial(_rows, raw, _NEXT)) for _ in range(100)]
        logs_floor = [timed(logs) for _ in range(10)]
    important = partial(asked, sort="importance", descending=True)
    assert len(store.ask(_all_promised)) == OPEN
    return [
        line("queue by deadline, 5,000 open", clients, repeated(asked, 200), budget=100,
             floor=queue_floor),
        line("queue by importance", clients, repeated(important, 200), budget=100,
             floor=important_floor),
        line("the board by state, 4 open columns", clients,
             repeated(lambda: store.ask(_board), 100), budget=200, floor=queue_floor),
        line("the ticket that comes next", clients, repeated(lambda: store.ask(get_next), 200),
             budget=50, floor=next_floor),
        line("alerts: VIPs and near deadlines", clients, repeated(lambda: store.ask(_alerts), 100),
             budget=1_000, floor=queue_floor),
        line("scan for what is late", clients, repeated(lambda: store.ask(scan_deadlines), 100),
             budget=1_000, floor=queue_floor),
        line("counters of the four alarms", clients,
             repeated(lambda: store.ask(get_ticket_counts), 100), budget=100, floor=open_floor),
        line("all deadlines from the log", clients, repeated(lambda: store.ask(_all_promised), 10),
             budget=1_000, floor=logs_floor),
    ]  # fmt: skip


def _board(db: Reader) -> int:
    """Count what stands in each column, and give what is seen of it first."""
    shown = 0
    for state in (one for one in TicketState if one.is_open):
        asked = _ASKED.also("state", Comparison.IS, state.value)
        shown += count_tickets(db, asked=asked)
        page_tickets(db, sort="due_at", descending=False, asked=asked)
    assert shown == OPEN
    return shown


def _all_promised(db: Reader) -> list[Any]:
    book = Rulebook(db.connection)
    return [book.promise_to_come(case) for case in read_cases(db.connection, IS_OPEN)]


def _alerts(db: Reader) -> int:
    limit = AT_MOST + 1
    return len(list_waiting_vips(db, limit=limit)) + len(list_nearly_due(db, limit=limit))


def _rows(raw: Any, statement: str) -> Any:
    return raw.cursor().execute(statement).fetchall()
