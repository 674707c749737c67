"""The order of the list of clients, at a million of them.

What is skipped on the way to a place far down must be skipped within an index: its rows are
never looked at. So a statement here speaks only of what one index holds.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select

from deskcrm.domain.clients.filters import client_clauses
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.names import sort_key
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

SORTS: Final[dict[str, tuple[Any, ...]]] = {
    "name": (Client.sort_name,),
    "tier": (Client.tier, Client.sort_name),
    "lifecycle": (Client.lifecycle, Client.sort_name),
    "city": (Client.city, Client.sort_name),
    # An id is made when its client is, and rises with time.
    "created_at": (Client.id,),
}
"""The columns behind each order that is one of columns."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the list is sorted by; "owner" is by the owners' names."""

    sort: str = "name"
    descending: bool = False


def sorted_ids(
    db: Reader, asked: Filter, order: Order, *, offset: int = 0, limit: int | None = None
) -> list[ClientId]:
    """Give the ids of the clients that match, in order, from one place to another."""
    statement = select(Client.id).where(~Client.is_deleted, *client_clauses(db, asked))
    if order.sort == "owner":
        return _by_owner(db, asked, statement, order.descending, offset, limit)
    return _page(db, statement, order, offset, limit)


def _page(
    db: Reader, statement: Select[Any], order: Order, offset: int, limit: int | None
) -> list[ClientId]:
    columns = SORTS.get(order.sort, SORTS["name"])
    ordered = [column.desc() if order.descending else column for column in columns]
    if not db.is_sqlite:
        # SQLite keeps equal names in the order of its index; PostgreSQL must be told one.
        ordered.append(Client.id)
    return list(db.scalars(statement.order_by(*ordered).limit(limit).offset(offset)))


def _by_owner(
    db: Reader,
    asked: Filter,
    statement: Select[Any],
    descending: bool,
    offset: int,
    limit: int | None,
) -> list[ClientId]:
    """Walk the owners by name, and within each the clients by name.

    People are few and clients many, so the owners are sorted here and the clients by the index.
    """
    found: list[ClientId] = []
    for owner_id, count in _owners(db, asked, descending):
        if offset >= count:
            offset -= count
            continue
        left = None if limit is None else limit - len(found)
        own = statement.where(Client.owner_id == owner_id)
        found += _page(db, own, Order("name", descending), offset, left)
        offset = 0
        if limit is not None and len(found) >= limit:
            break
    return found


def _owners(db: Reader, asked: Filter, descending: bool) -> list[tuple[UserId | None, int]]:
    """Count each owner's clients, by the owners' names; what nobody owns comes last."""
    counted = db.all(
        select(Client.owner_id, func.count())
        .where(~Client.is_deleted, *client_clauses(db, asked))
        .group_by(Client.owner_id)
    )
    names = {row.id: sort_key(row.name) for row in db.all(select(User.id, User.name))}
    owners = [(owner_id, count) for owner_id, count in counted]
    return sorted(
        owners,
        key=lambda owner: (owner[0] is None, names.get(owner[0], ""), str(owner[0])),
        reverse=descending,
    )
