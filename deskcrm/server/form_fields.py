"""Reads what a browser sends of a form: the answers, and which of them are missing or wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.feedback.answers import Given, check_answer, is_asked
from deskcrm.domain.feedback.questions import Question, QuestionKind

NEVER: Final = "never"
"""The field by which somebody asks not to be asked again."""
LONGEST_TEXT: Final = 4_000
"""Letters of an answer in words; what is written by hand may be longer."""
_MOST_FIELDS: Final = 2_000
_DIGITS: Final = 4


@dataclass(slots=True)
class Filled:
    """A form as it was filled in.

    ``held`` is what stands in its fields, to be shown again; ``wrong`` says what is amiss with
    which of them, and with "" what is amiss with the whole.
    """

    held: Mapping[str, Sequence[str]] = field(default_factory=dict)
    answers: list[Given] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def never_again(self) -> bool:
        """Tell whether they ask not to be asked again."""
        return NEVER in self.held


def field_name(question: int, row: int = 0) -> str:
    """Name the field of a question, or of a row of a matrix; the same in every language."""
    return f"q{question}-{row}"


def read_form(questions: Sequence[Question], body: bytes) -> Filled:
    """Read what was filled in; what is not asked after the answers given is left out."""
    filled = Filled(_fields(body))
    for at, question in enumerate(questions):
        answers, wrong = _read_question(at, question, filled.held)
        if is_asked(question, filled.answers):
            filled.answers += answers
            filled.wrong |= wrong
    if filled.never_again and not filled.held.keys() - {NEVER}:
        filled.wrong = {}  # whoever says only that has said what they wish
    elif not filled.answers and not filled.wrong:
        filled.wrong[""] = tr("Nothing is filled in yet.")
    return filled


def _read_question(
    at: int, question: Question, held: Mapping[str, Sequence[str]]
) -> tuple[list[Given], dict[str, str]]:
    answers: list[Given] = []
    wrong: dict[str, str] = {}
    for row_at, row in enumerate(question.rows):
        name = field_name(at, row_at)
        values = held.get(name, ())
        if not values and question.is_required:
            wrong[name] = tr("Please answer this.")
        elif values:
            try:
                answers.append(check_answer(question, _given(question, row.key, values)))
            except UserError:
                wrong[name] = _whats_wrong(question)
    return answers, wrong


def _given(question: Question, row: str, values: Sequence[str]) -> Given:
    """Give what the values of a field mean; what means nothing is refused when it is checked."""
    if question.kind.has_number:
        return Given(question.key, row, number=_number(values))
    if question.kind is QuestionKind.TEXT:
        text = "\n".join(values)
        # One that is too long is no answer: it is shown again, and said.
        return Given(question.key, text=text if len(text) <= LONGEST_TEXT else "")
    return Given(question.key, choices=tuple(values))


def _number(values: Sequence[str]) -> int | None:
    value = values[0]
    is_one = len(values) == 1 and len(value) < _DIGITS and value.isascii() and value.isdigit()
    return int(value) if is_one else None


def _whats_wrong(question: Question) -> str:
    if question.kind is QuestionKind.TEXT:
        return tr("Please say it in at most {n} letters.", n=LONGEST_TEXT)
    return tr("Please choose one of the answers.")


def _fields(body: bytes) -> Mapping[str, Sequence[str]]:
    """Take a body apart; one that is none of a form holds nothing."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # neither letters nor fields, or too many of them
        return {}
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        plain = value.replace("\0", "").replace("\r\n", "\n").strip()
        if plain:
            found.setdefault(name, []).append(plain)
    return found
