"""How far one is with a form: what was answered, what is asked next, and what a digit means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskcrm.domain.feedback.answers import Given, is_asked
from deskcrm.domain.feedback.questions import Option, Question, QuestionKind

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is read out: a question, or one row of a matrix."""

    question: Question
    row: Option

    @property
    def place(self) -> Place:
        """Where its answer belongs."""
        return self.question.key, self.row.key


class Asking:
    """The answers so far, and where one is; knows no widgets."""

    def __init__(self, questions: Sequence[Question], given: Sequence[Given] = ()) -> None:
        self.questions = questions
        self.given: dict[Place, Given] = {(one.key, one.row): one for one in given}
        self.at = 0
        self._may_be_ten = False

    def steps(self) -> list[Step]:
        """What is asked after what was answered so far."""
        found: list[Step] = []
        before: list[Given] = []
        for question in self.questions:
            if is_asked(question, before):
                found += [Step(question, row) for row in question.rows]
                places = ((question.key, row.key) for row in question.rows)
                before += [self.given[place] for place in places if place in self.given]
        return found

    def step(self) -> Step | None:
        """What is to be read out now; None: the end is reached."""
        steps = self.steps()
        return steps[self.at] if self.at < len(steps) else None

    def answer(self) -> Given | None:
        """What was answered to the current step."""
        step = self.step()
        return self.given.get(step.place) if step is not None else None

    def move(self, by: int) -> None:
        """Go on, or back; not further than one after the last."""
        self._may_be_ten = False
        self.at = max(0, min(self.at + by, len(self.steps())))

    def put(
        self, *, number: int | None = None, choices: Sequence[str] = (), text: str = ""
    ) -> None:
        """Answer the current step; nothing at all takes the answer back."""
        step = self.step()
        if step is None:
            return
        given = Given(*step.place, number=number, choices=tuple(choices), text=text)
        if given.is_empty:
            self.given.pop(step.place, None)
        else:
            self.given[step.place] = given

    def press(self, digit: int) -> bool:
        """Answer with a digit and go on; tells whether the digit meant anything.

        On a scale to ten a 1 waits: a 0 after it makes it ten, whatever else goes on.
        """
        step = self.step()
        if step is None or step.question.kind is QuestionKind.TEXT:
            return False
        if step.question.kind.has_number:
            return self._press_number(step.question, digit)
        return self._press_choice(step.question, digit)

    def take(self, number: int) -> None:
        """Answer with a number and go on."""
        self.put(number=number)
        self.move(1)

    def toggle(self, key: str) -> None:
        """Choose one of several, or take it back; one that stands alone is chosen, and on."""
        step, before = self.step(), self.answer()
        if step is None:
            return
        if step.question.kind is QuestionKind.CHOICE:
            self.put(choices=(key,))
            self.move(1)
            return
        chosen = set(before.choices if before is not None else ()) ^ {key}
        self.put(choices=[one.key for one in step.question.options if one.key in chosen])

    def answers(self) -> list[Given]:
        """What was answered to all that is asked."""
        return [self.given[one.place] for one in self.steps() if one.place in self.given]

    def to_draft(self) -> dict[str, Any]:
        """Give all of it as JSON."""
        rows = [[g.key, g.row, g.number, list(g.choices), g.text] for g in self.given.values()]
        return {"at": self.at, "answers": rows}

    def take_draft(self, draft: dict[str, Any]) -> None:
        """Put back what was written before, as far as the form still asks it."""
        known = {(one.key, row.key) for one in self.questions for row in one.rows}
        for key, row, number, choices, text in draft.get("answers", ()):
            if (key, row) in known:
                self.given[key, row] = Given(key, row, number, tuple(choices), text)
        self.at = 0
        self.move(int(draft.get("at", 0)))

    def _press_number(self, question: Question, digit: int) -> bool:
        lowest, highest = question.range
        if self._may_be_ten and digit == 0:
            self.take(10)
            return True
        if not lowest <= digit <= highest:
            return False
        if digit == 1 and highest >= 10:
            self.put(number=1)
            self._may_be_ten = True
            return True
        self.take(digit)
        return True

    def _press_choice(self, question: Question, digit: int) -> bool:
        if not 1 <= digit <= len(question.options):
            return False
        self.toggle(question.options[digit - 1].key)
        return True
