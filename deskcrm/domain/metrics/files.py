"""Writes tables into files that other programs read: CSV and XLSX."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.metrics.figures import Unit
from deskcrm.domain.metrics.sheets import Amount, Cell, Sheet, plain_number, rows_of
from deskcrm.domain.spreadsheets import as_text

if TYPE_CHECKING:
    from xlsxwriter import Format, Workbook, Worksheet

_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans("[]:*?/\\", "       ")
_FORMATS: Final = {
    Unit.COUNT: "#,##0",
    Unit.PERCENT: "0.0%",
    Unit.POINTS: "0.0",
    Unit.SCALE_OF_7: "0.00",
    Unit.SECONDS: "[h]:mm",
    Unit.MONEY: "#,##0.00",
}
_DAY: Final = "yyyy-mm-dd"
_MOMENT: Final = "yyyy-mm-dd hh:mm"


def write_csv(sheets: Sequence[Sheet], path: Path) -> None:
    """Write tables one under another; raises UserError, in words, when it cannot be written.

    In UTF-8 with a mark, by which Excel knows it; text that a spreadsheet would take for a formula
    has an apostrophe before it.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for row in rows_of(sheets):
                writer.writerow([_csv_cell(cell) for cell in row])
    except OSError as error:
        raise _unwritable(path) from error


def _csv_cell(cell: Cell) -> str | float:
    if isinstance(cell, Amount):
        number = round(plain_number(cell), 4)
        return int(number) if number == int(number) else number
    if isinstance(cell, datetime):
        return f"{cell.astimezone():%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return as_text(cell or "")


def write_xlsx(sheets: Sequence[Sheet], path: Path) -> None:
    """Write a workbook with a table on each sheet, numbers as numbers and days as days.

    Raises UserError, in words, when it cannot be written.
    """
    from xlsxwriter import Workbook  # 40 ms, for nothing but this
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(path)
    for sheet in sheets:
        _write_sheet(book, sheet)
    try:
        book.close()
    except FileCreateError as error:
        raise _unwritable(path) from error


def _write_sheet(book: "Workbook", sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME])
    head = book.add_format({"bold": True, "bottom": 1})
    formats: dict[str, Format] = {
        code: book.add_format({"num_format": code}) for code in (*_FORMATS.values(), _DAY, _MOMENT)
    }
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, head)
        longest = max((len(_said(row[column])) for row in sheet.rows), default=0)
        page.set_column(column, column, min(max(len(title), longest) + 2, 60))
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, formats)
    page.freeze_panes(1, 1)


def _said(cell: Cell) -> str:
    return cell if isinstance(cell, str) else "0000000000"


def _write_cell(
    page: "Worksheet", row: int, column: int, cell: Cell, formats: "dict[str, Format]"
) -> None:
    if isinstance(cell, Amount):
        value = cell.value
        if cell.unit is Unit.PERCENT:
            value /= 100
        elif cell.unit is Unit.SECONDS:
            value /= 86_400
        elif cell.unit is Unit.MONEY:
            value /= 100
        page.write_number(row, column, value, formats[_FORMATS[cell.unit]])
    elif isinstance(cell, datetime):
        local = cell.astimezone().replace(tzinfo=None)
        page.write_datetime(row, column, local, formats[_MOMENT])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats[_DAY])
    elif cell:
        page.write_string(row, column, cell)  # never write(): that reads "=…" as a formula


def _unwritable(path: Path) -> UserError:
    return UserError(
        tr("“{name}” cannot be written.", name=path.name),
        tr("Choose another place, or make room on the disk."),
    )
