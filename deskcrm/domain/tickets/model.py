"""The tables of tickets, of what was said in them, and of every change of state."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import ColumnElement, Index, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.states import TicketState, merge_states
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

TicketId = NewType("TicketId", UUID)
TicketMessageId = NewType("TicketMessageId", UUID)

OPEN_SQL: Final = "state NOT IN ('resolved', 'closed')"
"""Somebody still has to act. Written out, for the partial indexes and the queries alike."""
IS_OPEN: Final[ColumnElement[Any]] = literal_column(f"ticket.{OPEN_SQL}")
"""The words of the partial indexes, so that the database recognises them."""


PUBLIC_SQL: Final = "kind <> 'internal_note'"
HEARD_SQL: Final = "kind = 'client_word'"
"""What passed between the client and us, and what the client said of it."""


class TicketKind(StrEnum):
    """What a ticket is, in the terms of ITIL."""

    INCIDENT = "incident"
    SERVICE_REQUEST = "service_request"
    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class Priority(StrEnum):
    """How pressing something is. The texts sort by it, so that an index gives the order."""

    URGENT = "1_urgent"
    HIGH = "2_high"
    NORMAL = "3_normal"
    LOW = "4_low"


class SupportLine(StrEnum):
    """Which line of support has a ticket."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"


class MessageKind(StrEnum):
    """Who speaks in a thread, and to whom."""

    CLIENT_WORD = "client_word"
    PUBLIC_REPLY = "public_reply"
    INTERNAL_NOTE = "internal_note"


# Not "is_deleted" as a first column: without statistics SQLite takes it for selective, and then
# prefers such an index even to the key. The open ones come last, as SQLite looks at the newest
# index first and keeps it when another is as good. They hold the state too: SQLite compares it
# again, although the index holds nothing else.


def _living(name: str, *columns: str, which: str = "") -> Index:
    where = f"is_deleted = 0{which}"
    return index_where(name, *columns, where=where, postgres=f"NOT is_deleted{which}")


def _while_open(name: str, *columns: str) -> Index:
    return _living(name, *columns, which=f" AND {OPEN_SQL}")


class Ticket(Record, kw_only=True):
    """Something that a client asks of us."""

    __tablename__ = "ticket"
    __subject__ = "client_id"
    __title__ = "subject"
    __table_args__ = (
        Index(None, "number"),
        Index(None, "client_id", "opened_at"),
        _living("ix_ticket_living_by_arrival", "opened_at", "id"),
        _living("ix_ticket_living_by_priority", "priority", "opened_at", "id"),
        _while_open("ix_ticket_open_by_arrival", "opened_at", "id", "state"),
        _while_open("ix_ticket_open_by_priority", "priority", "opened_at", "id", "state"),
        _while_open("ix_ticket_open_by_owner", "owner_id", "opened_at", "id", "state"),
        _living(
            "ix_ticket_open_by_worker",
            "worker_id",
            "opened_at",
            "id",
            "state",
            which=f" AND {OPEN_SQL} AND worker_id IS NOT NULL",
        ),
        _while_open("ix_ticket_open_by_client", "client_id", "opened_at", "state"),
    )

    number: Mapped[int] = mapped_column(info=merges(Merge.FINAL))
    kind: Mapped[TicketKind] = mapped_column(default=TicketKind.INCIDENT)
    subject: Mapped[str]
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    channel: Mapped[Channel] = mapped_column(default=Channel.CALL)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    state: Mapped[TicketState] = mapped_column(
        default=TicketState.NEW, info={**merges(Merge.STATE, group="state"), "rule": merge_states}
    )
    owner_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    line: Mapped[SupportLine] = mapped_column(
        default=SupportLine.FIRST,
        server_default=SupportLine.FIRST.value,
        info=merges(Merge.REGISTER, group="line"),
    )
    worker_id: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "line"}
    )
    """Who works on it on the second or third line; the owner goes on facing the client."""
    opened_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    opened_by: Mapped[UserId] = mapped_column(info=signs())
    # Of one group with the state: whoever does not settle a ticket has not resolved it either.
    resolved_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="state")
    )
    closed_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="state")
    )

    def __post_init__(self) -> None:
        self.retitle(self.subject)

    def retitle(self, subject: str) -> None:
        """Give the ticket another subject."""
        subject = one_line(subject)
        if not subject:
            raise UserError(
                tr("A ticket needs a subject."), tr("Say in a few words what it is about.")
            )
        self.subject = subject

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to act."""
        return self.state.is_open


class TicketMessage(Record, kw_only=True):
    """One thing said in a ticket's thread; never changed, but a split puts it into another."""

    __tablename__ = "ticket_message"
    __subject__ = "client_id"
    __table_args__ = (
        Index(None, "ticket_id", "sent_at"),
        _living("ix_ticket_message_public", "client_id", "sent_at", which=f" AND {PUBLIC_SQL}"),
        _living("ix_ticket_message_heard", "client_id", "sent_at", which=f" AND {HEARD_SQL}"),
    )

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket"))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    kind: Mapped[MessageKind] = mapped_column(info=merges(Merge.FINAL))
    text: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    channel: Mapped[Channel] = mapped_column(info=merges(Merge.FINAL))
    author_id: Mapped[UserId | None] = mapped_column(default=None, info=signs())
    contact_id: Mapped[ContactId | None] = mapped_column(
        default=None, info=refers("contact", Merge.FINAL)
    )
    sent_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))

    def __post_init__(self) -> None:
        self.text = self.text.strip()
        if not self.text:
            raise UserError(tr("The message is empty."), tr("Write something, then send again."))


class TicketTransition(Record, kw_only=True):
    """One change of a ticket's state; from these the time in every state is known."""

    __tablename__ = "ticket_transition"
    __subject__ = "client_id"
    __table_args__ = (
        Index(None, "ticket_id", "happened_at"),
        Index(None, "client_id", "happened_at"),
    )

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    from_state: Mapped[TicketState | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    """None: the ticket was opened."""
    to_state: Mapped[TicketState] = mapped_column(info=merges(Merge.FINAL))
    is_reopening: Mapped[bool] = mapped_column(default=False, info=merges(Merge.FINAL))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    happened_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    changed_by: Mapped[UserId] = mapped_column(info=signs())
