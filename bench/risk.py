"""Scores of a whole book in the background, of one client that was touched, and the Risk screen.

The floor is what bare SQLite needs to read the same clients' talks, tickets and words by the same
indexes, and to do nothing with them.
"""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from bench.lines import Line, line, rate, repeated, timed
from bench.workspace import busy_client, open_workspace
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.risk.queries import count_risk, page_risk
from deskcrm.domain.risk.rounds import AT_ONCE, evaluate_books
from deskcrm.domain.risk.scoring import make_all_stale, score_clients, score_stale
from deskcrm.domain.risk.signals import list_customers
from deskcrm.store import raw
from deskcrm.store.store import Store

_TABLES: Final = (
    "SELECT started_at, direction, outcome FROM interaction WHERE client_id IN {ids}",
    """SELECT sent_at FROM ticket_message WHERE client_id IN {ids}
        AND is_deleted = 0 AND kind <> 'internal_note'""",
    "SELECT happened_at, to_state FROM ticket_transition WHERE client_id IN {ids}",
    "SELECT opened_at, kind, state FROM ticket WHERE client_id IN {ids}",
    "SELECT decision_on, status FROM contract WHERE client_id IN {ids}",
    "SELECT due_on, state FROM promise WHERE client_id IN {ids}",
    "SELECT role, status FROM contact WHERE client_id IN {ids}",
)
A_MONTH: Final = timedelta(days=30)


def run(clients: int) -> list[Line]:
    """Measure a round over everybody, a touched client, and what the screen asks."""
    with open_workspace(clients) as store:
        everybody = store.ask(list_customers)
        chosen = random.Random(1).sample(everybody, min(300, len(everybody)))
        return [
            *_one(store, clients, chosen),
            *_all(store, clients, everybody),
            _back(store, clients, chosen),
            *_screen(store, clients),
        ]


def _one(store: Store, clients: int, chosen: Sequence[ClientId]) -> list[Line]:
    store.ask(score_clients, chosen[:5])
    took = [timed(partial(store.ask, score_clients, [one])) for one in chosen]
    floor = [timed(partial(store.ask, _bare, [one])) for one in chosen]
    busy = busy_client(store)
    return [
        line("score one touched client", clients, took, budget=5, at="median", floor=floor),
        line("the same with 10,000 interactions", clients,
             repeated(lambda: store.ask(score_clients, [busy]), 20), budget=50),
    ]  # fmt: skip


def _all(store: Store, clients: int, everybody: Sequence[ClientId]) -> list[Line]:
    store.do(make_all_stale)
    breaths: list[float] = []
    begun = time.perf_counter()
    while True:
        start = time.perf_counter()
        if not store.do(score_stale, limit=AT_ONCE).value:
            break
        breaths.append((time.perf_counter() - start) * 1_000)
    took = time.perf_counter() - begun
    some = [everybody[at : at + AT_ONCE] for at in range(0, min(len(everybody), 5_000), AT_ONCE)]
    floor = [timed(partial(store.ask, _bare, one)) for one in some]
    judged = repeated(lambda: evaluate_books(store), 3)
    return [
        line("score all: one breath, 100 clients", clients, breaths, budget=100, floor=floor),
        rate("score all, kept", len(everybody), took * 1_000, goal=10_000),
        line("judge every book", clients, judged, budget=1_000),
    ]


def _back(store: Store, clients: int, chosen: Sequence[ClientId]) -> Line:
    moment = store.clock() - A_MONTH
    took = repeated(lambda: store.ask(score_clients, chosen, moment=moment), 5)
    floor = repeated(lambda: store.ask(score_clients, chosen), 5)
    return line("300 clients as of a month ago; floor: now", clients, took, floor=floor)


def _screen(store: Store, clients: int) -> list[Line]:
    def load() -> None:
        store.ask(count_risk)
        store.ask(page_risk, limit=200)

    return [line("Risk opens", clients, repeated(load, 40), budget=100)]


def _bare(db: Any, ids: Sequence[ClientId]) -> None:
    marks = f"({','.join('?' * len(ids))})"
    connection: Connection = db.connection
    for statement in _TABLES:
        raw.fetch(connection, statement.replace("{ids}", marks), [one.bytes for one in ids])
