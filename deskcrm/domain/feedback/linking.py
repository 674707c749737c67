"""The link that a client opens to answer a form: its address, and whether it still opens one."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal_column, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES
from deskcrm.domain.client_merges.forest import read_forest
from deskcrm.domain.clients.model import Client
from deskcrm.domain.erasures.model import Erasure
from deskcrm.domain.feedback.model import (
    ResponseState,
    SurveyForm,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.questions import Question, from_rows
from deskcrm.domain.feedback.settings import read_rules
from deskcrm.store.reader import Reader

PLACE: Final = "/f/"
"""Where forms lie on a server."""
LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read out or typed for something else: no 0 and o, no 1, i and l."""
_TOKEN: Final = 26
"""Letters of a token, of almost five bits each: more than 128 in all, which nobody guesses."""
_A_TOKEN: Final = re.compile(f"[{LETTERS}]{{20,64}}")
"""Those of former versions were shorter by two."""


class LinkClosed(UserError):
    """The link opens nothing: it never did, or was taken back, or is too old."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link opens: the version of the form that was sent, and whether it was answered."""

    id: SurveyResponseId
    language: str
    is_answered: bool
    opening_en: str
    opening_ru: str
    questions: tuple[Question, ...]


def new_token(choose: Callable[[str], str] = secrets.choice) -> str:
    """Draw what the link of a form ends in."""
    return "".join(choose(LETTERS) for _ in range(_TOKEN))


def link_to(address: str, token: str) -> str:
    """Give the link to a form on the server at an address."""
    return f"{address.rstrip('/')}{PLACE}{token}"


def find_linked(db: Reader, token: str) -> Linked | None:
    """Give what a link opens; None where it opens nothing, whyever."""
    if not _A_TOKEN.fullmatch(token):
        return None
    row = db.first(
        select(
            SurveyResponse.id,
            SurveyResponse.client_id,
            SurveyResponse.contact_id,
            SurveyResponse.language,
            SurveyResponse.state,
            SurveyResponse.asked_at,
            SurveyForm.opening_en,
            SurveyForm.opening_ru,
            SurveyForm.questions,
        )
        .join(SurveyForm, SurveyForm.id == SurveyResponse.form_id)
        # Written out, for the partial index.
        .where(SurveyResponse.token == token, literal_column("survey_response.token <> ''"))
        .where(~SurveyResponse.is_deleted)
    )
    if row is None or _is_old(db, row.asked_at) or not _may_answer(db, row):
        return None
    return Linked(
        id=SurveyResponseId(row.id),
        language=row.language if row.language in LANGUAGES else LANGUAGES[0],
        is_answered=row.state is ResponseState.ANSWERED,
        opening_en=row.opening_en,
        opening_ru=row.opening_ru,
        questions=from_rows(row.questions),
    )


def _is_old(db: Reader, asked_at: datetime) -> bool:
    # The last day counts whole, wherever the client reads it.
    return db.now >= asked_at + timedelta(days=read_rules(db).link_days + 1)


def _may_answer(db: Reader, row: Any) -> bool:
    """Tell whether the client is there, if as another by now, and whoever was asked not erased."""
    whose = _home(db, row.client_id)
    persons = {row.client_id, row.contact_id, whose} - {None}
    erased = db.first(
        select(Erasure.id).where(Erasure.person_id.in_(persons), ~Erasure.is_deleted).limit(1)
    )
    return whose is not None and erased is None


def _home(db: Reader, client_id: UUID) -> UUID | None:
    """Give the client that is there, or the one as which it goes on; None when it was deleted."""
    if _is_there(db, client_id):
        return client_id
    home = read_forest(db).home(client_id)
    return home if _is_there(db, home) else None


def _is_there(db: Reader, client_id: UUID) -> bool:
    return db.first(select(Client.id).where(Client.id == client_id, ~Client.is_deleted)) is not None
