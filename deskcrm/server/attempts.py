"""Counts how often somebody tries to sign in or to guess a link, for all processes."""

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Final

from sqlalchemy import Connection, delete, select

from deskcrm.server.tables import attempt_table
from deskcrm.store.store import Arrived, Store
from deskcrm.store.upsert import upsert

WINDOW: Final = timedelta(minutes=15)
OF_A_LOGIN: Final = 10
OF_AN_ADDRESS: Final = 50
OF_LINKS: Final = 30
"""Links that open nothing, from one address; those that do are not counted."""
_OF_A_PERSON: Final = 64
"""Bits of an IPv6 address that are the same for all that one person has."""

_t = attempt_table.c


class TooMany(Exception):
    """It was tried too often; ``retry_after`` seconds must pass."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


def count_attempt(store: Store, login: str, address: str) -> None:
    """Note an attempt before it is judged; raises TooMany when there were enough."""
    _count(store, {_key("login", login): OF_A_LOGIN, _key("address", address): OF_AN_ADDRESS})


def check_links(store: Store, address: str) -> None:
    """Look, without noting anything, whether an address may ask for a link; raises TooMany."""
    key, now = _key("link", _network(address)), store.clock()
    query = select(_t.since, _t["count"]).where(_t.key == key, _t.since > now - WINDOW)
    noted = store.ask(lambda db: db.first(query))
    if noted is not None and noted[1] >= OF_LINKS:
        raise _too_many(noted[0], now)


def count_wrong_link(store: Store, address: str) -> None:
    """Note that an address asked for a link that opens nothing; raises TooMany."""
    _count(store, {_key("link", _network(address)): OF_LINKS})


def _count(store: Store, limits: dict[str, int]) -> None:
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
        raise _too_many(since, now)


def _too_many(since: datetime, now: datetime) -> TooMany:
    return TooMany(max(int((since + WINDOW - now).total_seconds()), 1))


def _network(address: str) -> str:
    """Give an address; of the new kind, of which one person has very many, what they share."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network((found, _OF_A_PERSON), strict=False))


def forget_attempts(connection: Connection, login: str) -> None:
    """Begin anew for a login whose person is in."""
    connection.execute(delete(attempt_table).where(_t.key == _key("login", login)))


def _key(kind: str, what: str) -> str:
    # A mistyped login may be a password: it is not kept as it was typed.
    return sha256(f"{kind} {what}".encode()).hexdigest()
