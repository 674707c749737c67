"""Chooses a reply template by typing, and shows it filled in before it is put into the answer."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.names import fold
from deskcrm.domain.templates.queries import (
    FilledTemplate,
    TemplateRow,
    fill_template,
    list_templates,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll

_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_HEIGHT: Final = 460


class TemplateChooser(Overlay):
    """Opens itself; ``take`` is given what was chosen, filled in for the ticket.

    The arrows go through the list while one types; Enter takes, Ctrl+L says it in the other
    language.
    """

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        ticket_id: TicketId,
        take: Callable[[FilledTemplate], object],
    ) -> None:
        super().__init__(over.window(), width=760, top=0.1)
        self.desk, self._ticket, self._take = desk, ticket_id, take
        self._rows: list[TemplateRow] = []
        self._shown: list[TemplateRow] = []
        self._language = ""
        self.filled: FilledTemplate | None = None
        self.search = parts.search_line(tr("Search templates"), lambda _: self._filter())
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Reply templates"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview = parts.label("", wrap=True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.gaps = parts.label("", "error", wrap=True)
        self.other = parts.button("", self.switch_language, look="quiet", icon="sync")
        self.insert = parts.button(tr("Put it in"), self.choose, look="primary", hint="Enter")
        self._lay_out()
        self._wire()
        self.open_card()
        self.search.setFocus()
        desk.ask(self, list_templates).then(self._show)

    def height_wanted(self) -> int:
        """Always as tall: the list must not jump while one types."""
        return _HEIGHT

    def choose(self) -> None:
        """Put the current one into the answer."""
        if self.filled is not None:
            filled = self.filled
            self.close_card()
            self._take(filled)

    def switch_language(self) -> None:
        """Show the current one in the other language, and take it so."""
        if self.filled is not None and len(self.filled.languages) > 1:
            self._language = "ru" if self.filled.language == "en" else "en"
            self._ask_preview()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in (self.search, self.list) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if self._pressed(Qt.Key(event.key()), event):
                return True
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key, event: QKeyEvent) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
            return True
        if key in _STEPS and self.list.count():
            at = self.list.currentRow() + _STEPS[key]
            self.list.setCurrentRow(max(0, min(at, self.list.count() - 1)))
            return True
        if key == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.switch_language()
            return True
        return False

    def _lay_out(self) -> None:
        head = parts.row(parts.label(tr("Reply templates"), "heading"), None, spacing=8)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        inside = QWidget()
        inside.setLayout(parts.column(self.preview, None, margins=(12, 4, 12, 8)))
        right = parts.surface("well")
        scroll = Scroll(inside)
        right.setLayout(parts.column(self.gaps, scroll, spacing=4, margins=(4, 8, 4, 4)))
        self.list.setFixedWidth(250)
        across = parts.row(self.list, spacing=12)
        across.addWidget(right, 1)
        edit = parts.button(tr("Edit templates…"), self._edit, look="quiet", icon="edit")
        foot = parts.row(edit, None, self.other, self.insert, spacing=8)
        column = parts.column(head, self.search, spacing=10, margins=(20, 16, 20, 16))
        column.addLayout(across, 1)
        column.addLayout(foot)
        self.card.setLayout(column)
        self.gaps.hide()
        self.other.hide()

    def _wire(self) -> None:
        self.search.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda _: self._ask_preview())
        self.list.itemDoubleClicked.connect(lambda _: self.choose())
        self.closed.connect(self.deleteLater)

    def _edit(self) -> None:
        self.close_card()
        self.desk.go("settings", section="templates")

    def _show(self, rows: list[TemplateRow]) -> None:
        self._rows = rows
        self._filter()

    def _filter(self) -> None:
        wanted = fold(self.search.text()).split()
        self._shown = [row for row in self._rows if _fits(row, wanted)]
        self.list.clear()
        for row in self._shown:
            item = QListWidgetItem(row.name)
            item.setToolTip("")
            if not row.is_shared:
                item.setText(ptr("template of one's own", "{name} · mine", name=row.name))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if self._shown else -1)
        if not self._shown:
            self._ask_preview()

    def _ask_preview(self) -> None:
        at = self.list.currentRow()
        self.filled = None
        self.insert.setEnabled(False)
        if not 0 <= at < len(self._shown):
            self.gaps.hide()
            self.other.hide()
            self.preview.setText(
                tr("No template matches.") if self._rows
                else tr("There are no templates yet. Write one in the settings.")
            )  # fmt: skip
            return
        asked = self.desk.ask(
            (self, "preview"), fill_template, self._shown[at].id, ticket_id=self._ticket,
            language=self._language,
        )  # fmt: skip
        asked.then(self._show_filled)

    def _show_filled(self, filled: FilledTemplate | None) -> None:
        self.filled = filled
        self.insert.setEnabled(filled is not None)
        if filled is None:
            return
        self.preview.setText(filled.text)
        self.other.setVisible(len(filled.languages) > 1)
        name = tr("In Russian") if filled.language == "en" else tr("In English")
        self.other.setText(name)
        self.other.setAccessibleName(name)
        names = ", ".join(filled.gaps)
        said = ntr("{n} gap to fill in: {names}", "{n} gaps to fill in: {names}", len(filled.gaps),
                   names=names)  # fmt: skip
        self.gaps.setText(said)
        self.gaps.setVisible(bool(filled.gaps))


def _fits(row: TemplateRow, wanted: list[str]) -> bool:
    said = fold(f"{row.name} {row.text_en} {row.text_ru}")
    return all(word in said for word in wanted)
