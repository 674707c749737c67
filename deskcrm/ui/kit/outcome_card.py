"""What a bulk edit came to, row by row: what was changed, and what was left alone and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.store.outcomes import Outcome, OutcomeRow
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import height_at
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone

_ROWS: Final = 7


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


class OutcomeCard(Overlay):
    """Opens itself over the window; Enter on a row goes to what it is of."""

    def __init__(
        self, desk: Desk, over: QWidget, title: str, outcome: Outcome[Any], subject: Subject
    ) -> None:
        super().__init__(over.window(), width=720, top=0.08)
        self.desk, self._outcome, self._subject = desk, outcome, subject
        changed, same = len(outcome.changed), len(outcome.same)
        self.shelf = Segments(
            [
                tr("All {n}", n=dates.number(changed + same)),
                tr("Changed {n}", n=dates.number(changed)),
                tr("Unchanged {n}", n=dates.number(same)),
            ],
            tr("Which rows"),
            lambda _: self.load(),
        )
        self.table: Table[OutcomeRow[Any]] = Table(
            desk,
            [
                Column(
                    subject.caption,
                    lambda row: row.name,
                    under=_why,
                    chips=_chips,
                    avatar=(lambda row: row.name) if subject.has_faces else None,
                    stretch=True,
                    strong=True,
                )
            ],
            count_rows,
            page_rows,
            name=tr("What became of each"),
        )
        self.table.opened.connect(self._go)
        self._lay_out(title)
        self.closed.connect(self.deleteLater)
        self.load()
        self.open_card()
        self.table.setFocus(Qt.FocusReason.PopupFocusReason)

    def load(self) -> None:
        """Show the shelf that is chosen."""
        if hasattr(self, "table"):
            self.table.reload(
                outcome=self._outcome,
                shelf=max(0, self.shelf.currentIndex()),
                page=self._subject.page,
            )

    def height_wanted(self) -> int:
        """Tall enough for some whole rows."""
        rows = min(_ROWS, len(self._outcome.changed) + len(self._outcome.same))
        return (
            height_at(self._head, self.width_given())
            + self.table.horizontalHeader().sizeHint().height()
            + rows * self.table.verticalHeader().defaultSectionSize()
            + self._foot.sizeHint().height()
            + 2  # the edge of the card
        )

    def _lay_out(self, title: str) -> None:
        heading = parts.label(title, "heading", wrap=True)
        close = parts.icon_button("close", tr("Close"), self.close_card)
        head = parts.row(spacing=8)
        head.addWidget(heading, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._head, self._foot = QWidget(), QWidget()
        self._head.setLayout(parts.column(head, self.shelf, spacing=10, margins=(24, 16, 16, 8)))
        foot = parts.column(spacing=0, margins=(0, 0, 0, 12))
        if self._outcome.step is not None:
            take_back = parts.button(tr("Undo all of it"), self._undo, icon="undo")
            foot.addWidget(parts.line())
            foot.addLayout(parts.row(take_back, None, margins=(24, 12, 16, 4)))
        self._foot.setLayout(foot)
        column = parts.column(self._head, spacing=0)
        column.addWidget(self.table, 1)
        column.addWidget(self._foot)
        self.card.setLayout(column)

    def _undo(self) -> None:
        undo(self.desk, self._outcome.step)
        self.close_card()

    def _go(self, row: OutcomeRow[Any]) -> None:
        self.close_card()
        self._subject.go(row.id)
