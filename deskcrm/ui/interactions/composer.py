"""The note field at the head of a timeline: what was said, and what comes of it, in one save."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import Consent, ContactId
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import Consequences, NewTask, log_interaction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.domain.interactions.timeline import EntryKind
from deskcrm.store.reader import Reader
from deskcrm.ui.interactions.entry import CHANNEL_ICONS
from deskcrm.ui.interactions.ways import way_words
from deskcrm.ui.kit import icons, keys, parts
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.desk import Desk, undo
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


@dataclass(frozen=True, slots=True)
class Begun:
    """What a note begins with: the people there, whom it is likely about, what was typed."""

    contacts: Sequence[ContactRow]
    likely: ContactId | None
    draft: DraftRow | None


def get_begun(db: Reader, client_id: ClientId) -> Begun:
    """Gather what a note about a client begins with."""
    contacts = list_contacts(db, client_id)
    draft = get_draft(db, place=_DRAFT, subject=client_id.hex)
    return Begun(contacts, _likely(db, client_id, contacts), draft)


def _likely(db: Reader, client_id: ClientId, contacts: Sequence[ContactRow]) -> ContactId | None:
    """Tell whom it is likely about: the only one there, or who was spoken to last."""
    there = [one.id for one in contacts if one.is_active and one.consent is not Consent.WITHDRAWN]
    if len(there) > 1:
        page = page_timeline(db, client_id, limit=20, kinds=(EntryKind.INTERACTION,))
        spoken = [one.contact_id for one in page.entries if one.contact_id in there]
        return spoken[0] if spoken else None
    return there[0] if there else None


class Composer(QWidget):
    """Grows when it is typed in; Ctrl+Enter logs it; the draft survives anything."""

    def __init__(self, desk: Desk, on_leave: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.on_leave = on_leave
        self.client: ClientId | None = None
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("What was said"))
        self.text.setTabChangesFocus(True)
        self.way = _combo(tr("Channel"))
        for channel, direction in _WAYS:
            self.way.addItem(icons.icon(CHANNEL_ICONS[channel]), way_words(channel, direction))
        self.contact = _combo(tr("Contact"))
        self.outcome = _combo(tr("Outcome"))
        for outcome in Outcome:
            words = of(outcome) if outcome is not Outcome.UNKNOWN else tr("Outcome…")
            self.outcome.addItem(words)
        self.sentiment = _combo(tr("How the client sounded"))
        self.sentiment.addItem(tr("Sentiment…"))
        for sentiment in Sentiment:
            self.sentiment.addItem(of(sentiment))
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
        self.contact.clear()
        self.desk.ask((self, "begun"), get_begun, client_id).then(self._show_begun)

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
        details: dict[str, Any] = {"sentiment": self._sentiment()}
        contact: ContactId | None = self.contact.currentData()
        if contact is not None:
            details["contact_id"] = contact
        deed = self.desk.do(
            log_interaction,
            self.client,
            channel=channel,
            direction=direction,
            text=text,
            outcome=self._outcome(),
            duration_seconds=self.minutes.checked() or 0,
            consequences=Consequences(self.offers.chosen(), follow_up),
            **details,
        ).tell()
        deed.then(lambda _done: self._finish()).refused(self._refuse)

    # Qt gives an enum back as a bare text, so the choice is read by its place.

    def _outcome(self) -> Outcome:
        return list(Outcome)[max(0, self.outcome.currentIndex())]

    def _sentiment(self) -> Sentiment | None:
        at = self.sentiment.currentIndex()
        return list(Sentiment)[at - 1] if at > 0 else None

    def _is_wrong(self, text: str) -> bool:
        from deskcrm.ui.kit.fields import Wrong

        if not text and self._outcome() is Outcome.UNKNOWN:
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
        self.due.line.setPlaceholderText(tr("Follow up: Fri, +3"))
        self.details.hide()
        bar = parts.row(self.way, None, self.save_button, spacing=8)
        self.setLayout(
            parts.column(
                bar,
                self.text,
                self.offers,
                self.details,
                self.wrong,
                spacing=8,
                margins=(20, 16, 16, 16),
            )
        )
        self.wrong.hide()

    def _ask_in_words(self) -> None:
        channel, _ = _WAYS[self.way.currentIndex()]
        asked = tr("What was said?") if channel != "note" else tr("What is worth knowing?")
        self.text.setPlaceholderText(tr("{asked} Ctrl+Enter logs it.", asked=asked))

    def _wire(self) -> None:
        self.way.currentIndexChanged.connect(lambda _: self._ask_in_words())
        self._ask_in_words()
        self.text.textChanged.connect(self._on_typed)
        for box in (self.way, self.contact, self.outcome, self.sentiment):
            box.activated.connect(lambda _: self._wait())
        for field in (self.minutes, self.due):
            field.edited.connect(self._wait)
        # Ctrl+Enter means the list around this too, so it is claimed while one writes here.
        for widget in self.findChildren(QWidget):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() in kinds and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._key(event)
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._keep_now()
        return super().eventFilter(watched, event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        is_leaving = event.key() == Qt.Key.Key_Escape
        return (is_enter and is_held) or is_leaving or self._takes_back(event)

    def _takes_back(self, event: QKeyEvent) -> bool:
        """Whether Ctrl+Z means what was just logged: the field has nothing of its own to undo."""
        page = self.text.document()
        is_blank = page.isEmpty() and not (page.isUndoAvailable() or page.isRedoAvailable())
        return is_blank and self.text.hasFocus() and keys.pressed(event) == "Ctrl+Z"

    def _key(self, event: QKeyEvent) -> None:
        if self._takes_back(event):
            undo(self.desk)
            return
        if event.key() != Qt.Key.Key_Escape:
            self.save()
            return
        self._keep_now()
        if self.on_leave is not None:
            self.on_leave()

    def _on_typed(self) -> None:
        is_begun = bool(self.text.toPlainText())
        self.text.setFixedHeight(108 if is_begun else 64)
        if is_begun:
            self.details.show()
        self._say("")
        self._wait()

    def _wait(self) -> None:
        # Not restarted while running: whoever types without a pause is to lose nothing either.
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
        if self.text.toPlainText().strip():
            self.desk.do(save_draft, **place, content=self._draft())
        else:
            self.desk.do(discard_draft, **place)

    def _draft(self) -> dict[str, Any]:
        contact: ContactId | None = self.contact.currentData()
        return {
            "text": self.text.toPlainText(),
            "way": self.way.currentIndex(),
            "contact": contact.hex if contact is not None else "",
            "outcome": self.outcome.currentIndex(),
            "sentiment": self.sentiment.currentIndex(),
            "minutes": self.minutes.draft(),
            "due": self.due.draft(),
        }

    def _show_begun(self, begun: Begun) -> None:
        self._show_contacts(begun.contacts)
        self._choose_contact(begun.likely)
        if begun.draft is not None and not self.text.toPlainText():
            self._restore(begun.draft.content)

    def _restore(self, draft: Mapping[str, Any]) -> None:
        for box, key in (
            (self.way, "way"),
            (self.outcome, "outcome"),
            (self.sentiment, "sentiment"),
        ):
            box.setCurrentIndex(min(int(draft.get(key, 0)), box.count() - 1))
        for field, key in ((self.minutes, "minutes"), (self.due, "due")):
            field.set_draft(draft.get(key, ""))
        if draft.get("contact"):
            self._choose_contact(ContactId(UUID(hex=str(draft["contact"]))))
        self.text.setPlainText(str(draft.get("text", "")))
        self._soon.stop()

    def _choose_contact(self, contact: ContactId | None) -> None:
        for at in range(self.contact.count()):
            if self.contact.itemData(at) == contact:
                self.contact.setCurrentIndex(at)

    def _show_contacts(self, contacts: Sequence[ContactRow]) -> None:
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


def _combo(name: str) -> ComboBox:
    made = ComboBox(name)
    made.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _follow_up_title(text: str) -> str:
    first = text.partition("\n")[0].strip()
    return tr("Follow up: {text}", text=first[:80]) if first else tr("Follow up")
