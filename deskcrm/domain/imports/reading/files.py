"""Reads a file of any kind that is known, by what is in it rather than by what it is called."""

from pathlib import Path
from typing import Final

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading import columns, encodings
from deskcrm.domain.imports.reading.csv_text import read_csv
from deskcrm.domain.imports.reading.headers import Arranged, Known, Merged, arrange
from deskcrm.domain.imports.reading.json_lines import read_json
from deskcrm.domain.imports.reading.limits import USUAL, Limits, Unreadable, too_large
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Guess, Line, Reading, Sheet
from deskcrm.domain.imports.reading.vcards import read_vcards
from deskcrm.domain.imports.reading.workbooks import check_archive, read_workbook

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".vcf",
                   ".jsonl", ".ndjson", ".json")  # fmt: skip
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_WORKBOOKS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_MANIFEST: Final = "manifest.json"
"""Says of an archive what it holds: see ``domain/exports``."""
_OTHERS: Final = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "RAR"), (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"), (b"\x7fELF", "ELF"), (b"MZ", "EXE"),
)  # fmt: skip


def read_file(
    path: Path, *, known: Known, how: Reading = FIND_OUT, limits: Limits = USUAL, job: Job
) -> Sheet:
    """Read a file; raises Unreadable in words, and never gives half of it."""
    content = _content(path, limits)
    if content.startswith((_ZIP, _OLE)):
        sheet = _workbook(content, how, known, limits, job)
    else:
        sheet = _text(content, path.suffix.lower(), how, known, limits, job)
    if not sheet.lines:
        raise Unreadable(
            tr("There are no rows in the file."), tr("Choose another file, or another sheet of it.")
        )
    job.progress(0, 0)
    columns.judge(sheet, dates=how.dates, decimal=how.decimal)
    return sheet


def _content(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable(tr("“{name}” is not a file.", name=path.name), tr("Choose a file."))
        if size > limits.file_bytes:
            raise too_large(size, limits.file_bytes)
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            tr("“{name}” cannot be read.", name=path.name), str(error.strerror or error)
        ) from error
    if not content.strip(b"\r\n\t \0"):
        raise Unreadable(tr("The file is empty."), tr("Choose another file."))
    for mark, name in _OTHERS:
        if content.startswith(mark):
            raise Unreadable(
                tr("This is a file of the kind {kind}, which holds no table.", kind=name),
                tr("Choose CSV, XLSX, XLS, ODS, vCard or JSON lines."),
            )
    return content


def _workbook(content: bytes, how: Reading, known: Known, limits: Limits, job: Job) -> Sheet:
    form = "xls"
    if content.startswith(_ZIP):
        names = check_archive(content, limits)
        if _MANIFEST in names:
            raise Unreadable(
                tr("This is an export of everything, not one table."),
                tr("Bring it into an empty workspace: Settings, Backups."),
            )
        if not any(name in names for name in _WORKBOOKS):
            raise Unreadable(
                tr("This archive is no workbook."),
                tr("Unpack it and choose the file within, or save the table as XLSX."),
            )
        form = "ods" if "content.xml" in names else "xlsx"
    lines, page, merged = read_workbook(content, how.sheet, limits, job)
    sheet = _arranged(form, lines, how, known, merged)
    sheet.page = page
    return sheet


def _text(
    content: bytes, suffix: str, how: Reading, known: Known, limits: Limits, job: Job
) -> Sheet:
    encoding = encodings.find_encoding(content)
    if how.encoding:
        encoding = Guess(how.encoding, 1.0, tr("you said so"), encoding.others)
    text = encodings.decode(content, encoding.value)
    start = text[:2_000].lstrip().lower()
    _refuse_markup(start)
    named = Guess("0", 1.0, tr("the names are in the data itself"))
    if start.startswith("begin:vcard") or suffix == ".vcf":
        lines = read_vcards(content, encoding.value, limits, job)
        sheet = Sheet("vcard", lines[0].cells, lines[1:], named)
        sheet.encoding = encoding
        return sheet
    if suffix in (".jsonl", ".ndjson", ".json") or start.startswith(("{", "[{")):
        lines = read_json(text, limits, job)
        return Sheet("json", lines[0].cells, lines[1:], named, encoding=encoding)
    lines, delimiter = read_csv(text, how.delimiter, limits, job)
    sheet = _arranged("csv", lines, how, known, ())
    sheet.encoding, sheet.delimiter = encoding, delimiter
    return sheet


def _arranged(form: str, lines: list[Line], how: Reading, known: Known, merged: Merged) -> Sheet:
    found: Arranged = arrange(lines, known, header=how.header, merged=merged)
    return Sheet(
        form, found.headers, found.lines, found.header, found.header_lines, left_out=found.left_out
    )


def _refuse_markup(start: str) -> None:
    if start.startswith(("<html", "<!doctype html", "<table", "<?xml", "<meta", "<style")):
        raise Unreadable(
            tr("This is a web page or XML, whatever its name says."),
            tr("Open it in a spreadsheet and save it as XLSX, then choose that file."),
        )
