"""What a bulk edit would do to each row, before it is done."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.edits.rehearsing import Rehearsal
from deskcrm.store.outcomes import OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import height_at
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone

_ROWS: Final = 7


def count_rows(db: Reader, *, seen: Rehearsal, shelf: int) -> int:
    """Count what stands on a shelf: all, would change, would refuse, is so already."""
    del db
    return len(_shelf(seen, shelf))


def page_rows(
    db: Reader,
    *,
    seen: Rehearsal,
    shelf: int,
    offset: int = 0,
    limit: int = 200,
    sort: str = "",
    descending: bool = False,
) -> list[OutcomeRow[Any]]:
    """Give the rows of a shelf from one place to another."""
    del db, sort, descending
    return _shelf(seen, shelf)[offset : offset + limit]


def _shelf(seen: Rehearsal, shelf: int) -> list[OutcomeRow[Any]]:
    kept: Callable[[OutcomeRow[Any]], object] = (
        lambda row: True,
        lambda row: row.is_changed,
        lambda row: row.refused,
        lambda row: not row.is_changed and not row.refused,
    )[shelf]
    return [row for row in seen.rows if kept(row)]


def _chips(row: OutcomeRow[Any]) -> list[Chip]:
    if row.is_changed:
        return [Chip(tr("Would change"), Tone.INFO, "edit")]
    if row.refused:
        return [Chip(tr("Refuses"), Tone.WARNING, "warning")]
    return [Chip(tr("Stays"), Tone.NEUTRAL, "minus")]


def _why(row: OutcomeRow[Any]) -> str:
    if row.is_changed:
        return " · ".join(row.lines)
    return row.refused or tr("It is so already.")


class PreviewCard(Overlay):
    """Opens itself over the window; the button does it, Esc leaves everything as it is."""

    def __init__(
        self, desk: Desk, over: QWidget, title: str, seen: Rehearsal, do: Callable[[], object]
    ) -> None:
        super().__init__(over.window(), width=720, top=0.08)
        self.desk, self._seen, self._do = desk, seen, do
        changed, refused = len(seen.outcome.changed), seen.refused
        names = [
            tr("All {n}", n=dates.number(len(seen.rows))),
            tr("Would change {n}", n=dates.number(changed)),
            tr("Refuse {n}", n=dates.number(refused)),
            tr("Stay {n}", n=dates.number(len(seen.rows) - changed - refused)),
        ]
        self.shelf = Segments(names, tr("Which rows"), lambda _: self.load())
        self.table: Table[OutcomeRow[Any]] = Table(
            desk,
            [
                Column(
                    tr("What would become of each"), lambda row: row.name, under=_why,
                    chips=_chips, stretch=True, strong=True,
                )
            ],
            count_rows,
            page_rows,
            name=tr("What would become of each"),
        )  # fmt: skip
        words = tr("Change {n}", n=dates.number(changed))
        self.button = parts.button(words, self._go, look="primary", hint="Ctrl+Enter")
        self.button.setShortcut("Ctrl+Return")
        self.button.setEnabled(changed > 0)
        self._lay_out(title)
        self.closed.connect(self.deleteLater)
        self.load()
        self.open_card()
        self.table.setFocus(Qt.FocusReason.PopupFocusReason)

    def load(self) -> None:
        """Show the shelf that is chosen."""
        if hasattr(self, "table"):
            self.table.reload(seen=self._seen, shelf=max(0, self.shelf.currentIndex()))

    def height_wanted(self) -> int:
        """Tall enough for some whole rows."""
        rows = min(_ROWS, len(self._seen.rows))
        return (
            height_at(self._head, self.width_given())
            + self.table.horizontalHeader().sizeHint().height()
            + rows * self.table.verticalHeader().defaultSectionSize()
            + self._foot.sizeHint().height()
            + 2  # the edge of the card
        )

    def _lay_out(self, title: str) -> None:
        self._head, self._foot = QWidget(), QWidget()
        heading = parts.label(title, "heading", wrap=True)
        self._head.setLayout(parts.column(heading, self.shelf, spacing=10, margins=(24, 20, 16, 8)))
        close = parts.button(tr("Close"), self.close_card, look="quiet")
        buttons = parts.row(self.button, close, None, spacing=8, margins=(24, 12, 16, 16))
        self._foot.setLayout(parts.column(parts.line(), buttons, spacing=0, margins=0))
        column = parts.column(self._head, spacing=0, margins=0)
        column.addWidget(self.table, 1)
        column.addWidget(self._foot)
        self.card.setLayout(column)

    def _go(self) -> None:
        do = self._do
        self.close_card()
        do()
