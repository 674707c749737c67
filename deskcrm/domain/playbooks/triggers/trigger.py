"""The shape of a trigger: it finds clients for whom something came about, and says it in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement

from deskcrm.base.days import said_day
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.playbooks.model import PlaybookId
from deskcrm.store.reader import Reader

Facts = Mapping[str, str | int]
"""What a reason was: numbers, names and ISO days, put into words when somebody reads them."""
FOLLOW_UP: Final = "task"
"""The fact that names the task which the reason opened by itself, as a low answer does."""


@dataclass(frozen=True, slots=True)
class Match:
    """That something came about at a client. ``ended``: when it was over; None: it still holds."""

    client_id: ClientId
    since: datetime
    facts: Facts = field(default_factory=dict)
    about: str = ""
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a trigger is asked: among which clients, as of when, counting by how many days.

    ``after``: also what is over again, of all that came about later than that; without it only
    what holds at ``as_of``.
    """

    days: int
    as_of: datetime
    which: tuple[ColumnElement[bool], ...] = ()
    after: datetime | None = None
    playbook_id: PlaybookId | None = None

    @property
    def clients(self) -> tuple[ColumnElement[bool], ...]:
        """Give what is asked of the client: whoever left or was deleted is not asked about."""
        return (~Client.is_deleted, Client.lifecycle != Lifecycle.CHURNED, *self.which)

    @property
    def reach(self) -> datetime:
        """Give the moment ``days`` before the one that is asked about."""
        return self.as_of - timedelta(days=self.days)

    def is_asked(self, match: Match) -> bool:
        """Tell whether a match is within the time that is asked about."""
        if match.since > self.as_of:
            return False
        if self.after is not None:
            return match.since > self.after
        return match.ended is None or match.ended > self.as_of


@dataclass(frozen=True, slots=True)
class Trigger:
    """How a reason is found and said. ``days``: what is usual; 0: it counts by no days.

    ``holds`` tells that the reason is a state, which can be gone again: a silence, not a departure.
    ``knows_past``: it can tell what came about before anybody asked.
    """

    find: Callable[[Reader, Asked], list[Match]]
    say: Callable[[Facts], str]
    days: int = 0
    holds: bool = False
    knows_past: bool = True


def text_of(facts: Facts, key: str) -> str:
    """Give a fact as text; nothing where a newer version left it out."""
    return str(facts.get(key, ""))


def number_of(facts: Facts, key: str) -> int:
    """Give a fact as a number; 0 where there is none."""
    value: Any = facts.get(key, 0)
    return value if isinstance(value, int) else 0


def day_said(facts: Facts, key: str) -> str:
    """Give a fact that is a day, in words."""
    try:
        return said_day(date.fromisoformat(text_of(facts, key)))
    except ValueError:
        return "?"
