"""The list of the Feedback screen: on each shelf rows of another kind, answers low ones first."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.feedback.model import ResponseState
from deskcrm.domain.feedback.queries import FormRow, Rating, list_forms
from deskcrm.domain.feedback.questions import RANGES, QuestionKind
from deskcrm.domain.feedback.responses import (
    AnswerRow,
    ResponseRow,
    ResponseShelf,
    count_responses,
    page_responses,
)
from deskcrm.domain.names import fold
from deskcrm.domain.suggestions.model import SuggestionState
from deskcrm.domain.suggestions.queries import (
    SuggestionRow,
    Wish,
    Worth,
    list_suggestions,
    list_wishes,
)
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

Line = ResponseRow | Wish | SuggestionRow | FormRow


class FeedbackShelf(StrEnum):
    """What the list shows."""

    TO_FOLLOW_UP = "to_follow_up"
    ANSWERS = "answers"
    SENT = "sent"
    WISHES = "wishes"
    SUGGESTIONS = "suggestions"
    FORMS = "forms"


RESPONSES: Final = {
    FeedbackShelf.TO_FOLLOW_UP: ResponseShelf.TO_FOLLOW_UP,
    FeedbackShelf.ANSWERS: ResponseShelf.ANSWERED,
    FeedbackShelf.SENT: ResponseShelf.SENT,
}
WAY_ICONS: Final = {"phone": "phone", "paper": "note", "link": "link", "email": "mail"}
STATE_TONES: Final = {
    SuggestionState.NEW: Tone.NEUTRAL,
    SuggestionState.UNDER_REVIEW: Tone.INFO,
    SuggestionState.PLANNED: Tone.ACCENT,
    SuggestionState.DONE: Tone.OK,
    SuggestionState.DECLINED: Tone.WARNING,
}
_SHORT: Final = {QuestionKind.NPS: "NPS", QuestionKind.CSAT: "CSAT", QuestionKind.CES: "CES"}


def count_lines(db: Reader, *, shelf: FeedbackShelf, search: str = "") -> int:
    """Count the rows of a shelf."""
    if shelf in RESPONSES:
        return count_responses(db, shelf=RESPONSES[shelf], search=search)
    return len(_all(db, shelf, search))


def page_lines(
    db: Reader,
    *,
    shelf: FeedbackShelf,
    search: str = "",
    offset: int = 0,
    limit: int = 100,
    sort: str = "",
    descending: bool = False,
) -> Sequence[Line]:
    """List rows of a shelf, in the order that each has of itself."""
    if shelf in RESPONSES:
        return page_responses(db, shelf=RESPONSES[shelf], search=search, offset=offset, limit=limit)
    return _all(db, shelf, search)[offset : offset + limit]


def _all(db: Reader, shelf: FeedbackShelf, search: str) -> Sequence[Line]:
    if shelf is FeedbackShelf.SUGGESTIONS:
        return list_suggestions(db, search=search)
    if shelf is FeedbackShelf.FORMS:
        forms = list_forms(db, with_retired=True)
        return [one for one in forms if fold(search) in fold(one.name)]
    return [one for one in list_wishes(db) if fold(search) in fold(f"{one.client} {one.words}")]


def title(row: Line) -> str:
    """Say what a row is."""
    match row:
        case ResponseRow() | Wish():
            return row.client
        case SuggestionRow():
            return row.title
        case FormRow():
            return row.name


def under(row: Line) -> str:
    """Say more of a row, in a line."""
    match row:
        case ResponseRow():
            return row.words or " · ".join(one for one in (row.contact, row.form) if one)
        case Wish():
            return row.words
        case SuggestionRow():
            clients = ntr("{n} client", "{n} clients", row.clients)
            return " · ".join(one for one in (clients, worth_words(row.worth)) if one)
        case FormRow():
            asked = ntr("asked {n} time", "asked {n} times", row.responses)
            questions = ntr("{n} question", "{n} questions", len(row.questions))
            return f"{questions} · {asked}"


def chips(row: Line) -> list[Chip]:
    """Mark a row: the numbers that were given, the state, whom to tell."""
    match row:
        case ResponseRow():
            return _response_chips(row)
        case Wish():
            return []
        case SuggestionRow():
            found = [Chip(of(row.state), STATE_TONES[row.state])]
            if row.vips:
                found.append(Chip(tr("{n} VIP", n=row.vips), Tone.ACCENT, "vip"))
            if row.to_tell:
                found.append(Chip(to_tell_words(row.to_tell), Tone.WARNING, "mail"))
            return found
        case FormRow():
            version = tr("Version {n}", n=row.version)
            found = [Chip(version)]
            if row.retired_at is not None:
                found.append(Chip(tr("Retired"), Tone.WARNING, "archive"))
            return found


def icon(row: Line) -> str:
    """Give the sign of a row: how an answer came to us, or what it is."""
    match row:
        case ResponseRow():
            return WAY_ICONS[row.way.value]
        case Wish():
            return "feedback" if row.answer_id is not None else "tickets"
        case SuggestionRow():
            return "star"
        case FormRow():
            return "list"


def when(row: Line) -> str:
    """Say when it was."""
    match row:
        case ResponseRow():
            return dates.ago(row.answered_at or row.asked_at)
        case Wish():
            return dates.ago(row.said_at)
        case SuggestionRow():
            return dates.ago(row.state_at)
        case FormRow():
            return dates.ago(row.created_at)


def worth_words(worth: Worth) -> str:
    """Say what clients pay a year, together."""
    sums = [dates.money(value, currency) for currency, value in worth]
    return tr("{sum} a year", sum=" + ".join(sums)) if sums else ""


def to_tell_words(number: int) -> str:
    """Say how many clients have to hear what became of their wish."""
    return ntr("{n} to tell", "{n} to tell", number)


def number_chip(answer: AnswerRow) -> Chip:
    """Show a number that was given, out of the most; a low one says so."""
    said = tr("{n} of {most}", n=answer.number, most=answer.question.range[1])
    name = _SHORT.get(answer.question.kind, "")
    words = f"{name} {said}" if name else said
    if answer.is_low:
        tone = Tone.DANGER if answer.is_open else Tone.WARNING
        return Chip(words, tone, "warning" if answer.is_open else "check")
    return Chip(words, Tone.OK if _is_high(answer) else Tone.NEUTRAL)


def rating_chip(rating: Rating) -> Chip:
    """Show the last number of a kind, such as NPS 3 of 10."""
    said = tr("{n} of {most}", n=rating.number, most=RANGES[rating.kind][1])
    tone = Tone.DANGER if rating.is_low else Tone.NEUTRAL
    return Chip(f"{_SHORT[rating.kind]} {said}", tone, "warning" if rating.is_low else "")


def _is_high(answer: AnswerRow) -> bool:
    """Tell whether it is a promoter's, or the best but one."""
    number, highest = answer.number, answer.question.range[1]
    return number is not None and number >= highest - 1


def _response_chips(row: ResponseRow) -> list[Chip]:
    if row.state is not ResponseState.ANSWERED:
        tone = Tone.WARNING if row.state is ResponseState.DECLINED else Tone.INFO
        return [Chip(of(row.state), tone)]
    rated = [one for one in row.answers if one.number is not None]
    rated.sort(key=lambda one: (not one.is_open, one.question.kind not in _SHORT))
    found = [number_chip(one) for one in rated[:1]]
    if len(row.open) > 1:
        found.append(Chip(f"+{len(row.open) - 1}", Tone.DANGER))
    return found
