"""Keeps a workstation in step with its server while the program runs: one thread, and an ear.

The thread exchanges at once after a local write, when the ear hears that something arrived, and
every few minutes; it is the only one of the two that touches the store. What a newer server tells
the ear is taken in as it is, where it fits, without an exchange. What goes wrong is tried again
after a while, or stops everything until a person has decided.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeGuard

from deskcrm.base.errors import UserError
from deskcrm.store.contents import naming_columns
from deskcrm.store.reader import Reader
from deskcrm.store.store import Done, Store
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import FOLLOWING, WITH_LARGE_THINGS, WITH_NEWS, News, Pull
from deskcrm.sync.station import answers, contents, news, outbox
from deskcrm.sync.station.backoff import Backoff
from deskcrm.sync.station.contents import Wanted
from deskcrm.sync.station.gate import Gate, Listening
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from deskcrm.sync.station.status import NEEDS_A_PERSON, State, Status

log = logging.getLogger(__name__)

SETTLE: Final = 0.2
"""Seconds after a write, so that what is written together is sent together."""
EVERY: Final = 300.0
"""Seconds between exchanges when nothing happens."""
DEAF: Final = 30.0
"""Seconds at most for which listening rests when it fails."""
SWALLOWED: Final = 20.0
"""Seconds after which nothing came though something is said at once."""
_UNKNOWN: Final = frozenset({Trouble.MISSING, Trouble.BROKEN})
PATIENCE: Final = 0.8
"""Seconds that closing waits for a thread that hangs where nothing can be cut."""


class SyncLoop:
    """The exchange that goes on by itself; every method may be called from any thread."""

    def __init__(
        self,
        store: Store,
        peer: Listening,
        *,
        settle: float = SETTLE,
        every: float = EVERY,
        backoff: Backoff | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        wanted: Callable[[Reader], Iterable[Wanted]] = lambda db: (),
    ) -> None:
        """``wanted`` says which contents are to be here before anybody asks for them."""
        self.listeners: list[Callable[[Status], None]] = []
        """Called with each change of the status, in the thread of the loop."""
        self.status = Status()
        self._store, self._peer, self._gate = store, peer, Gate(peer)
        self._settle, self._every, self._monotonic = settle, every, monotonic
        self._backoff = backoff or Backoff()
        self._wanted = wanted
        self._turn = threading.Condition()
        self._due = 0.0
        self._is_closing = self._is_paused = self._is_stopped = self._has_written = False
        self._is_failing = False
        self._heard, self._head = 0, -1  # the head is not known before the first exchange
        self._question: Pull | None = None
        self._news: tuple[Pull, News] | None = None
        self._version, self._can_only_wait = 0, False
        self._threads = [
            threading.Thread(target=self._run, name="deskcrm-sync", daemon=True),
            threading.Thread(target=self._listen, name="deskcrm-sync-ear", daemon=True),
        ]

    def start(self) -> None:
        """Begin, with an exchange at once."""
        self._store.listeners.append(self._on_write)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End, within a second wherever it is; what waits is sent the next time."""
        if self._on_write in self._store.listeners:
            self._store.listeners.remove(self._on_write)
        with self._turn:
            self._is_closing = True
            self._turn.notify_all()
        self._gate.close()
        until = self._monotonic() + PATIENCE
        for thread in self._threads:
            # Reaching for a server cannot be cut. A thread that hangs there goes no further.
            while thread.is_alive() and (self._is_inside(thread) or self._monotonic() < until):
                thread.join(0.05)

    def exchange_now(self) -> None:
        """Exchange at once, also after a trouble that a person has seen to."""
        with self._turn:
            self._is_stopped = self._is_failing = False
            self._backoff.forget()
            self._wake(0.0)

    def resume(self) -> None:
        """Go on after a pause, with an exchange at once."""
        self._is_paused = False
        self.exchange_now()

    def pause(self) -> None:
        """Let an exchange that is under way end, and begin no other."""
        with self._turn:
            self._is_paused = True
            self._turn.notify_all()

    def allow_deletion(self) -> None:
        """Let a large deletion pass, once: somebody looked at it."""
        answers.allow_deletion(self._store)
        self.exchange_now()

    def fetch(self, wanted: Wanted, told: Callable[[int], None]) -> None:
        """Fetch contents now, in the thread of whoever waits for them; raises SyncError.

        ``told`` hears how many bytes are here, and may raise to stop.
        """
        contents.fetch(self._store, self._peer, wanted, told)

    def _is_inside(self, thread: threading.Thread) -> bool:
        """Tell whether a thread is at the store, which must not be closed under it."""
        return thread is self._threads[0] and not self._gate.is_open

    # The thread that exchanges.

    def _run(self) -> None:
        while self._await_turn():
            if not self._take_news():
                self._exchange()
        self._say(state=State.CLOSED)

    def _await_turn(self) -> bool:
        """Wait until it is time; False when it is time to end."""
        while True:
            with self._turn:
                if self._is_closing:
                    return False
                is_held = self._is_paused or self._is_stopped
                left = self._due - self._monotonic()
                has_news = self._news is not None and not self._is_failing
                if not is_held and (left <= 0 or has_news):
                    self._has_written = False
                    return True
                has_written, self._has_written = self._has_written, False
                wants_word = self._is_paused and self.status.state is not State.PAUSED
                if not has_written and not wants_word:
                    self._turn.wait(None if is_held else left)
                    continue
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        state = State.PAUSED if self._is_paused else self.status.state
        self._say(state=state, waiting=self._count_waiting())

    def _exchange(self) -> None:
        self._say(state=State.EXCHANGING, next_try=None)
        with self._turn:
            self._due = self._monotonic() + self._every
        exchange = Exchange(self._store, self._gate)
        try:
            receipt = exchange.run()
        except SyncError as error:
            self._fail(error.trouble, error.detail, error.retry_after)
        except UserError as error:  # the disk is full, say: the store has said so in words
            self._fail(Trouble.BROKEN, said=error)
        except Exception as error:
            if not self._is_closing:
                log.exception("an exchange failed")
            self._fail(Trouble.BROKEN, type(error).__name__)
        else:
            self._backoff.forget()
            with self._turn:
                self._is_failing = False
                if self._has_written:  # while it was under way, and perhaps too late for it
                    self._wake(self._settle)
            self._version = exchange.welcome.version if exchange.welcome is not None else 0
            self._came_about(receipt)
            if self._version >= WITH_LARGE_THINGS:
                self._move_contents()

    def _take_news(self) -> bool:
        """Take in what the ear was told; tells whether no exchange is needed now."""
        with self._turn:
            told, self._news = self._news, None
            if told is None or self._due <= self._monotonic():
                return False
            if told[1].head <= self._head:
                return True  # an exchange was faster: that of what we wrote ourselves, say
        try:
            taken = news.take(self._store, *told)
        except UserError:
            return False  # the exchange meets the same, and says so
        except Exception:
            log.exception("news could not be taken in")
            return False
        if taken is None:
            return False
        self._came_about(taken.receipt)
        if any(column.table.name in taken.receipt.came for column in naming_columns()):
            self._move_contents()
        return taken.is_whole

    def _came_about(self, receipt: Receipt) -> None:
        """Go on from where both sides are the same."""
        asked = news.question(self._store) if self._version >= WITH_NEWS else None
        with self._turn:
            self._head, self._question = receipt.head, asked
            self._turn.notify_all()
        self._say(
            state=State.IDLE,
            waiting=receipt.waiting,
            last_exchange=self._store.clock(),
            trouble=None,
            detail="",
            said=None,
            receipt=receipt,
        )

    def _move_contents(self) -> None:
        """Send and fetch contents until an exchange is due: what is left goes on after that."""
        try:
            wanted = self._store.ask(lambda db: list(self._wanted(db)))
            contents.move_contents(self._store, self._gate, wanted, may_go_on=self._has_time)
        except SyncError:
            with self._turn:  # what is wrong is said by the next exchange, if it still is then
                self._due = min(self._due, self._monotonic() + DEAF)
        except UserError as error:  # the disk is full, say
            self._fail(Trouble.BROKEN, said=error)
        except Exception:
            if not self._is_closing:
                log.exception("contents could not be moved")

    def _has_time(self) -> bool:
        with self._turn:
            is_held = self._is_closing or self._is_paused or self._is_stopped
            return not is_held and self._due > self._monotonic()

    def _fail(
        self,
        trouble: Trouble,
        detail: str = "",
        retry_after: float = 0.0,
        said: UserError | None = None,
    ) -> None:
        if self._is_closing:
            return
        is_stop = trouble in NEEDS_A_PERSON
        with self._turn:
            pause = self._backoff.after(retry_after)
            self._is_failing, self._is_stopped = True, is_stop
            self._due = self._monotonic() + pause
        next_try = None if is_stop else self._store.clock() + timedelta(seconds=pause)
        self._say(
            state=State.STOPPED if is_stop else State.RETRYING,
            waiting=self._count_waiting(),
            trouble=trouble,
            detail=detail,
            said=said,
            next_try=next_try,
        )

    def _count_waiting(self) -> int:
        return self._store.ask(lambda db: outbox.count_waiting(db.connection))

    def _say(self, **changes: object) -> None:
        changed = replace(self.status, **changes)  # type: ignore[arg-type]  # named by the callers
        if changed == self.status:
            return
        self.status = changed
        for listener in tuple(self.listeners):
            try:
                listener(self.status)
            except Exception:
                log.exception("a listener of the exchange failed")

    # What wakes it.

    def _on_write(self, done: Done[object]) -> None:
        if done.step is None:
            return  # it came from the server, or concerns this device only
        with self._turn:
            self._has_written = True
            self._wake(self._settle)

    def _wake(self, seconds: float) -> None:
        """Bring the next exchange forward; what failed has its own time to be tried again."""
        if not self._is_failing:
            self._due = min(self._due, self._monotonic() + seconds)
        self._turn.notify_all()

    def _listen(self) -> None:
        """Listen to the server while exchanges come about; never touches the store."""
        trouble = Backoff(most=DEAF, chance=self._backoff.chance)
        while (silence := self._await_silence()) is not None:
            (since, question), begun = silence, self._monotonic()
            try:
                is_new = (
                    self._follow(question)
                    if self._can_follow(question)
                    else self._hear(since, question)
                )
            except SyncError as error:
                if error.trouble in NEEDS_A_PERSON:
                    with self._turn:
                        self._wake(0.0)  # the other thread finds out, and says so
                self._rest(trouble.after(error.retry_after))
                continue
            if is_new or self._monotonic() - begun >= 1.0:
                trouble.forget()
            else:
                self._rest(trouble.after())  # it does not let us wait, or steps back

    def _hear(self, since: int, question: Pull | None) -> bool:
        """Wait for news, or of an older server only for that there are some; raises SyncError.

        Tells whether there were some.
        """
        if question is not None:
            told = self._peer.news(question)
        else:
            head = self._peer.wait(since)
            told = News(head, is_due=head != since)
        self._hand_on(question, told)
        return (told.page is not None or told.is_due) and told.head > since

    def _hand_on(self, question: Pull | None, told: News) -> None:
        """Let the other thread see to news, which answer a question."""
        with self._turn:
            if question is not None and told.page is not None:
                self._heard, self._news = told.head, (question, told)
                self._turn.notify_all()
            elif told.is_due:
                self._heard = told.head
                self._wake(0.0)

    def _follow(self, question: Pull) -> bool:
        """Hear news one after another, as long as they go on from what is here; raises SyncError.

        Tells whether there were some.
        """
        is_new = is_open = False
        begun = self._monotonic()
        try:
            with closing(self._peer.follow(question)) as told:
                for one in told:
                    is_open = True
                    if one.page is not None or one.is_due:
                        is_new = True
                        self._hand_on(question, one)
                        question = one.goes_on(question)
                    silence = self._await_silence()
                    if silence is None or not news.leads_on(question, silence[1]):
                        break
        except SyncError as error:
            # Something on the way may let nothing through before the end, which never comes.
            is_swallowed = (
                error.trouble is Trouble.OFFLINE and self._monotonic() - begun > SWALLOWED
            )
            if not is_open and (is_swallowed or error.trouble in _UNKNOWN):
                self._can_only_wait = True
            raise
        return is_new

    def _can_follow(self, question: Pull | None) -> TypeGuard[Pull]:
        is_able = self._version >= FOLLOWING and not self._can_only_wait
        return question is not None and is_able

    def _await_silence(self) -> tuple[int, Pull | None] | None:
        """Wait until all that was heard of is here; gives how far that is, None to end."""
        with self._turn:
            while not self._may_listen() and not self._is_closing:
                self._turn.wait()
            return None if self._is_closing else (self._head, self._question)

    def _may_listen(self) -> bool:
        is_held = self._is_paused or self._is_stopped or self._is_failing
        return not is_held and self._head >= max(self._heard, 0)

    def _rest(self, seconds: float) -> None:
        until = self._monotonic() + seconds
        with self._turn:
            while not self._is_closing and (left := until - self._monotonic()) > 0:
                self._turn.wait(left)
