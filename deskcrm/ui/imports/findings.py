"""What was found out about a file: each can be corrected, and what is not certain says so."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout

from deskcrm.base.words import tr
from deskcrm.domain.imports.importing import Columns
from deskcrm.domain.imports.mapping import Mapped
from deskcrm.domain.imports.preparing import findings
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
    captions = {
        "encoding": (tr("Encoding"), encodings.OFFERED),
        "delimiter": (tr("Cells are separated by"), delimiters.OFFERED),
        "sheet": (tr("Sheet"), sheet.page.others if sheet.page is not None else ()),
        "header": (tr("Names of the columns"), sheet.header.others),
        "region": (tr("Phones without a country code"), OFFERED),
        "dates": (tr("Dates are written"), ORDERS),
        "decimal": (tr("Fractions are written with"), DECIMALS),
    }
    region = find_region(sheet, mapped, columns.region, columns.region_said)
    found: dict[str, Guess] = {}
    for one in findings(sheet, mapped, region):
        known = found.get(one.about)
        if known is None or one.guess.confidence < known.confidence:
            found[one.about] = one.guess  # of several columns, the one to look at
    return [
        (about, captions[about][0], guess, captions[about][1])
        for about, guess in found.items()
        if captions[about][1]  # what there is nothing else to choose for needs no line
    ]
