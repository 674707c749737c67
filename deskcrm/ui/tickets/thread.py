"""The thread of a ticket: what was said, who says it to whom, and how the state changed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.assignment.queries import ThreadAssignment
from deskcrm.domain.assignment.words import assignment_words
from deskcrm.domain.attachments.queries import AttachmentRow, list_ticket_attachments
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.knowledge.addresses import LinkedArticle, take_apart
from deskcrm.domain.merges.queries import ThreadJoin
from deskcrm.domain.tickets.line_times import ThreadLine
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.tickets.thread import ThreadEntry, ThreadMessage, ThreadStep, get_thread
from deskcrm.store.reader import Reader
from deskcrm.ui.interactions.entry import CHANNEL_ICONS
from deskcrm.ui.interactions.files import Files
from deskcrm.ui.kit import dates, parts, theme
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.linked import Way, linked_label
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.tickets.lines import line_step_words

LATEST: Final = 60
"""So many entries are shown at first; the earlier ones are a click away."""
_INDENT: Final = 36
_WIDEST: Final = 820

TalkEntry = ThreadEntry | AttachmentRow


def _way(desk: Desk, piece: str | LinkedArticle) -> str | Way:
    if isinstance(piece, str):
        return piece
    return Way(piece.title, partial(desk.go, "knowledge", article=piece.id))


def get_talk(db: Reader, ticket_id: TicketId) -> list[TalkEntry]:
    """Give what was said in a ticket, with the files where they were attached."""
    entries: list[TalkEntry] = [*get_thread(db, ticket_id)]
    # Stable: what has the same moment stays in the order of the thread, the files behind it.
    return sorted([*entries, *list_ticket_attachments(db, ticket_id)], key=_at)


def _at(entry: TalkEntry) -> datetime:
    return entry.added_at if isinstance(entry, AttachmentRow) else entry.at


class Bubble(QWidget):
    """What one person said. A note for colleagues has a broken edge, a lock, and says so."""

    def __init__(self, desk: Desk, message: ThreadMessage, client: str) -> None:
        super().__init__()
        self.message = message
        pieces = take_apart(message.text) if self.is_note else [message.text]
        self.text = linked_label([_way(desk, one) for one in pieces])
        self.setLayout(
            parts.column(self._head(client), self.text, spacing=4, margins=(14, 9, 14, 11))
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def is_note(self) -> bool:
        """Whether only colleagues see it."""
        return self.message.kind is MessageKind.INTERNAL_NOTE

    def _head(self, client: str) -> QVBoxLayout:
        message = self.message
        is_theirs = message.kind is MessageKind.CLIENT_WORD
        name = message.author or (client if is_theirs else tr("Unknown"))
        who = parts.label(name, "strong", wrap=True)
        icon = "lock" if self.is_note else CHANNEL_ICONS.get(message.channel, "note")
        when = parts.label(dates.moment(message.at), "faint")
        parts.set_tooltip(when, dates.full(message.at))
        line = parts.row(spacing=7)
        line.addWidget(parts.Picture(icon), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(who, 1)
        line.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        return parts.column(line, parts.label(self._to_whom(), "caption"), spacing=1)

    def _to_whom(self) -> str:
        message = self.message
        if self.is_note:
            said = tr("Internal note · the client does not see it")
            return said if message.said_in is None else f"{said} · #{message.said_in}"
        by = "" if message.channel is Channel.NOTE else of(message.channel)
        what = (
            tr("The client’s word")
            if message.kind is MessageKind.CLIENT_WORD
            else tr("Reply to the client")
        )
        there = "" if message.said_in is None else tr("from #{number}", number=message.said_in)
        return " · ".join(one for one in (what, by, there) if one)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        if self.is_note:
            painter.setPen(QPen(theme.color(colors.warning), 1.3, Qt.PenStyle.DashLine))
            painter.setBrush(theme.color(colors.warning_soft))
        elif self.message.kind is MessageKind.CLIENT_WORD:
            painter.setPen(QPen(theme.color(colors.border), 1))
            painter.setBrush(theme.color(colors.sunken))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.accent_soft))
        painter.drawRoundedRect(box, 9, 9)
        painter.end()


class ThreadView(QScrollArea):
    """Newest at the bottom, where it opens; the earlier entries come when they are wanted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._entries: Sequence[TalkEntry] = ()
        self._client = ""
        self._bubbles: list[Bubble] = []
        self._is_whole = False
        self._is_at_end = True
        self._inside = parts.Page()
        self.column = QVBoxLayout(self._inside)
        self.column.setContentsMargins(20, 14, 20, 14)
        self.column.setSpacing(10)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The thread"))
        self.setWidget(self._inside)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._follow)
        bar.valueChanged.connect(self._notice)

    def show_thread(self, entries: Sequence[TalkEntry], client: str, *, is_other: bool) -> None:
        """Show a thread; another ticket's begins at its latest entry."""
        if is_other:
            self._is_whole = False
        elif tuple(entries) == tuple(self._entries):
            return
        self._entries, self._client = entries, client
        self._is_at_end = True
        self._build()

    def bubbles(self) -> list[Bubble]:
        """What was said, as it is shown."""
        return list(self._bubbles)

    def _build(self) -> None:
        parts.clear(self.column)
        self._bubbles = []
        shown = self._entries if self._is_whole else self._entries[-LATEST:]
        earlier = len(self._entries) - len(shown)
        if earlier:
            words = ntr("{n} earlier entry", "{n} earlier entries", earlier)
            more = parts.button(words, self._show_whole, look="link", icon="history")
            self.column.addLayout(parts.row(None, more, None))
        for entry in shown:
            self.column.addWidget(self._widget(entry))
        self.column.addStretch(1)

    def _widget(self, entry: TalkEntry) -> QWidget:
        if isinstance(entry, ThreadStep):
            return _step(entry)
        if isinstance(entry, ThreadAssignment):
            return _centred([_faint(handed_words(entry), entry.at)])
        if isinstance(entry, ThreadLine):
            return _centred([_faint(line_step_words(entry), entry.at)])
        if isinstance(entry, ThreadJoin):
            return _centred([_faint(f"{entry.said} · {dates.ago(entry.at)}", entry.at)])
        if isinstance(entry, AttachmentRow):
            return self._file(entry)
        holder = QWidget()
        is_theirs = entry.kind is MessageKind.CLIENT_WORD
        bubble = Bubble(self.desk, entry, self._client)
        bubble.setMaximumWidth(_WIDEST)
        self._bubbles.append(bubble)
        line = parts.row(spacing=0, margins=(0, 0, _INDENT, 0) if is_theirs else (_INDENT, 0, 0, 0))
        if not is_theirs:
            line.addStretch(1)
        line.addWidget(bubble, 1000)
        if is_theirs:
            line.addStretch(1)
        holder.setLayout(line)
        return holder

    def _file(self, file: AttachmentRow) -> QWidget:
        holder = QWidget()
        shown = Files(self.desk)
        shown.show_files([file])
        shown.setMaximumWidth(_WIDEST)
        line = parts.row(spacing=0, margins=(_INDENT, 0, 0, 0))
        line.addStretch(1)
        line.addWidget(shown, 1000)
        holder.setLayout(line)
        return holder

    def _show_whole(self) -> None:
        self._is_whole = True
        self._is_at_end = False
        self._build()

    def _follow(self, _least: int, most: int) -> None:
        # What is laid out, grows or is resized later still ends where one reads: at the end.
        if self._is_at_end:
            self.verticalScrollBar().setValue(most)

    def _notice(self, value: int) -> None:
        self._is_at_end = value >= self.verticalScrollBar().maximum() - 4


def _step(step: ThreadStep) -> QWidget:
    """In the middle: who moved the ticket where, and why."""
    words = _faint(step_words(step), step.at)
    reopened = [ChipLabel(tr("Reopened"), Tone.WARNING, "undo")] if step.is_reopening else []
    return _centred([*reopened, words])


def _faint(said: str, at: datetime) -> QWidget:
    words = parts.label(said, "faint", wrap=True)
    parts.set_tooltip(words, dates.full(at))
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return words


def _centred(widgets: Sequence[QWidget]) -> QWidget:
    made = QWidget()
    lines = parts.column(spacing=4, margins=(8, 0, 8, 0))
    for one in widgets:
        if isinstance(one, ChipLabel):
            lines.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        else:
            lines.addWidget(one)
    made.setLayout(lines)
    return made


def handed_words(one: ThreadAssignment) -> str:
    """Say a change of hands in a line."""
    return f"{assignment_words(one)} · {dates.moment(one.at)}"


def step_words(step: ThreadStep) -> str:
    """Say a change of state in a line."""
    when = dates.moment(step.at)
    if step.before is None:
        said = tr("{who} opened the ticket", who=step.author or tr("Somebody"))
    else:
        said = tr("{who}: {state}", who=step.author or tr("Somebody"), state=of(step.after))
    return " · ".join(one for one in (said, step.reason, when) if one)
