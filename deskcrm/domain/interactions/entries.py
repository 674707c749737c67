"""Reads entries of the timeline in full, one statement for each kind that is on the screen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, func, select

from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.feedback.model import SurveyForm, SurveyResponse
from deskcrm.domain.feedback.responses import say_answers
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Interaction, Outcome, Participant, Sentiment
from deskcrm.domain.interactions.timeline import EntryKind, Moment
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.tasks.model import Task, TaskId, TaskKind
from deskcrm.domain.tickets.model import (
    MessageKind,
    Ticket,
    TicketId,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader

_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry of a client's timeline; what does not apply to its kind is empty.

    ``title`` is the subject, the task, the promise; ``state`` what a ticket, a task or a promise
    came to, or how an answer came to us (``words.of`` says it); ``person`` is of ours, ``contact``
    of theirs.
    """

    kind: EntryKind
    id: UUID
    at: datetime
    title: str
    text: str = ""
    person: str = ""
    contact: str = ""
    contact_id: ContactId | None = None
    channel: Channel | None = None
    direction: Direction | None = None
    outcome: Outcome | None = None
    sentiment: Sentiment | None = None
    duration_seconds: int = 0
    message: MessageKind | None = None
    task_kind: TaskKind | None = None
    state: StrEnum | None = None
    is_opening: bool = False
    is_reopening: bool = False
    due_on: date | None = None
    ticket_id: TicketId | None = None
    ticket_number: int | None = None
    task_id: TaskId | None = None
    participants: tuple[str, ...] = ()
    attachments: int = 0
    is_mine: bool = False
    is_corrected: bool = False
    created_at: datetime
    is_new: bool = False
    """Not there, or not known here, when the page was last looked at; and not one's own."""


def read_entries(
    db: Reader, moments: Sequence[Moment], *, seen_at: datetime | None = None
) -> list[TimelineEntry]:
    """Give the entries of some moments, in their order."""
    found: dict[tuple[EntryKind, UUID], TimelineEntry] = {}
    for kind in EntryKind:
        ids = [moment.place.row_id for moment in moments if moment.kind is kind]
        if ids:
            for row in _rows(db, kind, ids):
                found[kind, row["id"]] = _entry(db, kind, row, seen_at)
    keys = [(moment.kind, moment.place.row_id) for moment in moments]
    return [found[key] for key in keys if key in found]


def _entry(
    db: Reader, kind: EntryKind, row: dict[str, Any], seen_at: datetime | None
) -> TimelineEntry:
    is_mine = row.pop("by", None) == db.actor
    is_new = seen_at is not None and row["created_at"] > seen_at and not is_mine
    return TimelineEntry(kind=kind, is_mine=is_mine, is_new=is_new, **row)


def _rows(db: Reader, kind: EntryKind, ids: Sequence[UUID]) -> Iterable[dict[str, Any]]:
    rows = [row._asdict() for row in db.execute(_statement(kind), {"ids": ids})]
    if kind is EntryKind.SURVEY_ANSWERED:
        said = say_answers(db, ids)
        for row in rows:
            row["text"] = said.get(row["id"], "")
    if kind is EntryKind.INTERACTION:
        participants = _participants(db, ids)
        for row in rows:
            row["participants"] = participants.get(row["id"], ())
    return rows


def _participants(db: Reader, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = db.all(
        select(Participant.interaction_id, func.coalesce(Contact.name, User.name, Participant.name))
        .outerjoin(Contact, Contact.id == Participant.contact_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Participant.interaction_id.in_(ids), ~Participant.is_deleted)
        .order_by(Participant.id)
    )
    names: dict[UUID, tuple[str, ...]] = {}
    for interaction_id, name in rows:
        names[interaction_id] = (*names.get(interaction_id, ()), name)
    return names


def _interactions() -> Select[*tuple[Any, ...]]:
    attachments = (
        select(func.count())
        .where(Attachment.interaction_id == Interaction.id, ~Attachment.is_deleted)
        .scalar_subquery()
    )
    return (
        select(
            Interaction.id,
            Interaction.started_at.label("at"),
            Interaction.subject.label("title"),
            Interaction.text,
            Interaction.logged_by.label("by"),
            _name(User, "person"),
            _name(Contact, "contact"),
            Interaction.contact_id,
            Interaction.channel,
            Interaction.direction,
            Interaction.outcome,
            Interaction.sentiment,
            Interaction.duration_seconds,
            Interaction.ticket_id,
            Ticket.number.label("ticket_number"),
            Interaction.task_id,
            attachments.label("attachments"),
            Interaction.corrected_at.is_not(None).label("is_corrected"),
            Interaction.created_at,
        )
        .outerjoin(User, User.id == Interaction.logged_by)
        .outerjoin(Contact, Contact.id == Interaction.contact_id)
        .outerjoin(Ticket, Ticket.id == Interaction.ticket_id)
        .where(Interaction.id.in_(_IDS))
    )


def _messages() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TicketMessage.id,
            TicketMessage.sent_at.label("at"),
            func.coalesce(Ticket.subject, "").label("title"),
            TicketMessage.text,
            TicketMessage.author_id.label("by"),
            _name(User, "person"),
            _name(Contact, "contact"),
            TicketMessage.contact_id,
            TicketMessage.channel,
            TicketMessage.kind.label("message"),
            TicketMessage.ticket_id,
            Ticket.number.label("ticket_number"),
            TicketMessage.created_at,
        )
        .outerjoin(Ticket, Ticket.id == TicketMessage.ticket_id)
        .outerjoin(User, User.id == TicketMessage.author_id)
        .outerjoin(Contact, Contact.id == TicketMessage.contact_id)
        .where(TicketMessage.id.in_(_IDS))
    )


def _steps() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TicketTransition.id,
            TicketTransition.happened_at.label("at"),
            func.coalesce(Ticket.subject, "").label("title"),
            TicketTransition.reason.label("text"),
            TicketTransition.changed_by.label("by"),
            _name(User, "person"),
            TicketTransition.to_state.label("state"),
            TicketTransition.from_state.is_(None).label("is_opening"),
            TicketTransition.is_reopening,
            TicketTransition.ticket_id,
            Ticket.number.label("ticket_number"),
            TicketTransition.created_at,
        )
        .outerjoin(Ticket, Ticket.id == TicketTransition.ticket_id)
        .outerjoin(User, User.id == TicketTransition.changed_by)
        .where(TicketTransition.id.in_(_IDS))
    )


def _tasks() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id,
            Task.done_at.label("at"),
            Task.title,
            Task.outcome.label("text"),
            Task.done_by.label("by"),
            _name(User, "person"),
            _name(Contact, "contact"),
            Task.contact_id,
            Task.kind.label("task_kind"),
            Task.state,
            Task.due_on,
            Task.ticket_id,
            Task.created_at,
        )
        .outerjoin(User, User.id == Task.done_by)
        .outerjoin(Contact, Contact.id == Task.contact_id)
        .where(Task.id.in_(_IDS))
    )


def _promises(at: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Promise.id,
            at.label("at"),
            Promise.text.label("title"),
            Promise.note.label("text"),
            Promise.made_by.label("by"),
            _name(User, "person"),
            _name(Contact, "contact"),
            Promise.contact_id,
            Promise.state,
            Promise.due_on,
            Promise.ticket_id,
            Promise.created_at,
        )
        .outerjoin(User, User.id == Promise.made_by)
        .outerjoin(Contact, Contact.id == Promise.contact_id)
        .where(Promise.id.in_(_IDS))
    )


def _surveys() -> Select[*tuple[Any, ...]]:
    return (
        select(
            SurveyResponse.id,
            SurveyResponse.answered_at.label("at"),
            func.coalesce(SurveyForm.name, "").label("title"),
            SurveyResponse.asked_by.label("by"),
            _name(User, "person"),
            _name(Contact, "contact"),
            SurveyResponse.contact_id,
            SurveyResponse.way.label("state"),
            SurveyResponse.ticket_id,
            SurveyResponse.created_at,
        )
        .outerjoin(SurveyForm, SurveyForm.id == SurveyResponse.form_id)
        .outerjoin(User, User.id == SurveyResponse.asked_by)
        .outerjoin(Contact, Contact.id == SurveyResponse.contact_id)
        .where(SurveyResponse.id.in_(_IDS))
    )


def _name(model: type[User] | type[Contact], label: str) -> Any:
    return func.coalesce(model.name, "").label(label)


_STATEMENTS: Final[dict[EntryKind, Callable[[], Select[*tuple[Any, ...]]]]] = {
    EntryKind.INTERACTION: _interactions,
    EntryKind.TICKET_MESSAGE: _messages,
    EntryKind.TICKET_STEP: _steps,
    EntryKind.TASK_DONE: _tasks,
    EntryKind.PROMISE_MADE: lambda: _promises(Promise.made_at),
    EntryKind.PROMISE_SETTLED: lambda: _promises(Promise.settled_at),
    EntryKind.SURVEY_ANSWERED: _surveys,
}


@cache
def _statement(kind: EntryKind) -> Select[*tuple[Any, ...]]:
    """Give the statement of a kind, made once: making it takes longer than running it."""
    return _STATEMENTS[kind]()
