"""Ratings: a low answer of which nobody has said yet what was done, and a detractor."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, select

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.feedback.follow_up import task_id_of
from deskcrm.domain.feedback.model import SurveyAnswer, SurveyResponse
from deskcrm.domain.feedback.questions import QuestionKind
from deskcrm.domain.playbooks.triggers.trigger import (
    FOLLOW_UP,
    Asked,
    Facts,
    Match,
    Trigger,
    number_of,
    text_of,
)
from deskcrm.store.reader import Reader

DETRACTOR_UP_TO: Final = 6
"""On the scale of 0 to 10 of the net promoter score (Reichheld 2003)."""


def find_low_rating(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that gave a low answer within so many days; of several the latest counts."""
    return _answers(db, asked, SurveyAnswer.is_low.is_(True))


def find_detractor(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that would not recommend us, by an answer within so many days."""
    return _answers(
        db, asked, SurveyAnswer.kind == QuestionKind.NPS, SurveyAnswer.number <= DETRACTOR_UP_TO
    )


def _answers(db: Reader, asked: Asked, *which: ColumnElement[bool]) -> list[Match]:
    rows = db.all(
        select(
            SurveyAnswer.client_id, SurveyAnswer.kind, SurveyAnswer.number,
            SurveyResponse.answered_at, SurveyResponse.id, SurveyAnswer.question_key,
            SurveyAnswer.row_key,
        )
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .join(Client, Client.id == SurveyAnswer.client_id)
        .where(~SurveyAnswer.is_deleted, ~SurveyResponse.is_deleted, *which, *asked.clients)
        .where(SurveyResponse.answered_at > (asked.after or asked.reach))
    )  # fmt: skip
    found: list[Match] = []
    for client_id, kind, number, answered_at, response_id, key, row_key in rows:
        if answered_at is None:
            continue
        task = task_id_of(response_id, key, row_key).hex
        facts: Facts = {"kind": kind.value, "number": number or 0, FOLLOW_UP: task}
        ended = answered_at + timedelta(days=asked.days)
        match = Match(ClientId(client_id), answered_at, facts, ended=ended)
        if asked.is_asked(match):
            found.append(match)
    return found


def say_low_rating(facts: Facts) -> str:
    """Say what was answered to which kind of question."""
    number = number_of(facts, "number")
    try:
        kind = of(QuestionKind(text_of(facts, "kind")))
    except ValueError:
        return tr("A low answer: {n}", n=number)
    return tr("A low answer: {n} ({kind})", n=number, kind=kind)


def say_detractor(facts: Facts) -> str:
    """Say how likely the client would recommend us."""
    return tr("A detractor: {n} of 10", n=number_of(facts, "number"))


LOW_RATING: Final = Trigger(find_low_rating, say_low_rating, days=14)
DETRACTOR: Final = Trigger(find_detractor, say_detractor, days=14)
