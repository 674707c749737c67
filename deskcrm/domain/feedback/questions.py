"""What a form can ask: the kinds of questions, how they are kept, and when one is asked at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import language, tr
from deskcrm.domain.names import one_line

MOST_QUESTIONS: Final = 40
MOST_OPTIONS: Final = 30
WIDEST: Final = 10
"""Steps of a scale, beside its lowest: a digit must be able to answer each."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    STARS = "stars"
    NPS = "nps"
    """How likely is it that you recommend us, 0 to 10 (Reichheld 2003)."""
    CSAT = "csat"
    """How satisfied are you, 1 to 5."""
    CES = "ces"
    """How easy was it, 1 to 7 (CES 2.0)."""
    MATRIX = "matrix"
    """Several things on one scale."""
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"

    @property
    def has_number(self) -> bool:
        """Tell whether the answer is a number."""
        return self not in (QuestionKind.CHOICE, QuestionKind.CHOICES, QuestionKind.TEXT)

    @property
    def has_own_range(self) -> bool:
        """Tell whether the form says from where to where it goes."""
        return self in (QuestionKind.SCALE, QuestionKind.MATRIX)


RANGES: Final = {
    QuestionKind.NPS: (0, 10),
    QuestionKind.CSAT: (1, 5),
    QuestionKind.CES: (1, 7),
    QuestionKind.STARS: (1, 5),
}
"""The ranges that are fixed, or the figures could not be compared with anybody's."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices, or one row of a matrix."""

    key: str
    text_en: str = ""
    text_ru: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form, in both languages.

    With ``after`` it is asked only if the question of that key, which stands before it, was
    answered from ``at_least`` to ``at_most``, or with one of ``chosen``.
    """

    key: str
    kind: QuestionKind
    text_en: str = ""
    text_ru: str = ""
    is_required: bool = False
    lowest: int = 1
    highest: int = 5
    low_en: str = ""
    """What the lowest number means, in words; read out with the question."""
    low_ru: str = ""
    high_en: str = ""
    high_ru: str = ""
    options: tuple[Option, ...] = ()
    is_suggestion: bool = False
    """Whether what is written here is a wish to be looked at by the product."""
    after: str = ""
    at_least: int | None = None
    at_most: int | None = None
    chosen: tuple[str, ...] = ()

    @property
    def range(self) -> tuple[int, int]:
        """Give the lowest and the highest number."""
        return RANGES.get(self.kind, (self.lowest, self.highest))

    @property
    def rows(self) -> tuple[Option, ...]:
        """Give what is answered one by one: the rows of a matrix, else the question itself."""
        return self.options if self.kind is QuestionKind.MATRIX else (Option(""),)


def said_in(thing: object, what: str, language: str) -> str:
    """Give a text of a form, a question or an option in a language, or else in the other one."""
    first = "ru" if language == "ru" else "en"
    other = "en" if first == "ru" else "ru"
    return str(getattr(thing, f"{what}_{first}") or getattr(thing, f"{what}_{other}"))


def option_named(question: Question, key: str) -> Option | None:
    """Give the choice or the row of a key."""
    return next((one for one in question.options if one.key == key), None)


def to_rows(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Turn questions into what a column holds: only what differs from the usual."""
    usual = asdict(Question("", QuestionKind.TEXT))
    return [
        {
            name: value if name != "options" else [_filled(one) for one in value]
            for name, value in asdict(question).items()
            if name in ("key", "kind") or value != usual[name]
        }
        for question in questions
    ]


def from_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Read the questions of a form; what a newer program added is left out."""
    return tuple(_question(row) for row in rows)


def _question(row: Mapping[str, Any]) -> Question:
    known = {one.name for one in fields(Question)}
    values = {name: value for name, value in row.items() if name in known}
    values["kind"] = QuestionKind(values["kind"])
    values["options"] = tuple(
        Option(str(one["key"]), str(one.get("text_en", "")), str(one.get("text_ru", "")))
        for one in row.get("options", ())
    )
    values["chosen"] = tuple(row.get("chosen", ()))
    return Question(**values)


def _filled(option: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in option.items() if value}


def checked(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Give the questions of a form; raises UserError, in words, for what cannot be asked."""
    if not questions:
        raise UserError(tr("A form needs a question."), tr("Add one, then save again."))
    if len(questions) > MOST_QUESTIONS:
        raise UserError(
            tr("A form has at most {n} questions.", n=MOST_QUESTIONS),
            tr("Most people answer fewer than six."),
        )
    before: dict[str, Question] = {}
    for question in questions:
        _check_question(question)
        if question.key in before:
            raise UserError(
                tr("Two questions have the key “{key}”.", key=question.key),
                tr("Give each a key of its own: the figures are gathered by it."),
            )
        _check_condition(question, before)
        before[question.key] = question
    return tuple(questions)


def name_of(question: Question) -> str:
    """Give a question's words to quote it by, in the language of whoever reads."""
    return said_in(question, "text", language())


def _check_question(question: Question) -> None:
    if not one_line(question.key):
        raise UserError(
            tr("A question needs a key."), tr("A short word, such as “delivery”, is enough.")
        )
    if not name_of(question).strip():
        raise UserError(
            tr("The question “{key}” has no words.", key=question.key),
            tr("Write it as it is to be read out."),
        )
    lowest, highest = question.range
    if question.kind.has_own_range and not (0 <= lowest < highest <= lowest + WIDEST):
        raise UserError(
            tr("The scale of “{question}” does not work.", question=name_of(question)),
            tr("It goes upwards from 0 or more, over at most {n} steps.", n=WIDEST),
        )
    if question.kind in (QuestionKind.MATRIX, QuestionKind.CHOICE, QuestionKind.CHOICES):
        _check_options(question)


def _check_options(question: Question) -> None:
    keys = [one.key for one in question.options]
    least = 1 if question.kind is QuestionKind.MATRIX else 2
    if not least <= len(keys) <= MOST_OPTIONS:
        raise UserError(
            tr("“{question}” has nothing to choose from.", question=name_of(question)),
            tr("Give it from {least} to {most} choices.", least=least, most=MOST_OPTIONS),
        )
    has_words = all(one.key and (one.text_en or one.text_ru) for one in question.options)
    if len(set(keys)) < len(keys) or not has_words:
        raise UserError(
            tr("The choices of “{question}” are not clear.", question=name_of(question)),
            tr("Each needs words, and a key that no other has."),
        )


def _check_condition(question: Question, before: Mapping[str, Question]) -> None:
    if not question.after:
        return
    asked = before.get(question.after)
    if asked is None:
        raise UserError(
            tr("“{question}” depends on what is not asked before it.", question=name_of(question)),
            tr("Move it further down, or let it be asked always."),
        )
    fits = (
        bool(question.chosen) and all(option_named(asked, one) for one in question.chosen)
        if asked.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
        else asked.kind.has_number and (question.at_least, question.at_most) != (None, None)
    )
    if not fits:
        raise UserError(
            tr("It is not clear when “{question}” is asked.", question=name_of(question)),
            tr("Say from and up to which number, or after which choices."),
        )
