"""The tables of interactions, of who took part, and of wordings that were corrected."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.domain.names import one_line
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Local, Record
from deskcrm.store.types import Merge, merges, refers, signs

ParticipantId = NewType("ParticipantId", UUID)

EDITABLE_FOR: Final = timedelta(minutes=15)
"""So long the author may still change the wording; after that a change is a correction."""

CONTACT_SQL: Final = "direction <> 'none' AND outcome <> 'wrong_number'"
"""One side turned to the other, as against a note for ourselves."""
HEARD_SQL: Final = "(direction = 'incoming' OR outcome = 'reached')"
"""The client was heard: turned to us, or was reached. A contact without it is our outreach that
has had no answer. Written out, since the partial index and the queries must say the same words.
"""


class Outcome(StrEnum):
    """How an interaction ended."""

    UNKNOWN = "unknown"
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    LEFT_MESSAGE = "left_message"
    CALL_BACK_LATER = "call_back_later"
    WRONG_NUMBER = "wrong_number"


class Sentiment(StrEnum):
    """How the client sounded."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Interaction(Record, kw_only=True):
    """One thing that was said between a client and us, or noted about the client."""

    __tablename__ = "interaction"
    __subject__ = "client_id"
    __title__ = "subject"
    __table_args__ = (
        # Together they answer a timeline and a last contact without touching the rows.
        index_where(
            "ix_interaction_timeline",
            "client_id",
            "started_at",
            "channel",
            where="is_deleted = 0",
            postgres="NOT is_deleted",
        ),
        index_where(
            "ix_interaction_contact",
            "client_id",
            "started_at",
            where=f"is_deleted = 0 AND {CONTACT_SQL}",
            postgres=f"NOT is_deleted AND {CONTACT_SQL}",
        ),
        index_where(
            "ix_interaction_heard",
            "client_id",
            "started_at",
            where=f"is_deleted = 0 AND {CONTACT_SQL} AND {HEARD_SQL}",
            postgres=f"NOT is_deleted AND {CONTACT_SQL} AND {HEARD_SQL}",
        ),
        index_where("ix_interaction_contact_id", "contact_id", where="contact_id IS NOT NULL"),
        index_where("ix_interaction_ticket_id", "ticket_id", where="ticket_id IS NOT NULL"),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    """With whom, in the main; others are participants."""
    channel: Mapped[Channel]
    direction: Mapped[Direction] = mapped_column(
        default=Direction.OUTGOING, info=merges(Merge.REGISTER, group="contact")
    )
    outcome: Mapped[Outcome] = mapped_column(
        default=Outcome.UNKNOWN, info=merges(Merge.REGISTER, group="contact")
    )
    started_at: Mapped[datetime]
    duration_seconds: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    sentiment: Mapped[Sentiment | None] = mapped_column(default=None)
    ticket_id: Mapped[TicketId | None] = mapped_column(default=None, info=refers("ticket"))
    task_id: Mapped[TaskId | None] = mapped_column(default=None, info=refers("task"))
    logged_by: Mapped[UserId] = mapped_column(info=signs())
    corrected_at: Mapped[datetime | None] = mapped_column(default=None)

    def __post_init__(self) -> None:
        self.subject, self.text = one_line(self.subject), self.text.strip()
        if self.channel is Channel.NOTE:
            self.direction = Direction.NONE
        if self.channel.is_face_to_face and self.outcome is Outcome.UNKNOWN:
            self.outcome = Outcome.REACHED
        if self.duration_seconds < 0:
            raise UserError(
                tr("Nothing can last less than no time."), tr("Enter the minutes as 0 or more.")
            )
        if not self.text and not self.subject and self.channel is Channel.NOTE:
            raise UserError(tr("The note is empty."), tr("Write something, then save again."))

    def check_moment(self, now: datetime) -> None:
        """Refuse what has not happened yet; a clock may be a few minutes out."""
        if self.started_at > now + timedelta(minutes=10):
            raise UserError(
                tr("This has not happened yet."),
                tr("For something to come make a task with a due date."),
            )

    def is_editable_by(self, user: UUID, now: datetime) -> bool:
        """Tell whether the wording may still be changed in place, by that person."""
        return user == self.logged_by and now - self.created_at <= EDITABLE_FOR


class Participant(Record, kw_only=True):
    """One more person who took part: a contact, somebody of ours, or only a name."""

    __tablename__ = "participant"
    __subject__ = "client_id"
    __title__ = "name"

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    interaction_id: Mapped[InteractionId] = mapped_column(
        info=refers("interaction", Merge.FINAL), index=True
    )
    contact_id: Mapped[ContactId | None] = mapped_column(
        default=None, info=refers("contact", Merge.FINAL)
    )
    user_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user", Merge.FINAL))
    name: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))

    def __post_init__(self) -> None:
        self.name = one_line(self.name)
        if self.contact_id is None and self.user_id is None and not self.name:
            raise UserError(tr("Who took part?"), tr("Choose a person or type a name."))


class Revision(Record, kw_only=True):
    """The wording of an interaction before it was corrected; kept for good."""

    __tablename__ = "revision"
    __subject__ = "client_id"
    __title__ = "reason"

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    interaction_id: Mapped[InteractionId] = mapped_column(
        info=refers("interaction", Merge.FINAL), index=True
    )
    former_text: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    corrected_by: Mapped[UserId] = mapped_column(info=signs())
    corrected_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))


class ClientVisit(Local, kw_only=True):
    """When a client's page was last looked at on this device: "since you last looked"."""

    __tablename__ = "client_visit"

    client_id: Mapped[ClientId] = mapped_column(primary_key=True)
    last_seen_at: Mapped[datetime]
