"""What must hold after every write: derived rows are what a refill would make of the records."""

from deskcrm.store import derived
from deskcrm.store.store import Store


def behind(store: Store) -> list[str]:
    """Name the derived rows that are not what a refill would make of the records."""
    with store.database.writer.connect() as connection:
        transaction = connection.begin()
        names = derived.disagreeing(connection)
        transaction.rollback()
    return names
