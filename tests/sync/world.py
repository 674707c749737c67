"""A server and workstations in one process, and a network between them that fails as told.

The real store, the real commands and the real protocol; only the wire is a function call, and
databases lie in memory, so that thousands of schedules can be run.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.ids import new_id
from deskcrm.store import derived, ledger
from deskcrm.store.engine import Database
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import WORKSPACE, Base
from deskcrm.sync.hub.applying import Ask, Authorize
from deskcrm.sync.hub.horizon import drop_tombstones, move_to
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.news import Asker, Pages
from deskcrm.sync.hub.push import Caller, Stopped, known_device
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import (
    Hello,
    Malformed,
    News,
    Part,
    Parted,
    Pull,
    Pulled,
    Push,
    Pushed,
    Welcome,
    pack,
    unpack,
)
from deskcrm.sync.station.identity import become_another
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests import toys

T = TypeVar("T")
M = TypeVar("M", bound=msgspec.Struct)
START = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def _pattern() -> Engine:
    """Give an engine that has met the driver, whose dialect all others share."""
    engine = create_engine("sqlite://", module=sqlcipher)
    with engine.connect():
        return engine


_compiled: dict[Any, Any] = {}
"""Statements that were compiled, for all databases of a run: most of them say the same."""


def in_memory(source: Any = None) -> Database:
    """Give a database in memory, a copy of another one's connection if there is one."""
    raw = sqlcipher.connect(":memory:", isolation_level=None, check_same_thread=False)
    if source is not None:
        source.backup(raw)

    def creator() -> Any:
        return raw

    pattern = _pattern()
    engine = Engine(StaticPool(creator), pattern.dialect, pattern.url)
    engine.update_execution_options(compiled_cache=_compiled)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw.execute("BEGIN")

    return Database(engine, engine)


def forget(connection: Connection) -> Arrived[int]:
    """Forget everything that was deleted so far."""
    move_to(connection, 1 << 60)
    return Arrived(drop_tombstones(connection, 1 << 30))


def raw_of(database: Database) -> Any:
    """Give the driver's connection."""
    return database.writer.raw_connection().driver_connection


def blank() -> Any:
    """Make an empty database at the newest schema, to be copied for every other."""
    if "blank" not in _kept:
        toys.declare()
        database = in_memory()
        with database.writer.begin() as connection:
            Base.metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT NOT NULL)")
            from deskcrm.store.migrate import known_revisions

            connection.exec_driver_sql(
                "INSERT INTO alembic_version VALUES (?)", (known_revisions()[-1],)
            )
            derived.refresh(connection)  # once, not for every copy
        _kept["blank"] = raw_of(database)
    return _kept["blank"]


_kept: dict[str, Any] = {}


@dataclass
class Network:
    """Loses, doubles, cuts and delays what passes, by chance."""

    rng: random.Random
    is_faulty: bool = False
    late: list[Callable[[], object]] = field(default_factory=list)
    """Requests that arrive once more, later."""

    def carry(self, ask: Callable[[], bytes]) -> bytes:
        """Let a request through to its answer, or raise SyncError."""
        chance = self.rng.random() if self.is_faulty else 1.0
        if chance < 0.08:
            raise SyncError(Trouble.OFFLINE, "request lost")
        if self.late and chance < 0.5 and self.rng.random() < 0.1:
            with suppress(SyncError, Stopped):
                self.late.pop(0)()  # whose answer nobody hears
        answer = ask()
        if chance < 0.16:
            raise SyncError(Trouble.OFFLINE, "answer lost")
        if chance < 0.20:
            answer = ask()
        elif chance < 0.24:
            self.late.append(ask)
        elif chance < 0.28:
            # Not drawn by its length, which new tables change: a seed stays what it is.
            return answer[: int(self.rng.random() * len(answer))]
        elif chance < 0.31:
            raise SyncError(Trouble.BUSY, "503")
        return answer


def ahead(ask: Callable[[M], T], message: M) -> Callable[[], T]:
    """Ask at once, and tell only later what came of it: no threads, so that a seed is one run."""
    try:
        answer = ask(message)
    except SyncError as trouble:
        error = trouble

        def fail() -> T:
            raise error

        return fail
    return lambda: answer


@dataclass
class WiredPeer:
    """A server at the other end of the network."""

    world: "World"
    station: "Station"

    def hello(self, message: Hello) -> Welcome:
        """Present this device."""
        welcome = self._send(message, Hello, Welcome, self.world.hub.hello)
        welcome.page = welcome.page and self.page(welcome.page)
        return welcome

    def push(self, message: Push) -> Pushed:
        """Hand over steps."""
        pushed = self._send(message, Push, Pushed, self.world.hub.push)
        pushed.page = pushed.page and self.page(pushed.page)
        return pushed

    def push_ahead(self, message: Push) -> Callable[[], Pushed]:
        """Begin to hand over steps."""
        return ahead(self.push, message)

    def part(self, message: Part) -> Parted:
        """Hand over a part of a step."""
        return self._send(message, Part, Parted, self.world.hub.part)

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new."""
        return self.page(self._send(message, Pull, Pulled, self.world.hub.pull))

    def page(self, pulled: Pulled) -> Pulled:
        """Give a page as it arrives, whichever answer it came along with."""
        return pulled

    def pull_ahead(self, message: Pull) -> Callable[[], Pulled]:
        """Begin to ask for what is new."""
        return ahead(self.pull, message)

    def _send(self, message: Any, kind: type[Any], answer: type[M], serve: Any) -> M:
        if self.world.is_older and isinstance(message, Hello | Push):
            message = msgspec.structs.replace(message, ask=None)
        data, caller = pack(message), Caller(self.station.user, self.station.store.device)

        def ask() -> bytes:
            answer = pack(self.world.serve(serve, caller, unpack(kind, data)))
            if self.world.network.is_faulty and self.world.rng.random() < 0.15:
                self.world.meanwhile(self.station)
            return answer

        try:
            return unpack(answer, self.world.network.carry(ask))
        except Malformed as error:
            raise SyncError(Trouble.BROKEN, str(error)) from error
        except Stopped as error:
            forked = str(error) == "forked"
            raise SyncError(Trouble.FORKED if forked else Trouble.REVOKED) from error


@dataclass
class Station:
    """A workstation of a person, with a clock of its own."""

    world: "World"
    user: UUID
    skew: timedelta = timedelta(0)
    store: Store = field(init=False)
    limit: int = 5_000

    def __post_init__(self) -> None:
        self.store = self.open(in_memory(blank()))
        self.store.sign_in(self.user)

    def open(self, database: Database) -> Store:
        """Open a database as this workstation's."""
        return Store.open(database, clock=lambda: self.world.now + self.skew)

    def sync(self) -> Receipt:
        """Exchange everything once; raises SyncError."""
        try:
            return Exchange(self.store, WiredPeer(self.world, self), self.limit).run()
        except SyncError as error:
            if error.trouble is not Trouble.FORKED:
                raise
            become_another(self.store)
            return Exchange(self.store, WiredPeer(self.world, self), self.limit).run()

    def restart(self) -> None:
        """Start the program again over what is on the disk."""
        self.store = self.open(self.store.database)

    def copy(self) -> Any:
        """Make a backup."""
        return raw_of(in_memory(raw_of(self.store.database)))

    def restore(self, backup: Any) -> None:
        """Put a backup in place, as the program does: under a new device id."""
        database = in_memory(backup)
        with database.writer.begin() as connection:
            for key, value in (("device", str(new_id())), ("restored_at", "2026")):
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO local_meta (key, value) VALUES (?, ?)", (key, value)
                )
        self.store = self.open(database)

    def boxes(self) -> dict[UUID, Any]:
        """Give the boxes that the person sees."""
        return self.store.ask(living_boxes)


def told(hub: Hub, caller: Caller, asked: Pull, pages: Pages) -> News:
    """Give what a server tells somebody who waits, as of now; raises Stopped."""

    def look(db: Reader) -> News:
        known_device(db.connection, caller)
        head = ledger.read_head(db.connection)
        asker = Asker(asked, frozenset(hub.scopes_of(db, caller.user)))
        (packed,) = pages.tell(db.connection, head, [asker])
        return unpack(News, packed) if packed else News(head.seq)

    return hub.store.ask(look)


def living_boxes(db: Reader) -> dict[UUID, Any]:
    """Give every box that is not deleted."""
    return {row.id: row for row in db.all(_living())}


@cache
def _living() -> Any:
    t = toys.ToyBox.__table__
    return select(*t.columns).where(~t.c.is_deleted)


@dataclass
class World:
    """A server with its people, workstations and time."""

    seed: int = 0
    grants: dict[UUID, set[UUID]] = field(default_factory=dict)
    now: datetime = START
    is_older: bool = False
    """Whether the server does not know of a question that comes along with another message."""
    rng: random.Random = field(init=False)
    network: Network = field(init=False)
    hub: Hub = field(init=False)
    stations: list[Station] = field(default_factory=list)
    meanwhile: Callable[[Station], None] = lambda station: None
    """What a person does while an answer is on its way."""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.network = Network(self.rng)
        database = in_memory(blank())
        with database.writer.begin() as connection:
            ledger.found_server(connection)
        self.open_hub(database)

    def open_hub(self, database: Database) -> None:
        """Start the server over a database."""
        store = Store.open(database, clock=lambda: self.now)
        self.hub = Hub(store, self.scopes_of, self.authorizer)

    def serve(self, answer: Callable[..., T], caller: Caller, message: Any) -> T:
        """Let the server answer, or fail before it has committed."""
        if self.network.is_faulty and self.rng.random() < 0.03:
            raise SyncError(Trouble.BROKEN, "500")
        return answer(caller, message)

    def scopes_of(self, db: Reader, user: UUID) -> set[UUID]:
        """Give what a person may see."""
        return {WORKSPACE, *self.grants.get(user, set())}

    def authorizer(self, connection: Connection, user: UUID) -> Authorize:
        """Let people write what they see."""
        seen = {WORKSPACE, *self.grants.get(user, set())}

        def authorize(ask: Ask) -> str:
            return "" if ask.scope in seen else "rights"

        return authorize

    def station(self, user: UUID | None = None) -> Station:
        """Add a workstation, of a new person if none is named."""
        made = Station(self, user or new_id())
        self.grants.setdefault(made.user, set())
        self.stations.append(made)
        return made

    def pass_time(self, **amount: float) -> None:
        """Let time pass."""
        self.now += timedelta(**amount)

    def backup(self) -> Any:
        """Make a backup of the server."""
        return raw_of(in_memory(raw_of(self.hub.store.database)))

    def restore(self, backup: Any) -> None:
        """Restore the server from a backup, as its tool does."""
        database = in_memory(backup)
        with database.writer.begin() as connection:
            ledger.begin_epoch(connection, self.now)
        self.open_hub(database)

    def sync_all(self, times: int = 3) -> None:
        """Let everybody exchange everything, over a network that works.

        A round in which nothing moved is the last: the next would be the same.
        """
        self.network.is_faulty = False
        self.network.late.clear()
        for _ in range(times):
            receipts = [station.sync() for station in self.stations]
            if not any(r.steps or r.came or r.gone or r.was_repaired for r in receipts):
                break
