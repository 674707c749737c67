"""The note field at the head of a timeline: what was said, and what comes of it, in one save."""

from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import Consequences, NewTask, log_interaction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.ui.interactions.entry import CHANNEL_ICONS
from deskcrm.ui.kit import icons, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields_parsed import Day, Duration
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.promises.offers import PromiseOffers

DRAFT_MS: Final = 400
_WAYS: Final = (
    (Channel.CALL, Direction.OUTGOING),
    (Channel.CALL, Direction.INCOMING),
    (Channel.EMAIL, Direction.OUTGOING),
    (Channel.EMAIL, Direction.INCOMING),
    (Channel.CHAT, Direction.INCOMING),
    (Channel.SOCIAL, Direction.INCOMING),
    (Channel.MEETING, Direction.NONE),
    (Channel.VIDEO, Direction.NONE),
    (Channel.VISIT, Direction.NONE),
    (Channel.NOTE, Direction.NONE),
)
_DRAFT: Final = "interactions.composer"


def way_words(channel: Channel, direction: Direction) -> str:
    """Say a channel with its direction, where it has one."""
    if direction is Direction.OUTGOING:
        return tr("{channel}, outgoing", channel=of(channel))
    if direction is Direction.INCOMING:
        return tr("{channel}, incoming", channel=of(channel))
    return of(channel)


class Composer(QWidget):
    """Grows when it is typed in; Ctrl+Enter logs it; the draft survives anything."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.client: ClientId | None = None
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(tr("What was said? Ctrl+Enter logs it."))
        self.text.setAccessibleName(tr("What was said"))
        self.text.setTabChangesFocus(True)
        self.way = _combo(tr("Channel"))
        for channel, direction in _WAYS:
            self.way.addItem(icons.icon(CHANNEL_ICONS[channel]), way_words(channel, direction))
        self.contact = _combo(tr("Contact"))
        self.outcome = _combo(tr("Outcome"))
        for outcome in Outcome:
            words = of(outcome) if outcome is not Outcome.UNKNOWN else tr("Outcome…")
            self.outcome.addItem(words, outcome)
        self.sentiment = _combo(tr("How the client sounded"))
        self.sentiment.addItem(tr("Sentiment…"), None)
        for sentiment in Sentiment:
            self.sentiment.addItem(of(sentiment), sentiment)
        self.minutes = Duration("minutes", tr("Duration"))
        self.due = Day("due", tr("Follow up on"))
        self.offers = PromiseOffers(self.text)
        self.wrong = parts.label("", "error", wrap=True)
        self.save_button = parts.button(
            tr("Log it"), self.save, look="primary", icon="check", hint="Ctrl+Enter"
        )
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self._keep)
        self._lay_out()
        self._wire()

    def show_client(self, client_id: ClientId) -> None:
        """Write for this client; what was begun for it is there again."""
        self._keep_now()
        self.client = client_id
        self._clear()
        self.desk.ask((self, "contacts"), list_contacts, client_id).then(self._show_contacts)
        found = self.desk.ask((self, "draft"), get_draft, place=_DRAFT, subject=client_id.hex)
        found.then(self._restore)

    def begin(self, channel: Channel, direction: Direction) -> None:
        """Begin to write about a call, a mail and so on."""
        if (channel, direction) in _WAYS:
            self.way.setCurrentIndex(_WAYS.index((channel, direction)))
        self.text.setFocus()

    def save(self) -> None:
        """Log it, with the promises that are checked and the follow-up that is wanted."""
        text = self.text.toPlainText().strip()
        if self.client is None or self._is_wrong(text):
            return
        channel, direction = _WAYS[self.way.currentIndex()]
        due = self.due.checked()
        follow_up = NewTask(title=_follow_up_title(text), due=due) if due else None
        details: dict[str, Any] = {"sentiment": self.sentiment.currentData()}
        contact: ContactId | None = self.contact.currentData()
        if contact is not None:
            details["contact_id"] = contact
        deed = self.desk.do(
            log_interaction,
            self.client,
            channel=channel,
            direction=direction,
            text=text,
            outcome=self.outcome.currentData(),
            duration_seconds=self.minutes.checked() or 0,
            consequences=Consequences(self.offers.chosen(), follow_up),
            **details,
        ).tell()
        deed.then(lambda _done: self._finish()).refused(self._refuse)

    def _is_wrong(self, text: str) -> bool:
        from deskcrm.ui.kit.fields import Wrong

        if not text and self.outcome.currentData() in (None, Outcome.UNKNOWN):
            self._say(tr("Write what was said, or choose how it ended."))
            self.text.setFocus()
            return True
        for field in (self.minutes, self.due):
            try:
                field.checked()
                field.show_wrong("")
            except Wrong as wrong:
                field.show_wrong(str(wrong))
                field.stop().setFocus()
                return True
        return False

    def _lay_out(self) -> None:
        self.text.setFixedHeight(64)
        self.details = QWidget()
        flow = FlowLayout(self.details, spacing=8)
        for widget in (self.contact, self.outcome, self.sentiment, self.minutes, self.due):
            flow.addWidget(widget)
        for field in (self.minutes, self.due):
            field.setFixedWidth(170)
            field.caption.hide()
        self.minutes.line.setPlaceholderText(tr("Duration: 15 min"))
        self.due.line.setPlaceholderText(tr("Follow up: fri, +3"))
        self.details.hide()
        bar = parts.row(self.way, None, self.save_button, spacing=8)
        self.setLayout(
            parts.column(
                bar, self.text, self.offers, self.details, self.wrong, spacing=8, margins=16
            )
        )
        self.wrong.hide()

    def _wire(self) -> None:
        self.text.textChanged.connect(self._on_typed)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.save)

    def _on_typed(self) -> None:
        is_begun = bool(self.text.toPlainText())
        self.text.setFixedHeight(108 if is_begun else 64)
        if is_begun:
            self.details.show()
        self._say("")
        if not self._soon.isActive():
            self._soon.start()

    def _keep_now(self) -> None:
        if self._soon.isActive():
            self._keep()

    def _keep(self) -> None:
        self._soon.stop()
        if self.client is None:
            return
        place = {"place": _DRAFT, "subject": self.client.hex}
        text = self.text.toPlainText()
        if text.strip():
            content = {"text": text, "way": self.way.currentIndex()}
            self.desk.do(save_draft, **place, content=content)
        else:
            self.desk.do(discard_draft, **place)

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is not None and not self.text.toPlainText():
            self.way.setCurrentIndex(int(draft.content.get("way", 0)))
            self.text.setPlainText(str(draft.content.get("text", "")))
            self._soon.stop()

    def _show_contacts(self, contacts: list[ContactRow]) -> None:
        self.contact.clear()
        self.contact.addItem(tr("With whom?"), None)
        for one in contacts:
            if one.is_active:
                self.contact.addItem(one.name, one.id)

    def _finish(self) -> None:
        if self.client is not None:
            self.desk.do(discard_draft, place=_DRAFT, subject=self.client.hex)
        self._clear()

    def _clear(self) -> None:
        self.text.clear()
        self._soon.stop()
        self.outcome.setCurrentIndex(0)
        self.sentiment.setCurrentIndex(0)
        self.minutes.set_value(None)
        self.due.set_value(None)
        self.details.hide()
        self._say("")

    def _refuse(self, error: UserError) -> None:
        self._say(f"{error.title} {error.detail}".strip())

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _follow_up_title(text: str) -> str:
    first = text.partition("\n")[0].strip()
    return tr("Follow up: {text}", text=first[:80]) if first else tr("Follow up")
