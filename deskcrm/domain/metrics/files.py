"""Writes tables into files that other programs read: CSV and XLSX."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.metrics.figures import Unit
from deskcrm.domain.metrics.sheets import Amount, Cell, Written, plain_number, rows_of
from deskcrm.domain.spreadsheets import as_text
from deskcrm.store.files import cannot_write, written_whole

if TYPE_CHECKING:
    from xlsxwriter import Format, Workbook, Worksheet

MOST_ROWS: Final = 1_048_576
"""So many does Excel take, the names of the columns among them."""
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


def write_csv(
    sheets: Iterable[Written], path: Path, *, is_named: bool = True, mark: bool = True
) -> None:
    """Write tables one under another; raises UserError, in words, when it cannot be written.

    In UTF-8, with a mark by which Excel knows it unless told otherwise; text that a spreadsheet
    would take for a formula has an apostrophe before it. ``is_named``: each under its name.
    """
    with written_whole(path) as file:
        file.write(codecs.BOM_UTF8 if mark else b"")
        writer = csv.writer(SimpleNamespace(write=lambda text: file.write(text.encode())))
        for row in rows_of(sheets) if is_named else chain(*(_plain_rows(one) for one in sheets)):
            writer.writerow([_csv_cell(cell) for cell in row])


def _plain_rows(sheet: Written) -> Iterator[Sequence[Cell]]:
    yield sheet.header
    yield from sheet.rows


def _csv_cell(cell: Cell) -> str | float:
    if isinstance(cell, Amount):
        number = round(plain_number(cell), 4)
        return int(number) if number == int(number) else number
    if isinstance(cell, datetime):
        return f"{cell.astimezone():%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return as_text(cell or "")


def write_xlsx(sheets: Iterable[Written], path: Path) -> None:
    """Write a workbook with a table on each sheet, numbers as numbers and days as days.

    Raises UserError, in words, when it cannot be written. What does not fit into memory lies
    meanwhile in a folder that only its owner can enter, beside the file.
    """
    from xlsxwriter import Workbook  # 40 ms, for nothing but this
    from xlsxwriter.exceptions import FileCreateError

    with (
        written_whole(path) as file,
        TemporaryDirectory(prefix=".deskcrm-", dir=path.parent) as folder,
    ):
        book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        try:
            for sheet in sheets:
                _write_sheet(book, sheet)
            book.close()
        except FileCreateError as error:
            raise cannot_write(path, error.args[0]) from error


def _write_sheet(book: "Workbook", sheet: Written) -> None:
    page = book.add_worksheet(sheet.name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME])
    head = book.add_format({"bold": True, "bottom": 1})
    formats: dict[str, Format] = {
        code: book.add_format({"num_format": code}) for code in (*_FORMATS.values(), _DAY, _MOMENT)
    }
    widths = [len(title) for title in sheet.header]
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, head)
    for number, row in enumerate(sheet.rows, 1):
        if number >= MOST_ROWS:
            raise UserError(
                tr("A workbook holds {n} rows at most.", n=f"{MOST_ROWS:,}"),
                tr("Choose CSV or JSON lines, or narrow down the list."),
            )
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], len(_said(cell)))
            _write_cell(page, number, column, cell, formats)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width + 2, 60))
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
