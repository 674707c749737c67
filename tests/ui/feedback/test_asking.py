"""Going through a form by the keyboard: digits answer and go on, and a draft has all of it."""

from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.questions import Option, Question, QuestionKind
from deskcrm.ui.feedback.asking import Asking

NPS = Question("nps", QuestionKind.NPS, "Recommend?")
WHY = Question("why", QuestionKind.TEXT, "Why?", after="nps", at_most=6)
TABLE = Question("table", QuestionKind.MATRIX, "How?", options=(Option("a", "A"), Option("b", "B")))
ONE = Question("one", QuestionKind.CHOICE, "Which?", options=(Option("x", "X"), Option("y", "Y")))
SOME = Question("some", QuestionKind.CHOICES, "Some?", options=ONE.options)
FORM = (NPS, WHY, TABLE, ONE, SOME)


def keys(asking: Asking) -> list[str]:
    return ["".join(step.place) for step in asking.steps()]


def test_a_digit_answers_and_goes_on_and_opens_what_depends_on_it() -> None:
    asking = Asking(FORM)
    assert keys(asking) == ["nps", "tablea", "tableb", "one", "some"]
    assert asking.press(3)
    step = asking.step()
    assert step is not None and step.place == ("why", "")
    assert not asking.press(3), "words are typed"
    asking.put(text="Late")
    asking.move(1)
    assert asking.press(5) and asking.press(1) and asking.press(2) and asking.press(2)
    assert asking.press(1)
    assert asking.answers() == [
        Given("nps", number=3), Given("why", text="Late"), Given("table", "a", 5),
        Given("table", "b", 1), Given("one", choices=("y",)), Given("some", choices=("x", "y")),
    ]  # fmt: skip
    asking.move(1)
    assert asking.step() is None


def test_one_waits_for_the_zero_that_makes_it_ten() -> None:
    asking = Asking(FORM)
    asking.press(1)
    assert (asking.at, asking.answer()) == (0, Given("nps", number=1))
    asking.press(0)
    assert (asking.at, asking.given["nps", ""].number) == (1, 10)
    asking.move(-1)
    asking.press(1)
    asking.move(1)
    assert asking.given["nps", ""].number == 1
    asking.move(-1)
    asking.press(0)
    assert asking.given["nps", ""].number == 0, "the 1 was left: this 0 is a nought"


def test_what_does_not_fit_means_nothing_and_what_is_not_asked_any_more_is_left_out() -> None:
    asking = Asking((Question("c", QuestionKind.CSAT, "So?"), ONE))
    assert not asking.press(0) and not asking.press(6) and asking.at == 0
    assert asking.press(5) and not asking.press(3)
    asking = Asking(FORM)
    asking.press(2)
    asking.put(text="Late")
    asking.move(-1)
    asking.press(9)
    assert asking.answers() == [Given("nps", number=9)]
    asking.move(-1)
    asking.put()
    assert asking.answers() == []


def test_a_draft_brings_back_the_answers_and_the_place() -> None:
    asking = Asking(FORM)
    asking.press(3)
    asking.put(text="Late")
    asking.move(1)
    asking.press(4)
    again = Asking(FORM)
    again.take_draft(asking.to_draft())
    assert (again.answers(), again.at) == (asking.answers(), asking.at)
    other = Asking((NPS,))
    other.take_draft(asking.to_draft())
    assert (other.answers(), other.at) == ([Given("nps", number=3)], 1)
