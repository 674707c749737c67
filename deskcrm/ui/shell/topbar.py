"""The bar above the pages: back and forward, the search, and what can be begun from anywhere."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import keys, parts

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
        self.new = parts.button(tr("New"), lambda: run("entry.new"), icon="plus")
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
