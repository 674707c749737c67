"""Rows worked out from records (a search index, a summary): rebuilt in the write's transaction.

Every path that changes a record ends here (command, bulk, undo, sync), so derived rows cannot
fall behind; they are never written otherwise, never logged and never synced, and all of them
can be made again from the records.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select

from deskcrm.store.tables import local_meta


class Touched(NamedTuple):
    """A row that a write touched: a tuple, since sets of them are made for each page that comes."""

    table: str
    row_id: UUID
    subject: UUID


Tell = Callable[[int, int], object]
"""Hears how far a refill is, of how many; 0 and 0 while that is not known."""


def _tell_nobody(done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Derived:
    """How one kind of derived rows is kept.

    ``rebuild`` brings the rows of what was touched up to date; it may answer rows that this moves
    along, for what is derived after it. ``reset`` makes the tables empty (creating them if need
    be), ``refill`` fills them from all records and tells how far it is. ``version`` rises when
    what is derived changes: an older store is then refilled when it is opened. ``only_sqlite``:
    kept on workstations, not on the server. ``compared``: queries whose rows, in any order, must
    be the same after a refill, so that a check can prove that nothing fell behind.
    """

    name: str
    watches: frozenset[str]
    rebuild: Callable[[Connection, Sequence[Touched]], Sequence[Touched] | None]
    reset: Callable[[Connection], None]
    refill: Callable[[Connection, Tell], None]
    version: int = 1
    only_sqlite: bool = False
    compared: tuple[str, ...] = ()


ALL_DERIVED: Final[dict[str, Derived]] = {}
# Asked and noted all the time, so they are built once.
_READ: Final = select(local_meta.c.value).where(local_meta.c.key == bindparam("noted"))
_FORGET: Final = delete(local_meta).where(local_meta.c.key == bindparam("noted"))
_NOTE: Final = insert(local_meta)


def register_derived(derived: Derived) -> Derived:
    """Declare derived rows; once for each name."""
    if derived.name in ALL_DERIVED:
        raise ValueError(f"derived declared twice: {derived.name}")
    ALL_DERIVED[derived.name] = derived
    return derived


def rebuild_touched(connection: Connection, touched: Collection[Touched]) -> None:
    """Bring all derived rows up to date with what a write touched."""
    moved = set(touched)
    for derived in _kept_on(connection):
        concerned = [one for one in moved if one.table in derived.watches]
        if concerned:
            moved.update(derived.rebuild(connection, concerned) or ())


def is_stale(connection: Connection) -> bool:
    """Tell whether some derived rows were made by another version of the program."""
    return any(_is_stale(connection, derived) for derived in _kept_on(connection))


def refresh(
    connection: Connection, *, everything: bool = False, tell: Tell = _tell_nobody
) -> list[str]:
    """Make again what is stale (or everything), and name what was made."""
    made = []
    for derived in _kept_on(connection):
        if everything or _is_stale(connection, derived):
            tell(0, 0)
            derived.reset(connection)
            derived.refill(connection, tell)
            _note_version(connection, derived)
            made.append(derived.name)
    return made


def disagreeing(connection: Connection) -> list[str]:
    """Name what differs from what a refill makes of the records; the refill itself is kept.

    Run it in a transaction that is rolled back to leave everything as it was.
    """
    before = {derived.name: _compared(connection, derived) for derived in _kept_on(connection)}
    refresh(connection, everything=True)
    return [
        derived.name
        for derived in _kept_on(connection)
        if _compared(connection, derived) != before[derived.name]
    ]


def _compared(connection: Connection, derived: Derived) -> list[int]:
    """Add up the rows of each query, whatever their order."""
    return [
        sum(hash(tuple(row)) for row in connection.exec_driver_sql(query))
        for query in derived.compared
    ]


def _kept_on(connection: Connection) -> list[Derived]:
    on_sqlite = connection.dialect.name == "sqlite"
    return [derived for derived in ALL_DERIVED.values() if on_sqlite or not derived.only_sqlite]


def _is_stale(connection: Connection, derived: Derived) -> bool:
    return read_meta(connection, f"derived.{derived.name}") != str(derived.version)


def _note_version(connection: Connection, derived: Derived) -> None:
    write_meta(connection, f"derived.{derived.name}", str(derived.version))


def write_meta(connection: Connection, key: str, value: str) -> None:
    """Note a fact about this database file; the last one noted holds."""
    connection.execute(_FORGET, {"noted": key})
    connection.execute(_NOTE, {"key": key, "value": value})


def forget_meta(connection: Connection, key: str) -> None:
    """Forget a fact about this database file."""
    connection.execute(_FORGET, {"noted": key})


def read_meta(connection: Connection, key: str) -> str | None:
    """Give a noted fact about this database file, or None."""
    return connection.execute(_READ, {"noted": key}).scalar()
