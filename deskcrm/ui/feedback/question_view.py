"""One question as it is read out, with what it can be answered with."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.questions import Question, QuestionKind, said_in
from deskcrm.ui.feedback.asking import Asking, Step
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.flow import FlowLayout

_TALL: Final = 96


class QuestionView(QWidget):
    """``show_step`` shows where the asking is; ``on_change`` is told of every answer.

    What stops the keyboard is built anew with every step: the first stop has the focus.
    """

    def __init__(self, on_change: Callable[[bool], object]) -> None:
        super().__init__()
        self._on_change = on_change
        self.progress = parts.label("", "caption")
        self.opening = parts.label("", "muted", wrap=True)
        self.asked = parts.label("", "heading", wrap=True, select=True)
        self.row = parts.label("", "strong", wrap=True)
        self.ends = parts.label("", "muted", wrap=True)
        self.answers = QVBoxLayout()
        self.answers.setContentsMargins(0, 4, 0, 0)
        self.hint = parts.label("", "faint", wrap=True)
        self.setLayout(
            parts.column(
                self.progress, self.opening, self.asked, self.row, self.answers, self.ends,
                self.hint, None, spacing=8,
            )
        )  # fmt: skip
        self._stop: QWidget | None = None

    def show_step(self, asking: Asking, language: str, opening: str) -> None:
        """Show what is asked now, or at the end everything that was answered."""
        step, steps = asking.step(), asking.steps()
        parts.clear(self.answers)
        self._stop = None
        self.opening.setText(opening)
        self.opening.setVisible(bool(opening) and asking.at == 0)
        if step is None:
            self._show_end(asking, language)
            return
        self.say_place(asking.at + 1, len(steps), step.question)
        self.asked.setText(said_in(step.question, "text", language))
        self.row.setText(said_in(step.row, "text", language) if step.row.key else "")
        self.row.setVisible(bool(step.row.key))
        self.ends.setText(_ends(step.question, language))
        self.ends.setVisible(bool(self.ends.text()))
        self.hint.setText(_hint(step.question))
        self._offer(asking, step, language)

    def say_place(self, at: int, of_all: int, question: Question) -> None:
        """Say how far one is, and whether the question has to be answered."""
        here = tr("Question {n} of {all}", n=at, all=of_all)
        self.progress.setText(here + (" *" if question.is_required else ""))

    def focus_answer(self) -> None:
        """Let the keyboard answer."""
        if self._stop is not None:
            self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, asking: Asking, step: Step, language: str) -> None:
        question, given = step.question, asking.answer()
        if question.kind is QuestionKind.TEXT:
            self._offer_text(asking, said_in(question, "text", language), given)
        elif question.kind.has_number:
            self._offer_numbers(asking, question, given)
        else:
            self._offer_choices(asking, question, language, given)

    def _offer_numbers(self, asking: Asking, question: Question, given: Given | None) -> None:
        row = QWidget()  # goes as a whole: a layout by itself would outlive what is in it
        flow = FlowLayout(row, spacing=6)
        lowest, highest = question.range
        for number in range(lowest, highest + 1):
            words = "★" * number if question.kind is QuestionKind.STARS else str(number)
            button = self._button(words, partial(self._take, asking, number))
            button.setAccessibleName(tr("{n} of {most}", n=number, most=highest))
            button.setChecked(given is not None and given.number == number)
            flow.addWidget(button)
            self._note_stop(button)
        self.answers.addWidget(row)

    def _offer_choices(
        self, asking: Asking, question: Question, language: str, given: Given | None
    ) -> None:
        chosen = given.choices if given is not None else ()
        for at, option in enumerate(question.options, start=1):
            words = said_in(option, "text", language)
            button = self._button(f"{at}  {words}", partial(self._toggle, asking, option.key))
            button.setAccessibleName(words)
            button.setChecked(option.key in chosen)
            line = parts.row(button, None)
            self.answers.addLayout(line)
            self._note_stop(button)

    def _offer_text(self, asking: Asking, name: str, given: Given | None) -> None:
        text = QPlainTextEdit(given.text if given is not None else "")
        text.setTabChangesFocus(True)
        text.setAccessibleName(name)
        text.setFixedHeight(_TALL)
        text.textChanged.connect(lambda: self._type(asking, text.toPlainText()))
        self.answers.addWidget(text)
        self._stop = text

    def _button(self, words: str, run: Callable[[], object]) -> QPushButton:
        button = parts.button(words, run)
        button.setCheckable(True)
        button.setMinimumWidth(36)
        return button

    def _note_stop(self, button: QPushButton) -> None:
        if self._stop is None or button.isChecked():
            self._stop = button

    def _take(self, asking: Asking, number: int) -> None:
        asking.take(number)
        self._on_change(True)

    def _toggle(self, asking: Asking, key: str) -> None:
        asking.toggle(key)
        self._on_change(True)

    def _type(self, asking: Asking, text: str) -> None:
        asking.put(text=text)
        self._on_change(False)

    def _show_end(self, asking: Asking, language: str) -> None:
        self.progress.setText(tr("That was all"))
        self.asked.setText(tr("Thank you!"))
        for widget in (self.row, self.ends):
            widget.hide()
        self.hint.setText(tr("Ctrl+Enter keeps the answers, ← goes back."))
        for step in asking.steps():
            said = answer_words(step.question, asking.given.get(step.place), language)
            asked = said_in(step.row if step.row.key else step.question, "text", language)
            self.answers.addWidget(parts.label(f"{asked}  —  {said}", "muted", wrap=True))


def answer_words(question: Question, given: Given | None, language: str) -> str:
    """Say what was answered, in a line."""
    if given is None:
        return tr("skipped")
    if given.number is not None:
        return tr("{n} of {most}", n=given.number, most=question.range[1])
    chosen = [
        said_in(one, "text", language) for one in question.options if one.key in given.choices
    ]
    return " · ".join(one for one in (", ".join(chosen), given.text) if one)


def _ends(question: Question, language: str) -> str:
    lowest, highest = question.range
    low, high = said_in(question, "low", language), said_in(question, "high", language)
    if not (low and high and question.kind.has_number):
        return ""
    return tr("{lowest} is “{low}”, {highest} is “{high}”", lowest=lowest, low=low,
              highest=highest, high=high)  # fmt: skip


def _hint(question: Question) -> str:
    if question.kind is QuestionKind.TEXT:
        return tr("Ctrl+↓ goes on, Ctrl+↑ goes back.")
    if question.kind is QuestionKind.CHOICES:
        return tr("Digits choose, Enter goes on, ← goes back.")
    if question.kind.has_number and question.range[1] >= 10:
        return tr("A digit answers and goes on; for 10 type 1, then 0. → skips, ← goes back.")
    return tr("A digit answers and goes on. → skips, ← goes back.")
