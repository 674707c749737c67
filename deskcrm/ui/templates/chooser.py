"""Chooses a reply template by typing, and shows it filled in before it is put into the answer."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

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
from deskcrm.ui.kit.chooser import Chooser
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.scroll import Scroll


class TemplateChooser(Chooser[TemplateRow]):
    """Opens itself; ``take`` is given what was chosen, filled in for the ticket.

    Ctrl+L says it in the other language.
    """

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        ticket_id: TicketId,
        take: Callable[[FilledTemplate], object],
    ) -> None:
        super().__init__(over, tr("Reply templates"), tr("Search templates"))
        self.desk, self._ticket, self._take = desk, ticket_id, take
        self._language = ""
        self.filled: FilledTemplate | None = None
        self.preview = parts.label("", wrap=True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.gaps = parts.label("", "error", wrap=True)
        self.other = parts.button("", self.switch_language, look="quiet", icon="sync")
        self.insert = parts.button(tr("Insert"), self.choose, look="primary", hint="Enter")
        self._lay_out()
        desk.ask(self, list_templates).then(self.offer)

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
            self.ask_again()

    def words_of(self, row: TemplateRow) -> str:
        if row.is_shared:
            return row.name
        return ptr("template of one's own", "{name} · mine", name=row.name)

    def fits(self, row: TemplateRow, typed: str) -> bool:
        said = fold(f"{row.name} {row.text_en} {row.text_ru}")
        return all(word in said for word in fold(typed).split())

    def pressed(self, event: QKeyEvent) -> bool:
        held = event.modifiers()
        if event.key() == Qt.Key.Key_L and held == Qt.KeyboardModifier.ControlModifier:
            self.switch_language()
            return True
        return super().pressed(event)

    def show_row(self, row: TemplateRow | None) -> None:
        self.filled = None
        self.insert.setEnabled(False)
        if row is None:
            self.gaps.hide()
            self.other.hide()
            self.preview.setText(
                tr("There are no templates yet. Write one in the settings.") if self.is_empty
                else tr("No template matches.")
            )  # fmt: skip
            return
        asked = self.desk.ask(
            (self, "preview"), fill_template, row.id, ticket_id=self._ticket,
            language=self._language,
        )  # fmt: skip
        asked.then(self._show_filled)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(parts.column(self.preview, None, margins=(12, 4, 12, 8)))
        right = parts.surface("well")
        right.setLayout(parts.column(self.gaps, Scroll(inside), spacing=4, margins=(4, 8, 4, 4)))
        self.gaps.hide()
        self.other.hide()
        edit = parts.button(tr("Edit templates…"), self._edit, look="quiet", icon="edit")
        self.open_with(right, parts.row(edit, None, self.other, self.insert, spacing=8))

    def _edit(self) -> None:
        self.close_card()
        self.desk.go("settings", section="templates")

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
