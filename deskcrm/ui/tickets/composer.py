"""Writes in a ticket's thread: a reply, a note for colleagues, or what the client said."""

from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QRegularExpression, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import of, tr
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.knowledge.commands import use_article
from deskcrm.domain.knowledge.linking import ArticleLink, link_article
from deskcrm.domain.knowledge.model import ArticleId, Audience
from deskcrm.domain.knowledge.suggestions import Suggestion
from deskcrm.domain.templates.queries import FilledTemplate
from deskcrm.domain.tickets.commands import add_note, client_wrote, reply
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.markdown import as_plain
from deskcrm.ui.kit.mentions import MentionEdit
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.promises.offers import PromiseOffers
from deskcrm.ui.templates.chooser import TemplateChooser
from deskcrm.ui.tickets.shapes import Setter

DRAFT_MS: Final = 400
GAP: Final = QRegularExpression(r"\[\?[^\[\]?]{1,60}\?\]")
_CHANNELS: Final = tuple(one for one in Channel if one is not Channel.NOTE)
_PLACE: Final = "tickets.composer"
MODES: Final = (MessageKind.PUBLIC_REPLY, MessageKind.INTERNAL_NOTE, MessageKind.CLIENT_WORD)
_THEN: Final = (None, TicketState.WAITING_ON_CLIENT, TicketState.RESOLVED)


class TicketComposer(QWidget):
    """Ctrl+Enter writes it; what was begun for a ticket is there again, after a crash too."""

    reopened = Signal(object)
    """The client's word opened a settled ticket again: its id."""

    attach_wanted = Signal()

    left = Signal()
    """Esc: back to the list; what was typed stays."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.row: TicketRow | None = None
        self._is_short = False
        self._articles: list[ArticleId] = []
        """With which the answer is made; they are noted when it is written."""
        names = [tr("Reply"), tr("Internal note"), tr("Client wrote")]
        self.mode = Segments(names, tr("What is written"))
        self.text = MentionEdit()
        self.text.setTabChangesFocus(True)
        self.then = Setter(
            tr("And then"), [(one, _then_words(one)) for one in _THEN], lambda _: self._on_typed()
        )
        self.channel = Setter(
            tr("Channel"), [(one, of(one)) for one in _CHANNELS], lambda _: self._on_typed()
        )
        self.hint = parts.ElidedLabel("", "muted")
        self.lock = parts.Picture("lock", "warning")
        self.offers = PromiseOffers(self.text)
        self.wrong = parts.label("", "error", wrap=True)
        self.mention_button = parts.icon_button("person", tr("Name a colleague"), self.text.ask)
        self.save_button = parts.button(
            tr("Log reply"), self.save, look="primary", hint=_ctrl_enter()
        )
        self.template_button = parts.icon_button(
            "template", tr("Insert template… (Ctrl+T)"), self.choose_template
        )
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self._keep)
        self._lay_out()
        self._wire()
        self._show_mode()

    def set_short(self, is_short: bool) -> None:
        """Take less room, in a window in which the thread would have too little."""
        if is_short != self._is_short:
            self._is_short = is_short
            self._fit()

    def show_ticket(self, row: TicketRow) -> None:
        """Write in this ticket; what was begun for it is there again."""
        is_other = self.row is None or self.row.id != row.id
        if is_other:
            self._keep_now()
        self.row = row
        self._show_mode()
        if is_other:
            self._clear()
            self.channel.show_value(row.channel)
            found = self.desk.ask((self, "draft"), get_draft, place=_PLACE, subject=row.id.hex)
            found.then(self._restore)

    def begin(self, kind: MessageKind) -> None:
        """Begin to write a reply, a note, or what the client said."""
        self.mode.setCurrentIndex(MODES.index(kind))
        self.text.setFocus()

    def answer_with(self, suggestion: Suggestion) -> None:
        """Put the text of an article where the person stands; what is internal goes into a note."""
        is_inner = suggestion.audience is Audience.INTERNAL
        if self._may_take(is_inner=is_inner):
            self._take(suggestion.id, as_plain(suggestion.body))
        elif self.kind is MessageKind.PUBLIC_REPLY:
            self._say(tr("This article is internal. Finish the reply, then write a note with it."))

    def link_to(self, suggestion: Suggestion) -> None:
        """Put a link to an article where the person stands."""
        if self.row is None:
            return
        asked = self.desk.ask((self, "link"), link_article, suggestion.id, ticket_id=self.row.id)
        asked.then(self._link).refused(self._refuse)

    def _link(self, link: ArticleLink) -> None:
        """Give a client the address, a colleague what opens in the program."""
        refusal = link.refusal
        if self._may_take(is_inner=refusal is not None):
            is_note = self.kind is MessageKind.INTERNAL_NOTE
            self._take(link.id, link.for_colleagues if is_note else link.for_client)
            if link.is_public and refusal is not None:
                self.desk.tell(f"{refusal.title} {refusal.detail}")
        elif refusal is not None and self.kind is MessageKind.PUBLIC_REPLY:
            self._refuse(refusal)

    def _may_take(self, *, is_inner: bool) -> bool:
        """Begin to write what an article can go into; what is begun stays what it is."""
        if not self.text.toPlainText().strip():
            self.begin(MessageKind.INTERNAL_NOTE if is_inner else MessageKind.PUBLIC_REPLY)
        elif self.kind is MessageKind.CLIENT_WORD:
            self._say(tr("This is what the client said. Log it first, then answer."))
        self.text.setFocus()
        is_reply = self.kind is MessageKind.PUBLIC_REPLY
        return self.kind is MessageKind.INTERNAL_NOTE or (is_reply and not is_inner)

    def _take(self, article_id: ArticleId, text: str) -> None:
        self._articles.append(article_id)
        self.text.insertPlainText(text)

    def choose_template(self) -> None:
        """Choose a reply template; it is put in where the person stands."""
        if self.row is not None:
            TemplateChooser(self.desk, self, self.row.id, self.put_in)

    def put_in(self, filled: FilledTemplate) -> None:
        """Put a template in; the person stands at the first gap, if there is one."""
        # A note that is begun stays one: what is meant for colleagues must not reach the client.
        if not self.text.toPlainText().strip():
            self.begin(MessageKind.PUBLIC_REPLY)
        self.text.setFocus()
        begun = self.text.textCursor().selectionStart()
        self.text.insertPlainText(filled.text)
        if filled.gaps:
            self._stand_at_gap(begun)

    def _stand_at_gap(self, begun: int = 0) -> None:
        found = self.text.document().find(GAP, begun)
        if not found.isNull():
            self.text.setTextCursor(found)
            self.text.setFocus()

    @property
    def kind(self) -> MessageKind:
        """What is being written."""
        return MODES[self.mode.currentIndex()]

    def save(self) -> None:
        """Write it into the thread."""
        row, text = self.row, self.text.toPlainText().strip()
        if row is None:
            return
        if not text:
            self._say(tr("Write something first."))
            self.text.setFocus()
            return
        used = list(dict.fromkeys(self._articles))
        deed = self._write(row, text)
        deed.then(lambda _done: self._finish(row.id, used)).refused(self._refuse)

    def _write(self, row: TicketRow, text: str) -> Deed[Any]:
        if self.kind is MessageKind.INTERNAL_NOTE:
            return self.desk.do(add_note, row.id, text=text).tell()
        if self.kind is MessageKind.CLIENT_WORD:
            deed = self.desk.do(client_wrote, row.id, text=text, channel=self.channel.value())
            if row.state.is_open:
                return deed.tell()
            deed.then(lambda _done: self.reopened.emit(row.id))
            return deed.tell(tr("Ticket #{number} is open again", number=row.number))
        state = _THEN[self.then.currentIndex()]
        state = None if state is row.state else state
        return self.desk.do(
            reply,
            row.id,
            text=text,
            channel=self.channel.value(),
            state=state,
            promises=self.offers.chosen(),
        ).tell()

    def _lay_out(self) -> None:
        self._fit()
        self.text.setMinimumWidth(120)
        attach = parts.icon_button("attach", tr("Attach file…"), self.attach_wanted.emit)
        foot = self._foot = parts.row(spacing=6)
        foot.addWidget(attach, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.template_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.mention_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.lock)
        foot.addWidget(self.hint, 100)
        self._setting = self._setters()
        foot.addLayout(self._setting, 100)
        foot.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(
            parts.column(
                self.mode, self.text, self.offers, self.wrong, foot, spacing=8,
                margins=(20, 10, 20, 14),
            )
        )  # fmt: skip
        self.wrong.hide()

    def _setters(self) -> FlowLayout:
        # One under the other where they would be cut off side by side.
        flow = FlowLayout(spacing=6)
        for setter in (self.channel, self.then):
            flow.addWidget(setter)
        return flow

    def _wire(self) -> None:
        self.mode.currentChanged.connect(lambda _: self._change_mode())
        self.text.textChanged.connect(self._on_typed)
        self.offers.changed.connect(self._show_offers)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            # Only from here: a form over the window has the same key.
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.save)
        leave = QShortcut(QKeySequence("Escape"), self.text)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self.left)

    def _change_mode(self) -> None:
        self._show_mode()
        self._on_typed()

    def _show_mode(self) -> None:
        kind = self.kind
        is_note, is_reply = kind is MessageKind.INTERNAL_NOTE, kind is MessageKind.PUBLIC_REPLY
        asks = {
            MessageKind.PUBLIC_REPLY: tr("What you answered the client. Ctrl+Enter logs it."),
            MessageKind.INTERNAL_NOTE: tr(
                "For colleagues only; @name tells one of them. Ctrl+Enter keeps it."
            ),
            MessageKind.CLIENT_WORD: tr("What the client said or wrote. Ctrl+Enter logs it."),
        }
        buttons = {
            MessageKind.PUBLIC_REPLY: tr("Log reply"),
            MessageKind.INTERNAL_NOTE: tr("Keep note"),
            MessageKind.CLIENT_WORD: tr("Log the client’s word"),
        }
        self.text.setPlaceholderText(asks[kind])
        self.text.setAccessibleName(self.mode.tabText(self.mode.currentIndex()))
        self.save_button.setText(buttons[kind])
        self.save_button.setAccessibleName(buttons[kind])
        self.then.setVisible(is_reply and self._is_open())
        self.channel.setVisible(not is_note)
        self.lock.setVisible(is_note)
        self.mention_button.setVisible(is_note)
        # In a note nothing is set: the hint has the room.
        self._foot.setStretchFactor(self._setting, 0 if is_note else 100)
        self._offer_people()
        hint = self._hint(kind)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._show_offers()

    def _offer_people(self) -> None:
        """Offer the colleagues that a note can name; a reply names nobody."""
        self.text.offer(())
        if self.kind is MessageKind.INTERNAL_NOTE:
            self.desk.ask((self, "people"), list_users).then(self._show_people)

    def _show_people(self, people: list[UserRow]) -> None:
        if self.kind is MessageKind.INTERNAL_NOTE:
            self.text.offer([row.name for row in people if not row.is_me])

    def _hint(self, kind: MessageKind) -> str:
        if kind is MessageKind.INTERNAL_NOTE:
            return tr("The client does not see this.")
        if kind is MessageKind.CLIENT_WORD and not self._is_open():
            return tr("This opens the ticket again.")
        return ""

    def _is_open(self) -> bool:
        return self.row is None or self.row.state.is_open

    def _show_offers(self) -> None:
        # Only what we tell the client is a promise of ours.
        layout = self.offers.layout()
        has_any = layout is not None and layout.count() > 0
        self.offers.setVisible(has_any and self.kind is MessageKind.PUBLIC_REPLY)

    def _on_typed(self) -> None:
        self._fit()
        self._say("")
        if not self._soon.isActive():
            self._soon.start()

    def _fit(self) -> None:
        """Let the field be as tall as what is written needs, or may need."""
        empty, begun = (40, 76) if self._is_short else (76, 116)
        self.text.setFixedHeight(begun if self.text.toPlainText() else empty)

    def _keep_now(self) -> None:
        if self._soon.isActive():
            self._keep()

    def _keep(self) -> None:
        self._soon.stop()
        if self.row is None:
            return
        place = {"place": _PLACE, "subject": self.row.id.hex}
        text = self.text.toPlainText()
        if text.strip():
            content = {
                "text": text,
                "kind": self.kind.value,
                "then": self.then.currentIndex(),
                "channel": self.channel.value().value,
                "articles": [one.hex for one in self._articles],
            }
            self.desk.do(save_draft, **place, content=content)
        else:
            self.desk.do(discard_draft, **place)

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is None or self.text.toPlainText():
            return
        kind = MessageKind(draft.content.get("kind", MessageKind.PUBLIC_REPLY.value))
        self.mode.setCurrentIndex(MODES.index(kind))
        self.then.setCurrentIndex(int(draft.content.get("then", 0)))
        self.channel.show_value(Channel(draft.content.get("channel", self.channel.value())))
        self.text.setPlainText(str(draft.content.get("text", "")))
        self._articles = [ArticleId(UUID(one)) for one in draft.content.get("articles", ())]
        self._soon.stop()

    def _finish(self, ticket_id: TicketId, articles: list[ArticleId]) -> None:
        self.desk.do(discard_draft, place=_PLACE, subject=ticket_id.hex)
        for article in articles:
            # The answer is given; that the article was retired meanwhile is nothing to be told.
            self.desk.do(use_article, article, ticket_id=ticket_id).refused(lambda _: None)
        if self.row is not None and self.row.id == ticket_id:
            self._clear()

    def _clear(self) -> None:
        self.text.clear()
        self._articles = []
        self._soon.stop()
        self.mode.setCurrentIndex(0)
        self.then.setCurrentIndex(0)
        self._say("")

    def _refuse(self, error: UserError) -> None:
        if self.kind is MessageKind.PUBLIC_REPLY:
            self._stand_at_gap()
        self._say(f"{error.title} {error.detail}".strip())

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))


def _then_words(state: TicketState | None) -> str:
    return tr("Keep state") if state is None else tr("Then: {s}", s=of(state))


def _ctrl_enter() -> str:
    return QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
