"""What is sent to somebody who is to answer later: the questions, and a code that names them.

The code is the beginning of the token that the link of the response ends in, and is all that is
needed to find the response again when the answer comes back by whatever way.
"""

import secrets
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, language, speaking, tr
from deskcrm.domain.feedback.model import ResponseState, SurveyResponse, SurveyResponseId
from deskcrm.domain.feedback.queries import FormRow, get_form
from deskcrm.domain.feedback.questions import Question, QuestionKind, said_in
from deskcrm.domain.feedback.responses import ResponseRow, get_response
from deskcrm.store.reader import Reader

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read out or typed for something else: no 0 and o, no 1, i and l."""
_TOKEN: Final = 24
"""Letters of a token: nobody guesses the address of another's form."""
_CODE: Final = 8
"""Letters of a code: enough to tell the forms of one workspace apart."""
_LEAST: Final = 6


def new_token(choose: Callable[[str], str] = secrets.choice) -> str:
    """Draw what the link of a form ends in."""
    return "".join(choose(_LETTERS) for _ in range(_TOKEN))


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


def get_invitation(db: Reader, response_id: SurveyResponseId) -> str:
    """Write the text for somebody who was sent a form; nothing where there is none to answer."""
    row = get_response(db, response_id)
    token = db.scalar(select(SurveyResponse.token).where(SurveyResponse.id == response_id))
    form = get_form(db, row.form_id) if row is not None else None
    if row is None or form is None or not token:
        return ""
    return write_invitation(form, token, spoken=row.language, name=row.contact)


def write_invitation(form: FormRow, token: str, *, spoken: str, name: str = "") -> str:
    """Write the whole message in the language of whoever gets it: greeting, questions, code."""
    with speaking(spoken if spoken in LANGUAGES else language()):
        hello = tr("Hello, {name}!", name=name) if name else tr("Hello!")
        first, other = form.opening_en, form.opening_ru
        if language() == "ru":
            first, other = other, first
        asked = [_asked(at, one) for at, one in enumerate(form.questions, start=1)]
        how = tr("Simply reply to this message with the numbers of the questions and your answers.")
        code = tr("Please leave this code in your reply: {code}", code=code_of(token))
        return "\n\n".join([hello, *filter(None, [first or other]), *asked, how, code]) + "\n"


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
