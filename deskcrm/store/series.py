"""Numbers that people are told, each from a block that nobody else has.

A server leases blocks to devices; a device keeps some ahead, so that a number can be told at once
and offline, and stays. One that has never met a server counts alone: from 1,000 where it saw none
yet, else from a block drawn from its own id. One that has met a server, and runs out while it is
offline, goes on with longer numbers that begin with those of its last block: they are its own too.

These spaces have no number in common::

    1,000 to 9,999                  alone, the first device of a workspace
    10,000 to 999,999               leased
    1,000,000 to 9,999,999          alone, drawn
    10,000,000 to 99,999,999        leased, when the first part is used up
    100,000,000 and more            a leased number, and four digits

Only two devices that both counted alone can have told one number twice (two that draw share a
block once in 9,000 times), which is why a number is not unique in the database. What was given
out is not given again: not when its row is undone, and not under another device id, which begins
with blocks of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from deskcrm.store.ledger import read_head
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.types import Id, Instant, to_milliseconds
from deskcrm.store.work import Work

block_table: Final = Table(
    "series_block",
    Base.metadata,
    # A workstation's: what it may give out, and how far it is.
    Column("series", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("next", BigInteger, nullable=False),
    # Whose it is: a restored backup or a copy is another device, and must not go on with it.
    Column("device", Id, nullable=False),
    Column("is_leased", Boolean, nullable=False),
)
lease_table: Final = Table(
    "series_lease",
    Base.metadata,
    # The server's: who has which block.
    Column("series", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("device", Id, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("leased_at", Instant, nullable=False),
)

ALONE: Final = 1_000
"""Numbers in a block that a device takes alone."""
LEASED: Final = 500
"""Numbers in a block that a server leases."""
AHEAD: Final = 2 * LEASED
"""Numbers that a device holds when it leaves the server: weeks of work."""
AT_ONCE: Final = AHEAD // LEASED
MOST_A_DAY: Final = 40
"""Blocks that one device gets in a day, whatever it asks for."""
_SPACES: Final = ((10_000, 1_000_000), (10_000_000, 100_000_000))
_DRAWN: Final = range(1_000_000, 10_000_000, ALONE)
_LONGER: Final = 10_000
# A restored server does not know what it leased after the backup: it leaps over a thousand blocks
# and ten more for each hour since its newest lease. The hours keep two lives that come from one
# backup apart.
_LEAP: Final = 1_000
_LEAP_AN_HOUR: Final = 10
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)

Lease = tuple[str, int, int]
"""A series, and the first and the last number of a block."""
Asked = tuple[str, int, int]
"""A series, the first number of the newest block that is known, and how many more are wanted."""


@dataclass(frozen=True, slots=True)
class Series:
    """A kind of numbers; ``is_seen`` tells whether a row has, or had, one in a range."""

    name: str
    is_seen: Callable[[Reader, int, int], bool]


ALL_SERIES: Final[dict[str, Series]] = {}

_b, _l = block_table.c, lease_table.c


def register_series(series: Series) -> Series:
    """Declare a kind of numbers; once for each name."""
    if series.name in ALL_SERIES:
        raise ValueError(f"series declared twice: {series.name}")
    ALL_SERIES[series.name] = series
    return series


# The workstation's.


def take_numbers(work: Work, series: Series, count: int) -> Iterator[int]:
    """Give so many numbers that only this device has: leased ones as long as there are any."""
    while count > 0:
        block = _current(work, series) or _take_alone(work, series)
        upto = min(block.last, block.next + count - 1)
        this = (_b.series == series.name) & (_b.first == block.first)
        work.execute(update(block_table).where(this).values(next=upto + 1))
        count -= upto - block.next + 1
        yield from range(block.next, upto + 1)


def _own(series: str, device: UUID) -> Any:
    return (_b.series == series) & (_b.device == device)


def _current(work: Work, series: Series) -> Any:
    left = select(block_table).where(_own(series.name, work.device), _b.next <= _b.last)
    return work.first(left.order_by(_b.is_leased.desc(), _b.first).limit(1))


def _take_alone(work: Work, series: Series) -> Any:
    """Begin a block that no server leased to us."""
    own = _own(series.name, work.device)
    newest = select(_b.first, _b.last).where(own, _b.is_leased).order_by(_b.first.desc())
    leased = work.first(newest.limit(1))
    if leased is not None:
        first, last = leased.first * _LONGER, leased.last * _LONGER + _LONGER - 1
        if _is_begun(work, series, first):
            raise RuntimeError(f"five million numbers of {series.name} are used up")
    else:
        former = work.scalar(select(func.max(_b.last)).where(own))
        first = _find_alone(work, series, former)
        last = first + ALONE - 1
    _keep_block(work.connection, series.name, first, last, work.device, is_leased=False)
    return _current(work, series)


def _find_alone(work: Work, series: Series, former: int | None) -> int:
    """Find the next block in which nobody was seen to have a number, and nobody leases one."""
    if former is not None:
        first = former + 1
    elif series.is_seen(work, 0, _DRAWN.stop * _DRAWN.stop):
        first = _DRAWN[work.device.int % len(_DRAWN)]
    else:
        first = ALONE
    while True:
        if _SPACES[0][0] <= first < _DRAWN.start:
            first = _DRAWN[work.device.int % len(_DRAWN)]
        elif first >= _DRAWN.stop:
            first = _DRAWN.start
        is_seen = series.is_seen(work, first, first + ALONE - 1)
        if not is_seen and not _is_begun(work, series, first):
            return first
        first += ALONE


def _is_begun(work: Work, series: Series, first: int) -> bool:
    known = (_b.series == series.name) & (_b.first == first)
    return work.first(select(_b.first).where(known)) is not None


def _keep_block(
    connection: Connection, series: str, first: int, last: int, device: UUID, *, is_leased: bool
) -> None:
    connection.execute(
        insert(block_table).values(
            series=series, first=first, last=last, next=first, device=device, is_leased=is_leased
        )
    )


_LEFT: Final = select(
    func.coalesce(func.max(_b.first), 0), func.coalesce(func.sum(_b.last - _b.next + 1), 0)
).where(_b.series == bindparam("named"), _b.device == bindparam("own"), _b.is_leased)


def wanted(connection: Connection, device: UUID) -> list[Asked]:
    """Tell of which series this device needs blocks, long before it runs out."""
    asked: list[Asked] = []
    for name in ALL_SERIES:
        newest, left = connection.execute(_LEFT, {"named": name, "own": device}).one()
        if left <= AHEAD - LEASED:
            asked.append((name, newest, (AHEAD - left) // LEASED))
    return asked


def keep(connection: Connection, device: UUID, leases: Iterable[Lease]) -> int:
    """Keep blocks that the server leased to this device; gives how many are new.

    What it began alone is given up: another may have begun there as well.
    """
    count = 0
    for name, first, last in leases:
        alone = _own(name, device) & ~_b.is_leased & (_b.first < _SPACES[-1][1])
        connection.execute(update(block_table).where(alone).values(next=_b.last + 1))
        overlaps = (_b.series == name) & (_b.first <= last) & (_b.last >= first)
        if connection.execute(select(_b.first).where(overlaps)).first() is None:
            _keep_block(connection, name, first, last, device, is_leased=True)
            count += 1
    return count


# The server's.


def lease(
    connection: Connection, device: UUID, asked: Sequence[Asked], now: datetime
) -> list[Lease]:
    """Lease blocks to a device, each to nobody else; what it was leased but never heard of first.

    The head is locked, so that any number of processes lease one after the other.
    """
    found: list[Lease] = []
    for name, newest, count in asked[: len(ALL_SERIES)]:
        if name in ALL_SERIES:
            head = read_head(connection, lock=True)
            unheard = _leased(connection, name, device, min(newest, _SPACES[-1][1]))
            more = min(count, AT_ONCE) - len(unheard)
            for _ in range(min(more, _left_today(connection, name, device, now))):
                first = _next_lease(connection, name, head.epoch)
                if first is None:
                    break
                row = {"first": first, "last": first + LEASED - 1, "device": device}
                more_of_it = {"series": name, "epoch": head.epoch, "leased_at": now}
                connection.execute(insert(lease_table).values(**row, **more_of_it))
                unheard.append((name, first, first + LEASED - 1))
            found += unheard
    return found


def _leased(connection: Connection, name: str, device: UUID, above: int) -> list[Lease]:
    mine = (_l.series == name) & (_l.device == device) & (_l.first > above)
    rows = connection.execute(select(_l.first, _l.last).where(mine).order_by(_l.first))
    return [(name, row.first, row.last) for row in rows]


def _left_today(connection: Connection, name: str, device: UUID, now: datetime) -> int:
    mine = (_l.series == name) & (_l.device == device) & (_l.leased_at > now - timedelta(days=1))
    given = connection.execute(select(func.count()).select_from(lease_table).where(mine))
    return MOST_A_DAY - int(given.scalar_one())


def _next_lease(connection: Connection, name: str, epoch: int) -> int | None:
    """Give the first number that was never leased, in this life of the server or in another."""
    newest = connection.execute(
        select(_l.last, _l.epoch, _l.leased_at)
        .where(_l.series == name)
        .order_by(_l.first.desc())
        .limit(1)
    ).first()
    first = _SPACES[0][0] if newest is None else newest.last + 1
    if epoch > (1 if newest is None else newest.epoch):
        since = to_milliseconds(_BEGINNING if newest is None else newest.leased_at)
        hours = max(epoch - since, 0) // 3_600_000
        first += (_LEAP + _LEAP_AN_HOUR * hours) * LEASED
    for start, stop in _SPACES:
        first = max(first, start)
        if first + LEASED <= stop:
            return first
    return None
