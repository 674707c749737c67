"""Writes the whole file anew, so that nothing that was erased is left in its unused parts."""

from typing import Any, Final

from deskcrm.store import derived, ledger
from deskcrm.store.engine import Database
from deskcrm.store.erasing import DUE
from deskcrm.store.reader import Reader
from deskcrm.store.search import index

_IN_FILE: Final = 1


def is_due(db: Reader) -> bool:
    """Tell whether something that was erased may still lie in the file."""
    return derived.read_meta(db.connection, DUE) is not None


def rewrite(database: Database) -> bool:
    """Write the file anew and empty its log; tells whether all of it is done.

    Somebody who is reading just then keeps what was there: it is done again later. On PostgreSQL
    the vacuum, which runs by itself, does this.
    """
    if not database.is_sqlite:
        with database.writer.begin() as connection:
            derived.forget_meta(connection, DUE)
        return True
    with database.writer.begin() as connection:
        if not ledger.is_server(connection):  # which keeps no index
            index.forget_words(connection)
    lent = database.writer.raw_connection()
    try:
        driver: Any = lent.driver_connection
        # A copy of the whole file would not fit into memory; it is encrypted like the file itself.
        (before,) = driver.execute("PRAGMA temp_store").fetchone()
        driver.execute(f"PRAGMA temp_store = {_IN_FILE}")
        driver.execute("VACUUM")
        driver.execute(f"PRAGMA temp_store = {before}")
        (is_busy, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        lent.close()
    if is_busy:
        return False
    with database.writer.begin() as connection:
        derived.forget_meta(connection, DUE)
    return True
