"""The order of the list of clients, at a million of them.

What is skipped on the way to a place far down must be skipped within an index: its rows are
never looked at. So a statement here speaks only of what one index holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Select, func, join, literal, select, text

from deskcrm.domain.clients.filters import Clauses, client_clauses, off_index
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.names import sort_key
from deskcrm.domain.risk.model import KNOWN_SQL, ClientHealth
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

_summary = client_summary.c

_OWN: Final[dict[str, tuple[Any, ...]]] = {
    "name": (Client.sort_name,),
    "tier": (Client.tier, Client.sort_name),
    "lifecycle": (Client.lifecycle, Client.sort_name),
    "city": (Client.city, Client.sort_name),
    # An id is made when its client is, and rises with time.
    "created_at": (Client.id,),
}
_SUMMARY: Final[dict[str, Any]] = {
    "last_contact_at": _summary.last_contact_at,
    "last_two_way_at": _summary.last_two_way_at,
    "open_tickets": _summary.open_tickets,
    "next_task_due": _summary.next_task_due,
    "next_promise_due": _summary.next_promise_due,
    "renewal_decision_on": _summary.renewal_decision_on,
}
_NEVER_FIRST: Final = frozenset({"last_contact_at", "last_two_way_at"})
"""Who was never spoken to comes before who was spoken to long ago; without a date comes last."""
FEW: Final = 5_000
SORTS: Final = (*_OWN, "owner", "health", *_SUMMARY)
_KNOWN: Final = text(f"client_health.{KNOWN_SQL}")


@dataclass(frozen=True, slots=True)
class Order:
    """What the list is sorted by; "owner" is by the owners' names, "health" by the risk."""

    sort: str = "name"
    descending: bool = False


def count_matching(db: Reader, asked: Filter) -> int:
    """Count the clients that match."""
    clauses = client_clauses(db, asked)
    own = select(func.count()).select_from(Client).where(~Client.is_deleted, *clauses.client)
    summed = select(func.count()).select_from(client_summary).where(*clauses.summary)
    if not clauses.summary:
        return db.scalar(own) or 0
    by_summary = db.scalar(summed) or 0
    if not clauses.client:
        return by_summary
    # Looked for on the side where fewer match, and asked of the other one by one.
    is_fewer = by_summary < (db.scalar(own) or 0)
    return db.scalar(_clients(select(func.count()), clauses, by_summary=is_fewer)) or 0


def sorted_ids(
    db: Reader, asked: Filter, order: Order, *, offset: int = 0, limit: int | None = None
) -> list[ClientId]:
    """Give the ids of the clients that match, in order, from one place to another."""
    clauses = client_clauses(db, asked)
    if order.sort == "owner":
        return _by_owner(db, clauses, order.descending, offset, limit)
    if order.sort == "health":
        return _by_health(db, clauses, order.descending, offset, limit)
    if order.sort in _SUMMARY:
        return _by_summary(db, clauses, order, offset, limit)
    return _by_own(db, clauses, order, offset, limit)


def _clients(
    statement: Select[*tuple[Any, ...]], clauses: Clauses, *, by_summary: bool = False
) -> Select[*tuple[Any, ...]]:
    """Ask a statement of the clients that match, with the summary only where it is asked for."""
    source: Any = Client
    if clauses.summary:
        key: Any = off_index(_summary.client_id) if by_summary else _summary.client_id
        source = join(Client, client_summary, Client.id == key)
    return statement.select_from(source).where(
        ~Client.is_deleted, *clauses.client, *clauses.summary
    )


def _by_own(
    db: Reader, clauses: Clauses, order: Order, offset: int, limit: int | None
) -> list[ClientId]:
    columns = _OWN.get(order.sort, _OWN["name"])
    if clauses.summary and _are_few(db, select(literal(1)).where(*clauses.summary)):
        # Found by their summaries and then sorted, rather than looked for all along the order.
        columns = tuple(off_index(column) for column in columns)
    ordered = [column.desc() if order.descending else column for column in columns]
    if not db.is_sqlite:
        # SQLite keeps equal names in the order of its index; PostgreSQL must be told one.
        ordered.append(Client.id)
    statement = _clients(select(Client.id), clauses).order_by(*ordered)
    return list(db.scalars(statement.limit(limit).offset(offset)))


def _by_summary(
    db: Reader, clauses: Clauses, order: Order, offset: int, limit: int | None
) -> list[ClientId]:
    column = _SUMMARY[order.sort]
    if clauses.summary and _are_few(db, select(literal(1)).where(*clauses.summary)):
        column = off_index(column)
    statement = select(_summary.client_id).where(*clauses.summary)
    if clauses.client:
        some = select(literal(1)).where(~Client.is_deleted, *clauses.client)
        # Few clients are found first and sorted then; of many, the summaries are walked in their
        # order and asked one by one whether they match.
        key: Any = _summary.client_id
        both = join(
            client_summary, Client, Client.id == (key if _are_few(db, some) else off_index(key))
        )
        statement = statement.select_from(both).where(~Client.is_deleted, *clauses.client)
    if order.descending:
        ordered = [column.desc().nulls_last(), _summary.client_id.desc()]
    else:
        is_never_first = order.sort in _NEVER_FIRST
        first = column.asc().nulls_first() if is_never_first else column.asc().nulls_last()
        ordered = [first, _summary.client_id]
    return list(db.scalars(statement.order_by(*ordered).limit(limit).offset(offset)))


def _by_health(
    db: Reader, clauses: Clauses, descending: bool, offset: int, limit: int | None
) -> list[ClientId]:
    """Walk those of whom enough is known by their risk; the others come last either way, by name.

    Unless something is asked of clients only the index of those is walked: it holds no deleted one.
    """
    risk: Any = ClientHealth.probability
    known = select(ClientHealth.client_id).where(_KNOWN)
    if clauses.client or clauses.summary or not db.is_sqlite:
        if _are_few(db, _clients(select(literal(1)), clauses)):
            risk = off_index(risk)
        source: Any = join(ClientHealth, Client, Client.id == ClientHealth.client_id)
        if clauses.summary:
            source = join(source, client_summary, Client.id == _summary.client_id)
        known = known.select_from(source).where(
            ~Client.is_deleted, *clauses.client, *clauses.summary
        )
    ordered = [risk, ClientHealth.client_id]
    if descending:
        ordered = [column.desc() for column in ordered]
    found = list(db.scalars(known.order_by(*ordered).limit(limit).offset(offset)))
    if limit is not None and len(found) >= limit:
        return found
    before = offset + len(found)
    if not found and offset:
        before = db.scalar(select(func.count()).select_from(known.subquery())) or 0
    left = None if limit is None else limit - len(found)
    return [*found, *_not_known(db, clauses, max(offset - before, 0), left, before)]


def _not_known(
    db: Reader, clauses: Clauses, offset: int, limit: int | None, known: int
) -> Sequence[ClientId]:
    """Give those of whom too little is known, by name; far down they are walked from the end."""
    scored = select(ClientHealth.client_id).where(_KNOWN)
    others = _clients(select(Client.id), clauses).where(Client.id.not_in(scored))
    ordered: list[Any] = [Client.sort_name, *(() if db.is_sqlite else (Client.id,))]
    if limit is not None and offset > FEW:
        count = db.scalar(_clients(select(func.count()), clauses)) or 0
        left = max(count - known - offset, 0)
        if left < offset:
            back = others.order_by(*(column.desc() for column in ordered))
            page = back.limit(min(limit, left)).offset(max(left - limit, 0))
            return db.scalars(page)[::-1]
    return db.scalars(others.order_by(*ordered).limit(limit).offset(offset))


def _are_few(db: Reader, matching: Select[int]) -> bool:
    """Tell whether so few match that sorting them costs nothing."""
    some = matching.limit(FEW + 1).subquery()
    return (db.scalar(select(func.count()).select_from(some)) or 0) <= FEW


def _by_owner(
    db: Reader, clauses: Clauses, descending: bool, offset: int, limit: int | None
) -> list[ClientId]:
    """Walk the owners by name, and within each the clients by name.

    People are few and clients many, so the owners are sorted here and the clients by the index.
    An owner's clients are counted only where the page begins behind them.
    """
    found: list[ClientId] = []
    for owner_id in _owners(db, descending):
        own = replace(
            clauses, client=(*clauses.client, Client.owner_id.is_not_distinct_from(owner_id))
        )
        if offset:
            count = db.scalar(_clients(select(func.count()), own)) or 0
            if offset >= count:
                offset -= count
                continue
        left = None if limit is None else limit - len(found)
        found += _by_own(db, own, Order("name", descending), offset, left)
        offset = 0
        if limit is not None and len(found) >= limit:
            break
    return found


def _owners(db: Reader, descending: bool) -> list[UserId | None]:
    """List everybody who may own a client, by name; nobody comes last."""
    names = {row.id: sort_key(row.name) for row in db.all(select(User.id, User.name))}
    owners = sorted(names, key=lambda owner_id: (names[owner_id], owner_id), reverse=descending)
    return [None, *map(UserId, owners)] if descending else [*map(UserId, owners), None]
