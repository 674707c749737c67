"""A table model that holds only the pages being looked at; SQL filters and sorts."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final, Generic

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.ui.kit.columns import Column, Row
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.parts import plain

PAGE: Final = 200
KEPT_PAGES: Final = 24
AT_ONCE: Final = 2

Index = QModelIndex | QPersistentModelIndex
CountQuery = Callable[..., int]
PageQuery = Callable[..., Sequence[Row]]


class WindowModel(QAbstractTableModel, Generic[Row]):
    """Rows by number, fetched a page at a time.

    ``count(db, **filters) -> int`` and
    ``page(db, *, offset, limit, sort, descending, **filters) -> rows`` with an ``id`` each.
    """

    loaded = Signal()
    """Pages came in."""
    counted = Signal(int)
    refused = Signal(object)
    """A query failed: the exception."""

    def __init__(
        self,
        desk: Desk,
        columns: Sequence[Column[Row]],
        count: CountQuery,
        page: PageQuery[Row],
        *,
        page_size: int = PAGE,
    ) -> None:
        super().__init__()
        self.page_size = page_size
        self.desk = desk
        self.columns = list(columns)
        self.filters: dict[str, Any] = {}
        self.sort_key = ""
        self.descending = False
        self.is_counted = False
        self._count, self._page = count, page
        self._total = 0
        self._epoch = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._wanted: list[int] = []
        self._on_way: set[int] = set()
        self._pump = QTimer(self, singleShot=True, interval=0)
        self._pump.timeout.connect(self._fetch_wanted)

    @property
    def total(self) -> int:
        """How many rows match."""
        return self._total

    def reload(self, first: int = 0, last: int = 0, **filters: Any) -> None:
        """Ask again with these filters; old rows stay on screen until the new ones are here.

        ``first`` and ``last`` are the row numbers being looked at.
        """
        self._epoch += 1
        self.filters = filters
        self.is_counted = False
        self._on_way.clear()
        self._wanted.clear()
        epoch = self._epoch
        numbers = range(first // self.page_size, last // self.page_size + 1)
        self.desk.ask(
            (self, "open"),
            _open_pages,
            self._page,
            list(numbers),
            self.page_size,
            self._arguments(),
        ).then(lambda pages: self._take_opening(epoch, pages)).failed(self._refuse)
        self.desk.ask((self, "count"), self._count, **filters).then(
            lambda total: self._take_count(epoch, total)
        ).failed(self._refuse)

    def row(self, number: int) -> Row | None:
        """The row at this place, or None while it is on its way."""
        page = self._pages.get(number // self.page_size)
        if page is None:
            self._want(number // self.page_size)
            return None
        at = number % self.page_size
        return page[at] if at < len(page) else None

    def loaded_row(self, number: int) -> Row | None:
        """The row at this place if it is here; asks for nothing."""
        page = self._pages.get(number // self.page_size, ())
        at = number % self.page_size
        return page[at] if at < len(page) else None

    def find(self, row_id: Hashable) -> int | None:
        """The place of a row among the pages that are here."""
        for number, page in self._pages.items():
            for at, row in enumerate(page):
                if row.id == row_id:
                    return number * self.page_size + at
        return None

    def loaded_ids(self, numbers: Iterable[int]) -> list[Hashable]:
        """The ids of those rows that are here."""
        rows = (self.loaded_row(number) for number in numbers)
        return [row.id for row in rows if row is not None]

    def order_by(self, sort: str, *, descending: bool) -> None:
        """Sort by this from the next reload on."""
        self.sort_key, self.descending = sort, descending

    # Qt's questions.

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return "…" if row is None else self.columns[index.column()].said(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._said(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            row, column = self.loaded_row(index.row()), self.columns[index.column()]
            if row is not None and column.tooltip is not None:
                return plain(column.tooltip(row))
            if row is not None and column.chips is not None:
                # A narrow cell cuts its chips down to their icons: here they have their words.
                return plain(column.said(row))
        return None

    def _said(self, index: Index) -> str:
        row = self.row(index.row())
        if row is None:
            return tr("Loading…")
        # One moves by row, so the first cell says all of it.
        whole = [column for column in self.columns if not column.is_extra]
        columns = whole if index.column() == 0 else [self.columns[index.column()]]
        return "; ".join(said for column in columns if (said := column.said(row)))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = " ↓" if self.descending else " ↑"
            return column.title + (arrow if column.sort and column.sort == self.sort_key else "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    # Coming and going of pages.

    def _arguments(self) -> dict[str, Any]:
        return {"sort": self.sort_key, "descending": self.descending, **self.filters}

    def _want(self, number: int) -> None:
        if number in self._on_way:
            return
        if number in self._wanted:
            self._wanted.remove(number)
        # The newest wish is served first, and the old ones of a long drag are forgotten.
        self._wanted.append(number)
        del self._wanted[:-4]
        if not self._pump.isActive():
            self._pump.start()

    def _fetch_wanted(self) -> None:
        epoch = self._epoch
        while self._wanted and len(self._on_way) < AT_ONCE:
            number = self._wanted.pop()
            self._on_way.add(number)
            self.desk.ask(
                (self, ("page", number)),
                _open_pages,
                self._page,
                [number],
                self.page_size,
                self._arguments(),
            ).then(lambda pages: self._take_page(epoch, pages)).failed(self._refuse)

    def _take_page(self, epoch: int, pages: dict[int, Sequence[Row]]) -> None:
        if epoch != self._epoch:
            return
        self._on_way -= pages.keys()
        self._keep(pages)
        self._fetch_wanted()

    def _take_opening(self, epoch: int, pages: dict[int, Sequence[Row]]) -> None:
        if epoch != self._epoch:
            return
        self._pages.clear()
        if not self.is_counted:
            last = max(pages)
            known = last * self.page_size + len(pages[last])
            if len(pages[last]) < self.page_size and (known or last == 0):
                self._set_total(known)
            else:
                self._set_total(max(self._total, known))
        self._keep(pages)

    def _keep(self, pages: dict[int, Sequence[Row]]) -> None:
        for number, rows in pages.items():
            self._pages[number] = rows
            self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        if self._total:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self._total - 1, len(self.columns) - 1)
            )
        self.loaded.emit()

    def _take_count(self, epoch: int, total: int) -> None:
        if epoch != self._epoch:
            return
        self.is_counted = True
        self._set_total(total)
        self.counted.emit(total)

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            self.desk.complain(error)
        self.refused.emit(error)

    def _set_total(self, total: int) -> None:
        # Growing and shrinking at the end keeps the view's position; a reset would lose it.
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()


def _open_pages(
    db: Any, page: PageQuery[Row], numbers: Sequence[int], size: int, arguments: dict[str, Any]
) -> dict[int, Sequence[Row]]:
    return {number: page(db, offset=number * size, limit=size, **arguments) for number in numbers}
