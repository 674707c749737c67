"""The one file that starts threads: one writes, three read, one speaks to the network."""

import logging
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Signal, Slot

from deskcrm.base.errors import UserError
from deskcrm.ui.kit.garbage import Collector

T = TypeVar("T")
log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Where a piece of work runs."""

    WRITE = "write"
    READ = "read"
    JOB = "job"
    NETWORK = "network"


# Painting gives up the interpreter at every call into Qt; with Python's usual 5 ms, a reader that
# builds rows makes each of those calls wait that long. Measured: frames four times faster.
SWITCH_SECONDS = 0.000_5

WIDTHS = {Lane.WRITE: 1, Lane.READ: 3, Lane.JOB: 1, Lane.NETWORK: 1}


def is_alive(owner: object) -> bool:
    """Whether the widget behind this Python object still exists."""
    return not isinstance(owner, shiboken6.Object) or shiboken6.isValid(owner)


class Answer(Generic[T]):
    """What is coming home from another thread; callbacks run on the main thread.

    ``ask(…).then(self.show)``. If the owner is gone by then, nothing is called. An error
    for which no ``failed`` was given goes to whoever is set in ``Tasks.on_error``.
    """

    def __init__(self, owner: QObject | None = None) -> None:
        self._owner = owner
        self._then: list[Callable[[T], object]] = []
        self._failed: list[Callable[[BaseException], object]] = []
        self._refused: list[Callable[[UserError], object]] = []
        self._future: Future[T] | None = None
        self._dropped = False
        self.is_done = False
        self.value: T | None = None
        self.error: BaseException | None = None

    def then(self, callback: Callable[[T], object]) -> Self:
        """Call this with the value, on the main thread."""
        if self.is_done and self.error is None:
            self._call(callback, self.value)
        else:
            self._then.append(callback)
        return self

    def failed(self, callback: Callable[[Any], object]) -> Self:
        """Call this with the exception instead of telling the person."""
        self._failed.append(callback)
        if self.is_done and self.error is not None:
            self._call(callback, self.error)
        return self

    def refused(self, callback: Callable[[UserError], object]) -> Self:
        """Call this with a UserError instead of telling it; a bug is still reported as one."""
        self._refused.append(callback)
        return self

    def owned_by(self, owner: QObject) -> Self:
        """Drop the answer when this widget is gone."""
        self._owner = owner
        return self

    def drop(self) -> None:
        """Nobody wants this any more; work that has not begun is not begun."""
        self._dropped = True
        if self._future is not None:
            self._future.cancel()

    @property
    def is_wanted(self) -> bool:
        """Whether anybody is still there to hear it."""
        return not self._dropped and is_alive(self._owner)

    def settle(self, on_error: Callable[[BaseException], object]) -> None:
        """Deliver what came home; only Tasks calls this."""
        self.is_done = True
        try:
            self._deliver(on_error)
        finally:
            # The thread may hold this answer a moment longer than we do: a widget whose last
            # reference went with it would be destroyed over there.
            self._dropped = not self.is_wanted
            self._then, self._failed, self._refused = [], [], []
            self._owner = None

    def _deliver(self, on_error: Callable[[BaseException], object]) -> None:
        future = self._future
        if future is None or future.cancelled() or not self.is_wanted:
            return
        self.error = future.exception()
        if self.error is None:
            self.value = future.result()
            for callback in self._then:
                self._call(callback, self.value)
        else:
            self._settle_error(self.error, on_error)

    def _settle_error(
        self, error: BaseException, on_error: Callable[[BaseException], object]
    ) -> None:
        takers: list[Callable[[Any], object]] = list(self._failed)
        if isinstance(error, UserError):
            takers += self._refused
        if not takers:
            on_error(error)
        for taker in takers:
            self._call(taker, error)

    def _call(self, callback: Callable[..., object], *args: object) -> None:
        # An earlier callback may have closed the window that a later one would touch.
        if self.is_wanted and is_alive(getattr(callback, "__self__", None)):
            callback(*args)

    def run_on(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> "Future[T]":
        """Begin the work; only Tasks calls this."""
        self._future = pool.submit(work)
        return self._future


class Tasks(QObject):
    """Runs work in threads and brings the answers home by one queued signal."""

    _arrived = Signal(object)

    def __init__(self, on_error: Callable[[BaseException], object] | None = None) -> None:
        super().__init__()
        self.on_error: Callable[[BaseException], object] = on_error or _log_error
        self._pools = {
            lane: ThreadPoolExecutor(width, thread_name_prefix=f"deskcrm-{lane}")
            for lane, width in WIDTHS.items()
        }
        sys.setswitchinterval(SWITCH_SECONDS)
        self._collector = Collector(self)
        self._open = 0
        self._is_shut = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, lane: Lane, work: Callable[[], T], owner: QObject | None = None) -> Answer[T]:
        """Run this in a thread of the lane; the answer comes home if the owner still lives."""
        return self.begin(Answer[T](owner), lane, work)

    def begin(self, answer: Answer[T], lane: Lane, work: Callable[[], T]) -> Answer[T]:
        """Run this for an answer that was made beforehand."""
        if self._is_shut:
            answer.drop()
            return answer
        self._open += 1
        future = answer.run_on(self._pools[lane], work)
        future.add_done_callback(lambda _: self._bring_home(answer))
        return answer

    def _bring_home(self, answer: Answer[Any]) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit(answer)

    @Slot(object)
    def _deliver(self, answer: Answer[Any]) -> None:
        self._open -= 1
        answer.settle(self.on_error)

    @property
    def is_idle(self) -> bool:
        """Whether every answer has come home."""
        return self._open == 0

    def wait_idle(self, limit_ms: int = 10_000) -> bool:
        """Let the event loop turn until all answers are home; for tests and for closing."""
        if self.is_idle:
            return True
        limit = QTimer()
        limit.setSingleShot(True)
        limit.start(limit_ms)
        # Not a loop of its own: once the program was told to quit, such a loop ends at once, and
        # neither an answer nor the limit would ever come.
        while not self.is_idle and limit.isActive():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        return self.is_idle

    def shutdown(self) -> None:
        """Drop what has not begun except writes, wait for the rest; nothing starts after this."""
        self._is_shut = True
        for lane, pool in self._pools.items():
            pool.shutdown(wait=True, cancel_futures=lane is not Lane.WRITE)
        self._collector.stop()


def _log_error(error: BaseException) -> None:
    log.error("unheard error in a task: %s", type(error).__name__)
