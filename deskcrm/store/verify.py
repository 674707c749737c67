"""Checks a database from its pages to its log, and says in words what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Final
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.store import derived, engine, wal

_SHOWN: Final = 5
_STEPS_AT_ONCE: Final = 50_000
"""Of SQLite's machine, between two looks at whether somebody wants to stop: a few milliseconds."""
_LOG: Final = frozenset({"step", "change"})


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; ``problems`` are sentences, and without any the file is good."""

    size: int = 0
    """Bytes of the file."""
    tables: int = 0
    rows: int = 0
    """Rows in all tables, the log among them."""
    steps: int = 0
    problems: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Tell whether nothing was found."""
        return not self.problems


def verify(
    path: Path,
    key: bytes,
    *,
    in_use: bool = False,
    skips_free: bool = False,
    job: Job | None = None,
) -> Report:
    """Check every page against its seal, the structure, the references and the log.

    ``in_use``: another connection may be writing, so what the log's end holds is not judged.
    ``skips_free``: pages that hold nothing are passed over; checking the structure reads all
    others, each with its seal. Damage is reported, never raised; what is raised says that the
    check could not be made.
    """
    job = job or Job()
    if not path.exists():
        raise UserError(tr("There is no file {path}.", path=path), tr("Choose another file."))
    lost = not in_use and wal.read_wal(path).lost
    problems = [tr("The last changes before the computer stopped cannot be read.")] if lost else []
    try:
        connection = engine.connect(path, key, read_only=True)
    except (engine.DamagedFile, engine.WrongKey) as error:
        return Report(path.stat().st_size, problems=(*problems, error.title))
    try:
        connection.set_progress_handler(lambda: int(job.is_cancelled), _STEPS_AT_ONCE)
        counted = _check(connection, problems, job, in_use=in_use, skips_free=skips_free)
    except sqlcipher.DatabaseError as error:
        job.check_cancelled()
        explained = engine.explain(error)
        if not isinstance(explained, engine.DamagedFile | engine.WrongKey):
            raise explained from error
        problems = problems or [explained.title]
        counted = (0, 0, 0)
    finally:
        connection.close()
    return Report(path.stat().st_size, *counted, problems=tuple(problems))


def verify_derived(path: Path, key: bytes) -> tuple[str, ...]:
    """Make all derived rows again, say which were not as they should be, and change nothing.

    The database must not be in use. Takes as long as filling the index anew.
    """
    database = engine.open_sqlite(path, key)
    try:
        with database.writer.connect() as connection:
            transaction = connection.begin()
            names = derived.disagreeing(connection)
            transaction.rollback()
    finally:
        database.close()
    return tuple(
        tr("“{name}” does not agree with the records; it can be made again.", name=name)
        for name in names
    )


def _check(
    connection: Connection, problems: list[str], job: Job, *, in_use: bool, skips_free: bool
) -> tuple[int, int, int]:
    """Gather the problems; give the numbers of tables, rows and steps."""
    job.progress(0, 4, tr("Checking the pages"))
    damaged = [] if skips_free else _broken_seals(connection, in_use=in_use)
    if damaged:
        # What else fails is a consequence, and would bury the one thing to know.
        problems.extend(damaged)
        return (0, 0, 0)
    job.progress(1, 4, tr("Checking the structure"))
    problems.extend(_broken_structure(connection))
    job.progress(2, 4, tr("Checking the log"))
    tables = _tables(connection)
    if not tables:
        problems.append(tr("There is nothing in it."))
    steps = 0
    if set(tables) >= _LOG:
        problems.extend(_gaps(connection))
        steps = _number(connection, "SELECT count(*) FROM step")
    job.progress(3, 4, tr("Counting"))
    rows = sum(_number(connection, f'SELECT count(*) FROM "{name}"') for name in tables)
    job.progress(4, 4)
    return len(tables), rows, steps


def _broken_seals(connection: Connection, *, in_use: bool) -> list[str]:
    """Compare every page, used or free, with the seal (HMAC) that was written with it."""
    found = _texts(connection, "PRAGMA cipher_integrity_check")
    if found and in_use:
        # A page that was being written just then is whole the second time.
        found &= _texts(connection, "PRAGMA cipher_integrity_check")
    if not found:
        return []
    return [
        ntr("{n} page of the file is damaged.", "{n} pages of the file are damaged.", len(found))
    ]


def _broken_structure(connection: Connection) -> list[str]:
    problems = []
    found = _texts(connection, "PRAGMA integrity_check(100)") - {"ok"}
    lines = [line for text in sorted(found) for line in text.splitlines() if "***" not in line]
    if lines:
        problems.append(
            tr("The structure of the file is damaged: {what}.", what="; ".join(lines[:_SHOWN]))
        )
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        problems.append(
            ntr(
                "{n} row points to one that is not there.",
                "{n} rows point to ones that are not there.",
                len(broken),
            )
        )
    return problems


def _gaps(connection: Connection) -> Iterable[str]:
    """Steps are numbered per device without gaps, and every change belongs to a step."""
    numbered = connection.execute(
        "SELECT device, max(no) - min(no) + 1 - count(*) FROM step GROUP BY device"
    )
    for device, missing in numbered.fetchall():
        if missing:
            yield ntr(
                "{n} step of device {device} is missing in the log.",
                "{n} steps of device {device} are missing in the log.",
                missing,
                device=str(UUID(bytes=device))[:8],
            )
    orphans = _number(
        connection, "SELECT count(*) FROM change WHERE step NOT IN (SELECT id FROM step)"
    )
    if orphans:
        yield ntr("{n} change belongs to no step.", "{n} changes belong to no step.", orphans)


def _tables(connection: Connection) -> list[str]:
    """List the ordinary tables; what a search index keeps inside is its own affair."""
    listed = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in listed.fetchall()]


def _texts(connection: Connection, statement: str) -> set[str]:
    return {str(text) for (text,) in connection.execute(statement).fetchall()}


def _number(connection: Connection, statement: str) -> int:
    return int(connection.execute(statement).fetchone()[0])
