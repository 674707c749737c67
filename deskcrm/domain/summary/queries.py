"""Answers about a client's standing: one summary, or those of the clients in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """Where we stand with a client.

    The last contact is one item: when, by whom of ours, and which (``last_contact_table`` is
    "interaction" or "ticket_message"). ``last_two_way_at``: when the client was last heard;
    ``unanswered``: how often we turned to it since, without an answer.
    """

    client_id: ClientId
    last_contact_at: datetime | None
    last_contact_by: UserId | None
    last_contact_name: str
    last_contact_id: UUID | None
    last_contact_table: str | None
    last_contact_channel: Channel | None
    last_two_way_at: datetime | None
    unanswered: int
    open_tickets: int
    oldest_open_ticket_at: datetime | None
    open_tasks: int
    next_task_due: date | None
    open_promises: int
    next_promise_due: date | None
    renewal_decision_on: date | None


def get_summary(db: Reader, client_id: ClientId) -> ClientSummary | None:
    """Give a client's summary; None when there is no such client."""
    return get_summaries(db, [client_id]).get(client_id)


def get_summaries(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, ClientSummary]:
    """Give the summaries of some clients, by client; of those on a screen, not of all."""
    c = client_summary.c
    rows = db.all(
        select(
            c.client_id,
            c.last_contact_at,
            c.last_contact_by,
            func.coalesce(User.name, "").label("last_contact_name"),
            c.last_contact_id,
            c.last_contact_table,
            c.last_contact_channel,
            c.last_two_way_at,
            c.unanswered,
            c.open_tickets,
            c.oldest_open_ticket_at,
            c.open_tasks,
            c.next_task_due,
            c.open_promises,
            c.next_promise_due,
            c.renewal_decision_on,
        )
        .outerjoin(User, User.id == c.last_contact_by)
        .where(c.client_id.in_(client_ids))
    )
    return {row.client_id: ClientSummary(**row._asdict()) for row in rows}
