"""Hands over what waits: a push after another, and what is settled by their answers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store import migrate
from deskcrm.store.store import Arrived, Store
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.peer import AheadPeer, PartsPeer, Peer, SyncError, Trouble
from deskcrm.sync.protocol import (
    ROWS_AT_ONCE,
    WITH_LARGE_THINGS,
    Pull,
    Push,
    Pushed,
    Result,
    Welcome,
)
from deskcrm.sync.station import former, memory, outbox, placing, settling
from deskcrm.sync.station.asking import Ahead, along, came_along, question
from deskcrm.sync.station.memory import Memory
from deskcrm.sync.station.outbox import Batch
from deskcrm.sync.station.parting import push_in_parts
from deskcrm.sync.station.receipt import Receipt

T = TypeVar("T")
MOST_PUSHES = 10_000
"""Pushes in one exchange; more would be a server that takes nothing."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """Steps on their way, and what waits for the answer."""

    batch: Batch
    push: Push
    wait: Callable[[], Pushed]


@dataclass(slots=True)
class HandingOver:
    """What waits, on its way to a server that said welcome."""

    store: Store
    peer: Peer
    welcome: Welcome
    receipt: Receipt
    limit: int = ROWS_AT_ONCE
    """Rows of the page that is asked for along with the last push."""
    ahead: Ahead | None = None
    """A page that was asked for ahead, and holds what is new: of after the last push."""

    def run(self) -> None:
        """Hand over everything; raises SyncError."""
        if not self._push_former():
            return
        sent: _Sent | None = None
        for _ in range(MOST_PUSHES):
            state, asked, batch = self._look(is_free=sent is None)
            if self.welcome.last < state.floor:  # it was restored: it must have all again
                self.refill(self.welcome.last)
                continue
            if batch is not None:
                self.receipt.is_held_back = batch.is_held_back
                if batch.first is None:
                    return
                sent = self._send(batch, state, asked)
            assert sent is not None
            batch, push, following = sent.batch, sent.push, self._following(sent.batch)
            pushed = sent.wait()
            check_lineage(pushed.lineage, state)
            sent = None
            if pushed.last < state.floor:
                self.refill(pushed.last)
                continue
            self.ahead = came_along(push, pushed)
            if following is not None and _is_plain(batch, pushed):
                # The server works on it while the answer is written down here. Should we be
                # killed before that is done, both answers are asked for again: the floor is old.
                sent = self._send(following, state, asked, heard=pushed)
            self._take_answer(batch, pushed)
        raise SyncError(Trouble.BROKEN, "the server takes nothing")

    def _look(self, *, is_free: bool) -> tuple[Memory, Pull, Batch | None]:
        """Read how far we are, what is to be asked, and what to send if nothing is on its way."""

        def look(connection: Connection) -> tuple[Memory, Pull, Batch | None]:
            state, asked = question(connection, self.store.device, self.limit)
            batch = self._read_next(connection, self.store.device) if is_free else None
            return state, asked, batch

        return self._ask(look)

    def _following(self, batch: Batch) -> Batch | None:
        """Read what goes next, while the server works; None where that is not known yet."""
        if not batch.has_more or not isinstance(self.peer, AheadPeer):
            return None
        following = self._next(self.store.device, batch.steps[-1].no)
        return following if following.steps else None

    def _send(
        self, batch: Batch, state: Memory, asked: Pull, heard: Pushed | None = None
    ) -> "_Sent":
        """Send steps; ``heard`` is the answer to those before, if it is not written down yet."""
        push = self._push(batch, self.store.device, state.epoch, state.floor)
        push.heard = heard.last if heard else 0
        if batch.steps and not batch.has_more:
            push.ask = along(asked.after(heard) if heard else asked)
        if isinstance(self.peer, AheadPeer) and (batch.has_more or heard):
            return _Sent(batch, push, self.peer.push_ahead(push))
        pushed = self._carry(batch, push)
        return _Sent(batch, push, lambda: pushed)

    def refill(self, last: int) -> None:
        """Queue again what a restored server has not, which has steps up to ``last``."""
        device = self.store.device

        def take(connection: Connection) -> Arrived[int]:
            count = outbox.refill(connection, device, last)
            memory.remember(connection, floor=last)
            return Arrived(count)

        self.store.absorb(take)
        self.welcome.last = last

    def _push_former(self) -> bool:
        """Hand over what the server lacks of what we did under former device ids.

        Tells whether what was done since may follow: not where something of it is held back.
        """
        own, epoch = self.store.device, self.welcome.epoch
        lasts = {UUID(bytes=device): last for device, last in self.welcome.devices}
        is_due, waiting = self._ask(
            lambda db: (former.is_due(db, own, epoch), former.waiting(db, own))
        )
        if is_due:
            self.store.absorb(lambda db: Arrived(former.refill(db, own, lasts, epoch)))
            waiting = self._ask(lambda db: former.waiting(db, own))
        for device in waiting:
            if not self._push_as(device):
                self._take_over(device)
            if self.receipt.is_held_back:
                return False
        return True

    def _take_over(self, device: UUID) -> None:
        def take(connection: Connection) -> Arrived[None]:
            former.take_over(connection, self.store.device, device)
            return Arrived(None)

        self.store.absorb(take)

    def _push_as(self, device: UUID) -> bool:
        """Hand over what waits under a former id; tells whether its numbers were taken."""
        for _ in range(MOST_PUSHES):
            batch = self._next(device)
            self.receipt.is_held_back = batch.is_held_back
            first, epoch = batch.first, self._ask(memory.recall).epoch
            if first is None:
                return True
            try:
                pushed = self._carry(batch, self._push(batch, device, epoch, first - 1))
            except SyncError as error:
                if error.trouble is not Trouble.FORKED:
                    raise
                return False  # others have the same numbers
            if pushed.last < first:
                return False  # a number is missing: nothing can be handed over after it

            def take(connection: Connection, answer: Any = pushed) -> Arrived[list[Result]]:
                return Arrived(settling.take_answer(connection, device, answer))

            self._note_sent(batch, self.store.absorb(take).value)
        raise SyncError(Trouble.BROKEN, "the server takes nothing")

    def _next(self, device: UUID, after: int = 0) -> Batch:
        return self._ask(lambda db: self._read_next(db, device, after))

    def _read_next(self, connection: Connection, device: UUID, after: int = 0) -> Batch:
        known, in_parts = self.welcome.columns, self._takes_parts()
        return outbox.next_batch(connection, device, known, in_parts=in_parts, after=after)

    def _takes_parts(self) -> bool:
        return self.welcome.version >= WITH_LARGE_THINGS and isinstance(self.peer, PartsPeer)

    def _carry(self, batch: Batch, push: Push) -> Pushed:
        if batch.large is None or not isinstance(self.peer, PartsPeer):
            return self.peer.push(push)
        return push_in_parts(self.store, self.peer, push, batch.large)

    def _push(self, batch: Batch, device: UUID, epoch: int, floor: int) -> Push:
        self.ahead = None  # it would be of before what is sent now
        now = to_milliseconds(self.store.clock())
        return Push(device.bytes, epoch, floor, now, batch.steps)

    def _take_answer(self, batch: Batch, pushed: Pushed) -> None:
        device = self.store.device
        is_alike = self.welcome.schema == migrate.known_revisions()[-1]  # else of other columns

        def take(connection: Connection) -> Arrived[list[Result]]:
            news = placing.take_answer(connection, device, pushed) if is_alike else None
            if news is None:
                news = settling.take_answer(connection, device, pushed)
            memory.remember(connection, floor=pushed.last)
            return Arrived(news)

        self._note_sent(batch, self.store.absorb(take).value)
        self.welcome.last = pushed.last

    def _note_sent(self, batch: Batch, news: list[Result]) -> None:
        sent = {step.no: Counter(op.table for op in step.ops) for step in batch.steps}
        if batch.large is not None:
            sent[batch.large.head.no] = batch.large.counts
        for result in news:
            if result.no not in sent:
                continue
            self.receipt.steps += 1
            self.receipt.merged += result.status == "merged"
            if result.status == "refused":
                self.receipt.refused.append(result)
            else:
                self.receipt.sent += sent[result.no]

    def _ask(self, query: Callable[[Connection], T]) -> T:
        return self.store.ask(lambda reader: query(reader.connection))


def _is_plain(batch: Batch, pushed: Pushed) -> bool:
    """Tell whether all of it was taken as it is, so that what follows goes on where it ends."""
    return pushed.begins is not None and pushed.last == batch.steps[-1].no


def check_lineage(lineage: bytes, state: Memory) -> None:
    """Raise SyncError when an answer comes from another server than the one we belong to."""
    if state.lineage is not None and UUID(bytes=lineage) != state.lineage:
        raise SyncError(Trouble.LINEAGE)
