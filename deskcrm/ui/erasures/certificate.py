"""Shows certificates of erasure, and writes one as a PDF or as text."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from deskcrm.base.days import said_moment
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.erasures import certificate
from deskcrm.domain.erasures.queries import ErasureRow, list_erasures
from deskcrm.store.files import write_whole
from deskcrm.ui.interactions.files import choose_where
from deskcrm.ui.kit import paper, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.kit.overlay import Overlay

_PDF = "PDF (*.pdf)"


def open_certificates(desk: Desk, over: QWidget) -> None:
    """Show every certificate, the latest first; say it where there is none."""

    def show(rows: list[ErasureRow]) -> None:
        if rows:
            CertificateCard(desk, over, rows)
        else:
            desk.tell(tr("Nobody was erased so far."))

    desk.ask((over, "certificates"), list_erasures).then(show)


def paragraphs(row: ErasureRow) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of a certificate."""
    yield "title", certificate.title(row)
    for caption, value in certificate.facts(row):
        yield "strong", caption
        yield "text", value
    yield "head", tr("What this means")
    for at, note in enumerate(certificate.notes(row)):
        yield "note" if at else "text", note


def write(row: ErasureRow, path: Path) -> None:
    """Write a certificate into a file, as a PDF or as text; raises UserError."""
    if path.suffix.lower() == ".pdf":
        document = paper.make_document(paragraphs(row))
        paper.write_pdf(document, certificate.title(row), path)
    else:
        write_whole(path, certificate.as_text(row).encode())


class CertificateCard(Overlay):
    """Opens itself over the window; of several, one is chosen."""

    def __init__(self, desk: Desk, over: QWidget, rows: Sequence[ErasureRow]) -> None:
        super().__init__(over.window(), width=620, top=0.06)
        self.desk, self._rows = desk, rows
        named = [(at, _named(row)) for at, row in enumerate(rows)]
        self.which = Choice("which", tr("Certificate"), named)
        self.which.set_value(0)
        self.which.setVisible(len(rows) > 1)
        self.which.edited.connect(self._show)
        self.view = paper.PaperView(tr("Certificate"))
        pdf = parts.button(tr("Save as PDF…"), lambda: self._save(".pdf"), look="primary")
        text = parts.button(tr("Save as text…"), lambda: self._save(".txt"))
        close = parts.button(tr("Close"), self.close_card, look="quiet")
        self.card.setLayout(
            parts.column(
                self.which,
                self.view,
                parts.row(pdf, text, close, None, spacing=8),
                spacing=12,
                margins=(24, 18, 24, 18),
            )
        )
        self.closed.connect(self.deleteLater)
        self._show()
        self.open_card()

    def height_wanted(self) -> int:
        """As tall as the paper, where the window has room."""
        document = self.view.document()
        document.setTextWidth(self.width_given() - 48)
        return round(document.size().height()) + 114

    def row(self) -> ErasureRow:
        """Give the certificate that is shown."""
        shown: int = self.which.value()
        return self._rows[shown]

    def _show(self) -> None:
        self.view.show_paragraphs(paragraphs(self.row()))

    def _save(self, ending: str) -> None:
        row = self.row()
        kinds = _PDF if ending == ".pdf" else f"{tr('Text')} (*.txt)"
        path = choose_where(self, safe_name(f"{row.reference}{ending}"), kinds)
        if path is None:
            return
        try:
            write(row, path)
        except UserError as error:
            self.desk.complain(error)
        else:
            self.desk.tell(tr("Saved: {name}", name=path.name))


def _named(row: ErasureRow) -> str:
    return f"{row.reference} · {said_moment(row.erased_at)}"
