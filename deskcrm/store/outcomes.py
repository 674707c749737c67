"""What a bulk edit came to, row by row: changed, or left alone and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.store.tables import Record

R = TypeVar("R", bound=Record)
I = TypeVar("I", bound=UUID)  # noqa: E741 - as in "id"


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a command did to many: what it changed, and the reason for each that it refused."""

    changed: tuple[Any, ...]
    refused: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[I]):
    """Which rows a bulk edit changed and which it left alone, in order; why, where it was refused.

    What is not among the refused was so already.
    """

    step: int | None
    changed: tuple[I, ...]
    same: tuple[I, ...]
    refused: Mapping[I, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeRow(Generic[I]):
    """What became of one row; ``lines`` say what was changed, ``refused`` why it was not."""

    id: I
    name: str
    under: str
    is_changed: bool
    lines: tuple[str, ...]
    refused: str = ""


def each(rows: Sequence[R], change: Callable[[R], bool]) -> Bulk:
    """Change rows one after another; ``change`` tells whether it did, or raises before it does.

    Where not one could be changed and one was refused, that is the answer to all.
    """
    changed: list[UUID] = []
    refused: dict[UUID, str] = {}
    first: UserError | None = None
    for row in rows:
        try:
            if change(row):
                changed.append(row.id)
        except UserError as error:
            refused[row.id] = error.title
            first = first or error
    if first is not None and not changed:
        raise first
    return Bulk(tuple(changed), refused)
