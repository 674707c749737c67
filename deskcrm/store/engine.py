"""Opens the encrypted file or the server's database: pragmas, pools, and faults in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.indexes import ready_for_postgres

READERS: Final = 3
_PLAINTEXT: Final = b"SQLite format 3\0"
_FIRST_SAFE: Final = (3, 51, 3)  # before it, and in 3.52.0, a WAL reset could corrupt silently
_UNSAFE: Final = (3, 52, 0)

# What is bound most, ids, nothing and flags, the driver otherwise asks twice for how it adapts
# itself: a microsecond for each, of which a fifth is left.
sqlcipher.register_adapter(bytes, bytes)
sqlcipher.register_adapter(bool, int)
_NOTHING: Final[dict[None, None]] = {}
sqlcipher.register_adapter(type(None), _NOTHING.get)


class DamagedFile(UserError):
    """The file is not what was written: restore the newest good backup."""


class WrongKey(UserError):
    """The key does not open the file (or its first page is damaged)."""


class NoSpace(UserError):
    """The disk is full; nothing was changed."""


class StoreStopped(UserError):
    """The disk failed while writing; the store must be opened again before the next write."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database: an engine with the one writing connection, and one with a few readers."""

    writer: Engine
    readers: Engine

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is the workstation's file rather than the server."""
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        """Close every connection."""
        self.readers.dispose()
        self.writer.dispose()


def connect(path: Path, key: bytes, *, read_only: bool = False) -> Any:
    """Open one connection to the encrypted file; raises UserError in words.

    ``key`` is 32 raw bytes. The file is created when it is missing (not when ``read_only``).
    """
    check_library()
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(_PLAINTEXT)) == _PLAINTEXT:
                raise UserError(
                    tr("This file is not encrypted, so it is not opened."),
                    tr("Choose the profile’s own database, or restore a backup."),
                )
    mode = "ro" if read_only else "rwc"
    connection = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,  # transactions are begun below, in so many words
        check_same_thread=False,
        timeout=10,
    )
    try:
        _prepare(connection, key, read_only=read_only)
    except sqlcipher.DatabaseError as error:
        connection.close()
        raise explain(error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def check_library() -> None:
    """Refuse an SQLite with the WAL fault, or one without encryption."""
    version = tuple(int(part) for part in sqlcipher.sqlite_version.split("."))
    if version < _FIRST_SAFE or version == _UNSAFE:
        raise UserError(
            tr("SQLite {version} can damage data.", version=sqlcipher.sqlite_version),
            tr("Install DeskCRM again to get a newer one."),
        )


def _prepare(connection: Any, key: bytes, *, read_only: bool) -> None:
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")
    (cipher,) = connection.execute("PRAGMA cipher_version").fetchone() or ("",)
    if not cipher:
        raise UserError(
            tr("This SQLite cannot encrypt."), tr("Install DeskCRM again from its own package.")
        )
    for pragma in (
        "foreign_keys = ON",
        "mmap_size = 0",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "temp_store = MEMORY",
        "cache_size = -65536",
        "busy_timeout = 10000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the key is tried here
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    else:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")


def open_sqlite(path: Path, key: bytes) -> Database:
    """Open the workstation's database, one writing connection and a few that only read."""
    writer = _sqlite_engine(path, key, pool=StaticPool, begin="BEGIN IMMEDIATE")
    with writer.connect():
        pass  # the file exists and the key fits before a reader asks
    readers = _sqlite_engine(path, key, pool=QueuePool, begin="BEGIN", only_reads=True)
    return Database(writer, readers)


def _sqlite_engine(
    path: Path, key: bytes, *, pool: type[Any], begin: str, only_reads: bool = False
) -> Engine:
    def creator() -> Any:
        connection = connect(path, key)
        if only_reads:
            connection.execute("PRAGMA query_only = ON")
        return connection

    sized = {"pool_size": READERS, "max_overflow": 1} if pool is QueuePool else {}
    engine = create_engine("sqlite://", module=sqlcipher, creator=creator, poolclass=pool, **sized)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def open_postgres(url: str) -> Database:
    """Open the server's database from an SQLAlchemy URL (``postgresql+psycopg://…``)."""
    ready_for_postgres()
    writer = create_engine(url, pool_size=4)
    readers = create_engine(
        url,
        pool_size=READERS,
        isolation_level="REPEATABLE READ",  # every answer within a query is of one moment
        execution_options={"postgresql_readonly": True},
    )
    for engine in (writer, readers):
        event.listen(engine, "connect", _answer_at_once)
    return Database(writer, readers)


def _answer_at_once(driver: Any, _record: Any) -> None:
    """Let no statement be compiled first: that takes longer than any of ours."""
    driver.execute("SET jit = off")
    driver.commit()


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the database's own errors, where a person can do something, into words."""
    try:
        yield
    except DBAPIError as error:
        said = explain(error.orig) if error.orig is not None else error
        raise said from error
    except sqlcipher.DatabaseError as error:
        raise explain(error) from error


def explain(error: BaseException) -> BaseException:
    """Give the sentence for a database error, or the error itself when it is a bug."""
    text = str(error).lower()
    if "disk is full" in text:
        return NoSpace(
            tr("The disk is full: nothing was changed."),
            tr("Free some space and try again; what you typed is kept."),
        )
    if "not a database" in text or "hmac" in text:
        return WrongKey(
            tr("The key does not open this database, or the file is damaged."),
            tr("Use the recovery code, or restore the newest backup."),
        )
    if "malformed" in text or "vtable constructor failed" in text:
        return DamagedFile(
            tr("The database file is damaged."), tr("Restore the newest good backup.")
        )
    if "disk i/o error" in text:
        return StoreStopped(
            tr("The disk failed while writing."),
            tr("What you typed is kept. Check the disk, then start DeskCRM again."),
        )
    if "readonly database" in text or "unable to open" in text:
        return UserError(
            tr("The profile cannot be written to."),
            tr("Check that you own its folder and that the disk is not read-only."),
        )
    if "database is locked" in text:
        return UserError(tr("Another program holds the database."), tr("Close it and try again."))
    return error
