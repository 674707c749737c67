"""What a command costs: durable, logged and derived, beside bare inserts of the same rows."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from bench.lines import Line, line, repeated
from deskcrm.domain import all as _features  # noqa: F401 - their derived rows are part of the cost
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.store.engine import connect, open_sqlite
from deskcrm.store.store import Store

KEY = bytes(range(32))
TIMES = 300


def run(clients: int) -> list[Line]:
    """Measure single writes, undo, a read by id, and a bulk write. The size does not matter."""
    del clients
    with tempfile.TemporaryDirectory() as folder, _store(Path(folder)) as store:
        floor = _bare_inserts(Path(folder) / "bare.db")
        made: list[ClientId] = []
        create = repeated(
            lambda: made.append(store.do(create_company, name=f"Client {len(made)}").value), TIMES
        )
        names = iter(range(10_000))
        rename = repeated(
            lambda: store.do(rename_client, made[5], name=f"Name {next(names)}"), TIMES
        )
        undo = repeated(store.undo, TIMES // 2)
        read = repeated(lambda: _read(store, made[7]), TIMES)
        return [
            line("create a client, durable", 0, create, floor=floor),
            line("rename a client, durable", 0, rename, floor=floor),
            line("undo a rename, durable", 0, undo, floor=floor),
            line("read a client by its id", 0, read, floor=_bare_reads(store, made[7])),
        ]


@contextmanager
def _store(folder: Path) -> Iterator[Store]:
    store = Store.open(open_sqlite(folder / "deskcrm.db", KEY))
    try:
        yield store
    finally:
        store.close()


def _read(store: Store, client_id: ClientId) -> object:
    return store.ask(lambda db: db.first(select(Client.name).where(Client.id == client_id)))


def _bare_inserts(path: Path) -> list[float]:
    """One encrypted row, committed to the disk: nothing durable can be cheaper."""
    connection = connect(path, KEY)
    connection.execute("CREATE TABLE bare (id BLOB PRIMARY KEY, name TEXT)")
    numbers = iter(range(10_000))

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare VALUES (?, ?)", (next(numbers), "name"))
        connection.execute("COMMIT")

    took = repeated(insert, TIMES)
    connection.close()
    return took


def _bare_reads(store: Store, client_id: UUID) -> list[float]:
    with store.database.readers.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()

        def read() -> None:
            cursor.execute("SELECT name FROM client WHERE id = ?", (client_id.bytes,)).fetchone()

        return repeated(read, TIMES)
