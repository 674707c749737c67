"""What a table shows of a row, column by column."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from deskcrm.ui.kit.chips import Chip


class HasId(Protocol):
    """A row that can be found again."""

    @property
    def id(self) -> Hashable:
        """What tells it from every other row."""


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. ``title`` is already in the person's language.

    ``text`` is the main line; ``under`` a second, quieter one; ``chips`` follow the text;
    ``icon`` and ``avatar`` come before it (an icon's name; a name whose initials are shown).
    ``sort`` is what the page query is given when the header is clicked: "" cannot be sorted.
    """

    title: str
    text: Callable[[Row], str]
    under: Callable[[Row], str] | None = None
    chips: Callable[[Row], Sequence[Chip]] | None = None
    icon: Callable[[Row], str] | None = None
    avatar: Callable[[Row], str] | None = None
    tooltip: Callable[[Row], str] | None = None
    trend: Callable[[Row], Sequence[float | None]] | None = None
    """How a figure moved, drawn in place of the text, which says the same."""
    sort: str = ""
    width: int = 120
    stretch: bool = False
    right: bool = False
    """Right-aligned, as numbers are."""
    strong: bool = False
    muted: bool = False
    hide_below: int = 0
    """Hidden when the table is narrower than this many pixels."""
    low_below: int = 0
    """Right after the stretched column of a table narrower than this, its chips stand in the second
    line, and the first line has the room of both."""
    key: str = ""
    """What it is called where the person chooses columns: "" cannot be chosen."""
    is_extra: bool = False
    """Hidden until it is chosen."""

    def said(self, row: Row) -> str:
        """Everything the cell shows, for a screen reader."""
        parts = [self.text(row)]
        if self.under is not None:
            parts.append(self.under(row))
        if self.chips is not None:
            parts += [chip.text for chip in self.chips(row)]
        if self.avatar is not None and self.avatar(row) not in parts:
            parts.append(self.avatar(row))
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are picked: some ids, or everything that matches except some ids."""

    ids: frozenset[Hashable] = frozenset()
    is_everything: bool = False

    def has(self, row_id: Hashable) -> bool:
        """Whether this row is picked."""
        return (row_id in self.ids) != self.is_everything

    def count(self, total: int) -> int:
        """How many rows are picked of the total that match."""
        return total - len(self.ids) if self.is_everything else len(self.ids)

    def is_empty(self, total: int) -> bool:
        """Whether nothing is picked."""
        return self.count(total) <= 0

    def toggled(self, row_id: Hashable) -> "Selection":
        """The same with one row picked or let go."""
        return Selection(self.ids ^ {row_id}, self.is_everything)

    def with_all(self, row_ids: Sequence[Hashable]) -> "Selection":
        """The same with these rows picked too."""
        if self.is_everything:
            return Selection(self.ids - frozenset(row_ids), True)
        return Selection(self.ids | frozenset(row_ids))
