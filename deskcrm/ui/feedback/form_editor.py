"""Writes a form: its questions in order, each shown as it is asked; published as a new version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import language, of, ptr, tr
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.feedback.forms import create_form, publish_form
from deskcrm.domain.feedback.queries import FormRow
from deskcrm.domain.feedback.questions import Question, from_rows, name_of, to_rows
from deskcrm.ui.feedback.asking import Asking
from deskcrm.ui.feedback.question_form import open_question
from deskcrm.ui.feedback.question_view import QuestionView
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Field, Line, Text
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll

_PLACE: Final = "feedback.form"
_TALL: Final = 640
_LIST: Final = 330


def open_editor(desk: Desk, over: QWidget, form: FormRow | None) -> None:
    """Write the next version of a form, or a new form."""
    EditorCard(desk, over, form)


class EditorCard(Overlay):
    """Opens itself; what was written is kept until it is published."""

    def __init__(self, desk: Desk, over: QWidget, form: FormRow | None) -> None:
        super().__init__(over.window(), width=880, top=0.05)
        self.desk, self.form = desk, form
        self.questions: list[Question] = list(form.questions) if form is not None else []
        self.name = Line("name", ptr("feedback", "Name"), required=True)
        self.opening_en = Text("opening_en", tr("Introduction, in English"), lines=2, most_lines=3)
        self.opening_ru = Text("opening_ru", tr("Introduction, in Russian"), lines=2, most_lines=3)
        self.note = Line("note", tr("What is new in it"))
        self.note.setVisible(form is not None)
        self._fields: Sequence[Field] = (self.name, self.opening_en, self.opening_ru, self.note)
        if form is not None:
            self.name.set_value(form.name)
            self.opening_en.set_value(form.opening_en)
            self.opening_ru.set_value(form.opening_ru)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Questions"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._show_question())
        self.list.itemDoubleClicked.connect(lambda _: self.edit())
        self.view = QuestionView(lambda _: None)
        self.refusal = parts.label("", "error", wrap=True)
        self.refusal.hide()
        self._lay_out()
        for field in self._fields:
            field.left.connect(self.keep_draft)
        self.closed.connect(self.deleteLater)
        self._show_all(0)
        self.open_card()
        desk.ask(self, get_draft, place=_PLACE, subject=self._subject()).then(self._restore)

    def height_wanted(self) -> int:
        """Always as tall: the list must not jump."""
        return _TALL

    def add(self) -> None:
        """Ask for another question, at the end."""
        open_question(self.desk, self, self.questions, None, self._append)

    def edit(self) -> None:
        """Change the current question."""
        at = self.list.currentRow()
        if at >= 0:
            keep = self.questions[at]
            open_question(
                self.desk, self, self.questions[:at], keep, lambda made: self._replace(at, made)
            )

    def move_question(self, by: int) -> None:
        """Ask the current question earlier or later."""
        at, to = self.list.currentRow(), self.list.currentRow() + by
        if at >= 0 and 0 <= to < len(self.questions):
            moved = self.questions.pop(at)
            self.questions.insert(to, moved)
            self._changed(to)

    def remove(self) -> None:
        """Leave the current question out."""
        at = self.list.currentRow()
        if at >= 0:
            del self.questions[at]
            self._changed(min(at, len(self.questions) - 1))

    def publish(self) -> None:
        """Ask so from now on."""
        said: dict[str, Any] = {
            "name": self.name.value(),
            "questions": tuple(self.questions),
            "opening_en": self.opening_en.value(),
            "opening_ru": self.opening_ru.value(),
        }
        if self.form is None:
            deed = self.desk.do(create_form, **said).tell()
        else:
            note = self.note.value()
            deed = self.desk.do(publish_form, self.form.id, note=note, **said).tell()
        deed.then(lambda _: self._finish()).refused(self._refuse)

    def keep_draft(self) -> None:
        """Keep what was written so far on this device."""
        content = {one.name: one.draft() for one in self._fields}
        rows = to_rows(self.questions)
        if self.form is not None and not self._differs():
            return
        self.desk.do(
            save_draft, place=_PLACE, subject=self._subject(), content={**content, "rows": rows}
        )

    def _differs(self) -> bool:
        assert self.form is not None
        now = (self.name.value(), self.opening_en.value(), self.opening_ru.value())
        before = (self.form.name, self.form.opening_en, self.form.opening_ru)
        return now != before or tuple(self.questions) != self.form.questions

    def _subject(self) -> str:
        return "" if self.form is None else self.form.family_id.hex

    def _append(self, made: Question) -> None:
        self.questions.append(made)
        self._changed(len(self.questions) - 1)

    def _replace(self, at: int, made: Question) -> None:
        self.questions[at] = made
        self._changed(at)

    def _changed(self, at: int) -> None:
        self._show_all(at)
        self.keep_draft()

    def _show_all(self, at: int) -> None:
        self.list.clear()
        for number, one in enumerate(self.questions, start=1):
            self.list.addItem(f"{number}. {name_of(one)}  ·  {of(one.kind)}")
        self.list.setCurrentRow(at)
        self._show_question()

    def _show_question(self) -> None:
        at = self.list.currentRow()
        self.view.setVisible(0 <= at < len(self.questions))
        if self.view.isVisibleTo(self):
            self.view.show_step(_alone(self.questions[at]), language(), "")
            self.view.say_place(at + 1, len(self.questions), self.questions[at])

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is None:
            return
        for field in self._fields:
            field.set_draft(draft.content.get(field.name, ""))
        self.questions = list(from_rows(draft.content.get("rows", ())))
        self._show_all(0)

    def _refuse(self, error: UserError) -> None:
        self.refusal.setText(f"{error.title} {error.detail}".strip())
        self.refusal.show()

    def _finish(self) -> None:
        self.desk.do(discard_draft, place=_PLACE, subject=self._subject())
        self.close_card()

    def _lay_out(self) -> None:
        title = tr("New form") if self.form is None else tr("New version of a form")
        head = parts.row(parts.label(title, "heading"), None, spacing=8)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        openings = parts.row(spacing=12)
        for field in (self.opening_en, self.opening_ru):
            openings.addWidget(field, 1)
        names = parts.row(spacing=12)
        for one in (self.name, self.note):
            names.addWidget(one, 1)
        deeds = parts.row(
            parts.button(tr("Add question…"), self.add, icon="plus"),
            parts.button(tr("Edit…"), self.edit, icon="edit"),
            parts.icon_button("chevron-up", tr("Ask earlier"), lambda: self.move_question(-1)),
            parts.icon_button("chevron-down", tr("Ask later"), lambda: self.move_question(1)),
            parts.icon_button("trash", tr("Leave the question out"), self.remove),
            None, spacing=6,
        )  # fmt: skip
        self.list.setFixedWidth(_LIST)
        across = parts.row(self.list, spacing=16)
        across.addWidget(Scroll(self.view), 1)
        whole = parts.column(head, names, openings, deeds, spacing=10, margins=(24, 18, 20, 16))
        whole.addLayout(across, 1)
        whole.addWidget(self.refusal)
        publish = parts.button(tr("Publish"), self.publish, look="primary", icon="upload")
        whole.addLayout(parts.row(publish, None))
        self.card.setLayout(whole)


def _alone(question: Question) -> Asking:
    """Show a question by itself, whatever it waits for."""
    return Asking([replace(question, after="", chosen=(), at_least=None, at_most=None)])
