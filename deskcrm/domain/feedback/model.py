"""The tables of forms, of who was asked with which, and of each answer."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.questions import Question, QuestionKind, checked, from_rows, to_rows
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Record
from deskcrm.store.types import Json, Merge, merges, refers, signs

SurveyFormId = NewType("SurveyFormId", UUID)
SurveyResponseId = NewType("SurveyResponseId", UUID)
SurveyAnswerId = NewType("SurveyAnswerId", UUID)

UNHEARD_SQL: Final = "is_low AND closed_at IS NULL"
"""A low answer of which nobody has said yet what was done. Written out, for the partial index."""


class CaptureWay(StrEnum):
    """How an answer came to us; what is said to a person's face is kinder than what is written."""

    PHONE = "phone"
    PAPER = "paper"
    LINK = "link"
    EMAIL = "email"

    @property
    def is_by_hand(self) -> bool:
        """Tell whether one of us wrote it down."""
        return self in (CaptureWay.PHONE, CaptureWay.PAPER)


class ResponseState(StrEnum):
    """How far it has come with somebody who was asked."""

    SENT = "sent"
    """Asked, and not answered."""
    ANSWERED = "answered"
    DECLINED = "declined"


def merge_states(mine: ResponseState, theirs: ResponseState) -> ResponseState:
    """Decide between two states set without knowledge of one another: an answer is an answer."""
    order = (ResponseState.ANSWERED, ResponseState.DECLINED, ResponseState.SENT)
    return min(mine, theirs, key=order.index)


class SurveyForm(Record, kw_only=True):
    """One version of a form; its questions are never changed.

    Whoever answered it has answered these questions. The version after it is a row of its own,
    of the same family; the latest is the one to ask with.
    """

    __tablename__ = "survey_form"
    __title__ = "name"
    __table_args__ = (Index(None, "family_id"),)

    family_id: Mapped[UUID] = mapped_column(info=merges(Merge.FINAL))
    """The id of its first version."""
    version: Mapped[int] = mapped_column(info=merges(Merge.FINAL))
    name: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    opening_en: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """What is said before the first question."""
    opening_ru: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json(), info=merges(Merge.FINAL))
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """What is new in this version."""
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when nobody is asked with it any more."""

    @classmethod
    def of(cls, name: str, questions: tuple[Question, ...], **values: Any) -> "SurveyForm":
        """Make a version; raises UserError, in words, for what cannot be asked."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A form needs a name."), tr("Type the name and save again."))
        return cls(name=name, questions=to_rows(checked(questions)), **values)

    def read_questions(self) -> tuple[Question, ...]:
        """Give the questions that this version asks."""
        return from_rows(self.questions)


class SurveyResponse(Record, kw_only=True):
    """That somebody was asked with a form, and what came of it."""

    __tablename__ = "survey_response"
    __subject__ = "client_id"
    __title__ = "form_id"
    __table_args__ = (
        Index(None, "client_id", "answered_at"),
        Index(None, "contact_id"),
        Index(None, "form_id"),
        Index(None, "answered_at"),
        index_where("ix_survey_response_ticket_id", "ticket_id", where="ticket_id IS NOT NULL"),
        index_where("ix_survey_response_token", "token", where="token <> ''"),
    )

    form_id: Mapped[SurveyFormId] = mapped_column(info=refers("survey_form", Merge.FINAL))
    """The version that was asked with."""
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    contact_id: Mapped[ContactId | None] = mapped_column(default=None, info=refers("contact"))
    ticket_id: Mapped[TicketId | None] = mapped_column(
        default=None, info=refers("ticket", Merge.FINAL)
    )
    """What the questions were about, if it was one ticket."""
    asked_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    asked_by: Mapped[UserId] = mapped_column(info=signs())
    override_reason: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """Why they were asked although something spoke against it."""
    token: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """What the link ends in; whoever has it may answer, once."""
    way: Mapped[CaptureWay] = mapped_column(info=merges(Merge.REGISTER, group="state"))
    language: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="state"))
    state: Mapped[ResponseState] = mapped_column(
        default=ResponseState.ANSWERED,
        info={**merges(Merge.STATE, group="state"), "rule": merge_states},
    )
    answered_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="state")
    )
    never_again: Mapped[bool] = mapped_column(default=False)
    """They asked not to be asked any more."""


class SurveyAnswer(Record, kw_only=True):
    """The answer to one question, or to one row of a matrix; a record each, so that they merge."""

    __tablename__ = "survey_answer"
    __subject__ = "client_id"
    __title__ = "question_key"
    __table_args__ = (
        Index(None, "response_id"),
        Index(None, "client_id", "kind"),
        Index(None, "kind"),
        index_where(
            "ix_survey_answer_unheard",
            "client_id",
            where=f"is_deleted = 0 AND {UNHEARD_SQL}",
            postgres=f"NOT is_deleted AND {UNHEARD_SQL}",
        ),
    )

    response_id: Mapped[SurveyResponseId] = mapped_column(
        info=refers("survey_response", Merge.FINAL)
    )
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    question_key: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    row_key: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """Which row of a matrix; empty for any other kind."""
    kind: Mapped[QuestionKind] = mapped_column(info=merges(Merge.FINAL))
    number: Mapped[int | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="answer")
    )
    choices: Mapped[list[str]] = mapped_column(
        default_factory=list, info=merges(Merge.REGISTER, group="answer")
    )
    text: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    is_low: Mapped[bool] = mapped_column(default=False, info=merges(Merge.REGISTER, group="answer"))
    """Whether it was low by the thresholds of its day; what opened a follow-up stays told."""
    closed_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="loop")
    )
    closed_by: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "loop"}
    )
    outcome: Mapped[str] = mapped_column(default="", info=merges(Merge.REGISTER, group="loop"))
    """What was done about a low answer."""
    is_client_told: Mapped[bool] = mapped_column(
        default=False, info=merges(Merge.REGISTER, group="loop")
    )
    is_passed_over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody looked and found no suggestion in it."""

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of the answer to this question, whoever writes it down."""
        return meant_id(
            "survey_answer", values["response_id"], values["question_key"], values["row_key"]
        )
