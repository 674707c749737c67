"""What was answered, held against the questions of the form: what does not fit is refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import language, tr
from deskcrm.domain.feedback.questions import (
    Question,
    QuestionKind,
    name_of,
    option_named,
    said_in,
)

LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question, or to one row of a matrix."""

    key: str
    row: str = ""
    number: int | None = None
    choices: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered: the question was skipped."""
        return self.number is None and not self.choices and not self.text.strip()


def check_answers(questions: Sequence[Question], given: Iterable[Given]) -> list[Given]:
    """Give what was answered, in the order of the form; raises UserError, in words.

    A question that may be skipped may be left out; one that was not to be asked may not be
    answered.
    """
    by_place = _by_place(questions, given)
    found: list[Given] = []
    for question in questions:
        here = [by_place.get((question.key, row.key)) for row in question.rows]
        answered = [check_answer(question, one) for one in here if one is not None]
        if not is_asked(question, found):
            if answered:
                raise UserError(
                    tr("“{question}” is not to be asked here.", question=name_of(question)),
                    tr("What was answered before says so. Leave it empty."),
                )
            continue
        if question.is_required and len(answered) < len(here):
            raise UserError(
                tr("“{question}” needs an answer.", question=name_of(question)),
                tr("It is the one that the form is about."),
            )
        found += answered
    if not found:
        raise UserError(
            tr("Nothing was answered."), tr("If they would rather not, note that they declined.")
        )
    return found


def is_asked(question: Question, before: Iterable[Given]) -> bool:
    """Tell whether a question is asked, after what was answered so far."""
    if not question.after:
        return True
    answers = [one for one in before if one.key == question.after]
    if question.chosen:
        return any(set(one.choices) & set(question.chosen) for one in answers)
    return any(_within(one.number, question) for one in answers)


def _within(number: int | None, question: Question) -> bool:
    return (
        number is not None
        and (question.at_least is None or number >= question.at_least)
        and (question.at_most is None or number <= question.at_most)
    )


def _by_place(
    questions: Sequence[Question], given: Iterable[Given]
) -> Mapping[tuple[str, str], Given]:
    known = {(one.key, row.key) for one in questions for row in one.rows}
    found: dict[tuple[str, str], Given] = {}
    for one in given:
        if one.is_empty:
            continue
        place = (one.key, one.row)
        if place not in known:
            raise UserError(
                tr("The form does not ask “{key}”.", key=" ".join(filter(None, place))),
                tr("The form may have another version by now. Open it again."),
            )
        if place in found:
            raise UserError(
                tr("“{key}” was answered twice.", key=one.key), tr("Give one answer to each.")
            )
        found[place] = one
    return found


def check_answer(question: Question, given: Given) -> Given:
    """Give an answer as it is kept, only what its kind of question is answered with; or refuse."""
    if question.kind.has_number:
        lowest, highest = question.range
        if given.number is None or not lowest <= given.number <= highest:
            raise UserError(
                tr(
                    "“{question}” is answered with a number from {lowest} to {highest}.",
                    question=name_of(question),
                    lowest=lowest,
                    highest=highest,
                )
            )
        return Given(given.key, given.row, given.number)
    if question.kind is QuestionKind.TEXT:
        return _text(question, given)
    return _choices(question, given)


def _text(question: Question, given: Given) -> Given:
    text = given.text.strip()
    if not text:
        raise UserError(tr("“{question}” is answered in words.", question=name_of(question)))
    if len(text) > LONGEST:
        raise UserError(
            tr("The answer to “{question}” is too long.", question=name_of(question)),
            tr("Keep the gist of it, and attach the rest to the client."),
        )
    return Given(given.key, text=text)


def _choices(question: Question, given: Given) -> Given:
    is_one = question.kind is QuestionKind.CHOICE
    unknown = [one for one in given.choices if option_named(question, one) is None]
    if unknown or not given.choices or (is_one and len(given.choices) > 1):
        raise UserError(
            tr("“{question}” takes one of its choices.", question=name_of(question))
            if is_one
            else tr("“{question}” takes some of its choices.", question=name_of(question)),
            tr("There are: {names}.", names=", ".join(_option_names(question))),
        )
    order = [one.key for one in question.options if one.key in given.choices]
    # What was said besides the choice is kept too: "other: …".
    return replace(given, number=None, choices=tuple(order), text=given.text.strip()[:LONGEST])


def _option_names(question: Question) -> list[str]:
    return [said_in(one, "text", language()) for one in question.options]
