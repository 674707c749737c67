"""The screen most places are: a list on the left, the record on the right."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.bulk import BulkBar
from deskcrm.ui.kit.columns import Column, Row, Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.table import Table

K = TypeVar("K")
T = TypeVar("T")

LIST_MINIMUM = 300
RECORD_MINIMUM = 380


class ListDetail(Screen, Generic[Row]):
    """Give ``columns``, two queries and ``filters``; build the record; show a row in it.

    ``self.table`` is the list, ``self.head`` the bar above it (add buttons and a search line
    there), ``self.row()`` the current row, ``self.selection`` the picked ones.
    """

    count_query: ClassVar[Callable[..., int]]
    page_query: ClassVar[Callable[..., Sequence[Any]]]
    sort: ClassVar[str] = ""
    """What the list is sorted by until a header is clicked: a column's ``sort``."""
    descending: ClassVar[bool] = False
    yields_when_empty: ClassVar[bool] = False
    """Whether an empty list takes the room of the record; not where one is typing in a search."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        kind = type(self)
        self._is_refused = False
        self.table: Table[Row] = Table(
            desk, self.columns(), kind.count_query, kind.page_query, name=tr(self.title)
        )
        self.table.rows.order_by(kind.sort, descending=kind.descending)
        self.list_pane = Pane(self.table)
        self.bulk = BulkBar(self.table)
        self.heading = parts.label(tr(self.title), "heading")
        self.total: QLabel = parts.label("", "muted")
        self.head = QHBoxLayout()
        self.under_head = QVBoxLayout()
        self.record_pane = Pane(self.build_record())
        self._lay_out()
        self._wire()
        self.record_pane.show_empty(self.nothing_selected())

    # What a screen gives.

    def columns(self) -> Sequence[Column[Row]]:
        """The columns of the list."""
        raise NotImplementedError

    def filters(self) -> dict[str, Any]:
        """The keyword arguments of both queries."""
        return {}

    def build_record(self) -> QWidget:
        """Build the widgets that show one record."""
        raise NotImplementedError

    def show_row(self, row: Row) -> None:
        """Show this row in the record."""

    def empty(self) -> Empty:
        """Why the list is empty, and the one next action."""
        if any(self.filters().values()):
            return Empty(tr("Nothing matches."), tr("Try fewer words or another filter."), "search")
        return Empty(tr("Nothing here yet."))

    def nothing_selected(self) -> Empty:
        """What the record side says when no row is current."""
        return Empty(tr("Nothing selected"), tr("Choose a row to see it here."), self.icon)

    # What a screen uses.

    def row(self) -> Row | None:
        """The current row."""
        return self.table.current()

    @property
    def selection(self) -> Selection:
        """The picked rows."""
        return self.table.selection

    def targets(self) -> list[Any]:
        """The ids an action is about: the picked rows if any are, else the current one.

        Only when the selection is not "everything that matches": look at ``selection`` first.
        """
        if self.selection.ids and not self.selection.is_everything:
            return list(self.selection.ids)
        row = self.row()
        return [row.id] if row is not None else []

    def load(self) -> None:
        """Ask for the list again with the filters of now."""
        self._is_refused = False
        if not self.table.rows.total:
            self.list_pane.show_loading()
        self.table.reload(**self.filters())

    def panes(self) -> list[QWidget]:
        return [self.table, self.record_pane]

    def make_room(self, wanted: int) -> None:
        """Make the list so wide, as far as the record leaves room."""
        whole = sum(self.splitter.sizes())
        wide = min(wanted, whole - self.record_pane.minimumWidth())
        if wide > self.splitter.sizes()[0]:
            self.splitter.setSizes([wide, whole - wide])

    def _lay_out(self) -> None:
        left = parts.surface("panel")
        self.head.setContentsMargins(12, 12, 12, 8)
        self.head.setSpacing(8)
        self.head.addWidget(self.heading)
        self.head.addWidget(self.total)
        self.head.addStretch(1)
        self.under_head.setContentsMargins(12, 0, 12, 8)
        self.list_column = QVBoxLayout(left)
        self.list_column.setContentsMargins(0, 0, 0, 0)
        self.list_column.setSpacing(0)
        self.list_column.addLayout(self.head)
        self.list_column.addLayout(self.under_head)
        self.list_column.addWidget(self.bulk)
        self.list_column.addWidget(self.list_pane, 1)
        left.setMinimumWidth(LIST_MINIMUM)
        self.record_pane.setProperty("surface", "panel")
        self.record_pane.setMinimumWidth(RECORD_MINIMUM)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.record_pane)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([440, 680])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.splitter)

    def _wire(self) -> None:
        self.table.row_changed.connect(self._on_row)
        self.table.rows.counted.connect(self._on_counted)
        self.table.rows.loaded.connect(self._on_loaded)
        self.table.rows.refused.connect(self._on_refused)
        self.table.menu_wanted.connect(lambda at: self.bound.menu().popup(at))

    def _on_row(self, row: Row | None) -> None:
        if row is None:
            self._show_none()
        else:
            self.record_pane.show_content()
            self.show_row(row)

    def _show_none(self) -> None:
        if self.table.rows.total:
            self.record_pane.show_empty(self.nothing_selected())
        else:
            self.record_pane.show_blank()  # there is no row to choose, so it is not asked for
            self.record_pane.setHidden(self.yields_when_empty)

    def _on_counted(self, total: int) -> None:
        self.total.setText(dates.number(total))
        if total and self.yields_when_empty:
            self.record_pane.show()
        if total == 0:
            self.list_pane.show_empty(self.empty())
            self._show_none()

    def _on_refused(self, error: BaseException) -> None:
        self._is_refused = True
        self.list_pane.show_error(error, self.load_soon)

    def _on_loaded(self) -> None:
        if self.table.rows.total and not self._is_refused:
            self.list_pane.show_content()
            if not self.table.currentIndex().isValid():
                QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        """Stand on the first row, unless somebody stands on another by now."""
        if not self.table.currentIndex().isValid():
            self.table.go_to(0)


def one_selected(screen: Any) -> bool:
    """Whether an action has a row to work on: the current one."""
    return screen.row() is not None


def some_selected(screen: Any) -> bool:
    """Whether rows are picked, or one is current: that of a tab, say."""
    picked = screen.selection
    return one_selected(screen) or picked.is_everything or bool(picked.ids)


def for_targets(
    screen: Any, list_ids: Callable[..., Sequence[K]], run: Callable[[list[K]], T]
) -> T | None:
    """Give the picked rows to a function, also when "all that match" are picked.

    ``list_ids`` is the query that finds them all by the screen's filters. Answers what the
    function does, where it is known at once which rows they are.
    """
    picked = screen.selection
    if not picked.is_everything:
        return run(screen.targets())
    found = screen.desk.ask((screen, "all"), list_ids, **screen.filters())
    found.then(lambda ids: run([one for one in ids if one not in picked.ids]))
    return None
