"""The bar above the pages: back and forward, the search, and what can be begun from anywhere."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, keys, parts
from deskcrm.ui.kit.actions import Action

HEIGHT = 52


class TopBar(QFrame):
    """Holds the search line that it is given; the buttons do declared actions."""

    def __init__(self, search: QWidget, run: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.setFixedHeight(HEIGHT)
        self.back = parts.icon_button("chevron-left", tr("Back"), lambda: run("trail.back"))
        self.forward = parts.icon_button(
            "chevron-right", tr("Forward"), lambda: run("trail.forward")
        )
        self.call = parts.icon_button("phone", tr("Caller card"), lambda: run("call.open"))
        self.keys = parts.icon_button(
            "keyboard", tr("Keyboard shortcuts"), lambda: run("shortcuts.show")
        )
        self.new = parts.button(tr("New"), lambda: run("entry.new"), look="primary", icon="plus")
        for button, key in (
            (self.back, "Alt+Left"),
            (self.forward, "Alt+Right"),
            (self.call, "F4"),
            (self.keys, "?"),
            (self.new, "Ctrl+N"),
        ):
            parts.set_tooltip(button, f"{button.accessibleName()}  {keys.native(key)}")
        search.setMinimumWidth(220)
        search.setMaximumWidth(620)
        row = parts.row(
            self.back,
            self.forward,
            search,
            None,
            self.keys,
            self.call,
            self.new,
            spacing=6,
            margins=(10, 8, 12, 8),
        )
        row.setStretch(2, 8)
        self.setLayout(row)

    def show_trail(self, *, back: bool, forward: bool) -> None:
        """Grey out what leads nowhere."""
        self.back.setEnabled(back)
        self.forward.setEnabled(forward)

    def menu_at(self) -> QPoint:
        """Where the menu of the New button opens."""
        return self.new.mapToGlobal(QPoint(0, self.new.height() + 4))


def menu_of(actions: Iterable[Action], run: Callable[[Action], object], parent: QWidget) -> QMenu:
    """A menu of some actions, with their keys."""
    menu = QMenu(parent)
    for each in actions:
        text = parts.mnemonic_free(each.words) + (f"\t{each.key}" if each.key else "")
        item = QAction(icons.icon(each.icon) if each.icon else icons.icon("plus"), text, menu)
        item.triggered.connect(lambda _=False, each=each: run(each))
        menu.addAction(item)
    return menu
