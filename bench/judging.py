"""What a server does with all clients once a day: score them and look through every book.

Over PostgreSQL, behind its fence, where nothing derived is kept; the clients are a workspace's.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Table

from bench.lines import Line, line, timed, timed_in_window
from bench.risk import TABLES
from bench.workspace import open_workspace
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.risk.everybody import begin_everybody, score_everybody
from deskcrm.domain.risk.rounds import IN_ALL_AT_ONCE, evaluate_books
from deskcrm.domain.risk.signals import list_customers
from deskcrm.server import fence
from deskcrm.server.place import keeping, place_of, prepare
from deskcrm.store import raw
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.upsert import in_chunks

MOST: Final = 100_000
"""Clients: to copy more into PostgreSQL takes longer than anybody waits for a figure."""
_DAYS: Final = 3
_COPIED_AT_ONCE: Final = 5_000


def run(clients: int) -> list[Line]:
    """Measure a day's round over PostgreSQL, where that can be started."""
    if clients > MOST:
        return []
    with suppress(ImportError, RuntimeError):
        from tests.postgres import own_server

        with own_server() as url:
            place = place_of(None, url.render_as_string(hide_password=False))
            prepare(place)
            with keeping(place) as server, fence.as_server():
                with open_workspace(clients) as workspace:
                    copy_records(workspace, server)
                return _measured(server, clients)
    return []


def copy_records(workspace: Store, server: Store) -> None:
    """Let a server hold the records of a workspace."""
    own = [model for model in record_models() if model.__module__.startswith("deskcrm.")]
    with workspace.database.readers.connect() as connection:
        for table in (shape_of(model).table for model in own):
            keys = tuple(column.key for column in table.columns)
            names = ", ".join(f'"{key}"' for key in keys)
            found = raw.fetch(connection, f'SELECT {names} FROM "{table.name}"')
            for rows in in_chunks(found, _COPIED_AT_ONCE):
                _write(server, table, keys, rows)


def _write(server: Store, table: Table, keys: tuple[str, ...], rows: list[raw.Row]) -> None:
    def take(connection: Connection) -> Arrived[None]:
        raw.write_rows(connection, table, keys, rows, new=False)
        return Arrived(None)

    server.absorb(take)


def _measured(server: Store, clients: int) -> list[Line]:
    everybody = server.ask(list_customers)
    first = _score_all(server)
    entered = timed(lambda: evaluate_books(server))
    clock, took, judged = server.clock, [], []
    for _ in range(_DAYS):
        now = server.clock() + timedelta(days=1)
        server.clock = lambda now=now: now  # type: ignore[misc]  # a function
        took.append(_score_all(server))
        judged.append(timed(lambda: evaluate_books(server)))
    server.clock = clock
    floor = [timed(lambda: _floor(server, everybody)) for _ in range(_DAYS)]
    goal = max(len(everybody) / 10, 1_000)
    name = f"PostgreSQL: score {len(everybody):,} clients"
    return [
        line(f"{name}, the first time", clients, [first], budget=3 * goal, at="median"),
        line(f"{name}, a day later", clients, took, budget=2 * goal, at="median", floor=floor),
        line("PostgreSQL: flags of the first time", clients, [entered]),
        line("PostgreSQL: judge every book", clients, judged, budget=2_000, at="median"),
    ]


def _score_all(server: Store) -> float:
    server.do(begin_everybody)
    return timed_in_window(lambda: score_everybody(Job(), server, at_once=IN_ALL_AT_ONCE))


def _floor(server: Store, everybody: Sequence[ClientId]) -> None:
    for some in in_chunks(everybody, IN_ALL_AT_ONCE):
        server.ask(_read, [one.bytes for one in some])


def _read(db: Reader, ids: Sequence[bytes]) -> None:
    for statement in TABLES:
        marks = f"({','.join('?' * len(ids))})"
        raw.fetch(db.connection, statement.replace("{ids}", marks), ids)
