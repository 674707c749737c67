"""What clients answered and what they wish for, as it is taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from deskcrm.base import words
from deskcrm.base.words import tr
from deskcrm.domain.exports.views import View, ViewName, always, column, paged
from deskcrm.domain.feedback.model import SurveyResponseId
from deskcrm.domain.feedback.questions import said_in
from deskcrm.domain.feedback.responses import (
    AnswerRow,
    ResponseRow,
    count_responses,
    page_responses,
)
from deskcrm.domain.imports.fields import ImportField as F
from deskcrm.domain.suggestions.queries import SuggestionRow, list_suggestions
from deskcrm.store.reader import Reader

_pages: Final = paged(page_responses)


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One answer, with whose and to what; ``answer`` is None where nothing was answered."""

    response: ResponseRow
    answer: AnswerRow | None

    @property
    def id(self) -> SurveyResponseId:
        """The id of the response: it is what a list picks."""
        return self.response.id


def answer_items(db: Reader, **asked: Any) -> Iterator[AnswerItem]:
    """Give the answers of a shelf, those of one response one after another."""
    for response in _pages(db, **asked):
        for answer in response.answers or (None,):
            yield AnswerItem(response, answer)


def suggestion_rows(db: Reader, *, search: str = "") -> Iterator[SuggestionRow]:
    """Give what clients wish for."""
    yield from list_suggestions(db, search=search)


def _question(answer: AnswerRow) -> str:
    return said_in(answer.question, "text", words.language())


def _choices(answer: AnswerRow) -> str:
    options = {one.key: said_in(one, "text", words.language()) for one in answer.question.options}
    return "; ".join(options.get(key, key) for key in answer.choices)


def _of_answer(value: Any) -> Any:
    return lambda one: None if one.answer is None else value(one.answer)


_ANSWERS: Final = (
    column("client", lambda one: one.response.client, lambda: tr("Client")),
    column("contact", lambda one: one.response.contact, F.PERSON),
    column("form", lambda one: one.response.form, lambda: tr("Form")),
    column("version", lambda one: one.response.version),
    column("state", lambda one: one.response.state, F.STATE),
    column("way", lambda one: one.response.way),
    column("asked_at", lambda one: one.response.asked_at),
    column("asked_by", lambda one: one.response.asked_by),
    column("answered_at", lambda one: one.response.answered_at),
    column("ticket", lambda one: one.response.ticket_number, lambda: tr("Ticket")),
    column("question", _of_answer(_question), lambda: tr("Question")),
    column("kind", _of_answer(lambda answer: answer.question.kind)),
    column("number", _of_answer(lambda answer: answer.number), lambda: tr("Rating")),
    column("choices", _of_answer(_choices)),
    column("text", _of_answer(lambda answer: answer.text), F.TEXT),
    column("is_low", _of_answer(lambda answer: answer.is_low)),
    column("closed_at", _of_answer(lambda answer: answer.closed_at)),
    column("closed_by", _of_answer(lambda answer: answer.closed_by)),
    column("outcome", _of_answer(lambda answer: answer.outcome), F.OUTCOME),
    column("id", lambda one: one.response.id, lambda: tr("ID")),
)
_SUGGESTIONS: Final = (
    column("title", lambda row: row.title, lambda: tr("Suggestion")),
    column("text", lambda row: row.text, F.TEXT),
    column("state", lambda row: row.state, F.STATE),
    column("state_at", lambda row: row.state_at),
    column("raised_at", lambda row: row.raised_at),
    column("reply", lambda row: row.reply),
    column("clients", lambda row: row.clients, lambda: tr("Clients")),
    column("vips", lambda row: row.vips, lambda: tr("VIP")),
    column("to_tell", lambda row: row.to_tell, lambda: tr("To tell")),
    column("id", lambda row: row.id, lambda: tr("ID")),
)


def _count_suggestions(db: Reader, *, search: str = "") -> int:
    return len(list_suggestions(db, search=search))


VIEWS: Final = (
    View(ViewName.ANSWERS, count_responses, answer_items, always(_ANSWERS)),
    View(ViewName.SUGGESTIONS, _count_suggestions, suggestion_rows, always(_SUGGESTIONS)),
)
