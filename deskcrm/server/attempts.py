"""Counts how often somebody tries to sign in: by login and by address, for all processes."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, select

from deskcrm.server.tables import attempt_table
from deskcrm.store.store import Arrived, Store
from deskcrm.store.upsert import upsert

WINDOW: Final = timedelta(minutes=15)
OF_A_LOGIN: Final = 10
OF_AN_ADDRESS: Final = 50

_t = attempt_table.c


class TooMany(Exception):
    """It was tried too often; ``retry_after`` seconds must pass."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


def count_attempt(store: Store, login: str, address: str) -> None:
    """Note an attempt before it is judged; raises TooMany when there were enough."""
    limits = {_key("login", login): OF_A_LOGIN, _key("address", address): OF_AN_ADDRESS}
    now = store.clock()

    def take(connection: Connection) -> Arrived[datetime | None]:
        connection.execute(delete(attempt_table).where(_t.since <= now - WINDOW))
        query = select(attempt_table).where(_t.key.in_(limits)).with_for_update()
        noted = {row.key: (row.since, row._mapping[_t.count]) for row in connection.execute(query)}
        full = [since for key, (since, count) in noted.items() if count >= limits[key]]
        if full:
            return Arrived(max(full))
        rows = []
        for key in sorted(limits):
            since, count = noted.get(key, (now, 0))
            rows.append({"key": key, "since": since, "count": count + 1})
        upsert(connection, attempt_table, rows)
        return Arrived(None)

    since = store.absorb(take).value
    if since is not None:
        raise TooMany(max(int((since + WINDOW - now).total_seconds()), 1))


def forget_attempts(connection: Connection, login: str) -> None:
    """Begin anew for a login whose person is in."""
    connection.execute(delete(attempt_table).where(_t.key == _key("login", login)))


def _key(kind: str, what: str) -> str:
    # A mistyped login may be a password: it is not kept as it was typed.
    return sha256(f"{kind} {what}".encode()).hexdigest()
