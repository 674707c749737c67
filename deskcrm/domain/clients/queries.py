"""Answers about clients: the list of a million, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Lifecycle, Tier
from deskcrm.domain.clients.order import Order, count_matching, sorted_ids
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.risk.standings import Standing, list_standings
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tags.queries import TagChip, tags_of
from deskcrm.domain.touch.model import client_touch
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
    last_contact_at: datetime | None
    last_contact_by: str
    last_contact_channel: Channel | None
    last_two_way_at: datetime | None
    unanswered: int
    """How often we turned to the client since we last heard them."""
    open_tickets: int
    open_tasks: int
    next_task_due: date | None
    open_promises: int
    next_promise_due: date | None
    renewal_decision_on: date | None
    standing: Standing | None
    """How the client scores; None where it was not scored."""
    next_touch_at: datetime | None
    """When it is time to be in touch, where a policy or a rhythm says so."""
    cold_at: datetime | None
    tags: tuple[TagChip, ...]

    @property
    def next_due(self) -> date | None:
        """Give the next day on which something of ours is due: a task or a promise."""
        days = [day for day in (self.next_task_due, self.next_promise_due) if day]
        return min(days, default=None)


def count_clients(db: Reader, *, asked: Filter = EVERYTHING) -> int:
    """Count the clients that match."""
    return count_matching(db, asked)


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
    return list_client_rows(db, sorted_ids(db, asked, order, offset=offset, limit=limit))


def list_client_ids(
    db: Reader, *, sort: str = "name", descending: bool = False, asked: Filter = EVERYTHING
) -> list[ClientId]:
    """List the ids of all clients that match, in order: what "select all" stands for."""
    return sorted_ids(db, asked, Order(sort, descending))


_Speaker = aliased(User)
_ROW = (
    Client.id,
    Client.name,
    Client.kind,
    Client.tier,
    Client.lifecycle,
    Client.owner_id,
    func.coalesce(User.name, "").label("owner"),
    Client.city,
    client_summary.c.last_contact_at,
    func.coalesce(_Speaker.name, "").label("last_contact_by"),
    client_summary.c.last_contact_channel,
    client_summary.c.last_two_way_at,
    func.coalesce(client_summary.c.unanswered, 0).label("unanswered"),
    func.coalesce(client_summary.c.open_tickets, 0).label("open_tickets"),
    func.coalesce(client_summary.c.open_tasks, 0).label("open_tasks"),
    client_summary.c.next_task_due,
    func.coalesce(client_summary.c.open_promises, 0).label("open_promises"),
    client_summary.c.next_promise_due,
    client_summary.c.renewal_decision_on,
    client_touch.c.due_at.label("next_touch_at"),
    client_touch.c.cold_at,
)


def list_client_rows(db: Reader, client_ids: Sequence[ClientId]) -> list[ClientRow]:
    """Give these clients as the list shows them, in the order given, without the deleted."""
    found = db.all(
        select(*_ROW)
        .outerjoin(User, User.id == Client.owner_id)
        .outerjoin(client_summary, client_summary.c.client_id == Client.id)
        .outerjoin(client_touch, client_touch.c.client_id == Client.id)
        .outerjoin(_Speaker, _Speaker.id == client_summary.c.last_contact_by)
        .where(Client.id.in_(client_ids), ~Client.is_deleted)
    )
    rows = {row.id: row._asdict() for row in found}
    tags, standings = tags_of(db, client_ids), list_standings(db, client_ids)
    return [
        ClientRow(**rows[one], standing=standings.get(one), tags=tags.get(one, ()))
        for one in client_ids
        if one in rows
    ]
