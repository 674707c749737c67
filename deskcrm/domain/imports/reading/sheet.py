"""What reading gives: a sheet of text, with all that was found out about it, and how surely."""

from typing import Final

import msgspec

SURE: Final = 0.8
"""Below this a person is asked."""


class Guess(msgspec.Struct, frozen=True):
    """Something found out about a file, that a person may correct; ``why`` is in words."""

    value: str
    confidence: float
    why: str
    others: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Tell whether it may be taken without asking."""
        return self.confidence >= SURE


class Line(msgspec.Struct, array_like=True, gc=False):
    """One row: the number that a person finds it by, its cells, what is wrong with it."""

    number: int
    cells: list[str]
    trouble: str = ""


class LeftOut(msgspec.Struct, frozen=True, array_like=True):
    """A line that is no row (a title, a total, a note); it is shown, so nothing is lost unseen."""

    number: int
    text: str


class Reading(msgspec.Struct, frozen=True):
    """How to read a file, where a person said so; empty means: find out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int | None = None
    """The line that names the columns (the last of them, if two do); 0: none does."""
    dates: str = ""
    decimal: str = ""


FIND_OUT: Final = Reading()


class Sheet(msgspec.Struct):
    """A file, read."""

    form: str
    headers: list[str]
    lines: list[Line]
    header: Guess
    header_lines: tuple[int, ...] = ()
    encoding: Guess | None = None
    delimiter: Guess | None = None
    page: Guess | None = None
    """Which sheet of a workbook; the others are its ``others``."""
    left_out: tuple[LeftOut, ...] = ()
    dates: dict[int, Guess] = {}
    """By column: in which order days, months and years stand (dmy, mdy, ymd)."""
    decimals: dict[int, Guess] = {}
    """By column: what separates whole numbers from fractions."""

    def column(self, index: int) -> list[str]:
        """Give the cells of a column."""
        return [line.cells[index] for line in self.lines]
