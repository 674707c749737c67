"""The tables of suggestions and of which clients wish for which."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.model import SurveyAnswerId
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

SuggestionId = NewType("SuggestionId", UUID)
SuggestionVoteId = NewType("SuggestionVoteId", UUID)


class SuggestionState(StrEnum):
    """What becomes of a suggestion."""

    NEW = "new"
    UNDER_REVIEW = "under_review"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self in (SuggestionState.DONE, SuggestionState.DECLINED)


_FIRMEST_FIRST: Final = (
    SuggestionState.DONE,
    SuggestionState.DECLINED,
    SuggestionState.PLANNED,
    SuggestionState.UNDER_REVIEW,
    SuggestionState.NEW,
)


def merge_states(mine: SuggestionState, theirs: SuggestionState) -> SuggestionState:
    """Decide between two states set without knowledge of one another: the firmer word holds."""
    return min(mine, theirs, key=_FIRMEST_FIRST.index)


class Suggestion(Record, kw_only=True):
    """Something that clients wish for; everybody here sees it, whosever client it came from."""

    __tablename__ = "suggestion"
    __title__ = "title"
    __table_args__ = (
        index_where(
            "ix_suggestion_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"
        ),
    )

    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    state: Mapped[SuggestionState] = mapped_column(
        default=SuggestionState.NEW,
        info={**merges(Merge.STATE, group="state"), "rule": merge_states},
    )
    state_at: Mapped[datetime] = mapped_column(info=merges(Merge.REGISTER, group="state"))
    reply: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="state"))
    """What became of it, as the clients are to hear it."""
    raised_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    raised_by: Mapped[UserId] = mapped_column(info=signs())
    merged_into_id: Mapped[SuggestionId | None] = mapped_column(
        default=None, info=refers("suggestion")
    )
    """The suggestion that is the same wish, in which this one is read."""

    def __post_init__(self) -> None:
        self.retitle(self.title)

    def retitle(self, title: str) -> None:
        """Give the suggestion another title."""
        title = one_line(title)
        if not title:
            raise UserError(
                tr("A suggestion needs a title."), tr("Say in a few words what is wished for.")
            )
        self.title = title


class SuggestionVote(Record, kw_only=True):
    """That a client wishes for something, in their words, and what they have been told of it."""

    __tablename__ = "suggestion_vote"
    __subject__ = "client_id"
    __title__ = "suggestion_id"
    __table_args__ = (
        Index(None, "suggestion_id"),
        Index(None, "client_id"),
        index_where("ix_suggestion_vote_answer_id", "answer_id", where="answer_id IS NOT NULL"),
        index_where("ix_suggestion_vote_ticket_id", "ticket_id", where="ticket_id IS NOT NULL"),
    )

    suggestion_id: Mapped[SuggestionId] = mapped_column(info=refers("suggestion", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    words: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    """What they said."""
    answer_id: Mapped[SurveyAnswerId | None] = mapped_column(
        default=None, info=refers("survey_answer")
    )
    ticket_id: Mapped[TicketId | None] = mapped_column(default=None, info=refers("ticket"))
    voted_at: Mapped[datetime] = mapped_column(info=merges(Merge.EARLIER))
    told_state: Mapped[SuggestionState | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="told")
    )
    """What was told to them last."""
    told_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="told")
    )

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this client's wish, whoever notes it."""
        return meant_id("suggestion_vote", values["suggestion_id"], values["client_id"])
