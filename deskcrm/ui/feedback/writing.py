"""Writes down what somebody answers who was sent a form, or puts right what was written down."""

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import language, of, tr
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import answer_sent, correct_answers
from deskcrm.domain.feedback.model import CaptureWay, ResponseState
from deskcrm.domain.feedback.queries import FormRow, get_form
from deskcrm.domain.feedback.responses import ResponseRow
from deskcrm.ui.feedback.asking import Asking
from deskcrm.ui.feedback.question_view import QuestionView
from deskcrm.ui.feedback.step_card import StepCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.kit.scroll import Scroll


def open_answers(desk: Desk, over: QWidget, row: ResponseRow) -> None:
    """Show the answers of a response in the version of the form that was asked."""

    def show(form: FormRow | None) -> None:
        if form is None:
            desk.tell(tr("The form has not arrived here yet."))
        else:
            AnswersCard(desk, over, row, form)

    desk.ask((over, "form"), get_form, row.form_id).then(show)


class AnswersCard(StepCard):
    """Opens itself over the window, with what was answered."""

    def __init__(self, desk: Desk, over: QWidget, row: ResponseRow, form: FormRow) -> None:
        super().__init__(over.window(), width=620, top=0.08)
        self.desk, self.row, self.form = desk, row, form
        self.asking = Asking(form.questions, [_given(row, at) for at in range(len(row.answers))])
        self.view = QuestionView(self.changed)
        ways = [(one, of(one)) for one in CaptureWay]
        self.way = Choice("way", tr("How"), ways)
        self.way.set_value(CaptureWay.PHONE)
        self.way.setVisible(row.state is ResponseState.SENT)
        self.refusal = parts.label("", "error", wrap=True)
        self.refusal.hide()
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.show_step()

    def height_wanted(self) -> int:
        """Always as tall: the question must not jump."""
        return 520

    def show_step(self) -> None:
        spoken = self.row.language or language()
        self.view.show_step(self.asking, spoken, "")
        self.back_button.setEnabled(self.asking.at > 0)
        self.on_button.setEnabled(self.asking.step() is not None)
        self.view.focus_answer()

    def end(self) -> None:
        answers = self.asking.answers()
        if self.row.state is ResponseState.SENT:
            way = self.way.value()
            deed = self.desk.do(answer_sent, self.row.id, answers=answers, way=way).tell()
        else:
            deed = self.desk.do(correct_answers, self.row.id, answers=answers).tell()
        deed.then(lambda _: self.close_card()).refused(self._refuse)

    def _refuse(self, error: BaseException) -> None:
        self.refusal.setText(str(error))
        self.refusal.show()

    def _lay_out(self) -> None:
        title = tr("Answers of {client}", client=self.row.client)
        head = parts.row(spacing=8)
        head.addWidget(parts.label(title, "heading", wrap=True), 1)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        inside = QWidget()
        inside.setLayout(
            parts.column(self.way, self.view, self.refusal, spacing=10, margins=(24, 4, 24, 8))
        )
        keep = parts.button(tr("Keep answers"), self.end, look="primary", hint="Ctrl+Enter")
        self.back_button = parts.button(tr("Back"), lambda: self.go(-1), icon="arrow-left")
        self.on_button = parts.button(tr("Skip"), lambda: self.go(1), icon="chevron-right")
        foot = parts.row(
            keep, self.back_button, self.on_button, None, spacing=8, margins=(24, 12, 20, 16)
        )
        top = parts.column(head, margins=(24, 18, 16, 8))
        whole = parts.column(top, Scroll(inside), parts.line(), foot, spacing=0)
        whole.setStretch(1, 1)
        self.card.setLayout(whole)


def _given(row: ResponseRow, at: int) -> Given:
    one = row.answers[at]
    return Given(one.question.key, one.row_key, one.number, one.choices, one.text)
