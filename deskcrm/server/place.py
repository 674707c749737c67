"""Where a server's database is, and how it is opened: to be kept in order, or to serve."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, OperationalError

from deskcrm.base import clock as clocks
from deskcrm.base.clock import Clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain import all as _features  # noqa: F401 - every table must be known
from deskcrm.server import fence
from deskcrm.server.sign_ins import ensure_token_key
from deskcrm.store import files, ledger, migrate
from deskcrm.store.engine import Database, open_postgres, open_sqlite
from deskcrm.store.keys.key import LENGTH, Key
from deskcrm.store.profile import Profile
from deskcrm.store.store import Arrived, Store, own_device
from deskcrm.store.tables import step_table

_BUILDING: Final = 0x6465736B
"""Of the advisory lock that lets one process at a time build tables."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server's database: a folder with a file in it, or PostgreSQL."""

    folder: Path | None = None
    url: str | None = None

    @property
    def profile(self) -> Profile:
        """The folder with its lock and its files; only without PostgreSQL."""
        assert self.folder is not None
        return Profile(self.folder)

    @property
    def is_postgres(self) -> bool:
        """Tell whether several processes may serve it."""
        return self.url is not None


def place_of(folder: Path | None, url: str | None) -> Place:
    """Give the place that was named; UserError when it cannot be one."""
    if url:
        try:
            parsed = make_url(url)
        except ArgumentError:
            parsed = None
        if parsed is None or not parsed.drivername.startswith("postgres"):
            raise UserError(
                tr("This is not the address of a PostgreSQL database."),
                tr("Write it like postgresql://user@host/database."),
            )
        whole = parsed.set(drivername="postgresql+psycopg")
        return Place(folder, whole.render_as_string(hide_password=False))
    if folder is None:
        raise UserError(
            tr("The server has no place for its data."), tr("Name one with --data DIR.")
        )
    return Place(folder.absolute())


def server_key(place: Place) -> Key:
    """Give the key of the file in the folder; made when there is no database yet.

    It lies beside the database, readable to its owner only: the disk is the operator's, but a copy
    of the database alone opens nothing.
    """
    path = place.profile.folder / "server.key"
    if not path.exists():
        if place.profile.database.exists():
            raise UserError(
                tr("The key {path} is missing.", path=path),
                tr("Put back the copy that you kept; without it the database cannot be read."),
            )
        files.private_folder(place.profile.folder)
        files.write_whole(path, secrets.token_bytes(LENGTH).hex().encode() + b"\n")
    try:
        return Key(bytes.fromhex(path.read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        raise UserError(
            tr("The key {path} cannot be read.", path=path),
            tr("Check that the file is yours and whole."),
        ) from error


def open_database(place: Place) -> Database:
    """Open the database as whoever the place says, behind the fence if there is one."""
    if place.url is None:
        return open_sqlite(place.profile.database, server_key(place).raw)
    database = open_postgres(place.url)
    fence.say_who(database)
    return database


def prepare(place: Place, *, clock: Clock = clocks.now) -> None:
    """Bring a place to where it can serve: newest schema, the order founded, the fence raised."""
    database = open_database(place)
    try:
        with fence.as_server(), _in_words():
            if not database.is_sqlite:
                _one_at_a_time(database)
                return
            Store.open(database, clock=clock).absorb(_complete)
    finally:
        database.close()


def _one_at_a_time(database: Database) -> None:
    """Build in one transaction that waits for whoever else is building."""
    with database.writer.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _BUILDING})
        migrate.bring_up_to_date(connection, before=lambda: None)
        _complete(connection)


def _complete(connection: Connection) -> Arrived[None]:
    if not ledger.is_server(connection):
        if connection.execute(select(func.count()).select_from(step_table)).scalar():
            raise UserError(
                tr("This database belongs to a workstation."),
                tr("Give the server an empty place; connect the workstation to it then."),
            )
        ledger.found_server(connection)
    own_device(connection)  # while nobody else builds: two that open it at once would both make one
    ensure_token_key(connection)
    fence.raise_fence(connection)
    return Arrived(None)


@contextmanager
def keeping(place: Place, *, clock: Clock = clocks.now) -> Iterator[Store]:
    """Open a server's store as its owner, also beside a running server, to keep it in order."""
    if not (place.is_postgres or place.profile.database.exists()):
        raise _nothing_here()
    database = open_database(place)
    try:
        with fence.as_server(), _in_words():
            with database.readers.begin() as connection:
                present = migrate.revision_of(connection)
            if present is None:
                raise _nothing_here()
            if present != migrate.known_revisions()[-1]:
                raise UserError(
                    tr("The database is of another version than this program."),
                    tr("Stop the server, then run “deskcrm admin migrate”."),
                )
            yield Store.open(database, clock=clock)
    finally:
        database.close()


def _nothing_here() -> UserError:
    return UserError(
        tr("There is no server's database here."),
        tr("Make one with “deskcrm admin migrate” or by starting “deskcrm serve”."),
    )


def open_serving(place: Place, *, clock: Clock = clocks.now) -> Store:
    """Open a prepared place to serve it: as a role that owns nothing, for whom each request says.

    Close the store when done.
    """
    database = open_database(place)
    try:
        with fence.as_server(), _in_words():
            fence.step_down(database)
            return Store.open(database, clock=clock)
    except BaseException:
        database.close()
        raise


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise UserError(
            tr("The database does not answer."), tr("Check its address, and that it runs.")
        ) from error
