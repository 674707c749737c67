"""Tells those who wait that the order went on, whichever process wrote it."""

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection

from deskcrm.base.ids import new_id
from deskcrm.server import fence
from deskcrm.store import ledger
from deskcrm.store.derived import read_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Done, Store
from deskcrm.store.tables import local_meta
from deskcrm.store.upsert import upsert

SHORTEST: Final = 25.0
LONGEST: Final = 50.0
"""Seconds that somebody waits; by chance, so that not all come back at once."""
MOST_WAITING: Final = 5_000
_LISTENED: Final = 1.0
_LOOKED: Final = {True: 2.0, False: 20.0}
"""Seconds between two looks without being told: a file may be written by another process."""
_PEOPLE: Final = "people_changed"
_log = logging.getLogger("deskcrm.server")


def look_again(connection: Connection) -> None:
    """Let every process look again at who waits, once this is committed: somebody is let out."""
    upsert(connection, local_meta, [{"key": _PEOPLE, "value": str(new_id())}])
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"NOTIFY {fence.CHANNEL}")


class Full(Exception):
    """Too many wait already."""


class Heads:
    """How far the order is, for everybody who waits in this process."""

    def __init__(self, store: Store, limiter: CapacityLimiter) -> None:
        self._store, self._limiter = store, limiter
        self.head = -1
        self.people = ""
        """Another one each time that a sign-in was ended."""
        self.is_stopped = False
        self.listeners: list[Callable[[], None]] = []
        """Called on the event loop when the order went on, and at the end."""
        self._waiting = 0
        self._listening = threading.Event()

    async def start(self) -> None:
        """Begin to follow the order; on the event loop that the waiting will use."""
        self._loop = asyncio.get_running_loop()
        self._stirred, self._moved = asyncio.Event(), asyncio.Event()
        self._store.listeners.append(self._on_write)
        await self._look()
        self._following = asyncio.create_task(self._follow())
        if not self._store.database.is_sqlite:
            threading.Thread(target=self._listen, name="heads", daemon=True).start()

    async def close(self) -> None:
        """Stop following."""
        self.stop()
        self._following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._following
        self._store.listeners.remove(self._on_write)

    def stop(self) -> None:
        """Let everybody who waits go home; on the event loop."""
        self.is_stopped = True
        self._moved.set()
        self._tell()

    async def wait(self, since: int) -> int:
        """Give how far the order is: at once when beyond ``since``, else when it moves, or soon.

        Also when a sign-in was ended: whoever comes back is looked at anew.
        """
        before = self.people
        with self.seat(), contextlib.suppress(TimeoutError):
            async with asyncio.timeout(random.uniform(SHORTEST, LONGEST)):
                while self.head <= since and not self.is_stopped and self.people == before:
                    await self._moved.wait()
        return self.head

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Count somebody who waits; raises Full."""
        if self._waiting >= MOST_WAITING:
            raise Full
        self._waiting += 1
        if self._store.database.is_sqlite:
            self._stirred.set()  # another process may have written the file while nobody waited
        try:
            yield
        finally:
            self._waiting -= 1

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def _on_write(self, _done: Done[Any]) -> None:
        self._stir()

    def _stir(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._stirred.set)

    async def _follow(self) -> None:
        while not self.is_stopped:
            pause = _LOOKED[self._store.database.is_sqlite and self._waiting > 0]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), pause)
            self._stirred.clear()
            try:
                await self._look()
            except Exception:
                _log.exception("The head could not be read; it is tried again.")

    async def _look(self) -> None:
        found = await to_thread.run_sync(self._read, limiter=self._limiter)
        if found != (self.head, self.people):
            self.head, self.people = found
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()
            self._tell()

    def _read(self) -> tuple[int, str]:
        def look(db: Reader) -> tuple[int, str]:
            people = read_meta(db.connection, _PEOPLE)
            return ledger.read_head(db.connection).seq, people or ""

        with fence.as_server():
            return self._store.ask(look)

    def _listen(self) -> None:
        """Hear of what other processes write, on a connection of its own, which may break."""
        while not self.is_stopped:
            try:
                self._hear()
            except Exception as error:  # whatever a broken line raises
                if not self.is_stopped:
                    _log.warning("Listening broke off (%s); it begins anew.", type(error).__name__)
                    self._listening.wait(_LISTENED)

    def _hear(self) -> None:
        engine = self._store.database.writer
        raw = engine.raw_connection()
        try:
            driver: Any = raw.driver_connection
            driver.autocommit = True
            driver.execute(f"LISTEN {fence.CHANNEL}")
            self._stir()  # for what came while nobody listened
            while not self.is_stopped:
                for _ in driver.notifies(timeout=_LISTENED, stop_after=1):
                    self._stir()
        finally:
            raw.invalidate()
