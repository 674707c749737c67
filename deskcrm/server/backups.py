"""Backups of a server, and the way back: the order begins a new epoch then.

A folder's database is copied page by page, encrypted under the same key. PostgreSQL's tables are
copied row by row, as of one moment, into one compressed file with a checksum.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import zstandard
from alembic import command
from sqlalchemy import Connection, delete, inspect, text, update

from deskcrm.base.clock import Clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.server import fence
from deskcrm.server.place import Place, open_database, prepare, server_key
from deskcrm.server.tables import sign_in_table
from deskcrm.store import erased, files, ledger, migrate
from deskcrm.store.backup import backup, copy_database
from deskcrm.store.engine import DamagedFile, in_words, open_sqlite
from deskcrm.store.erased import Noted
from deskcrm.store.numbering import number_step
from deskcrm.store.profile import fresh_database, remove_database, replace_database
from deskcrm.store.store import Arrived
from deskcrm.store.tables import Base, local_meta
from deskcrm.store.verify import verify
from deskcrm.store.work import recording

_FORMAT: Final = "deskcrm server 1"
_VERSIONS: Final = "alembic_version"
_END: Final = b"end"


class Header(msgspec.Struct):
    """What a backup of PostgreSQL begins with."""

    format: str
    revision: str
    tables: dict[str, list[str]]


def back_up(place: Place, target: Path) -> int:
    """Write a backup that was read again, also beside a running server; gives its size."""
    if not place.is_postgres:
        return backup(place.profile, server_key(place), target).size
    unfinished = target.with_name(target.name + ".part")
    try:
        _write_dump(place, unfinished)
        with unfinished.open("rb") as file:
            if deque(_frames(file), maxlen=1) != deque([_END]):
                raise _damaged()
        files.sync_file(unfinished)
        files.move(unfinished, target)
    except OSError as error:
        raise files.cannot_write(target, error) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def restore(place: Place, source: Path, *, clock: Clock) -> None:
    """Put a backup in place of the database; the server must be stopped.

    What workstations had handed over since comes again from them, and everybody signs in anew.
    """
    if not source.is_file():
        raise UserError(tr("There is no file {path}.", path=source), tr("Choose another file."))
    if place.is_postgres:
        _restore_dump(place, source, clock())
    else:
        _restore_file(place, source, clock())
    prepare(place, clock=clock)


def begin_again(connection: Connection, now: datetime) -> Arrived[None]:
    """Say of a database that it was restored, by whatever means."""
    ledger.begin_epoch(connection, now)
    # A device that was locked out since must not come back with the tokens that it had.
    connection.execute(
        update(sign_in_table).where(sign_in_table.c.ended_at.is_(None)).values(ended_at=now)
    )
    # The steps that the lost future had under this id are in the histories of workstations.
    connection.execute(delete(local_meta).where(local_meta.c.key == "device"))
    return Arrived(None, (), ("sync_head",))


def _restore_file(place: Place, source: Path, now: datetime) -> None:
    key, profile = server_key(place), place.profile
    with profile.acquire() as hold:
        _check(source, key.raw)
        noted = _erased_in_file(place)
        fresh = fresh_database(profile)
        remove_database(fresh)
        files.require_space(profile.folder, source.stat().st_size * 2)
        copy_database(source, key, fresh, key)
        database = open_sqlite(fresh, key.raw)
        try:
            with database.writer.begin() as connection:
                _need_server(connection)
                begin_again(connection, now)
                _erase_again(connection, noted)
        finally:
            database.close()
        replace_database(hold, aside=f"{now:%Y%m%dT%H%M%SZ}-server")


def _erased_in_file(place: Place) -> list[Noted]:
    """Give what was erased so far, by the database that is about to be replaced."""
    if not place.profile.database.exists():
        return []
    database = open_database(place)
    try:
        with in_words(), database.readers.begin() as connection:
            return _erased_here(connection)
    except UserError:
        return []  # it is replaced since it cannot be read; workstations hand it over again
    finally:
        database.close()


def _erased_here(connection: Connection) -> list[Noted]:
    return erased.read(connection) if {"step", "change"} <= {*_own_tables(connection)} else []


def _erase_again(connection: Connection, noted: list[Noted]) -> None:
    """Erase in what was restored what had been erased since, as a step that everybody hears of."""
    with recording(connection):
        erased.apply_to(connection, noted, "applied", number_step)


def _check(path: Path, key: bytes) -> None:
    report = verify(path, key)
    if not report.is_good:
        raise DamagedFile(tr("The backup is damaged."), " ".join(report.problems))


def _need_server(connection: Connection) -> None:
    if not ledger.is_server(connection):
        raise UserError(tr("This is not the backup of a server."), tr("Choose another file."))


# PostgreSQL.


def _write_dump(place: Place, target: Path) -> None:
    database = open_database(place)
    try:
        target.unlink(missing_ok=True)
        target.touch(mode=0o600)
        with fence.as_server(), database.readers.begin() as connection, target.open("wb") as file:
            revision = migrate.revision_of(connection)
            if revision is None:
                raise UserError(tr("There is no server's database here."), tr("Check its address."))
            seen = inspect(connection)
            tables = {
                name: [column["name"] for column in seen.get_columns(name)]
                for name in _own_tables(connection)
            }
            header = Header(_FORMAT, revision, tables)
            compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
            with compressor.stream_writer(file, closefd=False) as stream:
                _write(stream, msgspec.json.encode(header))
                for table, columns in tables.items():
                    _copy_out(connection, table, columns, stream)
                _write(stream, _END)
    finally:
        database.close()


def _copy_out(connection: Connection, table: str, columns: list[str], stream: Any) -> None:
    with _driver(connection).cursor().copy(_copying(table, columns, "TO STDOUT")) as copy:
        for piece in copy:
            _write(stream, bytes(piece))
    _write(stream, b"")


def _restore_dump(place: Place, source: Path, now: datetime) -> None:
    database = open_database(place)
    try:
        with (
            fence.as_server(),
            source.open("rb") as file,
            database.writer.begin() as connection,
        ):
            frames = _frames(file)
            header = _header(next(frames, b""))
            noted = _erased_here(connection)
            for table in (*_own_tables(connection), _VERSIONS):
                connection.execute(text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))
            config = migrate.make_config()
            config.attributes["connection"] = connection
            command.upgrade(config, header.revision)
            for table, columns in header.tables.items():
                _copy_in(connection, table, columns, frames)
            if [*frames] != [_END]:  # to the very end, where the checksum is
                raise _damaged()
            for table in ("step", "change"):
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                        f' coalesce(max(id), 1)) FROM "{table}"'
                    )
                )
            _need_server(connection)
            # It is of the tables that were dropped.
            connection.execute(delete(local_meta).where(local_meta.c.key == "fence"))
            begin_again(connection, now)
            _erase_again(connection, noted)
    finally:
        database.close()


def _own_tables(connection: Connection) -> list[str]:
    """Name the program's tables that are there; what else lies in the database is not touched."""
    return sorted(set(inspect(connection).get_table_names()) & Base.metadata.tables.keys())


def _header(frame: bytes) -> Header:
    if not frame:
        raise _damaged()
    try:
        header = msgspec.json.decode(frame, type=Header)
    except msgspec.DecodeError:
        header = Header("", "", {})
    if header.format != _FORMAT:
        raise UserError(tr("This is not the backup of a server."), tr("Choose another file."))
    if header.revision not in migrate.known_revisions():
        raise migrate.NewerSchema(
            tr("The backup was made by a newer DeskCRM."), tr("Install the newest version here.")
        )
    return header


def _copy_in(
    connection: Connection, table: str, columns: list[str], frames: Iterator[bytes]
) -> None:
    with _driver(connection).cursor().copy(_copying(table, columns, "FROM STDIN")) as copy:
        for frame in frames:
            if not frame:
                return
            copy.write(frame)
    raise _damaged()


def _copying(table: str, columns: list[str], way: str) -> str:
    quoted = ", ".join(_quoted(column) for column in columns)
    return f"COPY {_quoted(table)} ({quoted}) {way}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _write(stream: Any, frame: bytes) -> None:
    stream.write(len(frame).to_bytes(4, "big") + frame)


def _frames(file: BinaryIO) -> Iterator[bytes]:
    """Read a dump; DamagedFile when it was cut or changed."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(file, closefd=False) as stream:
            while size := _exactly(stream, 4):
                yield _exactly(stream, int.from_bytes(size, "big"))
    except (zstandard.ZstdError, EOFError) as error:
        raise _damaged() from error


def _damaged() -> DamagedFile:
    return DamagedFile(tr("The backup is damaged."), tr("Choose another one; nothing was changed."))


def _exactly(stream: Any, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = stream.read(size - len(found))
        if not piece:
            if not found and size == 4:
                return b""
            raise EOFError
        found += piece
    return found
