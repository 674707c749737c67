"""What would come of every row, a page at a time, before anything is written."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.plan import Fate, RowPlan
from deskcrm.store.reader import Reader
from deskcrm.ui.imports import words
from deskcrm.ui.imports.likely_bar import LikelyBar
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.table import Table


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the table shows it."""

    id: int
    fate: Fate
    title: str
    said: str


class PreviewStep(QWidget):
    """The rows, narrowed to what they come to, and what has to be answered first."""

    chosen = Signal(object)
    """By line: the Choice for a row that is likely somebody known."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._seen: Preview | None = None
        self._version = 0
        self.fates = Segments(
            [of(fate) if fate else tr("All rows") for fate in words.FATES], tr("Which rows")
        )
        self.fates.currentChanged.connect(lambda _: self._load())
        self.warning = parts.surface("notice")
        self._warning_words = parts.label("", wrap=True)
        self.warning.setLayout(
            parts.row(
                parts.Picture("warning", "warning"), self._warning_words, margins=(12, 8, 12, 8)
            )
        )
        self.table: Table[PreviewRow] = Table(
            desk, _columns(), self._count, self._page, name=tr("What comes of each row")
        )
        self.table.picked.connect(lambda _: self._show_likely())
        # In a small window the column shows the beginning of it.
        self.whole = parts.label("", wrap=True)
        self.whole.setMinimumHeight(2 * self.whole.fontMetrics().lineSpacing())
        self.whole.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.table.row_changed.connect(self._show_whole)
        self.table.rows.loaded.connect(lambda: QTimer.singleShot(0, self, self._begin))
        self.likely = LikelyBar()
        self.likely.chosen.connect(
            lambda choice: self.chosen.emit(dict.fromkeys(self._meant(), choice))
        )
        self._likely_lines: frozenset[Hashable] = frozenset()
        self._twins = 0
        self.pane = Pane(self.table)
        self._lay_out()

    def _lay_out(self) -> None:
        self.setLayout(
            parts.column(
                parts.column(
                    self.warning, self.likely, self.fates, spacing=8, margins=(24, 4, 24, 8)
                ),
                parts.line(),
                self.pane,
                parts.line(),
                parts.column(self.whole, margins=(24, 8, 24, 8)),
                spacing=0,
            )
        )
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]  # it was set just above

    def show_preview(self, seen: Preview) -> None:
        """Show what would come of a file."""
        self._seen = seen
        self._version += 1
        for index, fate in enumerate(words.FATES):
            self.fates.setTabText(index, words.segment(seen.plan, fate))
        asked = [f"{one.text} {tr('Most likely')}: {_said(one.about, one.guess.value)}."
                 for one in seen.questions]  # fmt: skip
        said = tr("Before anything is written, answer under Columns:")
        self._warning_words.setText("\n".join([said, *asked]))
        self.warning.setVisible(bool(asked))
        likely = [row for row in seen.plan.rows if row.is_likely]
        self._likely_lines = frozenset(row.number for row in likely)
        self._twins = sum(bool(row.twin) for row in likely)
        self._show_likely()
        self.fates.setCurrentIndex(0)
        self._load()

    def _picked(self) -> frozenset[Hashable]:
        selection = self.table.selection
        return frozenset(one for one in self._likely_lines if selection.has(one))

    def _meant(self) -> frozenset[Hashable]:
        """Give the lines of which a choice would be: the picked ones, or all that are likely."""
        return self._picked() or self._likely_lines

    def _show_likely(self) -> None:
        there = len(self._likely_lines) - self._twins
        self.likely.show_rows(there, self._twins, len(self._picked()))

    def _begin(self) -> None:
        """Stand on the first row, unless somebody stands on another by now."""
        if self.table.rows.total and not self.table.currentIndex().isValid():
            self.table.go_to(0)

    def _show_whole(self, row: PreviewRow | None) -> None:
        self.whole.setText("" if row is None else f"{row.title or '—'}: {row.said}")

    def _load(self) -> None:
        seen = self._seen
        fate = words.FATES[max(0, self.fates.currentIndex())]
        if seen is not None and fate is not None and not seen.plan.counts[fate]:
            self.pane.show_empty(Empty(tr("No row comes to this."), icon="check"))
            self._show_whole(None)
            return
        self.pane.show_content()
        self.table.reload(version=self._version, fate=fate)

    def _count(self, _db: Reader, *, version: int, fate: Fate | None) -> int:
        if self._seen is None or version != self._version:
            return 0
        return self._seen.plan.read if fate is None else self._seen.plan.counts[fate]

    def _page(
        self, _db: Reader, *, offset: int, limit: int, version: int, fate: Fate | None, **_: Any
    ) -> Sequence[PreviewRow]:
        if self._seen is None or version != self._version:
            return ()
        names = self._seen.columns.names
        rows: list[RowPlan] = self._seen.plan.page(offset, limit, fate)
        return [
            PreviewRow(row.number, row.fate, row.title, words.said_of(row, names)) for row in rows
        ]


def _said(about: str, value: str) -> str:
    return words.value_of(about, value)


def _columns() -> Sequence[Column[PreviewRow]]:
    return [
        Column(ptr("of a file", "Line"), lambda row: dates.number(row.id), width=88, right=True,
               muted=True),
        Column(tr("Comes to"), lambda row: "", chips=_chip, width=128),
        Column(tr("Who or what"), lambda row: row.title or "—", width=268, strong=True,
               tooltip=lambda row: row.title),
        Column(tr("Changes, or why"), lambda row: row.said, stretch=True, muted=True,
               tooltip=lambda row: row.said),
    ]  # fmt: skip


def _chip(row: PreviewRow) -> Sequence[Chip]:
    tone, icon = words.TONES[row.fate]
    return (Chip(of(row.fate), tone, icon),)
