"""What a workstation remembers of its server: which one, how far, in which of its lives."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from deskcrm.store.derived import write_meta
from deskcrm.store.tables import local_meta
from deskcrm.store.upsert import upsert
from deskcrm.sync.tables import cursor_table

# Asked several times in each exchange, so they are built once.
_FACTS: Final = select(local_meta.c.key, local_meta.c.value)
_CURSORS: Final = select(cursor_table.c.scope, cursor_table.c.seq)


@dataclass(frozen=True, slots=True)
class Memory:
    """How far the exchange with the server is."""

    lineage: UUID | None
    """None until the first exchange."""
    epoch: int
    floor: int
    """Up to here we have heard what became of our steps."""
    is_resyncing: bool
    """A new base is being taken: rows of the former life are marked by a number below 0."""
    may_delete: bool
    """Somebody looked at a large deletion and let it pass, once."""
    keeps_deleted: bool
    """Somebody looked at a large deletion and wants everything kept, this once."""
    was_restored: bool
    """This database was restored from a backup: it pulls before it pushes."""
    read_as: str
    """Our schema while rows came from a server that knew more; empty when it did not."""

    @property
    def is_usual(self) -> bool:
        """Tell whether nothing is under way, nor has to be looked at first."""
        is_settled = self.lineage is not None and not self.is_resyncing and not self.was_restored
        return is_settled and not self.may_delete and not self.keeps_deleted


def recall(connection: Connection) -> Memory:
    """Read what is remembered."""
    noted = dict(connection.execute(_FACTS).all())
    return Memory(
        lineage=UUID(noted["lineage"]) if noted.get("lineage") else None,
        epoch=int(noted.get("epoch") or 0),
        floor=int(noted.get("floor") or 0),
        is_resyncing=noted.get("resyncing") == "1",
        may_delete=noted.get("may_delete") == "1",
        keeps_deleted=noted.get("keeps_deleted") == "1",
        was_restored=bool(noted.get("restored_at")),
        read_as=noted.get("read_as") or "",
    )


def remember(connection: Connection, **facts: object) -> None:
    """Note facts under the names of :class:`Memory`; booleans as 1 and 0."""
    for key, value in facts.items():
        write_meta(connection, key, str(int(value) if isinstance(value, bool) else value))


def forget(connection: Connection, key: str) -> None:
    """Forget a fact."""
    write_meta(connection, key, "")


def read_cursors(connection: Connection) -> dict[UUID, int]:
    """Give how far each scope is; a scope that is not there has not begun."""
    return dict(connection.execute(_CURSORS).all())


def write_cursors(connection: Connection, cursors: dict[UUID, int]) -> None:
    """Note how far scopes are, together with the rows that came."""
    upsert(connection, cursor_table, [{"scope": s, "seq": seq} for s, seq in cursors.items()])


def reset_cursors(connection: Connection) -> None:
    """Begin every scope anew; it is still known which were ours to see."""
    connection.execute(update(cursor_table).values(seq=0))
