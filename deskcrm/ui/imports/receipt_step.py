"""What came of an import, read back from the store, and what can be done about the rest."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.plan import Fate
from deskcrm.domain.imports.receipts import Receipt
from deskcrm.ui.imports import words
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.pane import IconBadge
from deskcrm.ui.kit.scroll import Scroll


class ReceiptStep(QWidget):
    """The counts of what is there now, and of what was left out."""

    def __init__(
        self,
        show: Callable[[], object],
        undo: Callable[[], object],
        save_rejects: Callable[[], object],
    ) -> None:
        super().__init__()
        self.title = parts.label("", "heading", wrap=True)
        self.told = QVBoxLayout()
        self.told.setSpacing(6)
        self.show_button = parts.button(tr("Show these clients"), show, icon="clients")
        self.undo_button = parts.button(tr("Undo the import"), undo, icon="undo")
        self.rejects_button = parts.button(
            tr("Save the rejected rows…"), save_rejects, icon="download"
        )
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                parts.row(IconBadge("done", 44), self.title, spacing=16),
                8,
                self.told,
                12,
                parts.row(self.show_button, self.rejects_button, self.undo_button, None),
                None,
                spacing=8,
                margins=(24, 16, 24, 24),
            )
        )
        self.setLayout(parts.column(Scroll(inside, widest=760)))

    def show_receipt(self, seen: Preview, receipt: Receipt) -> None:
        """Say what is in the store because of the import."""
        self.undo_button.setEnabled(True)
        self.show_button.show()
        self.title.setText(
            ntr("{n} row was brought in", "{n} rows were brought in", seen.plan.written)
        )
        parts.clear(self.told)
        for table, n in receipt.added.items():
            self._line(tr("Added: {what}", what=words.added(table, n)))
        for table, n in receipt.changed.items():
            self._line(tr("Changed: {what}", what=words.added(table, n)))
        self.told.addWidget(
            parts.label(tr("Counted in the workspace after it was written."), "faint", wrap=True)
        )
        for fate in (Fate.DUPLICATE, Fate.CONFLICT, Fate.REJECTED):
            if n := seen.plan.counts[fate]:
                self._line(tr("Not written: {what}", what=words.left_out(fate, n)))
        rejected = seen.plan.counts[Fate.REJECTED] + seen.plan.counts[Fate.CONFLICT]
        self.rejects_button.setVisible(bool(rejected))

    def show_undone(self) -> None:
        """Say that nothing of it is left."""
        self.undo_button.setEnabled(False)
        self.show_button.hide()
        self.title.setText(tr("The import was taken back"))
        parts.clear(self.told)

    def _line(self, text: str) -> None:
        self.told.addWidget(parts.label(text, wrap=True))
