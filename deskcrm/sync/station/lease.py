"""How long a copy may still be used without reaching its server, in a way that no clock extends.

What is kept is what is left of the lease and the moment at which it was counted. Each look takes
off what has passed since, by the clock or, within one program, by the monotonic clock, whichever
says more. A clock that is set back takes nothing off and gives nothing back; one that ran ahead
can only make it shorter, which a sign-in mends.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.store import Arrived, Store

_KEY: Final = "lease"
_OFTEN: Final = timedelta(minutes=10)
"""How exactly the count is kept for the next start."""
_RENEWED: Final = timedelta(hours=1)
"""What must have passed before an exchange writes it down anew."""
_WARNED: Final = timedelta(days=3)
_NOTHING: Final = timedelta()
_LONGEST: Final = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Lease:
    """What the server grants, what is left of it, and when that was counted."""

    whole: timedelta
    left: timedelta
    at: datetime

    @property
    def has_ended(self) -> bool:
        """Whether the copy is locked."""
        return self.left <= _NOTHING

    @property
    def is_near_its_end(self) -> bool:
        """Whether the person should be told."""
        return self.left <= min(_WARNED, self.whole / 2)

    @property
    def days(self) -> int:
        """The days that are left, the last one counted as one."""
        return max(-(-self.left // timedelta(days=1)), 0)

    def later(self, now: datetime, ran: timedelta) -> "Lease":
        """Give the lease as of now; ``ran``: how long the program is known to have run since."""
        return Lease(self.whole, self.left - max(now - self.at, ran, _NOTHING), now)


class LeaseEnded(UserError):
    """The copy is locked until its person signs in again."""

    def __init__(self, lease: Lease) -> None:
        days = lease.whole // timedelta(days=1)
        super().__init__(
            ntr(
                "This copy has not reached its server for {n} day, so it is locked.",
                "This copy has not reached its server for {n} days, so it is locked.",
                days,
            ),
            tr(
                "Nothing is deleted. Sign in again, and what waits is sent:"
                " deskcrm connect URL --user NAME"
            ),
        )


def read(connection: Connection) -> Lease | None:
    """Read what was counted last; None where there never was a server."""
    noted = (read_meta(connection, _KEY) or "").split()
    if len(noted) != 3:
        return None
    whole, left = (timedelta(seconds=float(part)) for part in noted[:2])
    return Lease(whole, left, datetime.fromisoformat(noted[2]))


def renew(store: Store, whole: timedelta) -> None:
    """Begin the lease anew: the server was reached, and took this device for what it is."""
    now, whole = store.clock(), min(whole, _LONGEST)
    kept = store.ask(lambda db: read(db.connection))
    has_run = kept is None or kept.later(now, _NOTHING).left <= kept.whole - _RENEWED
    if whole <= _NOTHING or (kept is not None and kept.whole == whole and not has_run):
        return
    keep(store, Lease(whole, whole, now))


class LeaseClock:
    """Counts the lease of an open profile; safe to use from any thread."""

    def __init__(self, store: Store, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: Lease | None = None
        self._since = 0.0

    def look(self, *, keeps: bool = True) -> Lease | None:
        """Give the lease as of now, written down if ``keeps``; None where there is no server."""
        with self._lock:
            kept = self._store.ask(lambda db: read(db.connection))
            if kept is None:
                return None
            if kept != self._kept:
                self._kept, self._since = kept, self._monotonic()
            at = self._monotonic()
            now = kept.later(self._store.clock(), timedelta(seconds=at - self._since))
            # A clock that was set back counts from there on, at once.
            if keeps and (kept.left - now.left >= _OFTEN or now.at < kept.at):
                keep(self._store, now)
                self._kept, self._since = now, at
            return now


def check(store: Store, *, keeps: bool = True) -> None:
    """Raise LeaseEnded where the copy is locked."""
    lease = LeaseClock(store).look(keeps=keeps)
    if lease is not None and lease.has_ended:
        raise LeaseEnded(lease)


def keep(store: Store, lease: Lease) -> None:
    """Keep a count for the next start."""
    whole, left = lease.whole.total_seconds(), lease.left.total_seconds()

    def take(connection: Connection) -> Arrived[None]:
        write_meta(connection, _KEY, f"{whole} {left} {lease.at.isoformat()}")
        return Arrived(None)

    store.absorb(take)
