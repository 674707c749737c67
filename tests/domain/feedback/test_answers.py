"""Every kind of question: what it takes, what it refuses in words, and when it is asked at all."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.feedback.answers import Given, check_answers, is_asked
from deskcrm.domain.feedback.forms import SHIPPED, shipped_form
from deskcrm.domain.feedback.questions import (
    Option,
    Question,
    QuestionKind,
    checked,
    from_rows,
    to_rows,
)

COLOURS = (Option("red", "Red", "Красный"), Option("blue", "Blue", "Синий"))
ONE_OF_EACH = {
    kind: Question("q", kind, "How is it?", "Как вам?", options=COLOURS) for kind in QuestionKind
}


def answered(kind: QuestionKind, *given: Given) -> Sequence[Given]:
    return check_answers([ONE_OF_EACH[kind]], given)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [
        (QuestionKind.NPS, 0, 10),
        (QuestionKind.CSAT, 1, 5),
        (QuestionKind.CES, 1, 7),
        (QuestionKind.STARS, 1, 5),
        (QuestionKind.SCALE, 1, 5),
    ],
)
def test_a_number_is_taken_from_the_lowest_to_the_highest_and_no_other(
    kind: QuestionKind, lowest: int, highest: int
) -> None:
    for number in (lowest, highest):
        assert answered(kind, Given("q", number=number)) == [Given("q", number=number)]
    for number in (lowest - 1, highest + 1):
        with pytest.raises(UserError, match=f"from {lowest} to {highest}"):
            answered(kind, Given("q", number=number))
    with pytest.raises(UserError, match="a number from"):
        answered(kind, Given("q", text="well"))


def test_a_matrix_is_answered_row_by_row_and_knows_its_rows() -> None:
    rows = [Given("q", "blue", 2), Given("q", "red", 5)]
    assert answered(QuestionKind.MATRIX, *rows) == rows[::-1]
    with pytest.raises(UserError, match="does not ask “q green”"):
        answered(QuestionKind.MATRIX, Given("q", "green", 2))
    with pytest.raises(UserError, match="from 1 to 5"):
        answered(QuestionKind.MATRIX, Given("q", "red", 6))


def test_one_choice_is_one_and_several_are_several_each_once() -> None:
    assert answered(QuestionKind.CHOICE, Given("q", choices=("red",)))[0].choices == ("red",)
    with pytest.raises(UserError, match="takes one of its choices"):
        answered(QuestionKind.CHOICE, Given("q", choices=("red", "blue")))
    both = Given("q", choices=("blue", "red", "blue"), text="and green")
    assert answered(QuestionKind.CHOICES, both) == [
        Given("q", choices=("red", "blue"), text="and green")
    ]
    for kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        with pytest.raises(UserError, match="of its choices") as refused:
            answered(kind, Given("q", choices=("green",)))
        assert refused.value.detail == "There are: Red, Blue."
        with pytest.raises(UserError, match="of its choices"):
            answered(kind, Given("q", text="green"))


def test_words_are_trimmed_and_not_endless() -> None:
    assert answered(QuestionKind.TEXT, Given("q", text="  well \n"))[0].text == "well"
    with pytest.raises(UserError, match="in words"):
        answered(QuestionKind.TEXT, Given("q", number=3))
    with pytest.raises(UserError, match="too long"):
        answered(QuestionKind.TEXT, Given("q", text="a" * 10_001))


def test_a_question_may_be_skipped_unless_the_form_is_about_it() -> None:
    first = replace(ONE_OF_EACH[QuestionKind.NPS], key="nps", is_required=True)
    questions = [first, ONE_OF_EACH[QuestionKind.TEXT]]
    assert check_answers(questions, [Given("nps", number=0), Given("q")]) == [
        Given("nps", number=0)
    ]
    with pytest.raises(UserError, match="needs an answer"):
        check_answers(questions, [Given("q", text="well")])
    with pytest.raises(UserError, match="Nothing was answered"):
        check_answers(questions[1:], [Given("q")])
    with pytest.raises(UserError, match="answered twice"):
        check_answers(questions, [Given("nps", number=1), Given("nps", number=2)])


def test_a_question_is_asked_only_after_the_answer_that_it_waits_for() -> None:
    nps = replace(ONE_OF_EACH[QuestionKind.NPS], key="nps")
    why = Question("why", QuestionKind.TEXT, "Why?", after="nps", at_most=6)
    assert is_asked(why, [Given("nps", number=6)])
    assert not is_asked(why, [Given("nps", number=7)]) and not is_asked(why, [])
    words = Given("why", text="Late")
    assert check_answers([nps, why], [words, Given("nps", number=2)])[1] == words
    with pytest.raises(UserError, match="not to be asked"):
        check_answers([nps, why], [words, Given("nps", number=9)])
    of_choice = replace(why, after="q", at_most=None, chosen=("red",))
    assert is_asked(of_choice, [Given("q", choices=("red", "blue"))])
    assert not is_asked(of_choice, [Given("q", choices=("blue",))])


NPS = replace(ONE_OF_EACH[QuestionKind.NPS], key="nps")


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([], "needs a question"),
        ([replace(NPS, key=" ")], "needs a key"),
        ([replace(NPS, text_en="", text_ru="")], "has no words"),
        ([NPS, NPS], "Two questions have the key"),
        ([replace(NPS, kind=QuestionKind.SCALE, lowest=5, highest=5)], "does not work"),
        ([replace(NPS, kind=QuestionKind.SCALE, lowest=0, highest=11)], "does not work"),
        ([replace(NPS, kind=QuestionKind.CHOICE, options=COLOURS[:1])], "nothing to choose"),
        ([replace(NPS, kind=QuestionKind.MATRIX, options=())], "nothing to choose"),
        ([replace(NPS, kind=QuestionKind.CHOICES, options=COLOURS[:1] * 2)], "not clear"),
        ([replace(NPS, after="later", at_most=1)], "not asked before it"),
        ([NPS, replace(NPS, key="b", after="nps")], "not clear when"),
        ([NPS, replace(NPS, key="b", after="nps", chosen=("red",))], "not clear when"),
        ([NPS] + [replace(NPS, key=str(n)) for n in range(40)], "at most 40"),
    ],
)
def test_a_form_that_cannot_be_asked_is_refused_in_words(
    questions: list[Question], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        checked(questions)


def test_questions_come_back_as_they_were_kept() -> None:
    questions = (
        *(replace(one, key=kind.value) for kind, one in ONE_OF_EACH.items()),
        Question("why", QuestionKind.TEXT, "Why?", after="nps", at_least=0, at_most=6),
    )
    kept = to_rows(checked(questions))
    assert from_rows(kept) == questions
    assert kept[-1] == {
        "key": "why", "kind": "text", "text_en": "Why?", "after": "nps", "at_least": 0,
        "at_most": 6,
    }  # fmt: skip
    assert from_rows([{**kept[-1], "colour_of_a_later_version": "blue"}]) == questions[-1:]


@pytest.mark.parametrize("which", SHIPPED)
def test_what_is_shipped_can_be_asked_in_both_languages(which: str) -> None:
    form = shipped_form(which)
    questions = form.read_questions()
    assert form.opening_en and form.opening_ru
    options = [option for one in questions for option in one.options]
    assert all(one.text_en and one.text_ru for one in questions)
    assert all(one.text_en and one.text_ru for one in options)
    if which == "standard":
        assert {"product", "service", "complaints", "delivery", "improvements", "nps"} <= {
            one.key for one in questions
        }
        assert questions[0].kind is QuestionKind.NPS
