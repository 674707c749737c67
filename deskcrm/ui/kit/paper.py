"""Plain paragraphs on paper: a document of headings and lines, and the PDF that it becomes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

Paragraphs = Iterable[tuple[str, str]]
"""(title, head, strong, text, note or small; the words). A note is text that stands apart."""
_SIZES: Final = {"title": 18, "head": 12, "strong": 10, "text": 10, "note": 10, "small": 9}

_AIR: Final = 5


class PaperView(QTextBrowser):
    """Shows paragraphs to be read and copied; whatever is in them is text."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "reading")
        self.setAccessibleName(name)

    def show_paragraphs(self, paragraphs: Paragraphs) -> None:
        """Show these in place of what was shown."""
        document = make_document(paragraphs)
        document.setParent(self)
        document.setDocumentMargin(0)  # it begins where the words above it do
        self.setDocument(document)


def write_pdf(document: QTextDocument, title: str, path: Path) -> None:
    """Write a document as a PDF with page numbers; raises UserError when it cannot be written."""
    try:
        with path.open("wb"):
            pass
    except OSError as error:
        raise UserError(
            tr("“{name}” cannot be written.", name=path.name),
            tr("Choose another place, or make room on the disk."),
        ) from error
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("DeskCRM")
    writer.setResolution(300)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(18, 16, 18, 16), QPageLayout.Unit.Millimeter)
    document.print_(writer)


def make_document(paragraphs: Paragraphs) -> QTextDocument:
    """Lay paragraphs out as a document."""
    document = QTextDocument()
    document.setDefaultFont(QFont(QFont().family(), _SIZES["text"]))
    cursor = QTextCursor(document)
    is_first = True
    for role, text in paragraphs:
        if not is_first:
            cursor.insertBlock()
        is_first = False
        if role == "head":
            cursor.insertBlock()
        if role in ("strong", "note"):
            air = cursor.blockFormat()
            air.setTopMargin(_AIR)
            cursor.setBlockFormat(air)
        elif cursor.blockFormat().topMargin():
            cursor.setBlockFormat(QTextBlockFormat())
        # insertText takes a name with tags in it as the text that it is.
        cursor.insertText(text, _format(role))
    return document


def _format(role: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontPointSize(_SIZES[role])
    if role in ("title", "head", "strong"):
        made.setFontWeight(QFont.Weight.DemiBold)
    return made
