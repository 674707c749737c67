"""Scores of a whole book in the background, of one client that was touched, and the Risk screen.

The floor is what bare SQLite needs to read the same clients' talks, tickets and words by the same
indexes, and to do nothing with them.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from bench.lines import Line, line, repeated, timed, timed_in_window
from bench.workspace import busy_client, open_workspace
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.queries import page_clients
from deskcrm.domain.interactions.model import CONTACT_SQL
from deskcrm.domain.risk.everybody import (
    AT_ONCE,
    begin_everybody,
    keep_some,
    score_everybody,
    score_some,
)
from deskcrm.domain.risk.queries import count_risk, page_risk
from deskcrm.domain.risk.rounds import evaluate_books
from deskcrm.domain.risk.scoring import score_clients
from deskcrm.domain.risk.signals import list_customers
from deskcrm.domain.tickets.model import HEARD_SQL
from deskcrm.store import raw
from deskcrm.store.store import Store
from deskcrm.store.upsert import in_chunks

TABLES: Final = (
    f"""SELECT started_at FROM interaction WHERE client_id IN {{ids}}
        AND is_deleted = 0 AND {CONTACT_SQL}""",
    f"""SELECT sent_at FROM ticket_message WHERE client_id IN {{ids}}
        AND is_deleted = 0 AND {HEARD_SQL}""",
    "SELECT happened_at, to_state FROM ticket_transition WHERE client_id IN {ids}",
    "SELECT opened_at, kind, state FROM ticket WHERE client_id IN {ids}",
    "SELECT decision_on, status FROM contract WHERE client_id IN {ids}",
    "SELECT due_on, state FROM promise WHERE client_id IN {ids}",
    "SELECT role, status FROM contact WHERE client_id IN {ids}",
)
A_MONTH: Final = timedelta(days=30)
_DAYS: Final = 3


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
    """Score all as on the day after: nearly all moved a little, and what moved enough is kept."""
    _score_all(store)  # what is kept is of today
    clock, floor = store.clock, [_floor(store, everybody) for _ in range(_DAYS)]
    took = []
    for _ in range(_DAYS):
        _move_a_day(store)
        took.append(_score_all(store))
    same = [_score_all(store) for _ in range(_DAYS)]
    _move_a_day(store)
    held = _holding_up(store, everybody)
    judged = repeated(lambda: evaluate_books(store), 3)
    store.clock = clock
    goal = max(len(everybody) / 10, 1_000)  # 10 s for 100,000
    how: dict[str, Any] = {"budget": goal, "floor": floor}
    name = f"score {len(everybody):,} clients"
    return [
        line(f"{name}, a day later", clients, took, at="median", **how),
        line(f"{name}, nothing moved", clients, same, at="median", **how),
        line("– how long a write in it holds up others", clients, held, budget=100),
        line("judge every book", clients, judged, budget=1_000),
    ]


def _move_a_day(store: Store) -> None:
    now = store.clock() + timedelta(days=1)
    store.clock = lambda: now


def _score_all(store: Store) -> float:
    store.do(begin_everybody)
    return timed_in_window(lambda: score_everybody(Job(), store))


def _holding_up(store: Store, everybody: Sequence[ClientId]) -> list[float]:
    begun = store.do(begin_everybody).value
    held = []
    for some in in_chunks(everybody, AT_ONCE):
        moved = store.ask(score_some, some)
        held.append(timed(partial(store.do, keep_some, moved, begun)))
    return held


def _floor(store: Store, everybody: Sequence[ClientId]) -> float:
    pieces = list(in_chunks(everybody, AT_ONCE))
    return timed(lambda: [store.ask(_bare, some) for some in pieces])


def _back(store: Store, clients: int, chosen: Sequence[ClientId]) -> Line:
    moment = store.clock() - A_MONTH
    took = repeated(lambda: store.ask(score_clients, chosen, moment=moment), 5)
    floor = repeated(lambda: store.ask(score_clients, chosen), 5)
    return line("300 clients as of a month ago; floor: now", clients, took, floor=floor)


def _screen(store: Store, clients: int) -> list[Line]:
    def load() -> None:
        store.ask(count_risk)
        store.ask(page_risk, limit=200)

    pages = [
        line(f"clients by health, {name}", clients,
             repeated(partial(store.ask, page_clients, sort="health", offset=offset), 40),
             budget=budget)
        for name, offset, budget in (("the first", 0, 100), ("the last", clients - 200, 50))
    ]  # fmt: skip
    return [line("Risk opens", clients, repeated(load, 40), budget=100), *pages]


def _bare(db: Any, ids: Sequence[ClientId]) -> None:
    marks = f"({','.join('?' * len(ids))})"
    connection: Connection = db.connection
    for statement in TABLES:
        raw.fetch(connection, statement.replace("{ids}", marks), [one.bytes for one in ids])
