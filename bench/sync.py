"""What an exchange costs, in one process: rows up, rows down, a fresh replica, and nothing to do.

Beside it, in the same run, what SQLite needs to take in the same rows, and what their form on the
wire costs alone. The network is left out: it is another one everywhere.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from bench.lines import Line, line, rate, timed
from bench.rows import FIELDS, ROWS, add_one, client_of, fill_store, text_of
from deskcrm.base.ids import new_id
from deskcrm.store import ledger
from deskcrm.store.engine import Database, connect, open_postgres, open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.protocol import (
    AskManifest,
    AskSegment,
    Hello,
    Manifest,
    Pull,
    Pulled,
    Push,
    Pushed,
    Rows,
    Segment,
    Welcome,
    pack,
    unpack,
)
from deskcrm.sync.station.rounds import Exchange

KEY = bytes(range(32))
SMALL = 2_000
REPLICAS: Final = (
    ("fresh replica by pulling", False, 20_000),
    # The first one has to wait until the server made the segments, which others take as well.
    ("first fresh replica by snapshot", True, None),
    ("fresh replica by snapshot", True, 60_000),
)
M = TypeVar("M", bound=msgspec.Struct)


@dataclass
class Wire:
    """A server at the other end of a function call: messages are packed, bytes and time counted."""

    hub: Hub
    store: Store
    snapshots: bool = True
    bytes_up: int = 0
    bytes_down: int = 0
    serving: dict[str, float] = field(default_factory=dict)
    """Milliseconds that the server took, by message."""
    pulled_at: float = 0.0
    """When the first pull began: what a snapshot brings can be seen by then."""

    def __post_init__(self) -> None:
        if self.snapshots:  # a server is asked for one only if it can
            self.manifest: Callable[[AskManifest], Manifest] = self._manifest
            self.segment_ahead = self._segment_ahead

    def hello(self, message: Hello) -> Welcome:
        """Present this device."""
        return self._send("hello", message, Welcome, self.hub.hello)

    def push(self, message: Push) -> Pushed:
        """Hand over steps."""
        return self._send("push", message, Pushed, self.hub.push)

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new."""
        self.pulled_at = self.pulled_at or time.perf_counter()
        return self._send("pull", message, Pulled, self.hub.pull)

    def _manifest(self, message: AskManifest) -> Manifest:
        return self._send("manifest", message, Manifest, self.hub.manifest)

    def _segment_ahead(self, message: AskSegment) -> Callable[[], Segment]:
        return lambda: self._send("segment", message, Segment, self.hub.segment)

    def _send(self, name: str, message: Any, kind: type[M], serve: Callable[..., Any]) -> M:
        sent = pack(message)
        start = time.perf_counter()
        data = pack(serve(Caller(self.store.actor, self.store.device), unpack(type(message), sent)))
        took = (time.perf_counter() - start) * 1_000
        self.serving[name] = self.serving.get(name, 0.0) + took
        self.bytes_up += len(sent)
        self.bytes_down += len(data)
        return unpack(kind, data)


def run(clients: int) -> list[Line]:
    """Measure over SQLite, and over PostgreSQL where one can be started. The size is its own."""
    del clients
    with tempfile.TemporaryDirectory() as folder:
        lines = _measure(Path(folder), "SQLite", open_sqlite(Path(folder) / "server.db", KEY))
        lines += _floors(Path(folder))
    with suppress(ImportError, RuntimeError), tempfile.TemporaryDirectory() as folder:
        from tests.postgres import own_server

        with own_server() as url:
            database = open_postgres(url.render_as_string(hide_password=False))
            lines += _measure(Path(folder), "PostgreSQL", database)
    return lines


def _measure(folder: Path, kind: str, database: Database) -> list[Line]:
    with _hub(database) as hub, _station(folder / "a.db") as first:
        goal = 10_000 if kind == "SQLite" else 8_000
        user = first.actor
        fill_store(first)
        wire = Wire(hub, first)
        up = timed(Exchange(first, wire).run)
        sent = wire.bytes_up / ROWS
        served = wire.serving["push"]
        lines = [
            rate(f"{kind}: push, whole exchange", ROWS, up),
            rate(f"{kind}: push, the server", ROWS, served, goal),
        ]
        lines += _small(kind, hub, first, goal)
        for how, snapshots, wanted in REPLICAS:
            with _station(folder / f"{how}.db", user) as other:
                lines += _fresh(f"{kind}: {how}", Wire(hub, other, snapshots), other, wanted)
                if not snapshots:
                    lines += _idle(kind, hub, first, other)
        return [*lines, line(f"{kind}: up, each row", 0, [sent], unit="bytes")]


def _small(kind: str, hub: Hub, store: Store, goal: int) -> list[Line]:
    for _ in range(SMALL):
        store.do(add_one)
    wire = Wire(hub, store)
    took = timed(Exchange(store, wire).run)
    return [
        rate(f"{kind}: push of small steps, whole exchange", SMALL, took),
        rate(f"{kind}: push of small steps, the server", SMALL, wire.serving["push"], goal),
    ]


def _fresh(name: str, wire: Wire, store: Store, goal: int | None) -> list[Line]:
    start = time.perf_counter()
    receipt = Exchange(store, wire).run()
    took = (time.perf_counter() - start) * 1_000
    assert receipt.agrees
    assert wire.snapshots == ("segment" in wire.serving)  # else it pulled, and we would not know
    total = ROWS + SMALL
    seen = (wire.pulled_at - start) * 1_000
    return [
        *([rate(f"{name}, until it is seen", total, seen, goal)] if wire.snapshots else ()),
        rate(name, total, took, None if wire.snapshots else goal),
        line(f"{name}, each row", 0, [wire.bytes_down / total], budget=100, unit="bytes"),
    ]


def _idle(kind: str, hub: Hub, first: Store, other: Store) -> list[Line]:
    nothing, whole, one = [], [], []
    for _ in range(20):
        wire = Wire(hub, other)
        whole.append(timed(Exchange(other, wire).run))
        nothing.append(sum(wire.serving.values()))
    for _ in range(20):
        first.do(add_one)
        one.append(timed(Exchange(first, Wire(hub, first)).run))
        Exchange(other, Wire(hub, other)).run()
    return [
        line(f"{kind}: nothing to do, the server", 0, nothing, budget=5, at="median"),
        line(f"{kind}: nothing to do, whole exchange", 0, whole),
        line(f"{kind}: one row up, whole exchange", 0, one),
    ]


def _floors(folder: Path) -> list[Line]:
    """SQLite takes the rows in with one index, and they are written and read as messages."""
    name = FIELDS[0].bytes
    rows = [[new_id().bytes, client_of(n).bytes, n, False, name, text_of(n)] for n in range(ROWS)]
    bare = connect(folder / "bare.db", KEY)
    bare.execute(
        "CREATE TABLE bare (id BLOB PRIMARY KEY, a BLOB, seq INT, dead INT, b BLOB, text TEXT)"
    )
    bare.execute("CREATE INDEX bare_a ON bare (a)")

    def write() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(
            "INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET text = excluded.text",
            rows,
        )
        bare.execute("COMMIT")

    taken = timed(write)
    bare.close()
    message = Pulled(1, b"", [], 0, 0, rows=[Rows("bare", ["b", "text"], rows)])
    carried = timed(lambda: unpack(Pulled, pack(message)))
    return [rate("floor: SQLite upserts", ROWS, taken), rate("floor: the wire", ROWS, carried)]


@contextmanager
def _hub(database: Database) -> Iterator[Hub]:
    store = Store.open(database)
    with database.writer.begin() as connection:
        ledger.found_server(connection)
    store.orders = True
    try:
        yield Hub(store, lambda _db, _user: {WORKSPACE}, lambda _db, _user: lambda _ask: "")
    finally:
        store.close()


@contextmanager
def _station(path: Path, user: UUID | None = None) -> Iterator[Store]:
    store = Store.open(open_sqlite(path, KEY))
    store.sign_in(user or new_id())
    try:
        yield store
    finally:
        store.close()


if __name__ == "__main__":
    from bench.lines import as_table

    sys.stdout.write(as_table(run(0)) + "\n")
