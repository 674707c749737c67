"""Reads XLSX, XLSB, XLS and ODS with calamine; every cell becomes the text that a person meant."""

import io
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.limits import (
    Limits,
    Unreadable,
    too_large,
    too_many_columns,
    too_many_rows,
)
from deskcrm.domain.imports.reading.sheet import Guess, Line

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = int | float | str | bool | time | date | datetime | timedelta
Merged = list[tuple[tuple[int, int], tuple[int, int]]]
_CHUNK: Final = 1_000_000
_EXACT: Final = 10**15
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError
)  # fmt: skip


def check_archive(content: bytes, limits: Limits) -> list[str]:
    """Unpack an archive without keeping it, as far as the limits go; gives the names within."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                raise _bomb()
            total = 0
            for entry in entries:
                if entry.flag_bits & 1:
                    raise _locked()
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise _damaged()
                total += _unpacked(archive, entry, len(content), total, limits)
            return [entry.filename for entry in entries]
    except _BROKEN as error:
        raise _damaged() from error


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: int, before: int, limits: Limits
) -> int:
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            total = before + size
            if total > limits.unpacked_bytes:
                raise too_large(total, limits.unpacked_bytes)
            if total > limits.small and total > packed * limits.ratio:
                raise _bomb()
    return size


def read_workbook(
    content: bytes, page: str, limits: Limits, job: Job
) -> tuple[list[Line], Guess, Merged]:
    """Read a sheet of a workbook: its rows, which sheet it is, and what is merged in it."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
        names = [one.name for one in book.sheets_metadata if "Hidden" not in str(one.visible)]
        sheets = {name: book.get_sheet_by_name(name) for name in names or book.sheet_names}
    except PasswordError as error:
        raise _locked() from error
    except CalamineError as error:
        raise _damaged() from error
    guess = _choose(sheets, page)
    sheet = sheets[guess.value]
    if sheet.total_height > limits.rows:
        raise too_many_rows(limits)
    if sheet.total_width > limits.columns:
        raise too_many_columns(limits)
    return _rows(sheet, limits, job), guess, list(sheet.merged_cell_ranges or ())


def _choose(sheets: dict[str, "CalamineSheet"], page: str) -> Guess:
    """Choose the sheet: the one that was asked for, or the only one that holds much."""
    filled = {name: sheet.height * sheet.width for name, sheet in sheets.items()}
    if page:
        if page not in sheets:
            raise Unreadable(
                tr("There is no sheet “{name}” in the workbook.", name=page),
                tr("Choose one of: {names}.", names=", ".join(sheets)),
            )
        rest = tuple(name for name in sheets if name != page)
        return Guess(page, 1.0, tr("you said so"), rest)
    held = [name for name in sheets if filled[name]]
    if not held:
        raise Unreadable(tr("The workbook is empty."), tr("Choose another file."))
    best = max(held, key=lambda name: filled[name])
    rest = tuple(name for name in held if name != best)
    if not rest:
        return Guess(best, 1.0, tr("it is the only sheet with anything in it"))
    is_larger = filled[best] >= 5 * max(filled[name] for name in rest)
    return Guess(best, 0.85 if is_larger else 0.6, tr("it is the largest sheet"), rest)


def _rows(sheet: "CalamineSheet", limits: Limits, job: Job) -> list[Line]:
    lines: list[Line] = []
    rows = sheet.to_python(skip_empty_area=False)
    for index, row in enumerate(rows):
        if index % 2_000 == 0:
            job.progress(index, len(rows))
        line = Line(index + 1, [_text(cell) for cell in row])
        if any(len(cell) > limits.cell for cell in line.cells):
            line.cells = [cell[: limits.cell] for cell in line.cells]
            line.trouble = tr("a cell is longer than {n} characters", n=f"{limits.cell:,}")
        lines.append(line)
    return lines


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        is_day = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _bomb() -> Unreadable:
    return Unreadable(
        tr("The file unpacks to far more than a spreadsheet holds."),
        tr("It was not opened. If it is yours, save it anew as CSV."),
    )


def _locked() -> Unreadable:
    return Unreadable(
        tr("The workbook is protected by a password."),
        tr("Save it without one and choose it again."),
    )


def _damaged() -> Unreadable:
    return Unreadable(
        tr("The workbook is damaged."),
        tr("Open it in a spreadsheet, save it anew, and choose it again."),
    )
