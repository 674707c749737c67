"""What a look at some clients is: the moment, the clients, and what is found of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.base.ids import id_of
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.health import Signal
from deskcrm.store import raw
from deskcrm.store.types import from_milliseconds, to_milliseconds

DAY_MS: Final = 86_400_000
FORGOTTEN_AFTER: Final = 5
"""Half-lives after which an event weighs a thirty-second of what it did, and is not asked for."""
_AMONG: Final = "IN {clients}"
_NOTHING_HAPPENED: Final = frozenset(
    {
        Signal.OUTREACH_UNANSWERED,
        Signal.PROMISES_BROKEN,
        Signal.SECOND_FAILURE,
        Signal.TICKETS_OVERDUE,
        Signal.TICKETS_REOPENED,
    }
)
"""What would have been recorded here, had it happened; all else is unknown until a record says."""
_AT_FIRST: Final[Mapping[str, float | None]] = {
    signal.value: 0.0 if signal in _NOTHING_HAPPENED else None for signal in Signal
}


class Trace(NamedTuple):
    """One record behind a signal: which, when it counts from, and what it says of itself.

    It keeps what is stored: of a full round nobody looks at most of them.
    """

    table: str
    stored_id: bytes
    at_ms: int
    what: str = ""
    """``breached``, ``reopened``, ``rated`` and the like, where a table has several to tell."""
    weight: float = 1.0
    """How much of it is left after it faded."""

    @property
    def row_id(self) -> UUID:
        """The id of the record."""
        return id_of(self.stored_id)

    @property
    def at(self) -> datetime:
        """When it counts from."""
        return from_milliseconds(self.at_ms)


@dataclass(slots=True)
class Facts:
    """What is known of one client as of the moment."""

    client_id: ClientId
    signals: dict[str, float | None] = field(default_factory=lambda: dict(_AT_FIRST))
    traces: dict[str, list[Trace]] = field(default_factory=dict)
    values: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By currency: how many running contracts, and what they bring in a year in minor units."""
    decision_on: date | None = None
    last_heard_ms: int | None = None
    usual_gap_days: float | None = None
    notices: list[Trace] = field(default_factory=list)
    failures: list[Trace] = field(default_factory=list)
    """One for each time that a ticket failed, the earliest first."""

    @property
    def currency(self) -> str:
        """The currency of most of its contracts: there are no rates to add others up by."""
        return min(self.values, key=lambda one: (-self.values[one][0], one), default="")

    @property
    def annual_value(self) -> int:
        """What the contracts in its main currency bring in a year, in minor units."""
        return self.values[self.currency][1] if self.values else 0

    @property
    def last_heard_at(self) -> datetime | None:
        """When the client was last heard."""
        return None if self.last_heard_ms is None else from_milliseconds(self.last_heard_ms)

    def note(self, signal: str, value: float | None, traces: Sequence[Trace] = ()) -> None:
        """Keep a signal and what is behind it."""
        self.signals[signal] = value
        if traces:
            self.traces[signal] = list(traces)


@dataclass(slots=True)
class Reading:
    """A look at some clients as of a moment."""

    connection: Connection
    moment: datetime
    heard_until: datetime
    """Until when silence is counted: what happened after the last exchange is not known here."""
    facts: dict[bytes, Facts]
    is_run: bool = False
    """Whether they are next to one another by their ids: then what is between is read as one."""
    at: int = 0
    day: date = date.min

    def __post_init__(self) -> None:
        self.at, self.day = to_milliseconds(self.moment), day_of(self.moment)

    def rows(self, statement: str, *values: Any) -> Iterator[tuple[Facts, tuple[Any, ...]]]:
        """Ask for rows of these clients, whose id comes first; ``IN {clients}`` says of whom.

        The rows are as they are stored, straight from the driver: most of what a full round costs
        would otherwise be the making of objects that are looked at once.
        """
        ids, times = list(self.facts), statement.count(_AMONG)
        if self.is_run:
            asked, ids = statement.replace(_AMONG, "BETWEEN ? AND ?"), [ids[0], ids[-1]]
        else:
            asked = statement.replace(_AMONG, f"IN ({','.join('?' * len(ids))})")
        for row in raw.fetch(self.connection, asked, (*(ids * times), *values)):
            facts = self.facts.get(row[0])
            if facts is not None:
                yield facts, row[1:]

    def weight(self, at: int, half_life_weeks: float) -> float:
        """Give what is left of an event."""
        return float(2 ** -(max(self.at - at, 0) / (7 * DAY_MS * half_life_weeks)))

    def since(self, half_life_weeks: float) -> int:
        """Give the moment before which events are forgotten."""
        return self.at - round(FORGOTTEN_AFTER * half_life_weeks * 7 * DAY_MS)

    def trace(
        self, table: str, row_id: bytes, at: int, what: str = "", half_life: float | None = None
    ) -> Trace:
        """Make a trace of a stored row."""
        weight = 1.0 if half_life is None else self.weight(at, half_life)
        return Trace(table, row_id, at, what, weight)


def noon_of(day: str) -> int:
    """Give the moment that stands for a stored day: its noon in UTC."""
    return to_milliseconds(datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC))
