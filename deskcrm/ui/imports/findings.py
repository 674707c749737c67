"""What was found out about a file: each can be corrected, and what is not certain says so."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from deskcrm.base.words import tr
from deskcrm.domain.imports.fields import DAYS, NUMBERS
from deskcrm.domain.imports.importing import Columns
from deskcrm.domain.imports.mapping import Mapped
from deskcrm.domain.imports.reading import delimiters, encodings
from deskcrm.domain.imports.reading.columns import DECIMALS, ORDERS
from deskcrm.domain.imports.reading.sheet import Guess, Sheet
from deskcrm.domain.imports.regions import OFFERED, find_region
from deskcrm.ui.imports import words
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.tokens import Tone


class Findings(QFrame):
    """A line for each finding: what it is about, what was found, and why."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "well")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)

    def show_file(self, sheet: Sheet, mapped: Mapped, columns: Columns) -> None:
        """Show what was found out about a file, the uncertain first."""
        parts.clear(self._grid)
        found = sorted(_findings(sheet, mapped, columns), key=lambda one: one[2].is_sure)
        for row, (about, caption, guess, offered) in enumerate(found):
            self._add(row, about, caption, guess, offered)
        self.setVisible(bool(found))

    def _add(
        self, row: int, about: str, caption: str, guess: Guess, offered: tuple[str, ...]
    ) -> None:
        field = ComboBox(caption)
        for value in dict.fromkeys((guess.value, *offered)):
            field.addItem(words.value_of(about, value), value)
        field.setCurrentIndex(0)
        field.activated.connect(lambda _: self.answered.emit(about, str(field.currentData())))
        label = parts.label(caption)
        label.setBuddy(field)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)
        if guess.is_sure:
            self._grid.addWidget(parts.label(guess.why, "muted", wrap=True), row, 2)
            return
        chip = ChipRow([Chip(tr("Please check"), Tone.WARNING, "warning")])
        agree = parts.button(
            tr("It is so"), lambda: self.answered.emit(about, guess.value), look="link"
        )
        line = parts.row(chip, parts.ElidedLabel(guess.why, "muted"), spacing=8)
        line.setStretch(1, 1)
        line.setAlignment(chip, Qt.AlignmentFlag.AlignVCenter)
        if guess.value != "mixed":
            line.addWidget(agree)
        self._grid.addLayout(line, row, 2)


def _findings(
    sheet: Sheet, mapped: Mapped, columns: Columns
) -> list[tuple[str, str, Guess, tuple[str, ...]]]:
    found: list[tuple[str, str, Guess | None, tuple[str, ...]]] = [
        ("encoding", tr("Encoding"), sheet.encoding, encodings.OFFERED),
        ("delimiter", tr("Cells are separated by"), sheet.delimiter, delimiters.OFFERED),
    ]
    if sheet.page is not None and sheet.page.others:
        found.append(("sheet", tr("Sheet"), sheet.page, sheet.page.others))
    if sheet.header.others:
        found.append(("header", tr("Names of the columns"), sheet.header, sheet.header.others))
    region = find_region(sheet, mapped, columns.region, columns.region_said)
    found.append(("region", tr("Phones without a country code"), region, OFFERED))
    for about, caption, guesses, kinds, offered in (
        ("dates", tr("Dates are written"), sheet.dates, DAYS, ORDERS),
        ("decimal", tr("Fractions are written with"), sheet.decimals, NUMBERS, DECIMALS),
    ):
        of_kind = [guesses[i] for i, key in mapped.items() if key in kinds and i in guesses]
        if of_kind:
            found.append((about, caption, min(of_kind, key=lambda one: one.confidence), offered))
    return [
        (about, caption, guess, offered)
        for about, caption, guess, offered in found
        if guess is not None
    ]
