"""What a person decides about the exchange, and what they are told of their own steps."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import step_table
from deskcrm.sync.station import memory


def allow_deletion(store: Store) -> None:
    """Let a large deletion by the server pass, once: somebody looked at it."""

    def take(connection: Connection) -> Arrived[None]:
        memory.remember(connection, may_delete=True)
        return Arrived(None)

    store.absorb(take)


def keep_deleted(store: Store) -> None:
    """Keep what the server wants to delete, and offer it back, with the next exchange."""

    def take(connection: Connection) -> Arrived[None]:
        memory.remember(connection, keeps_deleted=True)
        return Arrived(None)

    store.absorb(take)


def labels_of(store: Store, numbers: Iterable[int]) -> dict[int, str]:
    """Give the English labels of own steps, by their numbers."""
    s = step_table.c
    query = select(s.no, s.label).where(s.device == store.device, s.no.in_(list(numbers)))
    return {row.no: row.label for row in store.ask(lambda db: db.all(query))}
