"""Settings: a list of sections, and the cards of one of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.settings import (
    about,
    assignment,
    backups,
    general,
    keeping,
    levels,
    macros,
    notices,
    playbooks,
    templates,
    touch,
)
from deskcrm.ui.settings.rows import Card
from deskcrm.ui.shell.rail import RailButton

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_WIDTH = 720
_SIDE = 32


class SettingsScreen(Screen):
    """Sections on the left, cards on the right; everything takes effect at once."""

    place = "settings"
    title = "Settings"
    icon = "settings"

    def __init__(self, desk: Desk, window: "Window", parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._window = window
        self._sections: dict[str, int] = {}
        self._makers: list[Callable[[], list[Card]]] = []
        self._made: set[int] = set()
        self.stack = QStackedWidget()
        self.buttons: dict[str, RailButton] = {}
        self.nav = QWidget()
        self._column = parts.column(spacing=2, margins=(12, 14, 12, 12))
        self._column.addLayout(
            parts.row(parts.label(tr("Settings"), "heading"), margins=(4, 0, 0, 8))
        )
        self.nav.setLayout(self._column)
        self.nav.setFixedWidth(212)
        self._add_sections()
        self._column.addStretch(1)
        page = parts.surface("panel")
        page.setLayout(parts.row(self.nav, parts.line(vertical=True), self.stack, spacing=0))
        self.setLayout(parts.column(page))
        self.show_section("general")

    def _add_sections(self) -> None:
        desk, window = self.desk, self._window
        self._add("general", tr("General"), "settings", lambda: general.cards(desk, window))
        self._add("calls", tr("Calls and links"), "phone", lambda: general.call_cards(desk, window))
        self._add("notices", tr("Notifications"), "bell", lambda: notices.cards(desk))
        self._add("levels", tr("Service levels"), "clock", lambda: levels.cards(desk, window))
        self._add("assignment", tr("Assignment"), "team", lambda: assignment.cards(desk, window))
        self._add("touch", tr("Touch policies"), "calendar", lambda: touch.cards(desk, window))
        self._add("playbooks", tr("Playbooks"), "play", lambda: playbooks.cards(desk, window))
        self._add("templates", tr("Reply templates"), "mail", lambda: templates.cards(desk, window))
        self._add("macros", tr("Macros"), "macro", lambda: macros.cards(desk, window))
        self._add("rules", tr("Rules"), "target", lambda: general.rule_cards(desk))
        self._add("keys", tr("Protection"), "lock", lambda: keeping.cards(desk, window))
        self._add("backups", tr("Backups"), "history", lambda: backups.cards(desk, window))
        self._add("about", tr("Help"), "help", lambda: about.cards(desk, window))

    def _add(self, section: str, name: str, icon: str, make: Callable[[], list[Card]]) -> None:
        button = RailButton(name, icon)
        button.clicked.connect(lambda: self.show_section(section))
        self._column.addWidget(button)
        self.buttons[section] = button
        self._sections[section] = len(self._makers)
        self._makers.append(make)
        self.stack.addWidget(QWidget())

    def show_section(self, section: str) -> None:
        """Show one section; its cards are made when it is first seen."""
        at = self._sections[section]
        if at not in self._made:
            self._made.add(at)
            empty = self.stack.widget(at)
            self.stack.insertWidget(at, _page(self._makers[at]()))
            if empty is not None:
                self.stack.removeWidget(empty)
                empty.deleteLater()
        self.stack.setCurrentIndex(at)
        for name, button in self.buttons.items():
            button.setChecked(name == section)

    def arrive(self, *, section: str = "", **where: Any) -> None:
        if section in self._sections:
            self.show_section(section)

    def panes(self) -> list[QWidget]:
        return [self.nav, self.stack]


def _page(cards: list[Card]) -> Scroll:
    column = QVBoxLayout()
    column.setContentsMargins(_SIDE, 14, _SIDE, 16)
    column.setSpacing(28)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    inside = parts.Page()
    inside.setLayout(column)
    return Scroll(inside, widest=_WIDTH + 2 * _SIDE)
