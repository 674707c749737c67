"""What the server does once a day, in whichever of its processes comes to it first.

It lets go of contents that nothing has named for long, and of tombstones that everybody has had;
it judges all clients, begins the playbooks of those whose owners did not come to it, and learns
from what became of those who left. Workstations do so as well: what is found twice is one.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from deskcrm.base.jobs import Job
from deskcrm.domain.backtests.rounds import Outcome, learn_when_due
from deskcrm.domain.playbooks import rounds
from deskcrm.domain.risk.rounds import Round, judge_all
from deskcrm.server import fence
from deskcrm.server.rounds import Rounds, log
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.rewriting import is_due
from deskcrm.store.store import Arrived, Store
from deskcrm.sync.hub.contents import collect
from deskcrm.sync.hub.horizon import drop_tombstones, move_on

LOOK: Final = 1_800.0
"""Seconds, about, between two looks whether it is due; the first one is as long after the start."""
_EVERY: Final = timedelta(days=1)
_AT_ONCE: Final = 2_000
"""Tombstones that are dropped in one transaction."""
_ROUND: Final = 0x6465736C
"""Of the advisory lock that lets one process at a time do it."""
_NOTED: Final = "daily_round"


_NOTHING: Final = Round()


@dataclass(frozen=True, slots=True)
class DayDone:
    """What a round let go of, what it found of clients, and how many playbooks it began."""

    contents: int
    tombstones: int
    playbooks: int = 0
    judged: Round = _NOTHING
    learning: Outcome = Outcome.NOT_DUE


def go_round(store: Store, job: Job | None = None) -> DayDone | None:
    """Do what is due today; None where it was done already, or another process is at it."""
    now, job = store.clock(), job or Job()

    def take(connection: Connection) -> Arrived[int | None]:
        if not _is_first(connection) or not _is_due(connection, now):
            return Arrived(None)
        contents = collect(connection, now)
        move_on(connection, now)
        write_meta(connection, _NOTED, now.isoformat())
        return Arrived(contents)

    with fence.as_server():
        contents = store.absorb(take).value
        if contents is None:
            return None
        if store.ask(is_due):
            store.rewrite()
        tombstones, judged = _forget(store), judge_all(job, store)
        begun = rounds.go_round(store).begun
        learning = learn_when_due(job, store)
        if learning is Outcome.LEARNED:
            judged = judge_all(job, store)
        return DayDone(contents, tombstones, begun, judged, learning)


def _forget(store: Store) -> int:
    """Drop tombstones in pieces: nobody's push waits for all of them."""
    count = 0
    while True:
        dropped = store.absorb(lambda db: Arrived(drop_tombstones(db, _AT_ONCE))).value
        count += dropped
        if dropped < _AT_ONCE:
            return count


def _is_first(connection: Connection) -> bool:
    """Take the lock, without waiting for who has it; a file has one writer anyhow."""
    if connection.dialect.name == "sqlite":
        return True
    locked = text("SELECT pg_try_advisory_xact_lock(:n)")
    return bool(connection.execute(locked, {"n": _ROUND}).scalar())


def _is_due(connection: Connection, now: datetime) -> bool:
    noted = read_meta(connection, _NOTED)
    # A clock that was set back must not put it off for long.
    return noted is None or abs(now - datetime.fromisoformat(noted)) >= _EVERY


class Daily(Rounds):
    """Goes the round of a process that serves."""

    def __init__(self, store: Store) -> None:
        super().__init__("daily round")
        self._store = store

    async def wait(self) -> None:
        """Wait a while, not as long in all processes."""
        await asyncio.sleep(LOOK * random.uniform(0.5, 1.5))

    def go(self, job: Job) -> None:
        """Do what is due, and tell of it."""
        done = go_round(self._store, job)
        if done is not None:
            _tell(done)


def _tell(done: DayDone) -> None:
    log.info("Let go of %d files, %d rows.", done.contents, done.tombstones)
    judged = done.judged
    log.info(
        "Scored %d clients: %d are at risk now, %d are no longer.",
        judged.scored, judged.entered, judged.left,
    )  # fmt: skip
    log.info("Began %d playbooks. Learning: %s.", done.playbooks, done.learning)
