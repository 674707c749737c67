"""What a process that serves does by itself now and then, beside the requests that it answers."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod

from anyio import to_thread

from deskcrm.base.errors import Cancelled
from deskcrm.base.jobs import Job

log = logging.getLogger("deskcrm.server")


class Rounds(ABC):
    """Waits until it is time, does what there is to do in a thread, and waits again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._job = Job()
        self._going: asyncio.Task[None] | None = None

    @abstractmethod
    async def wait(self) -> None:
        """Wait until it is time to look."""

    @abstractmethod
    def go(self, job: Job) -> None:
        """Do what there is to do; in a thread."""

    def start(self) -> None:
        """Begin to look now and then; on the event loop."""
        self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Stop looking; what a round is at is finished, the rest of it left for another time."""
        self._job.cancel()
        self._looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._looking
        if self._going is not None:
            await self._going

    async def _look(self) -> None:
        while True:
            await self.wait()
            self._going = asyncio.create_task(self._go())
            # Its thread writes until it ends, so whoever closes must wait for it.
            await asyncio.shield(self._going)

    async def _go(self) -> None:
        try:
            await to_thread.run_sync(self.go, self._job)
        except Cancelled:
            return
        except Exception:
            log.exception("The %s failed; it is tried again.", self._name)
