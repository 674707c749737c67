"""One exchange with the server: present oneself, hand over what waits, take in what is new."""

import platform
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store import ledger, migrate, series
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.peer import PartsPeer, Peer, SnapshotPeer, SyncError, Trouble
from deskcrm.sync.protocol import (
    OLDEST,
    ROWS_AT_ONCE,
    VERSION,
    WITH_LARGE_THINGS,
    Hello,
    Pull,
    Pulled,
    Push,
    Pushed,
    Result,
    Welcome,
)
from deskcrm.sync.station import former, memory, outbox, placing, resync, settling
from deskcrm.sync.station.bootstrap import Loading
from deskcrm.sync.station.counting import recount
from deskcrm.sync.station.keeping import offer_back
from deskcrm.sync.station.lease import renew
from deskcrm.sync.station.memory import Memory
from deskcrm.sync.station.outbox import Batch
from deskcrm.sync.station.parting import push_in_parts
from deskcrm.sync.station.replica import Page

T = TypeVar("T")
MOST_ROUNDS = 10_000
"""Pages and pushes in one exchange; more would be a server that never says it is done."""


@dataclass(slots=True)
class Receipt:
    """What came of an exchange."""

    sent: Counter[str] = field(default_factory=Counter)
    """Rows handed over, by table."""
    came: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    """Rows that the server had deleted, kept here and offered back to it."""
    steps: int = 0
    merged: int = 0
    """Steps of which, or to which, something was lost: see the conflicts."""
    refused: list[Result] = field(default_factory=list)
    waiting: int = 0
    is_held_back: bool = False
    """Something waits for the server to be updated."""
    agrees: bool = True
    """Whether both sides hold the same rows, by count and digest."""
    was_repaired: bool = False
    head: int = 0


@dataclass(slots=True)
class Exchange:
    """An exchange under way."""

    store: Store
    peer: Peer
    limit: int = ROWS_AT_ONCE
    receipt: Receipt = field(default_factory=Receipt)
    welcome: Welcome | None = None
    _loading: Loading | None = None
    last: Pulled | None = None
    """The last page, with the server's sums."""

    def run(self) -> Receipt:
        """Exchange everything; raises SyncError, with whatever came so far kept."""
        self._greet()
        state = self._ask(memory.recall)
        is_new = not self._ask(memory.read_cursors)
        if state.was_restored:
            self._pull_all()
            self._come_back()
        self._begin_with_snapshot()
        if is_new:  # what is there comes first, so that own rows need not come back with it
            self._pull_all()
        self._push_all()
        self._pull_all()
        if self.receipt.kept:
            self._push_all()
            self._pull_all()
        if self._loading is not None:
            self._loading.take_past()
        self._compare()
        self.receipt.waiting = self._ask(outbox.count_waiting)
        return self.receipt

    # Presenting.

    def _greet(self) -> None:
        state = self._ask(memory.recall)
        hello = Hello(
            self.store.device.bytes,
            platform.node(),
            (OLDEST, VERSION),
            migrate.known_revisions()[-1],
            self._now(),
            self._ask(lambda db: series.wanted(db, self.store.device)),
        )
        welcome = self.peer.hello(hello)
        if not OLDEST <= welcome.version <= VERSION:
            raise SyncError(Trouble.OLD_WORKSTATION)
        if migrate.known_revisions()[-1] < welcome.oldest_schema:
            raise SyncError(Trouble.OLD_WORKSTATION)
        lineage = UUID(bytes=welcome.lineage)
        if state.lineage is None:
            self._meet(lineage, welcome.epoch)
        elif state.lineage != lineage:
            raise SyncError(Trouble.LINEAGE)
        elif state.epoch == welcome.epoch:
            # Before anything is sent: what is sent would raise the head, and hide that it fell.
            self._check_head(welcome.head)
        if welcome.leases:
            own, leases = self.store.device, welcome.leases
            self.store.absorb(lambda db: Arrived(series.keep(db, own, leases)))
        renew(self.store, timedelta(milliseconds=welcome.usable_for))
        self.welcome = welcome
        self._read_again(state.read_as, welcome.schema)

    def _meet(self, lineage: UUID, epoch: int) -> None:
        def take(connection: Connection) -> Arrived[None]:
            memory.remember(connection, lineage=lineage, epoch=epoch, floor=0)
            return Arrived(None)

        self.store.absorb(take)

    def _read_again(self, read_as: str, theirs: str) -> None:
        """Take a new base after an update: what the former program did not know was left out."""
        mine = migrate.known_revisions()[-1]
        now = mine if theirs > mine else ""
        if read_as == now:
            return

        def take(connection: Connection) -> Arrived[None]:
            if read_as and read_as != mine:
                resync.begin(connection)
            memory.remember(connection, read_as=now)
            return Arrived(None)

        self.store.absorb(take)

    def _come_back(self) -> None:
        """Sort out what the former self of a restored workstation had handed over."""
        assert self.welcome is not None
        lasts = {UUID(bytes=device): last for device, last in self.welcome.devices}
        answers = former.answers(self.store, self.peer, lasts, self._now())

        def take(connection: Connection) -> Arrived[None]:
            settling.adopt(connection, self.store.device, lasts, answers)
            memory.forget(connection, "restored_at")
            return Arrived(None)

        self.store.absorb(take)

    # Handing over.

    def _push_former(self) -> None:
        """Hand over again what a restored server lost of what we did under former device ids."""
        assert self.welcome is not None
        own, epoch = self.store.device, self.welcome.epoch
        lasts = {UUID(bytes=device): last for device, last in self.welcome.devices}
        if self._ask(lambda db: former.is_due(db, own, epoch)):
            self.store.absorb(lambda db: Arrived(former.refill(db, own, lasts, epoch)))
        for device in self._ask(lambda db: former.waiting(db, own)):
            self._push_as(device)

    def _push_as(self, device: UUID) -> None:
        assert self.welcome is not None
        known, in_parts = self.welcome.columns, self._takes_parts()
        for _ in range(MOST_ROUNDS):
            batch = self._ask(lambda db: outbox.next_batch(db, device, known, in_parts=in_parts))
            first, epoch = batch.first, self._ask(memory.recall).epoch
            if first is None:
                return
            pushed = self._hand_over(batch, device, epoch, first - 1)
            if pushed.last < first:
                return  # a number is missing: nothing can be handed over after it

            def take(connection: Connection, answer: Any = pushed) -> Arrived[list[Result]]:
                return Arrived(settling.take_answer(connection, device, answer))

            self._note_sent(batch, self.store.absorb(take).value)

    def _push_all(self) -> None:
        assert self.welcome is not None
        self._push_former()
        device, known = self.store.device, self.welcome.columns
        in_parts = self._takes_parts()
        for _ in range(MOST_ROUNDS):
            state = self._ask(memory.recall)
            if self.welcome.last < state.floor:  # it was restored: it must have all again
                self._refill(self.welcome.last)
                continue
            batch = self._ask(lambda db: outbox.next_batch(db, device, known, in_parts=in_parts))
            self.receipt.is_held_back = batch.is_held_back
            if batch.first is None:
                return
            pushed = self._hand_over(batch, device, state.epoch, state.floor)
            self._check_lineage(pushed.lineage, state)
            if pushed.last < state.floor:
                self._refill(pushed.last)
                self.welcome.last = pushed.last
                continue

            def take(connection: Connection, answer: Any = pushed) -> Arrived[list[Result]]:
                news = self._take_answer(connection, answer)
                memory.remember(connection, floor=answer.last)
                return Arrived(news)

            self._note_sent(batch, self.store.absorb(take).value)
            self.welcome.last = pushed.last
        raise SyncError(Trouble.BROKEN, "the server takes nothing")

    def _take_answer(self, connection: Connection, answer: Pushed) -> list[Result]:
        assert self.welcome is not None
        device, news = self.store.device, None
        if self.welcome.schema == migrate.known_revisions()[-1]:  # else it may know other columns
            news = placing.take_answer(connection, device, answer)
        return settling.take_answer(connection, device, answer) if news is None else news

    def _hand_over(self, batch: Batch, device: UUID, epoch: int, floor: int) -> Pushed:
        push = Push(device.bytes, epoch, floor, self._now(), batch.steps)
        if batch.large is None or not isinstance(self.peer, PartsPeer):
            return self.peer.push(push)
        return push_in_parts(self.store, self.peer, push, batch.large)

    def _has_large_things(self) -> bool:
        """Tell whether the server is new enough for snapshots and steps in parts."""
        return self.welcome is not None and self.welcome.version >= WITH_LARGE_THINGS

    def _takes_parts(self) -> bool:
        return self._has_large_things() and isinstance(self.peer, PartsPeer)

    def _refill(self, last: int) -> None:
        device = self.store.device

        def take(connection: Connection) -> Arrived[int]:
            count = outbox.refill(connection, device, last)
            memory.remember(connection, floor=last)
            return Arrived(count)

        self.store.absorb(take)

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

    # Taking in.

    def _begin_with_snapshot(self) -> None:
        """Take the bulk in large pieces, when nothing is there yet or it was broken off."""
        if self._has_large_things() and isinstance(self.peer, SnapshotPeer):
            self._loading = Loading(self.store, self.peer)
            self.receipt.came += self._loading.take_rows()

    def _pull_all(self) -> None:
        for _ in range(MOST_ROUNDS):
            state = self._ask(memory.recall)
            pulled = self.peer.pull(self._request(state))
            self._check_lineage(pulled.lineage, state)
            if pulled.is_reset:
                self._begin_anew(pulled, state)
                continue
            self._check_head(pulled.head)
            self._take(pulled, state)
            if not pulled.more and not self._ask(outbox.wants):
                self.receipt.head = pulled.head
                self.last = pulled
                return
        raise SyncError(Trouble.BROKEN, "the server is never done")

    def _request(self, state: Memory) -> Pull:
        cursors, wanted = self._ask(lambda db: (memory.read_cursors(db), outbox.wanted(db)))
        return Pull(
            device=self.store.device.bytes,
            epoch=state.epoch,
            cursors=[(scope.bytes, seq) for scope, seq in cursors.items()],
            limit=self.limit,
            wanted=[(table, row_id.bytes) for table, row_id in wanted],
            staged=state.is_resyncing,
        )

    def _take(self, pulled: Pulled, state: Memory) -> None:
        def take(connection: Connection) -> Arrived[Page]:
            page = Page(connection, pulled, keeps=state.keeps_deleted)
            page.take(may_delete=state.may_delete or page.keeps)
            if state.is_resyncing and not pulled.more:
                resync.end(page, may_delete=state.may_delete or page.keeps)
            if page.keeps:
                offer_back(page, self.store)
            if not pulled.more and (state.may_delete or page.keeps):
                memory.forget(connection, "may_delete")
                memory.forget(connection, "keeps_deleted")
            return Arrived(page, page.touched, [*page.came, *page.gone])

        page = self.store.absorb(take).value
        self.receipt.came += page.came
        self.receipt.gone += page.gone
        self.receipt.kept += page.kept

    def _begin_anew(self, pulled: Pulled, state: Memory) -> None:
        """Take a new base from a restored server; what it has lost of ours is queued first."""
        if pulled.last < state.floor:
            self._refill(pulled.last)
            if self.welcome is not None:
                self.welcome.last = pulled.last

        def take(connection: Connection) -> Arrived[None]:
            resync.begin(connection)
            memory.remember(connection, epoch=pulled.epoch)
            return Arrived(None)

        self.store.absorb(take)

    def _check_lineage(self, lineage: bytes, state: Memory) -> None:
        if state.lineage is not None and UUID(bytes=lineage) != state.lineage:
            raise SyncError(Trouble.LINEAGE)

    def _check_head(self, head: int) -> None:
        cursors = self._ask(memory.read_cursors)
        if any(seq > head for seq in cursors.values()):
            raise SyncError(Trouble.SHRUNKEN)

    # Comparing.

    def _compare(self) -> None:
        """Compare counts and digests; what differs is taken anew, without losing an edit."""
        if self.last is None or self._agrees(self.last):
            return
        self.receipt.was_repaired = True
        self._recount()
        if not self._agrees(self.last):

            def take(connection: Connection) -> Arrived[None]:
                resync.begin(connection)
                return Arrived(None)

            self.store.absorb(take)
            self._pull_all()
        self.receipt.agrees = self._agrees(self.last)

    def _agrees(self, pulled: Pulled) -> bool:
        theirs = {(UUID(bytes=s), table): (n, total) for s, table, n, total in pulled.sums}
        scopes = [UUID(bytes=scope) for scope in pulled.scopes]
        known = {shape_of(model).name for model in record_models()}
        mine = self._ask(lambda db: ledger.read_sums(db, scopes))
        return mine == {key: value for key, value in theirs.items() if key[1] in known}

    def _recount(self) -> None:
        """Count what is really here: the notes may be wrong, not the rows."""

        def take(connection: Connection) -> Arrived[None]:
            recount(connection)
            return Arrived(None)

        self.store.absorb(take)

    def _ask(self, query: Callable[[Connection], T]) -> T:
        return self.store.ask(lambda reader: query(reader.connection))

    def _now(self) -> int:
        return to_milliseconds(self.store.clock())
