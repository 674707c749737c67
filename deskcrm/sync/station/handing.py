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
from deskcrm.sync.protocol import WITH_LARGE_THINGS, Push, Pushed, Result, Welcome
from deskcrm.sync.station import former, memory, outbox, placing, settling
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
    wait: Callable[[], Pushed]


@dataclass(slots=True)
class HandingOver:
    """What waits, on its way to a server that said welcome."""

    store: Store
    peer: Peer
    welcome: Welcome
    receipt: Receipt

    def run(self) -> None:
        """Hand over everything; raises SyncError."""
        if not self._push_former():
            return
        sent: _Sent | None = None
        for _ in range(MOST_PUSHES):
            state = self._ask(memory.recall)
            if self.welcome.last < state.floor:  # it was restored: it must have all again
                self.refill(self.welcome.last)
                continue
            if sent is None:
                sent = self._send_next(state)
            if sent is None:
                return
            batch, following = sent.batch, self._following(sent.batch)
            pushed = sent.wait()
            check_lineage(pushed.lineage, state)
            sent = None
            if pushed.last < state.floor:
                self.refill(pushed.last)
                continue
            if following is not None and _is_plain(batch, pushed):
                # The server works on it while the answer is written down here. Should we be
                # killed before that is done, both answers are asked for again: the floor is old.
                sent = self._send(following, state, heard=pushed.last)
            self._take_answer(batch, pushed)
        raise SyncError(Trouble.BROKEN, "the server takes nothing")

    def _send_next(self, state: Memory) -> "_Sent | None":
        batch = self._next(self.store.device)
        self.receipt.is_held_back = batch.is_held_back
        return None if batch.first is None else self._send(batch, state)

    def _following(self, batch: Batch) -> Batch | None:
        """Read what goes next, while the server works; None where that is not known yet."""
        if not batch.has_more or not isinstance(self.peer, AheadPeer):
            return None
        following = self._next(self.store.device, batch.steps[-1].no)
        return following if following.steps else None

    def _send(self, batch: Batch, state: Memory, heard: int = 0) -> "_Sent":
        if isinstance(self.peer, AheadPeer) and (batch.has_more or heard):
            push = self._push(batch, self.store.device, state.epoch, state.floor)
            push.heard = heard
            return _Sent(batch, self.peer.push_ahead(push))
        pushed = self._hand_over(batch, self.store.device, state.epoch, state.floor)
        return _Sent(batch, lambda: pushed)

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
        if self._ask(lambda db: former.is_due(db, own, epoch)):
            self.store.absorb(lambda db: Arrived(former.refill(db, own, lasts, epoch)))
        for device in self._ask(lambda db: former.waiting(db, own)):
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
                pushed = self._hand_over(batch, device, epoch, first - 1)
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
        known, in_parts = self.welcome.columns, self._takes_parts()
        return self._ask(
            lambda db: outbox.next_batch(db, device, known, in_parts=in_parts, after=after)
        )

    def _takes_parts(self) -> bool:
        return self.welcome.version >= WITH_LARGE_THINGS and isinstance(self.peer, PartsPeer)

    def _hand_over(self, batch: Batch, device: UUID, epoch: int, floor: int) -> Pushed:
        push = self._push(batch, device, epoch, floor)
        if batch.large is None or not isinstance(self.peer, PartsPeer):
            return self.peer.push(push)
        return push_in_parts(self.store, self.peer, push, batch.large)

    def _push(self, batch: Batch, device: UUID, epoch: int, floor: int) -> Push:
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
