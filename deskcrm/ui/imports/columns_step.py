"""What was found out about the file, what each column holds, and how rows meet what is there."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.imports.fields import CUSTOM, FIELDS, SEVERAL, ImportField, Target, label_of
from deskcrm.domain.imports.importing import Columns
from deskcrm.domain.imports.mapping import Mapped, Suggestion
from deskcrm.domain.imports.matching import KEYS
from deskcrm.domain.imports.plan import Mode, Wish
from deskcrm.domain.imports.preparing import is_of_people
from deskcrm.domain.imports.reading.sheet import Sheet
from deskcrm.ui.imports import words
from deskcrm.ui.imports.findings import Findings
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.scroll import Scroll

_SAMPLES: Final = 3
_LINES_SHOWN: Final = 4
_ONCE: Final = (Target.INTERACTIONS, Target.TICKETS, Target.ANSWERS)
"""What happened once; there is nothing about it that a file would change."""


class ColumnsStep(QWidget):
    """Everything that a person decides about a file before its rows are looked at."""

    target_chosen = Signal(object)
    answered = Signal(str, str)
    """Something about the file was answered: what, and how."""
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._columns: Columns | None = None
        self._fields: list[ComboBox] = []
        self.target = ComboBox(tr("What the rows are"))
        self.mode = ComboBox(tr("Those who are there already"))
        self.key = ComboBox(tr("Found by"))
        self._fill_choices()
        self.findings = Findings()
        self.findings.answered.connect(self.answered)
        self.left_out = parts.label("", "muted", wrap=True)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(0, 11)
        self.grid.setColumnStretch(1, 6)
        self.grid.setColumnStretch(2, 7)
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                self._choices(),
                self.findings,
                self.left_out,
                8,
                self.grid,
                None,
                spacing=12,
                margins=(24, 8, 24, 24),
            )
        )
        self.setLayout(parts.column(Scroll(inside)))

    def _fill_choices(self) -> None:
        for target in Target:
            self.target.addItem(of(target), target)
        for mode, text in words.modes():
            self.mode.addItem(text, mode)
        self.target.activated.connect(
            lambda _: self.target_chosen.emit(Target(self.target.currentData()))
        )
        self.mode.activated.connect(lambda _: self._show_key())

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self._key_caption = parts.label(tr("Found by"), "caption")
        captions = (
            parts.label(tr("What the rows are"), "caption"),
            parts.label(tr("Those who are there already"), "caption"),
            self._key_caption,
        )
        for column, (caption, field) in enumerate(
            zip(captions, (self.target, self.mode, self.key), strict=True)
        ):
            caption.setBuddy(field)
            grid.addWidget(caption, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def show_file(self, sheet: Sheet, columns: Columns) -> None:
        """Show a file and what its columns most likely hold."""
        self._sheet, self._columns = sheet, columns
        self.target.setCurrentIndex(self.target.findData(columns.target))
        self.left_out.setText(_left_out(sheet))
        self.left_out.setVisible(bool(sheet.left_out))
        self._show_columns(sheet, columns)
        self._show_mode(columns)
        self.findings.show_file(sheet, self.mapped(), columns)

    def _show_columns(self, sheet: Sheet, columns: Columns) -> None:
        parts.clear(self.grid)
        self._fields.clear()
        heads = (tr("Column of the file"), tr("Holds"), tr("Why"))
        for place, text in enumerate(heads):
            self.grid.addWidget(parts.label(text, "caption"), 0, place)
        for one in columns.suggestions:
            row = one.column + 1
            samples = dict.fromkeys(
                line.cells[one.column] for line in sheet.lines[:50] if line.cells[one.column]
            )
            name = parts.ElidedLabel(sheet.headers[one.column], "strong")
            under = parts.ElidedLabel(" · ".join(list(samples)[:_SAMPLES]), "muted")
            self.grid.addLayout(parts.column(name, under, spacing=0), row, 0)
            field = self._field(sheet.headers[one.column], one.key, columns)
            self.grid.addWidget(field, row, 1)
            why = parts.ElidedLabel(one.why, "muted")
            self.grid.addWidget(why, row, 2)
            field.activated.connect(partial(self._was_chosen, why))
            self._fields.append(field)

    def _field(self, header: str, key: str, columns: Columns) -> ComboBox:
        field = ComboBox(tr("“{column}” holds", column=header))
        field.addItem(tr("(left out)"), "")
        for one in FIELDS[columns.target]:
            field.addItem(of(one), one.value)
        if is_of_people(columns.target):
            for custom_key, name in columns.names.items():
                field.addItem(name, custom_key)
        field.setCurrentIndex(max(0, field.findData(key)))
        return field

    def _was_chosen(self, why: parts.ElidedLabel, _index: int) -> None:
        why.setText(tr("you said so"))
        assert self._sheet is not None
        assert self._columns is not None
        self.findings.show_file(self._sheet, self.mapped(), self._columns)
        self._show_key()
        self.changed.emit()

    def _show_mode(self, columns: Columns) -> None:
        can_change = columns.target not in _ONCE
        if not can_change:
            self.mode.setCurrentIndex(0)
        self.mode.setEnabled(can_change)
        self._show_key()

    def _show_key(self) -> None:
        """Offer what is in the file to find those by who are there already."""
        assert self._columns is not None
        held = self.mapped().values()
        wanted = self.key.currentData()
        keys = [key.value for key in KEYS if key in held or key is ImportField.NAME]
        keys += [key for key in held if key.startswith(CUSTOM)]
        self.key.clear()
        for key in keys:
            self.key.addItem(label_of(key, self._columns.names), key)
        self.key.setCurrentIndex(max(0, self.key.findData(wanted)))
        is_wanted = self.mode.currentData() != Mode.CREATE
        self.key.setVisible(is_wanted)
        self._key_caption.setVisible(is_wanted)

    def chosen(self) -> Columns:
        """Give the columns with what was chosen for them so far."""
        assert self._columns is not None
        kept = zip(self._columns.suggestions, self._fields, strict=True)
        suggestions = [
            one
            if one.key == (key := str(field.currentData() or ""))
            else Suggestion(one.column, key, tr("you said so"))
            for one, field in kept
        ]
        return replace(self._columns, suggestions=suggestions)

    def mapped(self) -> Mapped:
        """Give what the columns hold, as chosen; of two that may not both hold it, the first."""
        found: Mapped = {}
        for index, field in enumerate(self._fields):
            key = str(field.currentData() or "")
            may_repeat = bool(key) and not key.startswith(CUSTOM) and ImportField(key) in SEVERAL
            if key and (may_repeat or key not in found.values()):
                found[index] = key
        return found

    def wish(self) -> Wish:
        """Give what the rows are to do."""
        assert self._columns is not None
        mode = Mode(self.mode.currentData())
        key = "" if mode is Mode.CREATE else str(self.key.currentData() or "")
        return Wish(self._columns.target, mode, key)


def _left_out(sheet: Sheet) -> str:
    shown = "; ".join(
        tr("line {n}: {text}", n=one.number, text=one.text[:60])
        for one in sheet.left_out[:_LINES_SHOWN]
    )
    more = len(sheet.left_out) - _LINES_SHOWN
    tail = "; " + tr("and {n} more", n=more) if more > 0 else ""
    return tr("Not rows, and so left out: {lines}", lines=shown + tail)
