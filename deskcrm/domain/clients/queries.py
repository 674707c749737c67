"""Answers about clients: the list of a million, and the page of one."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from deskcrm.domain.clients.filters import client_clauses
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Lifecycle, Tier
from deskcrm.domain.clients.order import Order, sorted_ids
from deskcrm.domain.tags.queries import TagChip, tags_of
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

EVERYTHING: Final = Filter()


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client, as the list shows it."""

    id: ClientId
    name: str
    kind: ClientKind
    tier: Tier
    lifecycle: Lifecycle
    owner_id: UserId | None
    owner: str
    city: str
    tags: tuple[TagChip, ...]


def count_clients(db: Reader, *, asked: Filter = EVERYTHING) -> int:
    """Count the clients that match."""
    statement = select(func.count()).select_from(Client).where(~Client.is_deleted)
    return db.scalar(statement.where(*client_clauses(db, asked))) or 0


def page_clients(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = "name",
    descending: bool = False,
    asked: Filter = EVERYTHING,
) -> list[ClientRow]:
    """Give the clients from one place in the list to another."""
    order = Order(sort, descending)
    return _rows(db, sorted_ids(db, asked, order, offset=offset, limit=limit))


def list_client_ids(
    db: Reader, *, sort: str = "name", descending: bool = False, asked: Filter = EVERYTHING
) -> list[ClientId]:
    """List the ids of all clients that match, in order: what "select all" stands for."""
    return sorted_ids(db, asked, Order(sort, descending))


def _rows(db: Reader, client_ids: list[ClientId]) -> list[ClientRow]:
    found = db.all(
        select(
            Client.id,
            Client.name,
            Client.kind,
            Client.tier,
            Client.lifecycle,
            Client.owner_id,
            func.coalesce(User.name, "").label("owner"),
            Client.city,
        )
        .outerjoin(User, User.id == Client.owner_id)
        .where(Client.id.in_(client_ids))
    )
    rows = {row.id: row for row in found}
    tags = tags_of(db, client_ids)
    return [ClientRow(**rows[one]._asdict(), tags=tags.get(one, ())) for one in client_ids]
