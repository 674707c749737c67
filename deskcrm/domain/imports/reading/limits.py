"""How much a file from outside may ask of us, and the words for what asks for more."""

from dataclasses import dataclass
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading; tests take smaller ones."""

    file_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 500 * MEGABYTE
    ratio: int = 200
    """So many times its size may a file unpack to, once that is more than ``small``."""
    small: int = 20 * MEGABYTE
    entries: int = 5_000
    rows: int = 200_000
    columns: int = 500
    cell: int = 32_767
    """Characters: as many as a cell of Excel holds."""
    depth: int = 8
    seconds: int = 30
    memory: int = 1_500 * MEGABYTE


USUAL: Final = Limits()


class Unreadable(UserError):
    """A file that cannot be read, or must not be, said in words."""


def too_many_rows(limits: Limits) -> Unreadable:
    """Say that a file has more rows than one import takes."""
    return Unreadable(
        tr("There are more than {n} rows in the file.", n=f"{limits.rows:,}"),
        tr("Split it into several files and bring them in one after another."),
    )


def too_many_columns(limits: Limits) -> Unreadable:
    """Say that a file has more columns than anybody would map."""
    return Unreadable(
        tr("There are more than {n} columns in the file.", n=limits.columns),
        tr("Delete those that are not needed, or choose another separator."),
    )


def too_large(size: int, limit: int) -> Unreadable:
    """Say that a file is larger than what is read."""
    return Unreadable(
        tr("The file holds {size} MB; {limit} MB is the most.", size=size // MEGABYTE,
           limit=limit // MEGABYTE),
        tr("Split it into several files and bring them in one after another."),
    )  # fmt: skip
