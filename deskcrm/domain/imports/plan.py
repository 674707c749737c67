"""A plan: what would come of every row of a file, before anything is written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import Address
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.preparing import Prepared


class Fate(StrEnum):
    """What comes of a row."""

    NEW = "new"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Mode(StrEnum):
    """What rows may do."""

    CREATE = "create"
    UPDATE = "update"
    BOTH = "both"


class Choice(StrEnum):
    """What is to come of a row that is likely a client who is there, or of an earlier row."""

    LEAVE_OUT = "skip"
    CHANGE_IT = "update"
    ADD_ANYWAY = "new"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field from what it holds to what it would."""

    key: str
    before: str
    after: str


@dataclass(slots=True)
class RowPlan:
    """What comes of one row, with what is needed to do it.

    ``client`` and ``contact`` are there already, or made in this import: the ids are drawn when
    the plan is made, so that later rows can name what earlier ones make.
    """

    number: int
    fate: Fate
    title: str
    why: str = ""
    changes: tuple[FieldChange, ...] = ()
    of: UUID | None = None
    """The record that it is a duplicate of, or changes."""
    client: UUID | None = None
    contact: UUID | None = None
    makes_client: bool = False
    makes_contact: bool = False
    points: list[tuple[PointKind, Address]] = field(default_factory=list)
    is_likely: bool = False
    """Whether it is likely a client who is there, or whom an earlier row makes: it is chosen."""
    twin: int = 0
    """The earlier line whose client it likely is."""
    row: Prepared | None = None
    figure: Any = None
    """What is written of it, where it is more than the values of the row."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: what the rows are, and how they meet what is there."""

    target: Target
    mode: Mode = Mode.CREATE
    key: str = ""
    """By what records are found that are to be changed; empty: by whatever fits."""
    alike: Choice = Choice.LEAVE_OUT
    """What comes of rows that are likely somebody who is there, or of an earlier row."""
    choices: Mapping[int, Choice] = field(default_factory=dict)
    """By line: where a person chose something else."""

    def choice_of(self, line: int) -> Choice:
        """Give what is to come of a line that is likely somebody else's."""
        return self.choices.get(line, self.alike)


@dataclass(slots=True)
class Plan:
    """What would come of a file."""

    wish: Wish
    rows: list[RowPlan]
    counts: Counter[Fate] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.counts = Counter(row.fate for row in self.rows)

    @property
    def read(self) -> int:
        """Give how many rows were read."""
        return len(self.rows)

    @property
    def written(self) -> int:
        """Give how many rows would be written."""
        return self.counts[Fate.NEW] + self.counts[Fate.CHANGED]

    def page(self, offset: int, limit: int, fate: Fate | None = None) -> list[RowPlan]:
        """Give some rows, of all or of one fate."""
        rows = self.rows if fate is None else [row for row in self.rows if row.fate is fate]
        return rows[offset : offset + limit]


def summary(plan: Plan) -> dict[str, Any]:
    """Give the counts as they are told everywhere; conflicts are rejected rows."""
    counts = plan.counts
    return {
        "read": plan.read,
        "new": counts[Fate.NEW],
        "changed": counts[Fate.CHANGED],
        "duplicate": counts[Fate.DUPLICATE],
        "rejected": counts[Fate.REJECTED] + counts[Fate.CONFLICT],
    }
