"""Asks who is calling: several who may be meant, a search, or somebody new."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.domain.lookup.caller import Caller
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import CallerMatch, FoundRow, search_everything
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.lookup.results import ResultList

_MOST = 20
_ROOM = 150
"""What is under the search line does not leap away from it when somebody is found."""
_KINDS = (Kind.CLIENT, Kind.CONTACT)


class _Line(QLineEdit):
    """A line whose arrows walk the list under it."""

    walked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.walked.emit(step)
        else:
            super().keyPressEvent(event)


class WhoCalls(QWidget):
    """Answers with ``chosen`` (a FoundRow, and whether to keep the number) or with ``named``."""

    chosen = Signal(object, bool)
    named = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._matches: list[FoundRow] = []
        self.title = parts.label("", "heading", wrap=True)
        self.text = parts.label("", "muted", wrap=True)
        self.line = _Line()
        self.line.setAccessibleName(tr("Search for the client"))
        self.line.setPlaceholderText(tr("Search for the client"))
        parts.searching(self.line)
        self.line.textChanged.connect(self._look)
        self.list = ResultList()
        self.list.chosen.connect(lambda row, _: self._choose(row))
        self.line.returnPressed.connect(self._choose_current)
        self.line.walked.connect(self.list.step)
        self.keep = QCheckBox("")
        self.keep.setChecked(True)
        self.nothing = parts.label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMinimumHeight(_ROOM)
        self._new = _NewCaller()
        self._new.named.connect(self.named)
        head = parts.column(self.title, self.text, spacing=2)
        column = parts.column(head, self.line, self.list, self.nothing, spacing=theme.sizes().s)
        column.addWidget(self.keep)
        column.addWidget(parts.line())
        column.addWidget(self._new)
        column.setStretch(2, 1)
        column.setStretch(3, 1)
        self.setLayout(column)
        self.setFocusProxy(self.line)

    def ask_about(self, caller: Caller) -> None:
        """Ask who calls from this number, or without one who is on the phone."""
        self._matches = [_as_row(match) for match in caller.matches]
        self._new.clear()
        self.keep.setChecked(True)
        self.keep.setVisible(caller.number.startswith("+") and not caller.matches)
        self.keep.setText(tr("Add this number to whoever I choose"))
        self.keep.setAccessibleName(self.keep.text())
        self.title.setText(_title(caller))
        self.text.setText(_advice(caller))
        self.line.clear()
        self._show(self._matches)

    def _look(self, typed: str) -> None:
        if not typed.strip():
            self._show(self._matches)
            return
        answer = self._desk.ask(self, search_everything, typed, _MOST, kinds=_KINDS)
        answer.then(self._show)

    def _show(self, rows: Sequence[FoundRow]) -> None:
        self.list.show_rows(rows)
        has_typed = bool(self.line.text().strip())
        self.nothing.setText(
            tr("Nobody was found.") if has_typed else tr("Whoever fits appears here as you type.")
        )
        self.nothing.setVisible(not rows)
        self.list.setVisible(bool(rows))

    def _choose_current(self) -> None:
        row = self.list.row()
        if row is not None:
            self._choose(row)

    def _choose(self, row: FoundRow) -> None:
        is_match = row in self._matches
        keep = not self.keep.isHidden() and self.keep.isChecked() and not is_match
        self.chosen.emit(row, keep)


class _NewCaller(QWidget):
    """Two lines that make somebody new."""

    named = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the caller"))
        self.name.setPlaceholderText(tr("Name"))
        self.company = QLineEdit()
        self.company.setAccessibleName(tr("Company of the caller, if any"))
        self.company.setPlaceholderText(tr("Company, if any"))
        self.add = parts.button(tr("Add"), self._say, icon="plus")
        self.add.setAccessibleName(tr("Add as a new client"))
        for line in (self.name, self.company):
            line.returnPressed.connect(self._say)
            line.textChanged.connect(self._refresh)
        caption = parts.label(tr("New client"), "caption")
        self.setLayout(
            parts.column(caption, parts.row(self.name, self.company, self.add), spacing=6)
        )
        self._refresh()

    def clear(self) -> None:
        """Empty both lines."""
        self.name.clear()
        self.company.clear()

    def _refresh(self) -> None:
        self.add.setEnabled(bool(self.name.text().strip() or self.company.text().strip()))

    def _say(self) -> None:
        if self.add.isEnabled():
            self.named.emit(self.name.text().strip(), self.company.text().strip())


def _title(caller: Caller) -> str:
    if not caller.number:
        return tr("Who is on the phone?")
    if not caller.matches:
        return tr("This number is not known yet")
    count = len(caller.matches)
    return ntr("{n} possible caller", "{n} possible callers", count)


def _advice(caller: Caller) -> str:
    if not caller.number:
        return tr("Type a name, a company, a part of the number or a ticket.")
    if not caller.matches:
        return tr("Find the client to add the number to, or add a new one.")
    return tr("Each line says what fits. Choose who it is.")


def _as_row(match: CallerMatch) -> FoundRow:
    is_contact = match.contact_id is not None
    return FoundRow(
        kind=Kind.CONTACT if is_contact else Kind.CLIENT,
        id=match.contact_id or match.client_id,
        client_id=match.client_id,
        client_name=match.client_name,
        title=match.contact_name or match.client_name,
        detail=match.client_name if is_contact else "",
        match=match.level,
        why=match.why,
        snippet=None,
        moment=clock.now(),
    )
