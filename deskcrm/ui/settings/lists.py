"""Cards that list records which people name: each is edited and deleted, some stand in an order."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.store.commands import Command
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.rows import Card, Row

T = TypeVar("T")
U = TypeVar("U")


class Named(Protocol):
    """A row of something that has a name."""

    @property
    def id(self) -> Any:
        """Its id."""

    @property
    def name(self) -> str:
        """What people call it."""


class LiveCard(Card, Generic[T]):
    """A card that lists what a query gives, again whenever one of its tables was touched.

    ``make_row`` is given all that was found and which of it to make a row of; ``last`` stands
    below them, and makes another; a card without it is not there while nothing is found.
    """

    def __init__(
        self,
        desk: Desk,
        title: str,
        text: str,
        query: Callable[[Reader], Sequence[T]],
        watches: frozenset[str],
        make_row: Callable[[Sequence[T], int], Row],
        last: Row | None = None,
    ) -> None:
        super().__init__(title, text)
        self.desk, self._query, self._watches = desk, query, watches
        self._make_row, self._last = make_row, last
        desk.touched.connect(self._hear)
        self._ask()

    def _ask(self) -> None:
        self.desk.ask((self, "rows"), self._query).then(self._show)

    def _hear(self, tables: frozenset[str]) -> None:
        if self._watches & tables:
            self._ask()

    def _show(self, found: Sequence[T]) -> None:
        rows = [self._make_row(found, at) for at in range(len(found))]
        self.refill([*rows, self._last] if self._last is not None else rows)
        self.setVisible(bool(rows) or self._last is not None)


def another(name: str, about: str, words: str, run: Callable[[], object]) -> Row:
    """Make the row whose button makes one more."""
    return Row(name, about, parts.button(words, run, icon="plus"))


def deeds(
    desk: Desk, row: Named, edit: Callable[[], object], delete: Command[..., Any]
) -> list[QWidget]:
    """Make the buttons that every row ends with: edit it, delete it."""
    name = row.name
    return [
        parts.icon_button("edit", tr("Edit {name}", name=name), edit),
        parts.icon_button(
            "trash", tr("Delete {name}", name=name), lambda: desk.do(delete, row.id).tell()
        ),
    ]


def move_up(desk: Desk, rows: Sequence[Named], at: int, order: Command[..., Any]) -> QWidget:
    """Make the button that puts a row before the one above it."""
    run = partial(_move_up, desk, [one.id for one in rows], at, order)
    made = parts.icon_button("chevron-up", tr("Move {name} up", name=rows[at].name), run)
    made.setEnabled(at > 0)
    return made


def _move_up(desk: Desk, ids: list[Any], at: int, order: Command[..., Any]) -> None:
    desk.do(order, one_up(ids, at)).tell()


def one_up(ids: list[U], at: int) -> list[U]:
    """Give ids with the one at a place before the one that stood above it."""
    return [*ids[: at - 1], ids[at], ids[at - 1], *ids[at + 1 :]]
