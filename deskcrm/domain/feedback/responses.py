"""Who was asked and what they answered, as lists and pages show it; what is low comes first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal_column, or_, select

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.feedback.follow_up import task_id_of
from deskcrm.domain.feedback.model import (
    UNHEARD_SQL,
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyAnswerId,
    SurveyForm,
    SurveyFormId,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.queries import RATED
from deskcrm.domain.feedback.questions import (
    Question,
    QuestionKind,
    from_rows,
    name_of,
    option_named,
)
from deskcrm.domain.names import fold_words
from deskcrm.domain.tasks.model import Task, TaskId, TaskState
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


class ResponseShelf(StrEnum):
    """Which responses a list shows."""

    TO_FOLLOW_UP = "to_follow_up"
    """With a low answer of which nobody has said yet what was done."""
    ANSWERED = "answered"
    SENT = "sent"
    """Sent and not answered, or declined."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer, with the question that was asked and what came of a low one."""

    id: SurveyAnswerId
    question: Question
    row_key: str
    number: int | None
    choices: tuple[str, ...]
    text: str
    is_low: bool
    closed_at: datetime | None
    closed_by: str
    outcome: str
    is_client_told: bool
    task_id: TaskId
    task_state: TaskState | None
    task_due: date | None
    assignee: str

    @property
    def is_open(self) -> bool:
        """Tell whether something has still to be done about it."""
        return self.is_low and self.closed_at is None


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """That somebody was asked, and the numbers that they gave."""

    id: SurveyResponseId
    client_id: ClientId
    client: str
    contact_id: ContactId | None
    contact: str
    form_id: SurveyFormId
    form: str
    version: int
    ticket_id: TicketId | None
    ticket_number: int | None
    way: CaptureWay
    state: ResponseState
    language: str
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    override_reason: str
    never_again: bool
    answers: Sequence[AnswerRow] = field(default=())

    @property
    def low(self) -> list[AnswerRow]:
        """Give the low answers."""
        return [one for one in self.answers if one.is_low]

    @property
    def open(self) -> list[AnswerRow]:
        """Give the low answers about which something has still to be done."""
        return [one for one in self.answers if one.is_open]

    @property
    def words(self) -> str:
        """Give what they said in their own words first."""
        return next((one.text for one in self.answers if one.text), "")


_UNHEARD: Final[ColumnElement[bool]] = exists().where(
    SurveyAnswer.response_id == SurveyResponse.id,
    ~SurveyAnswer.is_deleted,
    literal_column(UNHEARD_SQL),
)
_AT: Final = func.coalesce(SurveyResponse.answered_at, SurveyResponse.asked_at)


def count_responses(
    db: Reader, *, shelf: ResponseShelf = ResponseShelf.ANSWERED, search: str = ""
) -> int:
    """Count the responses of a shelf."""
    statement = (
        select(func.count())
        .select_from(SurveyResponse)
        .join(Client, Client.id == SurveyResponse.client_id)
        .outerjoin(Contact, Contact.id == SurveyResponse.contact_id)
    )
    return db.scalar(statement.where(*_clauses(shelf, search))) or 0


def count_to_follow_up(db: Reader) -> int:
    """Count the responses with a low answer of which nobody said yet what was done."""
    return count_responses(db, shelf=ResponseShelf.TO_FOLLOW_UP)


def page_responses(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 100,
    shelf: ResponseShelf = ResponseShelf.ANSWERED,
    search: str = "",
) -> list[ResponseRow]:
    """List responses: those with an open low answer first, then the latest."""
    statement = (
        _responses()
        .where(*_clauses(shelf, search))
        .order_by(_UNHEARD.desc(), _AT.desc(), SurveyResponse.id)
        .offset(offset)
        .limit(limit)
    )
    return _with_answers(db, db.all(statement))


def list_client_responses(db: Reader, client_id: ClientId, *, limit: int = 20) -> list[ResponseRow]:
    """List what a client was asked, the latest first."""
    statement = (
        _responses()
        .where(SurveyResponse.client_id == client_id, ~SurveyResponse.is_deleted)
        .order_by(_AT.desc(), SurveyResponse.id)
        .limit(limit)
    )
    return _with_answers(db, db.all(statement))


def get_response(db: Reader, response_id: SurveyResponseId) -> ResponseRow | None:
    """Give one response; None when it is not there."""
    statement = _responses().where(SurveyResponse.id == response_id, ~SurveyResponse.is_deleted)
    return next(iter(_with_answers(db, db.all(statement))), None)


def say_answers(db: Reader, response_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Say what was answered in a few lines, by response: figures and low numbers, then words."""
    forms = db.all(
        select(SurveyResponse.id, SurveyResponse.form_id).where(SurveyResponse.id.in_(response_ids))
    )
    answers = _answers(db, dict(forms))
    return {response_id: _said(found) for response_id, found in answers.items()}


def _said(answers: Sequence[AnswerRow]) -> str:
    numbers = [
        _number_words(one)
        for one in answers
        if one.number is not None and (one.is_low or one.question.kind in RATED)
    ]
    words = [one.text for one in answers if one.text]
    return "\n".join(filter(None, (" · ".join(numbers), *words)))


def _number_words(answer: AnswerRow) -> str:
    is_figure = answer.question.kind in RATED
    name = answer.question.kind.name if is_figure else name_of(answer.question).rstrip("?")
    number, most = answer.number, answer.question.range[1]
    return tr("{question}: {number} of {highest}", question=name, number=number, highest=most)


def _clauses(shelf: ResponseShelf, search: str) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [~SurveyResponse.is_deleted, ~Client.is_deleted]
    if shelf is ResponseShelf.SENT:
        clauses.append(SurveyResponse.state != ResponseState.ANSWERED)
    else:
        clauses.append(SurveyResponse.state == ResponseState.ANSWERED)
    if shelf is ResponseShelf.TO_FOLLOW_UP:
        clauses.append(_UNHEARD)
    named = Contact.name.contains(search.strip(), autoescape=True)
    clauses.extend(
        or_(Client.sort_name.contains(word, autoescape=True), named)
        for word in fold_words(search).split()
    )
    return clauses


def _responses() -> Any:
    return (
        select(
            SurveyResponse.id,
            SurveyResponse.client_id,
            Client.name.label("client"),
            SurveyResponse.contact_id,
            func.coalesce(Contact.name, "").label("contact"),
            SurveyResponse.form_id,
            func.coalesce(SurveyForm.name, "").label("form"),
            func.coalesce(SurveyForm.version, 0).label("version"),
            SurveyResponse.ticket_id,
            Ticket.number.label("ticket_number"),
            SurveyResponse.way,
            SurveyResponse.state,
            SurveyResponse.language,
            SurveyResponse.asked_at,
            func.coalesce(User.name, "").label("asked_by"),
            SurveyResponse.answered_at,
            SurveyResponse.override_reason,
            SurveyResponse.never_again,
        )
        .join(Client, Client.id == SurveyResponse.client_id)
        .outerjoin(Contact, Contact.id == SurveyResponse.contact_id)
        .outerjoin(SurveyForm, SurveyForm.id == SurveyResponse.form_id)
        .outerjoin(Ticket, Ticket.id == SurveyResponse.ticket_id)
        .outerjoin(User, User.id == SurveyResponse.asked_by)
    )


def _with_answers(db: Reader, rows: Sequence[Any]) -> list[ResponseRow]:
    answers = _answers(db, {row.id: row.form_id for row in rows})
    return [ResponseRow(**row._asdict(), answers=answers.get(row.id, ())) for row in rows]


def _answers(db: Reader, asked_with: dict[Any, Any]) -> dict[Any, list[AnswerRow]]:
    """Give the answers of responses, in the order of their forms."""
    forms = db.all(
        select(SurveyForm.id, SurveyForm.questions).where(
            SurveyForm.id.in_(set(asked_with.values()))
        )
    )
    questions = {form_id: from_rows(kept) for form_id, kept in forms}
    rows = db.all(
        select(SurveyAnswer, User.name)
        .outerjoin(User, User.id == SurveyAnswer.closed_by)
        .where(SurveyAnswer.response_id.in_(asked_with), ~SurveyAnswer.is_deleted)
        .with_only_columns(
            SurveyAnswer.id, SurveyAnswer.response_id, SurveyAnswer.question_key,
            SurveyAnswer.row_key, SurveyAnswer.kind, SurveyAnswer.number, SurveyAnswer.choices,
            SurveyAnswer.text, SurveyAnswer.is_low, SurveyAnswer.closed_at,
            func.coalesce(User.name, "").label("closed_by"), SurveyAnswer.outcome,
            SurveyAnswer.is_client_told,
        )
    )  # fmt: skip
    tasks = _tasks(db, rows)
    found: dict[Any, list[tuple[tuple[int, int], AnswerRow]]] = defaultdict(list)
    for row in rows:
        asked = questions.get(asked_with[row.response_id], ())
        answer = _answer(row, asked, tasks)
        found[row.response_id].append((_order(asked, row), answer))
    return {
        response_id: [one for _, one in sorted(answers, key=lambda pair: pair[0])]
        for response_id, answers in found.items()
    }


def _order(asked: Sequence[Question], row: Any) -> tuple[int, int]:
    keys = [one.key for one in asked]
    if row.question_key not in keys:
        return (len(keys), 0)
    at = keys.index(row.question_key)
    rows = [one.key for one in asked[at].rows]
    return (at, rows.index(row.row_key) if row.row_key in rows else 0)


def _answer(row: Any, asked: Sequence[Question], tasks: dict[TaskId, Any]) -> AnswerRow:
    # The form is missing only while it is on its way here: then the key stands for the question.
    nameless = Question(row.question_key, QuestionKind(row.kind), row.question_key)
    question = next((one for one in asked if one.key == row.question_key), nameless)
    task_id = task_id_of(row.response_id, row.question_key, row.row_key)
    task = tasks.get(task_id)
    return AnswerRow(
        id=SurveyAnswerId(row.id),
        question=question,
        row_key=row.row_key if option_named(question, row.row_key) is not None else "",
        number=row.number,
        choices=tuple(row.choices),
        text=row.text,
        is_low=row.is_low,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        outcome=row.outcome,
        is_client_told=row.is_client_told,
        task_id=task_id,
        task_state=None if task is None else task.state,
        task_due=None if task is None else task.due_on,
        assignee="" if task is None else task.assignee,
    )


def _tasks(db: Reader, rows: Sequence[Any]) -> dict[TaskId, Any]:
    low = [task_id_of(row.response_id, row.question_key, row.row_key) for row in rows if row.is_low]
    found = db.all(
        select(Task.id, Task.state, Task.due_on, func.coalesce(User.name, "").label("assignee"))
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.id.in_(low), ~Task.is_deleted)
    )
    return {TaskId(row.id): row for row in found}
