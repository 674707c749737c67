"""What was said, tickets and tasks, as they are taken out."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.exports.views import AT_ONCE, View, ViewName, always, column, paged
from deskcrm.domain.imports.fields import ImportField as F
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.tasks.queries import count_tasks, page_tasks
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.domain.tickets.queries import count_tickets, page_tickets
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader

_LIVING: Final = (~Interaction.is_deleted, ~Client.is_deleted)


def interaction_rows(db: Reader) -> Iterator[Any]:
    """Give everything that was said with all clients, the oldest first."""
    i = Interaction
    asked = (
        select(
            i.id, i.started_at, i.channel, i.direction, i.outcome, i.duration_seconds,
            i.subject, i.text, i.sentiment, Client.name.label("client"),
            Contact.name.label("contact"), User.name.label("logged_by"),
        )
        .join(Client, Client.id == i.client_id)
        .outerjoin(Contact, Contact.id == i.contact_id)
        .outerjoin(User, User.id == i.logged_by)
        .where(*_LIVING)
        .order_by(i.started_at, i.id)
    )  # fmt: skip
    yield from db.execute(asked.execution_options(yield_per=AT_ONCE))


def count_interactions(db: Reader) -> int:
    """Count what was said."""
    asked = (
        select(func.count())
        .select_from(Interaction)
        .join(Client, Client.id == Interaction.client_id)
    )
    return db.scalar(asked.where(*_LIVING)) or 0


_INTERACTIONS: Final = (
    column("client", lambda row: row.client, lambda: tr("Client")),
    column("contact", lambda row: row.contact, F.PERSON),
    column("started_at", lambda row: row.started_at, F.STARTED_AT),
    column("channel", lambda row: row.channel, F.CHANNEL),
    column("direction", lambda row: row.direction, F.DIRECTION),
    column("outcome", lambda row: row.outcome, F.OUTCOME),
    column("minutes", lambda row: _minutes(row.duration_seconds), F.MINUTES),
    column("subject", lambda row: row.subject, F.SUBJECT),
    column("text", lambda row: row.text, F.TEXT),
    column("sentiment", lambda row: row.sentiment, F.SENTIMENT),
    column("logged_by", lambda row: row.logged_by),
    column("id", lambda row: row.id, lambda: tr("ID")),
)
_TICKETS: Final = (
    column("number", lambda row: row.number, lambda: tr("Ticket")),
    column("client", lambda row: row.client, lambda: tr("Client")),
    column("contact", lambda row: row.contact, F.PERSON),
    column("subject", lambda row: row.subject, F.SUBJECT),
    column("kind", lambda row: row.kind, F.KIND),
    column("state", lambda row: row.state, F.STATE),
    column("priority", lambda row: row.priority, F.PRIORITY),
    column("channel", lambda row: row.channel, F.CHANNEL),
    column("owner", lambda row: row.owner, F.OWNER),
    column("opened_at", lambda row: row.opened_at, F.STARTED_AT),
    column("due_at", lambda row: row.due_at, lambda: tr("Due")),
    column("waiting_since", lambda row: row.waiting_since, lambda: tr("Waiting since")),
    column("first_reply_at", lambda row: row.first_reply_at, lambda: tr("First reply")),
    column("resolved_at", lambda row: row.resolved_at),
    column("closed_at", lambda row: row.closed_at),
    column("line", lambda row: line_words(row.line), lambda: tr("Line")),
    column("worker", lambda row: row.worker, lambda: tr("Worker")),
    column("tier", lambda row: row.tier, F.TIER),
    column("messages", lambda row: row.messages, lambda: tr("Messages")),
    column("reopened", lambda row: row.reopened, lambda: tr("Reopened")),
    column("tags", lambda row: ", ".join(tag.name for tag in row.tags), F.TAGS),
    column("id", lambda row: row.id, lambda: tr("ID")),
)
_TASKS: Final = (
    column("title", lambda row: row.title, lambda: tr("Task")),
    column("client", lambda row: row.client, lambda: tr("Client")),
    column("contact", lambda row: row.contact, F.PERSON),
    column("kind", lambda row: row.kind),
    column("state", lambda row: row.state, F.STATE),
    column("priority", lambda row: row.priority, F.PRIORITY),
    column("assignee", lambda row: row.assignee, lambda: tr("Assignee")),
    column("due_on", lambda row: row.due_on),
    column("due_at", lambda row: row.due_at),
    column("snoozed_until", lambda row: row.snoozed_until),
    column("done_at", lambda row: row.done_at),
    column("outcome", lambda row: row.outcome, F.OUTCOME),
    column("notes", lambda row: row.notes, lambda: tr("Notes")),
    column("postponed", lambda row: row.postponed, lambda: tr("Times put off")),
    column("is_overdue", lambda row: row.is_overdue, lambda: tr("Overdue")),
    column("id", lambda row: row.id, lambda: tr("ID")),
)


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / 60)


VIEWS: Final = (
    View(ViewName.INTERACTIONS, count_interactions, interaction_rows, always(_INTERACTIONS)),
    View(ViewName.TICKETS, count_tickets, paged(page_tickets), always(_TICKETS)),
    View(ViewName.TASKS, count_tasks, paged(page_tasks), always(_TASKS)),
)
