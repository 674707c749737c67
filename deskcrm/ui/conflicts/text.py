"""The text that two people rewrote: everything in it, what came second marked, to be put right."""

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain.conflicts.commands import write_text
from deskcrm.domain.conflicts.queries import ConflictRow, get_present_text
from deskcrm.ui.kit import parts, theme

if TYPE_CHECKING:
    from deskcrm.ui.conflicts.screen import ConflictsScreen

# What the merge puts around the words that came second.
OPEN, CLOSE = "⟦", "⟧"
_MARKED: Final = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")


class Marks(QSyntaxHighlighter):
    """Shows marked words on a background of their own."""

    def highlightBlock(self, text: str) -> None:
        look = QTextCharFormat()
        look.setBackground(theme.color(theme.colors().warning_soft))
        look.setForeground(theme.color(theme.colors().warning))
        state, start = self.previousBlockState() == 1, 0
        for at, letter in enumerate(text):
            if letter == OPEN and not state:
                state, start = True, at
            elif letter == CLOSE and state:
                self.setFormat(start, at - start + 1, look)
                state = False
        if state:
            self.setFormat(start, len(text) - start, look)
        self.setCurrentBlockState(int(state))


class TextSide(QWidget):
    """Edits the merged text; hidden for what is no text."""

    def __init__(self, screen: "ConflictsScreen") -> None:
        super().__init__()
        self._screen = screen
        self._row: ConflictRow | None = None
        self._seen = ""
        self.caption = parts.label(tr("What stands now"), "strong")
        self.left = parts.label("", "muted", wrap=True)
        self.edit = QPlainTextEdit()
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(130)
        self.marks = Marks(self.edit.document())
        self.edit.setAccessibleName(tr("The text that both wrote"))
        self.edit.textChanged.connect(self._count)
        self.caption.setBuddy(self.edit)
        self.save = parts.button(tr("Save this text"), self._save, look="primary", icon="check")
        self.next = parts.button(tr("Next mark"), self._next, look="quiet", icon="chevron-down")
        self.both = parts.button(tr("Keep both"), self._unmark)
        self.first = parts.button(tr("Drop what is marked"), self._drop)
        parts.set_tooltip(self.save, "Ctrl+Enter")
        parts.set_tooltip(self.both, tr("The words of both stay; only the brackets go."))
        self.wrong = parts.label("", "error", wrap=True)
        self.wrong.hide()
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            made = QShortcut(QKeySequence(key), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(self._save)
        from deskcrm.ui.kit.flow import FlowLayout

        flow = FlowLayout(spacing=8)
        for button in (self.save, self.both, self.first):
            flow.addWidget(button)
        marked = parts.row(self.left, self.next, spacing=8)
        marked.setStretch(0, 1)
        self.setLayout(parts.column(self.caption, self.edit, marked, self.wrong, flow, spacing=8))
        self.hide()
        theme.theme().changed.connect(self.marks.rehighlight)

    def begin(self) -> None:
        """Put the cursor on the first mark."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.Start)
        self._next()

    def show_conflict(self, row: ConflictRow | None) -> None:
        """Show the text of a conflict; None hides it."""
        if row is not None and self._row is not None and row.id == self._row.id:
            return  # what was typed meanwhile stays
        self._row = row
        self.setVisible(row is not None)
        self.wrong.hide()
        if row is not None:
            self._take(row.kept[0])
            self._screen.desk.ask(self, get_present_text, row.id).then(self._take_present)

    def _take_present(self, text: str | None) -> None:
        is_untouched = self.edit.toPlainText() == self._seen
        if text is None:
            self._complain(UserError(tr("The record is not there any more.")))
        elif is_untouched and text != self._seen:
            self._take(text)

    def _take(self, text: str) -> None:
        self._seen = text
        self.edit.setPlainText(text)

    def _count(self) -> None:
        count = len(_MARKED.findall(self.edit.toPlainText()))
        said = ntr("{n} place is marked", "{n} places are marked", count)
        self.left.setText(said if count else tr("No marks are left."))
        for button in (self.next, self.both, self.first):
            button.setEnabled(bool(count))

    def _next(self) -> None:
        text, at = self.edit.toPlainText(), self.edit.textCursor().selectionEnd()
        found = _MARKED.search(text, at) or _MARKED.search(text)
        if found is not None:
            cursor = self.edit.textCursor()
            cursor.setPosition(_units(text, found.start()))
            cursor.setPosition(_units(text, found.end()), cursor.MoveMode.KeepAnchor)
            self.edit.setTextCursor(cursor)
            self.edit.setFocus()

    def _unmark(self) -> None:
        self._rewrite(_both(self.edit.toPlainText()))

    def _drop(self) -> None:
        self._rewrite(_MARKED.sub("", self.edit.toPlainText()))

    def _rewrite(self, text: str) -> None:
        cursor = self.edit.textCursor()  # through a cursor, so that Ctrl+Z takes it back
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        self.edit.setFocus()

    def _save(self) -> None:
        if self._row is None:
            return
        deed = self._screen.desk.do(
            write_text, self._row.id, text=self.edit.toPlainText(), seen=self._seen
        )
        deed.tell().refused(self._complain)

    def _complain(self, error: UserError) -> None:
        self.wrong.setText(f"{error.title} {error.detail}".strip())
        self.wrong.show()


def _both(text: str) -> str:
    """Take the marks away; the words of both stay, with room between them."""

    def join(found: "re.Match[str]") -> str:
        before = text[: found.start()]
        gap = " " if before and not before[-1].isspace() and found[1][:1].strip() else ""
        return gap + found[1]

    return _MARKED.sub(join, text)


def _units(text: str, at: int) -> int:
    """Count as Qt does, for whom some letters are two."""
    return len(text[:at].encode("utf-16-le")) // 2
