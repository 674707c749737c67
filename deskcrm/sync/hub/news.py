"""Tells what is new to all who wait for it: whoever may see the same is given the same page."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store import ledger
from deskcrm.store.ledger import Head
from deskcrm.sync.hub.history import NOBODY
from deskcrm.sync.hub.pull import Span, add_page
from deskcrm.sync.hub.wire import fetch, id_sent
from deskcrm.sync.protocol import News, Pull, Pulled, pack

MOST_ROWS: Final = 1_000
"""In news; what is more is pulled by each, page by page."""
PAGES_KEPT: Final = 64
BYTES_KEPT: Final = 16 << 20
_WITH_SCOPES: Final = ("row_version", "scope_exit", "change")


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who goes on from where a pull says, and what they may see now."""

    pull: Pull
    scopes: frozenset[UUID]
    shown: frozenset[UUID] | None = None
    """The scopes that the database itself would show them; None where it looks at nobody."""
    enter: Callable[[], None] = lambda: None
    """Makes the rest of the transaction theirs."""

    def cursors(self) -> dict[UUID, int]:
        """Give how far they are."""
        return {UUID(bytes=scope): seq for scope, seq in self.pull.cursors}

    def needs_exchange(self, head: Head) -> bool:
        """Tell whether a page is not enough: a pull of their own has to see to it."""
        pull, cursors = self.pull, self.cursors()
        if pull.epoch != head.epoch or pull.staged or pull.wanted or cursors.keys() != self.scopes:
            return True
        return any(seq > head.seq or 0 < seq < head.horizon for seq in cursors.values())


@dataclass(slots=True)
class Pages:
    """The last pages, each packed once, by everything that decides what is in them.

    That is the moment of the order, the scopes that hold anything new, as far as both the program
    and the database show them to the asker, and how far they are in each of these.
    """

    _kept: OrderedDict[Hashable, bytes] = field(default_factory=OrderedDict)
    _size: int = 0

    def tell(self, connection: Connection, head: Head, askers: Sequence[Asker]) -> list[bytes]:
        """Give each their news, packed, or nothing where nothing is new.

        Runs in a transaction that sees one moment, of which is all that is said of the askers.
        """
        due = pack(News(head.seq, is_due=True))
        needs = [asker.needs_exchange(head) for asker in askers]
        plain = [asker for asker, needed in zip(askers, needs, strict=True) if not needed]
        moved = _moved(connection, head, plain)
        return [
            due if needed else self._page(connection, head, asker, moved)
            for asker, needed in zip(askers, needs, strict=True)
        ]

    def _page(
        self, connection: Connection, head: Head, asker: Asker, moved: frozenset[UUID]
    ) -> bytes:
        cursors = {scope: seq for scope, seq in asker.cursors().items() if scope in moved}
        if not cursors:
            return b""
        moment = (head.lineage, head.epoch, head.seq, head.horizon)
        shown = None if asker.shown is None else asker.shown & moved
        key = (moment, frozenset(cursors.items()), shown, asker.pull.limit, asker.pull.log)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        asker.enter()
        found = _read(connection, head, cursors, asker.pull)
        packed = b"" if found is None else pack(found)
        self._keep(key, packed)
        return packed

    def _keep(self, key: Hashable, packed: bytes) -> None:
        self._kept[key] = packed
        self._size += len(packed)
        while len(self._kept) > PAGES_KEPT or self._size > BYTES_KEPT:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)


def _moved(connection: Connection, head: Head, askers: Iterable[Asker]) -> frozenset[UUID]:
    """Give the scopes that hold anything new for any of those who ask."""
    lowest: dict[UUID, int] = {}
    for asker in askers:
        for scope, seq in asker.cursors().items():
            lowest[scope] = min(seq, lowest.get(scope, seq))
    span = Span(lowest, head.seq)
    if span.is_empty:
        return frozenset()
    sent = id_sent(connection, "scope")
    every = " UNION ".join(f"SELECT {sent} FROM {t} WHERE {{span}}" for t in _WITH_SCOPES)
    return frozenset(UUID(bytes=found) for (found,) in fetch(span.run(connection, every)))


def _read(connection: Connection, head: Head, cursors: dict[UUID, int], pull: Pull) -> News | None:
    page = Pulled(head.epoch, head.lineage.bytes, [], 0, head.seq)
    bounded = Pull(pull.device, pull.epoch, [], min(pull.limit, MOST_ROWS), log=pull.log)
    add_page(connection, page, cursors, bounded, NOBODY)
    if page.more:
        return News(head.seq, is_due=True)
    if not (page.rows or page.exits or page.steps):
        return None
    page.cursors = []  # the same for all: whatever was asked about is as far as the head now
    touched = {(UUID(bytes=row[1]), rows.table) for rows in page.rows for row in rows.rows}
    touched |= {(UUID(bytes=scope), table) for scope, table, _, _ in page.exits}
    sums = ledger.read_sums(connection, {scope for scope, _ in touched})
    page.sums = [(s.bytes, name, *sums[s, name]) for s, name in touched if (s, name) in sums]
    return News(head.seq, page)
