"""Reads CSV in any dialect; what its writers did wrong is kept to the rows where they did it."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.delimiters import (
    Dialect,
    declared,
    find_delimiter,
    find_dialect,
)
from deskcrm.domain.imports.reading.limits import (
    Limits,
    Unreadable,
    too_many_columns,
    too_many_rows,
)
from deskcrm.domain.imports.reading.sheet import Guess, Line

_SAMPLE: Final = 200
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNCLOSED_AT_MOST: Final = 20
_FORMULA: Final = re.compile(r"^'[=+\-@\t\r]")


def read_csv(text: str, delimiter: str, limits: Limits, job: Job) -> tuple[list[Line], Guess]:
    """Read the rows of a text, each with the line it begins on; and the separator found."""
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
    lines = list(io.StringIO(text, newline=""))
    first = 0
    named = declared(lines[0]) if lines else ""
    if named:
        first, guess = 1, Guess(named, 1.0, tr("the file says so itself"))
    else:
        guess = find_delimiter(_sample(lines))
    if delimiter:
        guess = Guess(delimiter, 1.0, tr("you said so"), guess.others)
    dialect = find_dialect(lines[first : first + _SAMPLE], guess.value)
    return list(_rows(lines, first, dialect, limits, job)), guess


def _sample(lines: list[str]) -> list[str]:
    return [line for line in islice(lines, _SAMPLE * 2) if line.strip()][:_SAMPLE]


class _Feed:
    """Gives lines to a reader, and knows where it is: another reader can go on from there."""

    def __init__(self, lines: list[str], position: int) -> None:
        self._lines, self.position = lines, position

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.position >= len(self._lines):
            raise StopIteration
        self.position += 1
        return self._lines[self.position - 1]


def _rows(
    lines: list[str], first: int, dialect: Dialect, limits: Limits, job: Job
) -> Iterator[Line]:
    """Read rows; a quotation that is opened and not properly closed costs only its own line."""
    csv.field_size_limit(limits.file_bytes)
    feed, count, unclosed = _Feed(lines, first), 0, 0
    while feed.position < len(lines):
        begins = feed.position
        reader = _reader(feed, dialect, strict=True)
        try:
            for cells in reader:
                count += 1
                if count > limits.rows:
                    raise too_many_rows(limits)
                if count % 2_000 == 0:
                    job.progress(feed.position, len(lines))
                if cells:
                    yield _line(begins + 1, cells, limits)
                begins = feed.position
        except csv.Error:
            is_unclosed = feed.position > begins + 1 or not _closes(lines[begins], dialect)
            unclosed += is_unclosed
            if unclosed > _UNCLOSED_AT_MOST:
                raise _unpaired() from None
            yield _odd_line(lines[begins], begins + 1, dialect, limits, is_unclosed)
            feed.position = begins + 1


def _reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape,
        doublequote=dialect.escape is None, strict=strict,
    )  # fmt: skip


def _closes(line: str, dialect: Dialect) -> bool:
    """Tell whether the last line of a text ends outside of a quotation."""
    try:
        next(_reader([line], dialect, strict=True), None)
    except csv.Error as error:
        return "unexpected end" not in str(error)
    return True


def _odd_line(line: str, number: int, dialect: Dialect, limits: Limits, is_unclosed: bool) -> Line:
    """Read a line by itself: what follows a closing mark is taken along, an open one is told."""
    if not is_unclosed:
        return _line(number, next(_reader([line], dialect, strict=False)), limits)
    [cells] = csv.reader([line], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    read = _line(number, cells, limits)
    read.trouble = tr("a quotation mark is opened and never closed")
    return read


def _line(number: int, cells: list[str], limits: Limits) -> Line:
    if len(cells) > limits.columns:
        raise too_many_columns(limits)
    line = Line(number, [_cleaned(cell) for cell in cells])
    if any(len(cell) > limits.cell for cell in cells):
        line.cells = [cell[: limits.cell] for cell in line.cells]
        line.trouble = tr("a cell is longer than {n} characters", n=f"{limits.cell:,}")
    elif any("\ufffd" in cell for cell in cells):
        line.trouble = tr("letters in it could not be read")
    return line


def _cleaned(cell: str) -> str:
    """Trim, and take back the apostrophe that keeps a spreadsheet from reckoning."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def _unpaired() -> Unreadable:
    return Unreadable(
        tr("Quotation marks are opened in the file and never closed, in many places."),
        tr("Open it in a spreadsheet and save it as XLSX, then choose that file."),
    )
