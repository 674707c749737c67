"""The place of one client in the list of a million, so that the list can open there."""

from typing import Any, Final

from sqlalchemy import Select, func, join, select

from deskcrm.domain.clients.filters import Clauses, client_clauses
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.clients.order import Order, sorted_ids
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

EVERYTHING: Final = Filter()
WALKED: Final = 5_000
"""So many places are walked for an order that no count can answer."""


def place_of(
    db: Reader,
    client_id: ClientId,
    *,
    sort: str = "name",
    descending: bool = False,
    asked: Filter = EVERYTHING,
) -> int | None:
    """Give the number that a client has in the list, or None where it does not stand in it.

    Among equal names it is that of the first of them: near enough to read the right page. In
    other orders than by name it is found only near the beginning.
    """
    if sort != "name":
        ids = sorted_ids(db, asked, Order(sort, descending), limit=WALKED)
        return ids.index(client_id) if client_id in ids else _beginning(db, client_id, asked)
    clauses = client_clauses(db, asked)
    name = db.scalar(_of(clauses, Client.sort_name).where(Client.id == client_id))
    if name is None:
        return None
    before = Client.sort_name > name if descending else Client.sort_name < name
    return db.scalar(_of(clauses, func.count()).where(before)) or 0


def _beginning(db: Reader, client_id: ClientId, asked: Filter) -> int | None:
    """Give the first place for a client that stands in the list, but too far down to look."""
    there = _of(client_clauses(db, asked), Client.id).where(Client.id == client_id)
    return 0 if db.scalar(there) is not None else None


def _of(clauses: Clauses, column: Any) -> Select[*tuple[Any, ...]]:
    source: Any = Client
    if clauses.summary:
        source = join(Client, client_summary, client_summary.c.client_id == Client.id)
    statement = select(column).select_from(source)
    return statement.where(~Client.is_deleted, *clauses.client, *clauses.summary)
