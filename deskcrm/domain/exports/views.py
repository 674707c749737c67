"""What a view is when it is taken out: its rows, and columns with typed cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final
from uuid import UUID

from deskcrm.base import words
from deskcrm.base.words import tr
from deskcrm.domain.metrics.figures import Unit
from deskcrm.domain.metrics.sheets import Amount, Cell
from deskcrm.store.reader import Reader

AT_ONCE: Final = 1_000
"""Rows that are read in one go."""


class ViewName(StrEnum):
    """The lists that can be taken out."""

    CLIENTS = "clients"
    CONTACTS = "contacts"
    INTERACTIONS = "interactions"
    TICKETS = "tickets"
    TASKS = "tasks"
    RISK = "risk"
    CONTRACTS = "contracts"
    RENEWALS = "renewals"
    OPPORTUNITIES = "opportunities"
    PROMISES = "promises"
    ANSWERS = "answers"
    SUGGESTIONS = "suggestions"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: the key that scripts know it by, what it holds, what it is called."""

    key: str
    value: Callable[[Any], Cell]
    called: Callable[[], str]


@dataclass(frozen=True, slots=True)
class View:
    """A list to be taken out. Rows and their number are asked for with the list's own filters."""

    name: ViewName
    count: Callable[..., int]
    rows: Callable[..., Iterator[Any]]
    columns: Callable[[Reader], Sequence[Column]]


def column(
    key: str, value: Callable[[Any], Any], called: Callable[[], str] | Enum | None = None
) -> Column:
    """Declare a column; it is called as the record's column of that name unless told otherwise."""
    if isinstance(called, Enum):
        member = called
        return Column(key, lambda one: cell_of(value(one)), lambda: words.of(member))
    return Column(key, lambda one: cell_of(value(one)), called or (lambda: words.of_column(key)))


def always(columns: Sequence[Column]) -> Callable[[Reader], Sequence[Column]]:
    """Give columns that are the same in every workspace."""
    return lambda _db: columns


def cell_of(value: Any) -> Cell:
    """Turn a value of a record into a cell: numbers count, members of enums are said in words."""
    if isinstance(value, Enum):
        return words.of(value)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, int):
        return Amount(value, Unit.COUNT)
    return str(value) if isinstance(value, UUID) else value


def money(minor: int | None) -> Amount | None:
    """Give a sum in whole cents as a cell."""
    return None if minor is None else Amount(minor, Unit.MONEY)


def percent(share: float | None) -> Amount | None:
    """Give a share of one as a cell."""
    return None if share is None else Amount(share * 100, Unit.PERCENT)


def paged(page: Callable[..., Sequence[Any]]) -> Callable[..., Iterator[Any]]:
    """Read all of a list by its own page query."""

    def rows(db: Reader, **asked: Any) -> Iterator[Any]:
        offset = 0
        while found := page(db, offset=offset, limit=AT_ONCE, **asked):
            yield from found
            if len(found) < AT_ONCE:
                return
            offset += AT_ONCE

    return rows
