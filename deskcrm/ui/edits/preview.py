"""What a bulk edit would do to each row, before it is done."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.edits.rehearsing import Rehearsal
from deskcrm.store.outcomes import OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.rows_card import RowsCard
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone


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


class PreviewCard(RowsCard):
    """Opens itself over the window; the button does it, Esc leaves everything as it is."""

    def __init__(
        self, desk: Desk, over: QWidget, title: str, seen: Rehearsal, do: Callable[[], object]
    ) -> None:
        self._title, self._seen, self._do = title, seen, do
        changed, refused, total = len(seen.outcome.changed), seen.refused, len(seen.rows)
        shelves = [
            tr("All {n}", n=dates.number(total)),
            tr("Would change {n}", n=dates.number(changed)),
            tr("Refuse {n}", n=dates.number(refused)),
            tr("Stay {n}", n=dates.number(total - changed - refused)),
        ]
        name = tr("What would become of each")
        column: Column[OutcomeRow[Any]] = Column(
            name, lambda row: row.name, under=_why, chips=_chips, stretch=True, strong=True
        )
        super().__init__(
            over, Table(desk, [column], count_rows, page_rows, name=name), shelves, total
        )

    def asked(self) -> dict[str, Any]:
        """Say which rehearsal is shown."""
        return {"seen": self._seen}

    def build_head(self) -> QLayout:
        """Make the title and the shelves."""
        heading = parts.label(self._title, "heading", wrap=True)
        return parts.column(heading, self.shelf, spacing=10, margins=(24, 20, 16, 8))

    def build_foot(self) -> QLayout:
        """Make the button that does it, and the one that leaves everything as it is."""
        changed = len(self._seen.outcome.changed)
        words = tr("Change {n}", n=dates.number(changed))
        self.button = parts.button(words, self._go, look="primary", hint="Ctrl+Enter")
        self.button.setShortcut("Ctrl+Return")
        self.button.setEnabled(changed > 0)
        close = parts.button(tr("Close"), self.close_card, look="quiet")
        buttons = parts.row(self.button, close, None, spacing=8, margins=(24, 12, 16, 16))
        return parts.column(parts.line(), buttons, spacing=0, margins=0)

    def _go(self) -> None:
        do = self._do
        self.close_card()
        do()
