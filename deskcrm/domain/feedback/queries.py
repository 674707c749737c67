"""Answers about feedback: the forms, who answered what and how, and what is still to be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyForm,
    SurveyFormId,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.questions import Question, QuestionKind, from_rows
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.reader import Reader

RATED: Final = (QuestionKind.NPS, QuestionKind.CSAT, QuestionKind.CES)
"""The kinds that figures are made of."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One version of a form; ``responses``: how many were asked with this version."""

    id: SurveyFormId
    family_id: UUID
    version: int
    name: str
    opening_en: str
    opening_ru: str
    questions: tuple[Question, ...]
    note: str
    created_at: datetime
    retired_at: datetime | None
    responses: int


@dataclass(frozen=True, slots=True)
class Rating:
    """One number that somebody gave, and how it came to us.

    ``answered_at`` is when they said it, ``recorded_at`` when it was written down: a figure as of
    a moment reads only what was recorded by then.
    """

    response_id: SurveyResponseId
    client_id: ClientId
    contact_id: ContactId | None
    ticket_id: TicketId | None
    question_key: str
    kind: QuestionKind
    number: int
    answered_at: datetime
    recorded_at: datetime
    way: CaptureWay
    is_low: bool


def list_forms(db: Reader, *, with_retired: bool = False) -> list[FormRow]:
    """List the forms as they are asked now, by name."""
    latest: dict[UUID, FormRow] = {}
    for row in _forms(db, select(SurveyForm).where(~SurveyForm.is_deleted)):
        latest.setdefault(row.family_id, row)
    kept = [row for row in latest.values() if with_retired or row.retired_at is None]
    return sorted(kept, key=lambda row: (row.retired_at is not None, row.name.casefold()))


def list_versions(db: Reader, family_id: UUID) -> list[FormRow]:
    """List every version of a form, the latest first."""
    return _forms(
        db, select(SurveyForm).where(SurveyForm.family_id == family_id, ~SurveyForm.is_deleted)
    )


def get_form(db: Reader, form_id: SurveyFormId) -> FormRow | None:
    """Give one version of a form, also of one that was deleted since; None when there is none."""
    rows = _forms(db, select(SurveyForm).where(SurveyForm.id == form_id))
    return rows[0] if rows else None


def list_ratings(
    db: Reader,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Collection[QuestionKind] = RATED,
    client_ids: Collection[ClientId] | None = None,
) -> list[Rating]:
    """List the numbers that were given from ``since`` to before ``until``, oldest first."""
    statement = _ratings().where(SurveyAnswer.kind.in_(kinds))
    if since is not None:
        statement = statement.where(SurveyResponse.answered_at >= since)
    if until is not None:
        statement = statement.where(SurveyResponse.answered_at < until)
    if client_ids is not None:
        statement = statement.where(SurveyAnswer.client_id.in_(client_ids))
    statement = statement.order_by(SurveyResponse.answered_at, SurveyAnswer.id)
    return [_rating(row) for row in db.all(statement)]


def last_ratings(db: Reader, client_id: ClientId) -> dict[QuestionKind, Rating]:
    """Give the last NPS, CSAT and CES of a client, in this order, without what nobody gave."""
    found = {one.kind: one for one in list_ratings(db, client_ids=[client_id])}
    return {kind: found[kind] for kind in RATED if kind in found}


def _ratings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            SurveyResponse.id,
            SurveyResponse.client_id,
            SurveyResponse.contact_id,
            SurveyResponse.ticket_id,
            SurveyAnswer.question_key,
            SurveyAnswer.kind,
            SurveyAnswer.number,
            SurveyResponse.answered_at,
            SurveyAnswer.created_at,
            SurveyResponse.way,
            SurveyAnswer.is_low,
        )
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .join(Client, Client.id == SurveyResponse.client_id)
        .where(
            ~SurveyAnswer.is_deleted,
            ~SurveyResponse.is_deleted,
            ~Client.is_deleted,
            SurveyResponse.state == ResponseState.ANSWERED,
            SurveyResponse.answered_at.is_not(None),
            SurveyAnswer.number.is_not(None),
        )
    )


def _rating(row: Any) -> Rating:
    return Rating(SurveyResponseId(row[0]), *row[1:])


_FORM_COLUMNS: Final = (
    SurveyForm.id,
    SurveyForm.family_id,
    SurveyForm.version,
    SurveyForm.name,
    SurveyForm.opening_en,
    SurveyForm.opening_ru,
    SurveyForm.questions,
    SurveyForm.note,
    SurveyForm.created_at,
    SurveyForm.retired_at,
)


def _forms(db: Reader, statement: Any) -> list[FormRow]:
    """Give versions of forms, of each family the latest first."""
    rows = db.all(
        statement.with_only_columns(*_FORM_COLUMNS).order_by(
            SurveyForm.version.desc(), SurveyForm.id.desc()
        )
    )
    asked = dict(
        db.all(
            select(SurveyResponse.form_id, func.count())
            .where(~SurveyResponse.is_deleted)
            .group_by(SurveyResponse.form_id)
        )
    )
    return [
        FormRow(
            id=SurveyFormId(row.id),
            family_id=row.family_id,
            version=row.version,
            name=row.name,
            opening_en=row.opening_en,
            opening_ru=row.opening_ru,
            questions=from_rows(row.questions),
            note=row.note,
            created_at=row.created_at,
            retired_at=row.retired_at,
            responses=asked.get(row.id, 0),
        )
        for row in rows
    ]
