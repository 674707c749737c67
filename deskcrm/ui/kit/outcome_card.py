"""What a bulk edit came to, row by row: what was changed, and what was left alone and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.store.outcomes import Outcome, OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.rows_card import RowsCard
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rows of an outcome are: their caption, how to read some, and where to open one."""

    caption: str
    page: Callable[[Reader, Any, Sequence[Any]], list[OutcomeRow[Any]]]
    go: Callable[[Any], object]
    has_faces: bool = False


def count_rows(db: Reader, *, outcome: Outcome[Any], shelf: int, page: Any) -> int:
    """Count what stands on a shelf: all, changed, left alone."""
    del db, page
    return len(_shelf(outcome, shelf))


def page_rows(
    db: Reader,
    *,
    outcome: Outcome[Any],
    shelf: int,
    page: Callable[[Reader, Any, Sequence[Any]], list[OutcomeRow[Any]]],
    offset: int = 0,
    limit: int = 200,
    sort: str = "",
    descending: bool = False,
) -> list[OutcomeRow[Any]]:
    """Give the rows of a shelf from one place to another."""
    del sort, descending
    return page(db, outcome, _shelf(outcome, shelf)[offset : offset + limit])


def _shelf(outcome: Outcome[Any], shelf: int) -> tuple[Any, ...]:
    return ((*outcome.changed, *outcome.same), outcome.changed, outcome.same)[shelf]


def _chips(row: OutcomeRow[Any]) -> list[Chip]:
    if row.is_changed:
        return [Chip(tr("Changed"), Tone.OK, "check")]
    if row.refused:
        return [Chip(tr("Refused"), Tone.WARNING, "warning")]
    return [Chip(tr("Unchanged"), Tone.NEUTRAL, "minus")]


def _why(row: OutcomeRow[Any]) -> str:
    if row.is_changed:
        return " · ".join(row.lines) or row.under
    return row.refused or tr("It was so already.")


class OutcomeCard(RowsCard):
    """Opens itself over the window; Enter on a row goes to what it is of."""

    def __init__(
        self, desk: Desk, over: QWidget, title: str, outcome: Outcome[Any], subject: Subject
    ) -> None:
        self._desk, self._title, self._outcome, self._subject = desk, title, outcome, subject
        changed, same = len(outcome.changed), len(outcome.same)
        shelves = [
            tr("All {n}", n=dates.number(changed + same)),
            tr("Changed {n}", n=dates.number(changed)),
            tr("Unchanged {n}", n=dates.number(same)),
        ]
        column: Column[OutcomeRow[Any]] = Column(
            subject.caption,
            lambda row: row.name,
            under=_why,
            chips=_chips,
            avatar=(lambda row: row.name) if subject.has_faces else None,
            stretch=True,
            strong=True,
        )
        table = Table(desk, [column], count_rows, page_rows, name=tr("What became of each"))
        table.opened.connect(self._go)
        super().__init__(over, table, shelves, changed + same)

    def asked(self) -> dict[str, Any]:
        """Say whose rows are shown, and how to read some of them."""
        return {"outcome": self._outcome, "page": self._subject.page}

    def build_head(self) -> QLayout:
        """Make the title, the cross and the shelves."""
        close = parts.icon_button("close", tr("Close"), self.close_card)
        head = parts.row(spacing=8)
        head.addWidget(parts.label(self._title, "heading", wrap=True), 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return parts.column(head, self.shelf, spacing=10, margins=(24, 16, 16, 8))

    def build_foot(self) -> QLayout:
        """Make the button that takes all of it back, where it can be."""
        foot = parts.column(spacing=0, margins=(0, 0, 0, 12))
        if self._outcome.step is not None:
            take_back = parts.button(tr("Undo all of it"), self._undo, icon="undo")
            foot.addWidget(parts.line())
            foot.addLayout(parts.row(take_back, None, margins=(24, 12, 16, 4)))
        return foot

    def _undo(self) -> None:
        undo(self._desk, self._outcome.step)
        self.close_card()

    def _go(self, row: OutcomeRow[Any]) -> None:
        self.close_card()
        self._subject.go(row.id)
