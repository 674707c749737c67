"""How a table stands: what it is sorted by and which columns it shows; kept and put back."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from deskcrm.base.settings import Setting
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.table import STRETCHED, Table


class Arrangement(QObject):
    """``sort`` and ``columns`` of a table as a saved view keeps them; ``put`` shows them again.

    ``setting`` keeps the columns that were chosen on this device; a right click on the header
    offers them.
    """

    crowded = Signal(int)
    """Columns were asked for that do not fit; so wide would the table have to be."""

    def __init__(self, desk: Desk, table: Table[Any], setting: Setting[str]) -> None:
        super().__init__(table)
        self._desk, self._table, self._setting = desk, table, setting
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda at: self.open_menu(table, header.mapToGlobal(at))
        )
        self._show(self._read())

    @property
    def sort(self) -> str:
        """What the table is sorted by, with a minus before it when it goes down."""
        rows = self._table.rows
        return f"-{rows.sort_key}" if rows.descending else rows.sort_key

    @property
    def columns(self) -> list[str]:
        """The columns that are shown where there is room for them."""
        shown = self._table.chosen
        return [c.key for c in self._table.rows.columns if c.key and c.key in shown]

    def put(self, sort: str, columns: Sequence[str]) -> None:
        """Stand as this says; what is not known here, or is not said, stays as it is."""
        known = {column.sort for column in self._table.rows.columns if column.sort}
        if sort.removeprefix("-") in known:
            self._table.order_by(sort.removeprefix("-"), descending=sort.startswith("-"))
        if columns:
            self._show(columns)
            self._ask_for_room()

    def toggle(self, key: str) -> None:
        """Show a column, or hide it, and remember that."""
        shown = set(self.columns) ^ {key}
        keys = [one.key for one in self._table.rows.columns if one.key in shown]
        self._show(keys)
        self._desk.setting(self._setting, ",".join(keys))
        self._ask_for_room()

    def menu(self, parent: QWidget) -> QMenu:
        """A menu of the columns, those that are shown with a tick."""
        menu = QMenu(parent)
        for column in self._table.rows.columns:
            if column.key:
                item = menu.addAction(parts.mnemonic_free(column.title))
                item.setCheckable(True)
                item.setChecked(column.key in self._table.chosen)
                item.setEnabled(not column.stretch)
                item.triggered.connect(self._toggling(column.key))
        return menu

    def open_menu(self, parent: QWidget, at: QPoint) -> None:
        """Offer the columns at a point of the screen."""
        menu = self.menu(parent)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _ask_for_room(self) -> None:
        table = self._table
        shown = [one for one in table.rows.columns if one.key in table.chosen and not one.stretch]
        wanted = STRETCHED + sum(one.width for one in shown)
        if wanted > table.viewport().width():
            self.crowded.emit(wanted + table.width() - table.viewport().width())

    def _toggling(self, key: str) -> Callable[[], None]:
        return lambda: self.toggle(key)

    def _read(self) -> list[str]:
        return [one for one in self._desk.setting(self._setting).split(",") if one]

    def _show(self, keys: Sequence[str]) -> None:
        known = [one for one in self._table.rows.columns if one.key in keys]
        if known:
            self._table.choose(frozenset(one.key for one in known))
