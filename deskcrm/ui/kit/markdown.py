"""Shows Markdown, and nothing that it asks for: no picture is loaded, no address opened unseen."""

import re
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QByteArray, QPoint, Qt, QUrl
from PySide6.QtGui import (
    QCursor,
    QDesktopServices,
    QGuiApplication,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextList,
    QTextListFormat,
)
from PySide6.QtWidgets import QFrame, QMenu, QTextBrowser

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts

MOST_LETTERS: Final = 60_000
MOST_CELLS: Final = 400
"""Qt takes half a millisecond for a cell of a table; ten thousand of them are five seconds."""
_INDENT: Final = 24
"""Of a list, in pixels; Qt's own is as wide as five letters."""
_WORD: Final = re.compile(r"\S{2000,}|\[{200,}")
_OPENED: Final = frozenset({"http", "https", "mailto", "tel"})
_OWN: Final = "deskcrm"

_Feature = QTextDocument.MarkdownFeature
_Style = QTextListFormat.Style  # Qt counts discs from -1 downward, numbers and letters below them
_SAFE: Final = _Feature.MarkdownDialectGitHub | _Feature.MarkdownNoHTML


def is_heavy(text: str) -> bool:
    """Tell whether laying a text out could freeze the window; it is then shown as it stands."""
    return (
        len(text) > MOST_LETTERS or text.count("|") > MOST_CELLS or _WORD.search(text) is not None
    )


def as_plain(text: str) -> str:
    """Give the words of a Markdown text without its signs, for where only plain text goes."""
    if is_heavy(text):
        return text
    document = QTextDocument()
    document.setMarkdown(text, _SAFE)
    lines, was_in_list = [], False
    block = document.firstBlock()
    while block.isValid():
        steps = block.textList()
        sign = "" if steps is None else f"{_sign(steps, block)} "
        # A blank line between paragraphs, none within a list.
        lines += [] if steps is not None and was_in_list else [""]
        lines.append(sign + block.text())
        was_in_list = steps is not None
        block = block.next()
    return "\n".join(lines).strip()


def _sign(steps: QTextList, block: QTextBlock) -> str:
    """Give the number of a step, or a dot where the order does not matter."""
    is_counted = steps.format().style().value <= _Style.ListDecimal.value
    return steps.itemText(block) if is_counted else "•"


class MarkdownView(QTextBrowser):
    """``show_text`` shows it. A click on an address shows where it leads before it is opened.

    ``on_own`` is given the rest of a ``deskcrm:`` address.
    """

    def __init__(self, name: str, on_own: Callable[[str], object] = lambda _: None) -> None:
        super().__init__()
        self._on_own = on_own
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "reading")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName(name)
        self.document().setDocumentMargin(0)  # it begins where the words above it do
        self.document().setIndentWidth(_INDENT)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.anchorClicked.connect(self._ask)

    def show_text(self, text: str) -> None:
        """Show a text, from its beginning."""
        if is_heavy(text):
            self.setPlainText(text)
        else:
            self.document().setMarkdown(text, _SAFE)
            self._give_air()
        self.verticalScrollBar().setValue(0)

    def _give_air(self) -> None:
        """Set paragraphs apart, which Qt lays out as if they were lines."""
        block = self.document().firstBlock()
        cursor = QTextCursor(self.document())
        while block.isValid():
            made = block.blockFormat()
            last = block.next()
            in_list = block.textList() is not None and last.textList() is not None
            made.setTopMargin(10 if made.headingLevel() and block.position() else 0)
            made.setBottomMargin(3 if in_list else 9)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(made)
            block = last

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Load nothing: neither from the network nor from the disk, whatever the text asks for."""
        return QByteArray()

    def _ask(self, url: QUrl) -> None:
        """Say where an address leads; it is opened only from there."""
        if url.scheme() == _OWN:
            self._on_own(url.path())
            return
        menu = self.menu_for(url)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos() if self.underMouse() else self.mapToGlobal(QPoint(24, 24)))

    def menu_for(self, url: QUrl) -> QMenu:
        """Make the menu of an address: what can be done with it, and its real host."""
        menu = QMenu(self)
        if url.scheme().lower() in _OPENED:
            where = url.host() or url.path()
            words = parts.mnemonic_free(tr("Open {address}", address=where))
            menu.addAction(words, lambda: QDesktopServices.openUrl(url))
        copied = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        menu.addAction(tr("Copy address"), lambda: QGuiApplication.clipboard().setText(copied))
        return menu
