"""Reads the lines of a feed, CSV or JSON lines, into cells by column; each line or its reason."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any, Final, Generic, TypeVar

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

T = TypeVar("T")
Cells = dict[str, str]

MOST_LINES: Final = 1_000_000
_LONGEST: Final = 10_000
_MOST_DIGITS: Final = 15
_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not taken, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """A line that was understood."""

    line: int
    row: T


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What came of the lines of a feed: each is taken, said before, or rejected."""

    taken: tuple[Taken[T], ...]
    repeated: int
    """Lines that say exactly what one before them said."""
    rejects: tuple[Reject, ...]

    @property
    def lines(self) -> int:
        """How many lines there were, without the head and empty ones."""
        return len(self.taken) + self.repeated + len(self.rejects)


class Unfit(ValueError):
    """A line cannot be taken; the text says why, in the person's language."""


def read_lines(
    lines: Iterable[str],
    needed: Sequence[str],
    optional: Sequence[str],
    make: Callable[[Cells], T],
    key: Callable[[T], object],
) -> Read[T]:
    """Read a feed: ``make`` gives a row or raises Unfit, ``key`` says what a row is about.

    Of two lines about one thing that say different things the second is rejected: a feed that
    contradicts itself must not decide by the order of its lines.
    """
    understood: list[Taken[T]] = []
    rejects: list[Reject] = []
    for number, cells in _cells(lines, needed, optional):
        try:
            if isinstance(cells, Unfit):
                raise cells
            understood.append(Taken(number, make(cells)))
        except Unfit as unfit:
            rejects.append(Reject(number, str(unfit)))
    return settle(understood, key, rejects)


def settle(
    understood: Iterable[Taken[T]], key: Callable[[T], object], rejects: Iterable[Reject]
) -> Read[T]:
    """Take each thing once, count what is said again, and reject what contradicts a line before."""
    refused, repeated = list(rejects), 0
    first: dict[object, Taken[T]] = {}
    for one in understood:
        before = first.setdefault(key(one.row), one)
        if before is not one and before.row == one.row:
            repeated += 1
        elif before is not one:
            refused.append(Reject(one.line, tr("Line {n} says otherwise.", n=before.line)))
    refused.sort(key=lambda reject: reject.line)
    return Read(tuple(first.values()), repeated, tuple(refused))


def _cells(
    lines: Iterable[str], needed: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[int, Cells | Unfit]]:
    numbered = _numbered(lines)
    first = next(numbered, None)
    if first is None:
        raise UserError(tr("There is nothing in this file."), tr("Look into it, and choose again."))
    if first[1].lstrip().startswith("["):
        yield from _json_list(chain([first], numbered), {*needed, *optional})
    elif first[1].lstrip().startswith("{"):
        yield from _json_lines(chain([first], numbered), {*needed, *optional})
    else:
        yield from _csv_lines(first, numbered, needed, optional)


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Number the lines from 1, leave out empty ones, and stop where there are too many."""
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise UserError(
                tr("This file has more than {n} lines.", n=MOST_LINES),
                tr("Send it in several parts."),
            )
        text = line.removeprefix("\ufeff").rstrip("\r\n") if number == 1 else line.rstrip("\r\n")
        if text.strip():
            yield number, text


def _json_list(
    lines: Iterable[tuple[int, str]], known: set[str]
) -> Iterator[tuple[int, Cells | Unfit]]:
    """Read one list of objects, over any lines; they are numbered as they stand in it."""
    try:
        said = json.loads("\n".join(text for _, text in lines))
    except (ValueError, RecursionError):
        raise UserError(
            tr("This file is not JSON."), tr("Look at where it ends: it may have been cut off.")
        ) from None
    for number, one in enumerate(said, 1):
        yield number, _from_json(one, known)


def _json_lines(
    lines: Iterable[tuple[int, str]], known: set[str]
) -> Iterator[tuple[int, Cells | Unfit]]:
    for number, text in lines:
        if len(text) > _LONGEST:
            yield number, _too_long()
            continue
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            yield number, Unfit(tr("This is not a line of JSON."))
            continue
        yield number, _from_json(said, known)


def _from_json(said: Any, known: set[str]) -> Cells | Unfit:
    if not isinstance(said, dict):
        return Unfit(tr("A line of JSON is one object in braces."))
    unknown = said.keys() - known
    if unknown:
        return Unfit(tr("There is no column “{column}”.", column=min(unknown)))
    cells = {}
    for key, value in said.items():
        if isinstance(value, bool | list | dict):
            return Unfit(tr("“{column}” is no text and no number.", column=key))
        cells[key] = "" if value is None else str(value).strip()
    return cells


def _csv_lines(
    first: tuple[int, str],
    rest: Iterator[tuple[int, str]],
    needed: Sequence[str],
    optional: Sequence[str],
) -> Iterator[tuple[int, Cells | Unfit]]:
    delimiter = max(_DELIMITERS, key=first[1].count)
    try:
        # A head that long is no head; what is cut off is missed at once.
        head = [cell.casefold() for cell in _split(first[1][:_LONGEST], delimiter)]
    except csv.Error:
        head = []
    _check_head(head, needed, optional)
    for number, text in rest:
        if len(text) > _LONGEST:
            yield number, _too_long()
            continue
        try:
            cells = _split(text, delimiter)
        except csv.Error:
            yield number, Unfit(tr("A quotation mark is missing."))
            continue
        if len(cells) != len(head):
            yield (
                number,
                Unfit(tr("There are {n} cells, but {m} columns.", n=len(cells), m=len(head))),
            )
            continue
        yield number, dict(zip(head, cells, strict=True))


def _split(text: str, delimiter: str) -> list[str]:
    """Cut one line into cells; a cell of several lines has no place in a feed."""
    (row,) = csv.reader([text], delimiter=delimiter, strict=True)
    return [cell.strip() for cell in row]


def _check_head(head: Sequence[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    advice = tr("The first line names the columns: {columns}.", columns=", ".join(needed))
    missing = [column for column in needed if column not in head]
    if missing:
        raise UserError(tr("The column “{column}” is missing.", column=missing[0]), advice)
    unknown = [column for column in head if column not in (*needed, *optional)]
    if unknown:
        raise UserError(tr("There is no column “{column}”.", column=unknown[0][:80]), advice)
    if len(set(head)) < len(head):
        raise UserError(tr("A column is there twice."), advice)


def _too_long() -> Unfit:
    return Unfit(tr("This line is too long."))


def need(cells: Cells, column: str) -> str:
    """Give the text of a column that has to be there."""
    text = cells.get(column, "")
    if not text:
        raise Unfit(tr("“{column}” is empty.", column=column))
    if "\0" in text:
        raise Unfit(tr("“{column}” has a character that no text has.", column=column))
    return text


def read_day(cells: Cells, column: str) -> date | None:
    """Read a day as ISO 8601 writes it, or None where the cell is empty."""
    text = cells.get(column, "")
    if not text:
        return None
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(tr("“{text}” is not a day like 2026-11-28.", text=text[:40])) from None


def need_day(cells: Cells, column: str) -> date:
    """Read a day that has to be there."""
    need(cells, column)
    day = read_day(cells, column)
    assert day is not None
    return day


def read_number(cells: Cells, column: str) -> Decimal | None:
    """Read a number of 0 or more, with a dot or a comma before its fraction; None where empty."""
    text = cells.get(column, "").replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    try:
        # Decimal would read an underscore as nothing.
        plain = text.replace(",", ".") if text.count(",") == 1 else text
        number = Decimal(plain.replace("_", "?"))
    except InvalidOperation:
        raise Unfit(tr("“{text}” is not a number.", text=text[:40])) from None
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        raise Unfit(tr("“{text}” is not a number.", text=text[:40]))
    if number < 0:
        raise Unfit(tr("“{text}” is less than nothing.", text=text[:40]))
    return number


def need_number(cells: Cells, column: str) -> Decimal:
    """Read a number that has to be there."""
    need(cells, column)
    number = read_number(cells, column)
    assert number is not None
    return number
