"""A form as it is read out, to be gone through; nothing of it is kept."""

from typing import Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import language, tr
from deskcrm.domain.feedback.queries import FormRow
from deskcrm.ui.feedback.asking import Asking
from deskcrm.ui.feedback.question_view import QuestionView
from deskcrm.ui.feedback.step_card import StepCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.segments import Segments

_TALL: Final = 480
_LANGUAGES: Final = ("en", "ru")


class PreviewCard(StepCard):
    """Opens itself over the window."""

    def __init__(self, over: QWidget, form: FormRow) -> None:
        super().__init__(over.window(), width=620)
        self.form = form
        self.asking = Asking(form.questions)
        self.view = QuestionView(self.changed)
        self.spoken = Segments([tr("English"), tr("Russian")], tr("Language"))
        self.spoken.setCurrentIndex(_LANGUAGES.index(language()))
        self.spoken.currentChanged.connect(lambda _: self.show_step())
        head = parts.row(spacing=8)
        head.addWidget(parts.label(form.name, "heading", wrap=True), 1)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        inside = QWidget()
        inside.setLayout(parts.column(self.spoken, self.view, margins=(24, 4, 24, 20)))
        top = parts.column(head, margins=(24, 18, 16, 8))
        whole = parts.column(top, Scroll(inside), spacing=0)
        whole.setStretch(1, 1)
        self.card.setLayout(whole)
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.show_step()

    def height_wanted(self) -> int:
        """Always as tall: the question must not jump."""
        return _TALL

    def show_step(self) -> None:
        spoken = _LANGUAGES[max(0, self.spoken.currentIndex())]
        opening = self.form.opening_ru if spoken == "ru" else self.form.opening_en
        self.view.show_step(self.asking, spoken, opening)
        self.view.focus_answer()
