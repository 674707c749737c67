"""Sees after what came too late, soon after it came, whether or not anybody has a window open.

Somebody who was offline may have written to a client that was merged into another, or added to
somebody who was erased. The first goes on to the one that is left, the second is erased. Whoever
writes holds the head, so of several processes that look at once one does it, and the others find
nothing to do.
"""

import asyncio
import contextlib
import random
from typing import Final

from sqlalchemy import Connection

from deskcrm.base.jobs import Job
from deskcrm.domain.client_merges.commands import follow_merges
from deskcrm.domain.client_merges.queries import has_strays, may_have_strays
from deskcrm.domain.erasures.late import erase_late, find_late, log_end
from deskcrm.server import fence
from deskcrm.server.heads import Heads
from deskcrm.server.rounds import Rounds, log
from deskcrm.store import erasing
from deskcrm.store.derived import write_meta
from deskcrm.store.store import Arrived, Store
from deskcrm.sync.hub import segments

SOON: Final = 5.0
"""Seconds, about, from a write to the look after it: whoever writes much is not looked at often."""

SELDOM: Final = 600.0
"""Seconds after which it looks though nothing was written."""


class Latecomers(Rounds):
    """Looks when the server begins, and soon after anything was written."""

    def __init__(self, store: Store, heads: Heads) -> None:
        super().__init__("look for what came late")
        self._store, self._heads = store, heads
        self._seen = 0
        """How far the log was looked through without a fault."""
        self._stirred = asyncio.Event()

    def start(self) -> None:
        """Begin to look; on the event loop."""
        self._stirred.set()  # for what came while no server ran
        self._heads.listeners.append(self._stirred.set)
        super().start()

    async def close(self) -> None:
        """Stop looking."""
        self._heads.listeners.remove(self._stirred.set)
        await super().close()

    async def wait(self) -> None:
        """Wait until something was written, and a little longer; at times look anyway."""
        with contextlib.suppress(TimeoutError):  # the look before may have failed
            await asyncio.wait_for(self._stirred.wait(), SELDOM)
        await asyncio.sleep(SOON * random.uniform(0.5, 1.5))  # not all processes at once
        self._stirred.clear()

    def go(self, _job: Job) -> None:
        """See after what came."""
        self._seen = see_after(self._store, self._seen)


def see_after(store: Store, since: int = 0) -> int:
    """See after what came late since then; gives how far the log was looked through."""
    with fence.as_server():
        end = store.ask(log_end)
        if _has_strays(store, since) and (count := store.do(follow_merges).value):
            log.info("Brought home what was written at %d merged clients.", count)
        if store.ask(find_late, since=since):
            count = store.do(erase_late, since=since).value
            store.absorb(_forget_erased)
            log.info("Erased %d rows that were added to people who were erased.", count)
        return end


def _has_strays(store: Store, since: int) -> bool:
    return (not since or store.ask(may_have_strays, since=since)) and store.ask(has_strays)


def _forget_erased(connection: Connection) -> Arrived[None]:
    """Let go of what the server keeps beside its tables of what was just erased."""
    segments.forget_erased(connection)
    write_meta(connection, erasing.DUE, "1")
    return Arrived(None)
