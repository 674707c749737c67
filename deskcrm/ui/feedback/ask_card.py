"""Reads a form out during a call, or takes one over from paper: by the keyboard alone."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.feedback.commands import decline_survey, record_answers
from deskcrm.domain.feedback.guard import Against, list_hindrances, say_against
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.feedback.preparing import Prepared
from deskcrm.domain.feedback.queries import FormRow
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.feedback.asking import Asking
from deskcrm.ui.feedback.preparing import language_of, likely_form, prepare
from deskcrm.ui.feedback.question_view import QuestionView
from deskcrm.ui.feedback.sending import open_sending
from deskcrm.ui.feedback.step_card import StepCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.form import DRAFT_MS
from deskcrm.ui.kit.more_button import more_button
from deskcrm.ui.kit.scroll import Scroll

_PLACE: Final = "feedback.ask"
_TALL: Final = 620
_BY_HAND: Final = [one for one in CaptureWay if one.is_by_hand]


def open_ask(
    desk: Desk,
    over: QWidget,
    client_id: ClientId,
    *,
    contact_id: ContactId | None = None,
    ticket_id: TicketId | None = None,
) -> None:
    """Ask a client; says what to do where there is no form to ask with."""

    def show(found: Prepared) -> None:
        AskCard(desk, over, client_id, found, contact_id=contact_id, ticket_id=ticket_id)

    prepare(desk, over, client_id, show)


class AskCard(StepCard):
    """Opens itself; what was answered is kept as it is typed, and is there again."""

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        client_id: ClientId,
        found: Prepared,
        *,
        contact_id: ContactId | None = None,
        ticket_id: TicketId | None = None,
    ) -> None:
        super().__init__(over.window(), width=680, top=0.06)
        self.desk, self.client_id, self.ticket_id = desk, client_id, ticket_id
        self._over = over
        self.found = found
        self.asking = Asking(found.forms[0].questions)
        self._build_fields(contact_id)
        self.view = QuestionView(self.changed)
        self.refusal = parts.label("", "error", wrap=True)
        self.restored = parts.label(tr("What you were writing is here again."), "muted")
        for one in (self.refusal, self.restored):
            one.hide()
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self.keep_draft)
        self._lay_out()
        self.closed.connect(self._leave)
        self.open_card()
        self._look_at_contact()
        self.show_step()
        desk.ask(self, get_draft, place=_PLACE, subject=client_id.hex).then(self._restore)

    def height_wanted(self) -> int:
        """Always as tall: the question must not jump while it is read out."""
        return _TALL

    def save(self) -> None:
        """Keep what was answered."""
        self.refusal.hide()
        deed = self.desk.do(
            record_answers, self.client_id, form_id=self._form().id,
            answers=self.asking.answers(), way=self.way.value(), contact_id=self.contact.value(),
            ticket_id=self.ticket_id, spoken=self.spoken.value(), reason=self.reason.value(),
        ).tell()  # fmt: skip
        deed.then(lambda _: self._finish()).refused(self._refuse)

    def decline(self, *, never_again: bool = False) -> None:
        """Note that they would rather not answer, now or ever."""
        deed = self.desk.do(
            decline_survey, self.client_id, form_id=self._form().id, way=self.way.value(),
            contact_id=self.contact.value(), never_again=never_again,
        ).tell()  # fmt: skip
        deed.then(lambda _: self._finish()).refused(self._refuse)

    def end(self) -> None:
        self.save()

    def show_step(self) -> None:
        spoken = self.spoken.value()
        form = self._form()
        opening = form.opening_ru if spoken == "ru" else form.opening_en
        self.view.show_step(self.asking, spoken, opening or form.opening_en or form.opening_ru)
        self.back_button.setEnabled(self.asking.at > 0)
        self.on_button.setEnabled(self.asking.step() is not None)
        self.view.focus_answer()

    def keep_draft(self) -> None:
        """Keep what was answered so far on this device."""
        self._soon.stop()
        draft = self.asking.to_draft() | {field.name: field.draft() for field in self._fields}
        self.desk.do(save_draft, place=_PLACE, subject=self.client_id.hex, content=draft)

    def _build_fields(self, contact_id: ContactId | None) -> None:
        found = self.found
        self.form = Choice("form", tr("Form"), [(one.id, one.name) for one in found.forms])
        self.contact = Choice(
            "contact", tr("Who answers"), [(one.id, one.name) for one in found.contacts],
            none=tr("Nobody in particular"),
        )  # fmt: skip
        self.way = Choice("way", tr("How"), [(one, of(one)) for one in _BY_HAND])
        spoken = [("en", tr("English")), ("ru", tr("Russian"))]
        self.spoken = Choice("spoken", tr("Language"), spoken)
        self.reason = Line("reason", tr("Why you ask all the same"))
        self._fields = (self.form, self.contact, self.way, self.spoken, self.reason)
        self.form.set_value(likely_form(found.forms, is_about_ticket=self.ticket_id is not None))
        self.contact.set_value(contact_id)
        self.spoken.set_value(language_of(found, contact_id))
        self.asking = Asking(self._form().questions)
        self.against = parts.label("", "error", wrap=True)
        self.form.edited.connect(self._change_form)
        self.contact.edited.connect(self._look_at_contact)
        for field in (self.way, self.spoken):
            field.edited.connect(self._on_way)
        self.reason.edited.connect(self._start_draft)

    def _lay_out(self) -> None:
        heading = parts.label(tr("Ask {client}", client=self.found.client), "heading", wrap=True)
        head = parts.row(spacing=8)
        head.addWidget(heading, 1)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        lines = []
        for pair in ((self.form, self.contact), (self.way, self.spoken)):
            line = parts.row(spacing=12)
            for field in pair:
                field.stand_beside()
                line.addWidget(field, 1)
            lines.append(line)
        inside = QWidget()
        column = parts.column(
            self.restored, *lines, self.against, self.reason, parts.line(), self.view,
            self.refusal, spacing=10, margins=(24, 4, 24, 8),
        )  # fmt: skip
        column.setStretchFactor(self.view, 1)
        inside.setLayout(column)
        top = parts.column(head, margins=(24, 18, 16, 8))
        whole = parts.column(top, Scroll(inside), parts.line(), self._foot(), spacing=0)
        whole.setStretch(1, 1)
        self.card.setLayout(whole)

    def _foot(self) -> QWidget:
        self.back_button = parts.button(tr("Back"), lambda: self.go(-1), icon="arrow-left")
        self.on_button = parts.button(tr("Skip"), lambda: self.go(1), icon="chevron-right")
        declined = parts.button(tr("They declined"), self.decline, look="quiet")
        more = more_button(
            tr("More that they may say"),
            [
                (tr("Never ask them again"), "close", partial(self.decline, never_again=True)),
                (tr("Send it instead…"), "mail", self._send_instead),
            ],
        )
        self.save_button = parts.button(
            tr("Keep answers"), self.save, look="primary", hint="Ctrl+Enter"
        )
        foot = QWidget()
        line = parts.row(
            self.save_button, self.back_button, self.on_button, None, declined, more, spacing=8,
            margins=(24, 12, 20, 16),
        )  # fmt: skip
        foot.setLayout(line)
        return foot

    def _form(self) -> FormRow:
        chosen = self.form.value()
        return next(one for one in self.found.forms if one.id == chosen)

    def _change_form(self) -> None:
        kept = self.asking
        self.asking = Asking(self._form().questions)
        self.asking.take_draft(kept.to_draft() | {"at": 0})
        self.changed(True)

    def _look_at_contact(self) -> None:
        asked = self.desk.ask(self, list_hindrances, self.client_id, self.contact.value())
        asked.then(self._show_against)
        self._start_draft()

    def _show_against(self, found: Sequence[Against]) -> None:
        is_paper = self.way.value() is CaptureWay.PAPER
        said = (say_against(one, dates.day) for one in found)
        says = "" if is_paper else " ".join(said)
        self.against.setText(says)
        self.against.setVisible(bool(says))
        self.reason.require(bool(says))
        self.reason.setVisible(bool(says))

    def _on_way(self) -> None:
        self._look_at_contact()
        self.show_step()

    def changed(self, is_elsewhere: bool) -> None:
        if is_elsewhere:
            self.show_step()
        self._start_draft()

    def _start_draft(self) -> None:
        if not self._is_blank() and not self._soon.isActive():
            self._soon.start()

    def _is_blank(self) -> bool:
        return not self.asking.given

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is None:
            return
        for field in self._fields:
            field.blockSignals(True)
            field.set_draft(draft.content.get(field.name))
            field.blockSignals(False)
        self.asking = Asking(self._form().questions)
        self.asking.take_draft(draft.content)
        self.restored.show()
        self._look_at_contact()
        self.show_step()

    def _send_instead(self) -> None:
        self.close_card()
        open_sending(
            self.desk, self._over, self.client_id,
            contact_id=self.contact.value(), ticket_id=self.ticket_id,
        )  # fmt: skip

    def _refuse(self, error: Any) -> None:
        self.refusal.setText(f"{error.title} {error.detail}".strip())
        self.refusal.show()
        self._look_at_contact()

    def _finish(self) -> None:
        self._soon.stop()
        self.asking.given.clear()
        self.desk.do(discard_draft, place=_PLACE, subject=self.client_id.hex)
        self.close_card()

    def _leave(self) -> None:
        if self._soon.isActive():
            self.keep_draft()
        self.deleteLater()
