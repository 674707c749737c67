"""Decides what to tell and when: what is new, grouped; nothing while it is quiet; one digest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final
from uuid import UUID

from deskcrm.domain.today.queries import TodayItem, TodayKind

TOLD_AT_ONCE: Final = frozenset(
    {
        TodayKind.VIP_WAITS,
        TodayKind.PROMISE_OVERDUE,
        TodayKind.TICKET_NEARLY_DUE,
        TodayKind.PROMISE_DUE,
        TodayKind.TICKET_UNANSWERED,
        TodayKind.TICKET_UNOWNED,
        TodayKind.TASK_OVERDUE,
        TodayKind.TASK_DUE,
        TodayKind.REMINDER_MISSED,
        TodayKind.MENTIONED,
        TodayKind.TICKET_HANDED,
        TodayKind.WATCHED_NEWS,
    }
)
"""What somebody waits for. Renewals and silent clients can wait for the digest."""
ALERTS: Final = frozenset({TodayKind.VIP_WAITS, TodayKind.TICKET_NEARLY_DUE})
"""What comes of time going by, not of what anybody does: told once for each wait or deadline, also
when it began while the program was closed."""
_NEWS: Final = {TodayKind.MENTIONED, TodayKind.TICKET_HANDED, TodayKind.WATCHED_NEWS}
TOLD_ONCE: Final = ALERTS | _NEWS
"""Told once for each moment, also when that was while the program was closed."""
_SATURDAY: Final = 5

Key = tuple[TodayKind, UUID | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the person chose."""

    shows: bool = True
    digests: bool = True
    shift_begins: time = time(9)
    quiet_from: time = time(19)
    quiet_until: time = time(8)
    is_quiet_at_weekends: bool = True

    def is_quiet(self, at: datetime) -> bool:
        """Tell whether nothing is to be told at this moment of the person's own clock."""
        if self.is_quiet_at_weekends and at.weekday() >= _SATURDAY:
            return True
        now, begin, end = at.time(), self.quiet_from, self.quiet_until
        if begin <= end:
            return begin <= now < end
        return now >= begin or now < end


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: the digest of the day, or what is new; most pressing first."""

    items: tuple[TodayItem, ...]
    is_digest: bool = False

    def groups(self) -> list[tuple[TodayKind, list[TodayItem]]]:
        """Give the items kind by kind."""
        found: dict[TodayKind, list[TodayItem]] = {}
        for item in self.items:
            found.setdefault(item.kind, []).append(item)
        return [(kind, found[kind]) for kind in TodayKind if kind in found]


@dataclass(slots=True)
class Watch:
    """Remembers what the person knows of already."""

    digest_on: str = ""
    """The day of the last digest, as ISO writes it."""
    told: frozenset[str] = frozenset()
    """What was told once and still holds, in words of ``text_of``: kept on the disk."""
    _known: set[Key] | None = None
    _held: set[Key] = field(default_factory=set)

    def absorb(self, items: Iterable[TodayItem]) -> None:
        """Take for known what is there, as the person did or sees it; not what is told once."""
        here = {key_of(item) for item in items}
        self._known = here - self._new_once(here)

    def look(self, items: Sequence[TodayItem], rules: Rules, at: datetime) -> Notice | None:
        """Say what to tell at this moment of the person's own clock."""
        here = {key_of(item) for item in items}
        new = here - self._known if self._known is not None else self._new_once(here)
        self._known = here
        self._held = (self._held | new) & here
        notice = self._tell(items, rules, at)
        self.told = frozenset(text_of(one) for one in here - self._held if one[0] in TOLD_ONCE)
        return notice

    def _tell(self, items: Sequence[TodayItem], rules: Rules, at: datetime) -> Notice | None:
        if not rules.shows:
            self._held.clear()
            return None
        if rules.is_quiet(at):
            return None
        if self._is_digest_due(rules, at):
            self.digest_on = at.date().isoformat()
            self._held.clear()
            return Notice(tuple(items), is_digest=True) if items else None
        told = [i for i in items if key_of(i) in self._held and i.kind in TOLD_AT_ONCE]
        self._held.clear()
        return Notice(tuple(told)) if told else None

    def _new_once(self, here: set[Key]) -> set[Key]:
        known = self._known or set()
        new = {one for one in here - known if one[0] in TOLD_ONCE}
        return {one for one in new if text_of(one) not in self.told}

    def _is_digest_due(self, rules: Rules, at: datetime) -> bool:
        has_begun = at.time() >= rules.shift_begins
        return rules.digests and has_begun and self.digest_on != at.date().isoformat()


def key_of(item: TodayItem) -> Key:
    """Tell an item from every other: one that was told of is not told of again.

    An alert is that of one wait or one deadline, news are of one moment: the next one is another.
    """
    row_id = item.task_id or item.promise_id or item.ticket_id or item.client_id
    return item.kind, row_id, item.at if item.kind in TOLD_ONCE else None


def text_of(key: Key) -> str:
    """Write the key of an alert, as it is kept."""
    kind, row_id, at = key
    return " ".join((kind, row_id.hex if row_id else "", at.isoformat() if at else ""))


def read_time(text: str, otherwise: time) -> time:
    """Read a time as it is kept; what cannot be read is the other."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        return otherwise
