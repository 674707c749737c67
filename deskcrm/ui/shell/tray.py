"""The sign beside the clock: the program at hand while its window is away."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from deskcrm.base.words import tr

if TYPE_CHECKING:
    from deskcrm.ui.shell.notices import Notices
    from deskcrm.ui.shell.window import Window


class Tray(QObject):
    """Show, caller card, new call note, an hour of peace, quit; without a tray it does nothing."""

    def __init__(self, window: "Window") -> None:
        super().__init__(window)
        self._window = window
        self.menu = QMenu(window)
        self.icon: QSystemTrayIcon | None = None
        self.notices: Notices | None = None
        """What it tells of; it is there a moment later than the sign."""
        self.menu.aboutToShow.connect(self.name_items)
        self.name_items()
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self.icon = QSystemTrayIcon(QApplication.windowIcon(), self)
        self.icon.setToolTip("DeskCRM")
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_click)
        self.icon.show()

    def name_items(self) -> None:
        """Fill the menu, in the language of now."""
        self.menu.clear()
        self.menu.addAction(tr("Show DeskCRM"), self._window.summon)
        self.menu.addAction(tr("Caller card"), lambda: self._window.call(""))
        self.menu.addAction(tr("New call note"), lambda: self._window.new_entry("call"))
        if self.notices is not None:
            hush = self.menu.addAction(tr("No notifications for an hour"))
            hush.setCheckable(True)
            hush.setChecked(self.notices.is_hushed)
            hush.triggered.connect(self._hush)
        self.menu.addSeparator()
        self.menu.addAction(tr("Quit DeskCRM"), lambda: self._window.run("window.quit"))

    def _hush(self, on: bool) -> None:
        if self.notices is not None:
            self.notices.hush(on=on)

    def _on_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._window.summon()
