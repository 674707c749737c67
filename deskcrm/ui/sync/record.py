"""One step beside the list: what it was, why it was refused, and everything in it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.conflicts.steps import (
    ChangeSaid,
    Shelf,
    StepRow,
    StepSaid,
    ValueSaid,
    read_step,
)
from deskcrm.ui.kit import dates, parts, theme
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sync import words

if TYPE_CHECKING:
    from deskcrm.ui.sync.screen import SyncScreen


class StepRecord(QWidget):
    """Shows the current step; its buttons are the screen's actions."""

    def __init__(self, screen: "SyncScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.title = parts.label("", "heading", wrap=True, select=True)
        self.when = parts.label("", "muted", wrap=True)
        self.reason = parts.label("", "strong", wrap=True, select=True)
        self.advice = parts.label("", wrap=True)
        self.reason_card = parts.surface("notice")
        self.reason_card.setLayout(
            parts.column(self.reason, self.advice, spacing=4, margins=(14, 10, 14, 12))
        )
        self.deeds = self._deeds()
        self.changes = parts.column(spacing=theme.sizes().m)
        self._lay_out()

    def _deeds(self) -> DeedBar:
        from deskcrm.ui.sync import actions

        return DeedBar(
            self.screen_,
            (tr("Do it again"), "redo", actions.again),
            (tr("Let it go"), "close", actions.drop),
            (tr("Take it up again"), "undo", actions.take),
            (tr("Copy"), "copy", actions.copy),
            (tr("Export…"), "download", actions.export),
        )

    def _offer(self, shelf: Shelf) -> None:
        from deskcrm.ui.sync import actions

        always = (actions.copy, actions.export)
        if shelf is Shelf.REFUSED:
            self.deeds.offer(actions.again, actions.drop, *always)
        elif shelf is Shelf.LET_GO:
            self.deeds.offer(actions.again, actions.take, *always)
        else:
            self.deeds.offer(*always)

    def _lay_out(self) -> None:
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                self.title,
                self.when,
                4,
                self.reason_card,
                self.deeds,
                parts.line(),
                self.changes,
                None,
                spacing=10,
                margins=(24, 18, 24, 20),
            )
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.setLayout(parts.column(scroll, spacing=0))

    def show_step(self, row: StepRow) -> None:
        """Show a step; its content follows."""
        self.title.setText(row.label)
        self.when.setText(f"{dates.full(row.at)} · {row.actor or tr('Somebody')}")
        was_refused = self.screen_.shelf_name in (Shelf.REFUSED, Shelf.LET_GO)
        self.reason_card.setVisible(was_refused)
        self.reason.setText(words.refusal(row.refusal))
        self.advice.setText(words.refusal_advice(row.refusal))
        self._offer(self.screen_.shelf_name)
        parts.clear(self.changes)
        self.screen_.desk.ask(self, read_step, row.id).then(self._show_content)

    def _show_content(self, said: StepSaid | None) -> None:
        parts.clear(self.changes)
        if said is None:
            return
        for change in said.changes:
            self.changes.addWidget(_change(change))
        if said.more:
            rest = ntr("and {n} more change", "and {n} more changes", said.more)
            self.changes.addWidget(parts.label(rest, "muted"))


def kind_chip(kind: str) -> tuple[str, Tone]:
    """Say what was done to a row."""
    return {
        "create": (ptr("change", "added"), Tone.OK),
        "set": (ptr("change", "changed"), Tone.INFO),
        "delete": (ptr("change", "deleted"), Tone.DANGER),
        "undelete": (ptr("change", "brought back"), Tone.OK),
        "erase": (ptr("change", "erased"), Tone.DANGER),
    }.get(kind, (kind, Tone.NEUTRAL))


def _change(change: ChangeSaid) -> QWidget:
    made = QWidget()
    head = parts.row(parts.label(change.thing, "strong", wrap=True, select=True), spacing=8)
    head.setStretch(0, 1)
    head.addWidget(ChipLabel(*kind_chip(change.kind)), 0, Qt.AlignmentFlag.AlignTop)
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for at, value in enumerate(change.values):
        caption = parts.label(value.caption, "muted", wrap=True)
        caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        caption.setFixedWidth(132)
        grid.addWidget(caption, at, 0, Qt.AlignmentFlag.AlignTop)
        shown = parts.column(parts.label(_values(value), wrap=True, select=True), spacing=2)
        if marks := words.marks(value.after):
            shown.addWidget(parts.label(marks, "faint", wrap=True))
        grid.addLayout(shown, at, 1, Qt.AlignmentFlag.AlignTop)
    made.setLayout(parts.column(head, grid, spacing=6))
    return made


def _values(value: ValueSaid) -> str:
    if value.before is None:
        return value.after
    # Between texts of several lines an arrow within a line would be lost.
    arrow = "\n→\n" if "\n" in value.before + value.after else " → "
    return f"{value.before}{arrow}{value.after}"


def as_text(said: StepSaid) -> str:
    """Write a step down for a letter or a file, all of it."""
    row = said.row
    lines = [row.label, f"{dates.full(row.at)} · {row.actor or tr('Somebody')}"]
    if row.refusal:
        lines.append(words.refusal(row.refusal))
    for change in said.changes:
        lines += ["", f"{change.thing} ({kind_chip(change.kind)[0]})"]
        for value in change.values:
            lines.append(f"  {value.caption}: {_values(value)}")
            if marks := words.marks(value.after):
                lines.append(f"  {marks}")
    if said.more:
        lines += ["", ntr("and {n} more change", "and {n} more changes", said.more)]
    return "\n".join(lines) + "\n"
