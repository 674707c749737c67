"""What is sent to somebody who is to answer later: a link, or the questions with a code.

The code is the beginning of the token that the link of the response ends in, and is all that is
needed to find the response again when the answer comes back by whatever way.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, language, speaking, tr
from deskcrm.domain.days import day_of
from deskcrm.domain.feedback.linking import link_to
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.queries import FormRow, get_form
from deskcrm.domain.feedback.questions import Question, QuestionKind, said_in
from deskcrm.domain.feedback.responses import ResponseRow, get_response
from deskcrm.domain.feedback.settings import read_rules
from deskcrm.store.reader import Reader

_CODE: Final = 8
"""Letters of a code: enough to tell the forms of one workspace apart."""
_LEAST: Final = 6


@dataclass(frozen=True, slots=True)
class Invitation:
    """The message to somebody who was sent a form; ``link`` is empty where there is none in it."""

    text: str
    link: str = ""


def code_of(token: str) -> str:
    """Give the code of a form that was sent, as it is read and typed: "K7QM-2XRD"."""
    short = token[:_CODE].upper()
    return f"{short[: _CODE // 2]}-{short[_CODE // 2 :]}" if len(short) == _CODE else short


def find_sent(db: Reader, code: str) -> ResponseRow:
    """Find the response of a code that is still to be answered; raises UserError, in words."""
    typed = "".join(one for one in code.lower() if one.isalnum())[:_CODE]
    if len(typed) < _LEAST:
        raise UserError(tr("This is not a code."), tr("It has eight letters and digits."))
    found = db.all(
        select(SurveyResponse.id, SurveyResponse.state)
        .where(SurveyResponse.token != "", ~SurveyResponse.is_deleted)
        .where(SurveyResponse.token.startswith(typed, autoescape=True))
    )
    if not found:
        raise UserError(
            tr("No form was sent with the code {code}.", code=code_of(typed)),
            tr("Compare it with the message; or find the client under Feedback, Sent."),
        )
    waiting = [row.id for row in found if row.state is ResponseState.SENT]
    if not waiting:
        raise UserError(
            tr("This was answered already."), tr("Correct the answers instead of giving new ones.")
        )
    if len(waiting) > 1:
        raise UserError(tr("Several forms begin so."), tr("Type the whole code."))
    row = get_response(db, SurveyResponseId(waiting[0]))
    assert row is not None, "it was found a moment ago"
    return row


def get_invitation(
    db: Reader, response_id: SurveyResponseId, *, address: str = ""
) -> Invitation | None:
    """Write the message to somebody who was sent a form; None where there is none to answer.

    ``address`` is where links lead; without one, or to somebody who is to reply by letter, the
    message holds the questions and a code.
    """
    row = get_response(db, response_id)
    token = db.scalar(select(SurveyResponse.token).where(SurveyResponse.id == response_id))
    form = get_form(db, row.form_id) if row is not None else None
    if row is None or form is None or not token:
        return None
    with speaking(row.language if row.language in LANGUAGES else language()):
        if not address or row.way is not CaptureWay.LINK:
            return Invitation(_letter([_hello(row, form), *_questions(form, token)]))
        link = link_to(address, token)
        until = day_of(row.asked_at + timedelta(days=read_rules(db).link_days))
        # On a line of its own: not every program finds the end of a link, or breaks none.
        here = tr("Please answer here:") + f"\n{link}"
        once = tr("The link can be used once, until {day}.", day=said_day(until))
        return Invitation(_letter([_hello(row, form), here, once]), link)


def _letter(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"


def _hello(row: ResponseRow, form: FormRow) -> str:
    hello = tr("Hello, {name}!", name=row.contact) if row.contact else tr("Hello!")
    return "\n\n".join(filter(None, (hello, said_in(form, "opening", language()))))


def _questions(form: FormRow, token: str) -> list[str]:
    asked = [_asked(at, one) for at, one in enumerate(form.questions, start=1)]
    how = tr("Simply reply to this message with the numbers of the questions and your answers.")
    code = tr("Please leave this code in your reply: {code}", code=code_of(token))
    return [*asked, how, code]


def _asked(at: int, question: Question) -> str:
    """Write out one question with all it may be answered with."""
    spoken = language()
    lines = [f"{at}. {said_in(question, 'text', spoken)}"]
    if question.after:
        lines.append("   " + tr("(Only if it applies to you.)"))
    if question.kind is QuestionKind.MATRIX:
        lines += [f"   – {said_in(row, 'text', spoken)}" for row in question.options]
    if question.kind.has_number:
        lines.append("   " + _scale(question, spoken))
    elif question.options:
        lines += [f"   – {said_in(option, 'text', spoken)}" for option in question.options]
    return "\n".join(lines)


def _scale(question: Question, spoken: str) -> str:
    lowest, highest = question.range
    low, high = said_in(question, "low", spoken), said_in(question, "high", spoken)
    if low and high:
        return tr(
            "A number from {lowest} ({low}) to {highest} ({high})",
            lowest=lowest,
            low=low,
            highest=highest,
            high=high,
        )
    return tr("A number from {lowest} to {highest}", lowest=lowest, highest=highest)
