"""The table of promises that we made to clients."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

PromiseId = NewType("PromiseId", UUID)

OPEN_SQL: Final = "state = 'open'"
"""Still owed. Written out, for the partial indexes and the queries alike."""


class PromiseState(StrEnum):
    """What became of a promise. That it is overdue is not a state: it follows from the date."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"
    CANCELLED = "cancelled"


def merge_states(mine: PromiseState, theirs: PromiseState) -> PromiseState:
    """Decide between two states set without knowledge of one another: what was kept is kept."""
    order = (
        PromiseState.KEPT,
        PromiseState.RENEGOTIATED,
        PromiseState.BROKEN,
        PromiseState.CANCELLED,
        PromiseState.OPEN,
    )
    return min(mine, theirs, key=order.index)


def _while_open(name: str, *columns: str) -> Index:
    where = f"is_deleted = 0 AND {OPEN_SQL}"
    return index_where(name, *columns, where=where, postgres=f"NOT is_deleted AND {OPEN_SQL}")


class Promise(Record, kw_only=True):
    """Something that we told a client we would do."""

    __tablename__ = "promise"
    __subject__ = "client_id"
    __title__ = "text"
    __table_args__ = (
        Index(None, "client_id", "made_at"),
        Index(None, "client_id", "settled_at"),
        Index(None, "interaction_id"),
        _while_open("ix_promise_open_by_due", "due_on", "id"),
        _while_open("ix_promise_open_by_client", "client_id", "due_on"),
        _while_open("ix_promise_open_by_maker", "made_by", "due_on"),
    )

    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    text: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(default=None)
    made_by: Mapped[UserId] = mapped_column(info=signs(Merge.REGISTER))
    made_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    interaction_id: Mapped[InteractionId | None] = mapped_column(
        default=None, info=refers("interaction", Merge.FINAL)
    )
    ticket_id: Mapped[TicketId | None] = mapped_column(
        default=None, info=refers("ticket", Merge.FINAL)
    )
    state: Mapped[PromiseState] = mapped_column(
        default=PromiseState.OPEN,
        info={**merges(Merge.STATE, group="end"), "rule": merge_states},
    )
    settled_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="end")
    )
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    replaces_id: Mapped[PromiseId | None] = mapped_column(
        default=None, info=refers("promise", Merge.FINAL)
    )
    """The promise that was renegotiated into this one."""

    def __post_init__(self) -> None:
        self.reword(self.text)

    def reword(self, words: str) -> None:
        """Say the promise in other words."""
        words = one_line(words)
        if not words:
            raise UserError(tr("A promise needs words."), tr("Say what was promised."))
        self.text = words

    def settle(self, state: PromiseState, at: datetime, note: str = "") -> None:
        """Close the promise, once."""
        if self.state is not PromiseState.OPEN:
            raise UserError(
                tr("“{promise}” is already settled.", promise=self.text), tr("Reopen it first.")
            )
        self.state, self.settled_at = state, at
        self.note = note.strip() or self.note

    def reopen(self) -> None:
        """Owe it again."""
        if self.state is PromiseState.OPEN:
            raise UserError(tr("“{promise}” is still open.", promise=self.text))
        self.state, self.settled_at = PromiseState.OPEN, None
