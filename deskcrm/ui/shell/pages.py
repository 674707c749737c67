"""What the window shows: one page that follows the rail, and tabs for records side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.shell import places
from deskcrm.ui.shell.trail import Stop

_CLOSE: Final = 20
Maker = Callable[[Desk], QWidget]


@dataclass(slots=True)
class Tab:
    """One tab: what it shows and where it stands."""

    page: QWidget
    stop: Stop


class TabStrip(QTabBar):
    """The tabs; a click with the middle button closes one."""

    closed = Signal(int)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            at = self.tabAt(event.position().toPoint())
            if at > 0:
                self.closed.emit(at)
                return
        super().mouseReleaseEvent(event)


class Pages(QWidget):
    """Holds the screens. The first tab follows the rail; the others hold one record each."""

    seen = Signal(object)
    """Another Stop is seen now."""

    def __init__(self, desk: Desk, makers: dict[str, Maker] | None = None) -> None:
        super().__init__()
        self.desk = desk
        self._makers = makers or {}
        self._screens: dict[str, QWidget] = {}
        self.strip = TabStrip()
        self.strip.setAccessibleName(tr("Tabs"))
        self.strip.setExpanding(False)
        self.strip.setElideMode(Qt.TextElideMode.ElideRight)
        self.strip.setUsesScrollButtons(True)
        self.strip.currentChanged.connect(self._show_tab)
        self.strip.closed.connect(self.close_tab)
        self.stack = QStackedWidget()
        self.stack.setProperty("surface", "panel")
        self.tabs: list[Tab] = []
        self._under_strip = parts.line()
        self.setLayout(parts.column(self.strip, self._under_strip, self.stack, spacing=0))
        self._show_strip()

    # What the window asks.

    def open(self, stop: Stop) -> None:
        """Show a stop: in the first tab, or in a tab of its own."""
        if stop.in_tab and self.tabs:
            self._open_tab(stop)
        else:
            self._open_first(Stop(stop.place, stop.where))

    def current(self) -> Tab | None:
        """The tab that is seen."""
        at = self.strip.currentIndex()
        return self.tabs[at] if 0 <= at < len(self.tabs) else None

    def page(self) -> Screen | None:
        """The screen that is seen, if it is one."""
        tab = self.current()
        return tab.page if tab is not None and isinstance(tab.page, Screen) else None

    def close_tab(self, at: int | None = None) -> bool:
        """Close a tab, or the one that is seen; the first one stays."""
        at = self.strip.currentIndex() if at is None else at
        if not 0 < at < len(self.tabs):
            return False
        tab = self.tabs.pop(at)
        self.strip.removeTab(at)
        self.stack.removeWidget(tab.page)
        tab.page.deleteLater()
        self._show_strip()
        return True

    def _show_strip(self) -> None:
        for part in (self.strip, self._under_strip):
            part.setVisible(len(self.tabs) > 1)

    def next_tab(self, step: int = 1) -> None:
        """Show the tab beside the one that is seen."""
        if self.tabs:
            self.strip.setCurrentIndex((self.strip.currentIndex() + step) % len(self.tabs))

    # How it is done.

    def _open_first(self, stop: Stop) -> None:
        page = self._screens.get(stop.place)
        is_new = page is None
        if page is None:
            page = self._make(stop.place, places.BY_ID[stop.place].screen)
            self._screens[stop.place] = page
            self.stack.addWidget(page)
        if not self.tabs:
            self.tabs.append(Tab(page, stop))
            self.strip.addTab("")
        self.tabs[0] = Tab(page, stop)
        place = places.BY_ID[stop.place]
        self.strip.setTabText(0, parts.mnemonic_free(place.words))
        self.strip.setTabIcon(0, icons.icon(place.icon))
        if self.strip.currentIndex() != 0:
            self.strip.setCurrentIndex(0)
        else:
            self._show_tab(0)
        self._arrive(page, stop.where, is_new=is_new)

    def _open_tab(self, stop: Stop) -> None:
        for at, tab in enumerate(self.tabs):
            if at and (tab.stop.place, tab.stop.where) == (stop.place, stop.where):
                self.strip.setCurrentIndex(at)
                return
        place = places.BY_ID[stop.place]
        page = self._make(stop.place, place.page or place.screen)
        self.stack.addWidget(page)
        self.tabs.append(Tab(page, stop))
        at = self.strip.addTab(icons.icon(place.icon), "")
        self._name_tab(page, page.windowTitle() or place.words)
        page.windowTitleChanged.connect(lambda title: self._name_tab(page, title))
        close = parts.icon_button("close", tr("Close tab"), lambda: self._close_page(page))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Ctrl+W does it
        close.setFixedSize(_CLOSE, _CLOSE)
        close.setIconSize(QSize(_CLOSE - 8, _CLOSE - 8))
        # The style sheet gives the scroll buttons of a tab bar a background of their own.
        close.setStyleSheet("QToolButton { background: transparent; padding: 0; }")
        self.strip.setTabButton(at, QTabBar.ButtonPosition.RightSide, close)
        self._show_strip()
        self.strip.setCurrentIndex(at)
        self._arrive(page, stop.where, is_new=True)

    def _make(self, place: str, path: str) -> QWidget:
        """Make a screen; one that cannot be made is a bug, and must not take the window along."""
        try:
            make = self._makers.get(place) or places.load(path)
            made = make(self.desk)
        except Exception as error:  # whatever it is, the other places still work
            self.desk.complain(error)
            page = Pane(QWidget())
            page.show_empty(
                Empty(
                    tr("This place could not be opened."), tr("The others still work."), "warning"
                )
            )
            return page
        assert isinstance(made, QWidget)
        return made

    def _arrive(self, page: QWidget, where: dict[str, Any], *, is_new: bool) -> None:
        if isinstance(page, Screen) and (where or is_new):
            page.arrive(**where)

    def _show_tab(self, at: int) -> None:
        if 0 <= at < len(self.tabs):
            self.stack.setCurrentWidget(self.tabs[at].page)
            self.seen.emit(self.tabs[at].stop)

    def _name_tab(self, page: QWidget, title: str) -> None:
        for at, tab in enumerate(self.tabs):
            if tab.page is page:
                self.strip.setTabText(at, parts.mnemonic_free(title))
                self.strip.setTabToolTip(at, parts.plain(title))

    def _close_page(self, page: QWidget) -> None:
        self.close_tab(next((at for at, tab in enumerate(self.tabs) if tab.page is page), 0))
