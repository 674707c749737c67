"""One conflict beside the list: mine, theirs, what was before; the text that both wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from deskcrm.base.words import of_column, ptr, tr
from deskcrm.domain.conflicts.model import Choice, ConflictKind
from deskcrm.domain.conflicts.queries import ConflictRow
from deskcrm.ui.conflicts.text import TextSide
from deskcrm.ui.kit import dates, parts, theme
from deskcrm.ui.kit.chips import HEIGHT, ChipLabel
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.tickets.shapes import Link

if TYPE_CHECKING:
    from deskcrm.ui.conflicts.screen import ConflictsScreen

_BESIDE = 520
"""From this width on the sides stand beside one another."""


@dataclass(frozen=True, slots=True)
class Side:
    """One value with whose it is and what can be done with it."""

    caption: str
    who: str
    at: datetime | None
    values: tuple[str, ...]
    stands: bool
    button: str
    action: str
    key: str


class SideCard(QFrame):
    """A value in a frame, with a button that lets it stand."""

    def __init__(self, side: Side, columns: tuple[str, ...], screen: "ConflictsScreen") -> None:
        super().__init__()
        self.setProperty("surface", "card" if side.action else "sunken")
        head = parts.row(parts.label(side.caption, "strong", wrap=True), spacing=6)
        head.setStretch(0, 1)
        head.addStrut(HEIGHT + 2)  # the captions are level, with a chip beside them or without
        if side.stands:
            chip = ChipLabel(ptr("conflict", "Stands"), Tone.OK, "check")
            head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        when = dates.full(side.at) if side.at is not None else ""
        under = "\n".join(one for one in (side.who, when) if one)
        column = parts.column(head, spacing=6, margins=14)
        if under:
            column.addWidget(parts.label(under, "faint", wrap=True))
        column.addSpacing(2)
        for at, value in enumerate(side.values):
            if len(side.values) > 1 and at < len(columns):
                column.addWidget(parts.label(of_column(columns[at]), "caption"))
            said = parts.label(value, wrap=True, select=True)
            said.setFont(theme.font(theme.sizes().base + 1))
            column.addWidget(said)
        column.addSpacing(4)
        column.addStretch(1)
        self.button = None
        if side.action:
            from deskcrm.ui.conflicts import actions

            self.button = parts.button(
                side.button, lambda: actions.run(screen, side.action), hint=side.key
            )
            self.button.setAccessibleName(f"{side.button}: {', '.join(side.values)}")
            column.addWidget(self.button)
        self.setLayout(column)


class ConflictRecord(QWidget):
    """Shows the current conflict; its buttons are the screen's actions."""

    def __init__(self, screen: "ConflictsScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self._row: ConflictRow | None = None
        self.title = parts.label("", "display", wrap=True, select=True)
        self.about = Link("", self._open)
        self.why = parts.label("", "muted", wrap=True)
        self.text = TextSide(screen)
        self.sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.sides.setSpacing(10)
        self.settled = parts.label("", "strong", wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        about = parts.row(parts.Picture("clients"), spacing=4)
        about.addWidget(self.about, 1)
        inside.setLayout(
            parts.column(
                self.title,
                about,
                self.why,
                self.settled,
                4,
                self.text,
                self.sides,
                None,
                spacing=10,
                margins=(24, 20, 20, 20),
            )
        )
        self.setLayout(parts.column(Scroll(inside), spacing=0))

    def _open(self) -> None:
        from deskcrm.ui.conflicts import actions

        actions.open_record(self.screen_)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE
        way = QBoxLayout.Direction
        self.sides.setDirection(way.LeftToRight if beside else way.TopToBottom)

    def show_conflict(self, row: ConflictRow) -> None:
        """Show a conflict."""
        from deskcrm.ui.conflicts.screen import thing

        self._row = row
        self.title.setText(row.field)
        self.about.say(thing(row), tr("Open {name}", name=thing(row)))
        self.why.setText(_why(row))
        is_open = row.choice is Choice.OPEN
        self.settled.setVisible(not is_open)
        self.settled.setText("" if is_open else _settled(row))
        parts.clear(self.sides)
        for side in _sides(row, is_open=is_open):
            self.sides.addWidget(SideCard(side, row.columns, self.screen_), 1)
        self.text.show_conflict(row if is_open and row.kind is ConflictKind.TEXT else None)


def _why(row: ConflictRow) -> str:
    return {
        ConflictKind.LATER: tr(
            "Both changed it without knowing of one another. The later change stands for now."
        ),
        ConflictKind.RULE: tr("Both changed it at once; a rule for this kind of value decided."),
        ConflictKind.TEXT: tr(
            "Both rewrote the same words. Everything is in the text now; the later words stand in"
            " ⟦double brackets⟧. Put it right and save it."
        ),
        ConflictKind.DELETED: tr(
            "One deleted it while the other edited it. It stays, with the edit, until you decide."
        ),
    }[row.kind]


def _settled(row: ConflictRow) -> str:
    said = {
        Choice.KEPT: tr("It was left as it stood"),
        Choice.LOST: tr("The other value was put back"),
        Choice.EDITED: tr("It was written anew"),
        Choice.OPEN: "",
    }[row.choice]
    by = row.resolved_by or tr("automatically")
    when = dates.unbroken(dates.full(row.resolved_at)) if row.resolved_at is not None else ""
    return " · ".join(one for one in (said, by, when) if one)


def _sides(row: ConflictRow, *, is_open: bool) -> list[Side]:
    """Mine first where one is mine, then theirs, then what both began from."""
    is_deletion = row.kind is ConflictKind.DELETED
    kept = Side(
        _caption(row.kept_by, is_mine=row.kept_is_mine, is_other_mine=row.lost_is_mine),
        row.kept_by,
        row.kept_at,
        row.kept,
        row.choice in (Choice.OPEN, Choice.KEPT),
        tr("Keep it") if is_deletion else tr("Let it stand"),
        "conflicts.keep" if is_open else "",
        "S",
    )
    lost = Side(
        _caption(row.lost_by, is_mine=row.lost_is_mine, is_other_mine=row.kept_is_mine),
        row.lost_by,
        row.lost_at,
        row.lost,
        row.choice is Choice.LOST,
        tr("Delete it") if is_deletion else tr("Put it back"),
        "conflicts.put_back" if is_open else "",
        "B",
    )
    base = Side(ptr("conflict", "Before"), "", None, row.base, False, "", "", "")
    if row.kind is ConflictKind.TEXT:
        return [lost, base] if is_open else [kept, lost, base]
    sides = [lost, kept] if row.lost_is_mine else [kept, lost]
    return sides if is_deletion else [*sides, base]


def _caption(name: str, *, is_mine: bool, is_other_mine: bool) -> str:
    if is_mine and is_other_mine:
        return ptr("conflict", "Mine, from another device")
    if is_mine:
        return ptr("conflict", "Mine")
    return ptr("conflict", "Theirs") if is_other_mine else name or tr("Somebody")
