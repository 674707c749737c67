"""One exchange with the server: present oneself, hand over what waits, take in what is new."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from msgspec import structs
from sqlalchemy import Connection

from deskcrm.base.garbage import seldom_collected
from deskcrm.store import ledger, migrate, series
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.peer import AheadPeer, Peer, SnapshotPeer, SyncError, Trouble
from deskcrm.sync.protocol import (
    OLDEST,
    ROWS_AT_ONCE,
    VERSION,
    WITH_LARGE_THINGS,
    Hello,
    Pull,
    Pulled,
    Welcome,
)
from deskcrm.sync.station import former, memory, outbox, resync, settling
from deskcrm.sync.station.asking import Ahead, along, question, says_nothing
from deskcrm.sync.station.bootstrap import Loading
from deskcrm.sync.station.counting import recount
from deskcrm.sync.station.handing import HandingOver, check_lineage
from deskcrm.sync.station.keeping import offer_back
from deskcrm.sync.station.lease import renew
from deskcrm.sync.station.memory import Memory
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.replica import Page

T = TypeVar("T")
MOST_ROUNDS = 10_000
"""Pages in one exchange; more would be a server that never says it is done."""


@dataclass(slots=True)
class Exchange:
    """An exchange under way."""

    store: Store
    peer: Peer
    limit: int = ROWS_AT_ONCE
    receipt: Receipt = field(default_factory=Receipt)
    welcome: Welcome | None = None
    _loading: Loading | None = None
    _ahead: Ahead | None = None
    last: Pulled | None = None
    """The last page, with the server's sums."""

    @seldom_collected()
    def run(self) -> Receipt:
        """Exchange everything; raises SyncError, with whatever came so far kept."""
        state, asked = self._greet()
        is_new = not asked.cursors
        if state.was_restored:
            self._pull_all()
            self._come_back()
        self._begin_with_snapshot()
        if is_new:  # what is there comes first, so that own rows need not come back with it
            self._pull_all()
        self._hand_over()
        self._pull_all()
        if self.receipt.kept:
            self._hand_over()
            self._pull_all()
        if self._loading is not None:
            self._loading.take_past()
        self._compare()
        self.receipt.waiting = self._ask(outbox.count_waiting)
        return self.receipt

    # Presenting.

    def _greet(self) -> tuple[Memory, Pull]:
        """Present this device; gives what was remembered, and what would be asked for, before."""
        (state, asked), numbers, waiting = self._ask(self._standing)
        is_all = bool(asked.cursors) and not waiting and not state.was_restored
        hello = Hello(
            self.store.device.bytes,
            platform.node(),
            (OLDEST, VERSION),
            migrate.known_revisions()[-1],
            self._now(),
            numbers,
            along(asked) if is_all else None,
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
            _check_head(welcome.head, asked)
        if welcome.leases:
            own, leases = self.store.device, welcome.leases
            self.store.absorb(lambda db: Arrived(series.keep(db, own, leases)))
        renew(self.store, timedelta(milliseconds=welcome.usable_for))
        self.welcome = welcome
        self._read_again(state.read_as, welcome.schema)
        if hello.ask is not None and welcome.page is not None:
            page = welcome.page
            self._ahead = Ahead(hello.ask, lambda: page)
        return state, asked

    def _standing(
        self, connection: Connection
    ) -> tuple[tuple[Memory, Pull], list[tuple[str, int, int]], int]:
        """Read what a greeting says: how far we are, which numbers we need, how much waits."""
        return (
            self._question(connection),
            series.wanted(connection, self.store.device),
            outbox.count_waiting(connection),
        )

    def _question(self, connection: Connection) -> tuple[Memory, Pull]:
        return question(connection, self.store.device, self.limit)

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

    def _hand_over(self) -> None:
        if not self._ask(self._has_to_send):
            return
        handing = self._handing_over()
        handing.ahead = self._ahead
        handing.run()
        self._ahead = handing.ahead

    def _has_to_send(self, connection: Connection) -> bool:
        """Tell whether anything waits, or the server may lack what it once had."""
        assert self.welcome is not None
        state = memory.recall(connection)
        has_more = self.welcome.last < state.floor or outbox.count_waiting(connection) > 0
        return has_more or former.is_due(connection, self.store.device, self.welcome.epoch)

    def _handing_over(self) -> HandingOver:
        assert self.welcome is not None
        return HandingOver(self.store, self.peer, self.welcome, self.receipt, self.limit)

    def _has_large_things(self) -> bool:
        """Tell whether the server is new enough for snapshots and steps in parts."""
        return self.welcome is not None and self.welcome.version >= WITH_LARGE_THINGS

    # Taking in.

    def _begin_with_snapshot(self) -> None:
        """Take the bulk in large pieces, when nothing is there yet or it was broken off."""
        if self._has_large_things() and isinstance(self.peer, SnapshotPeer):
            self._loading = Loading(self.store, self.peer)
            self.receipt.came += self._loading.take_rows()

    def _pull_all(self) -> None:
        for _ in range(MOST_ROUNDS):
            state, asked = self._ask(self._question)
            pulled = self._ask_for(asked)
            check_lineage(pulled.lineage, state)
            if pulled.is_reset:
                self._begin_anew(pulled, state)
                continue
            _check_head(pulled.head, asked)
            if pulled.more and isinstance(self.peer, AheadPeer):
                following = structs.replace(asked, cursors=sorted(pulled.cursors), wanted=[])
                self._ahead = Ahead(following, self.peer.pull_ahead(following))
            wants_more = not self._is_known(pulled, state, asked) and self._take(pulled, state)
            if not pulled.more and not wants_more:
                self.receipt.head = pulled.head
                self.last = pulled
                return
        raise SyncError(Trouble.BROKEN, "the server is never done")

    def _ask_for(self, asked: Pull) -> Pulled:
        """Give the answer that was asked for ahead, if what is to be asked now came out so."""
        ahead, self._ahead = self._ahead, None
        return ahead.wait() if ahead and ahead.answers(asked) else self.peer.pull(asked)

    def _is_known(self, pulled: Pulled, state: Memory, asked: Pull) -> bool:
        """Tell whether a page changes nothing here, as most do: then it need not be written."""
        is_quiet = state.is_usual and says_nothing(pulled, asked)
        return is_quiet and not self._ask(settling.is_due)

    def _take(self, pulled: Pulled, state: Memory) -> bool:
        """Take a page in; tells whether rows are wanted that are still to be fetched."""

        def take(connection: Connection) -> Arrived[tuple[Page, bool]]:
            page = Page(connection, pulled, keeps=state.keeps_deleted)
            page.take(may_delete=state.may_delete or page.keeps)
            if state.is_resyncing and not pulled.more:
                resync.end(page, may_delete=state.may_delete or page.keeps)
            if page.keeps:
                offer_back(page, self.store)
            if not pulled.more and (state.may_delete or page.keeps):
                memory.forget(connection, "may_delete")
                memory.forget(connection, "keeps_deleted")
            wants_more = outbox.wants(connection)
            return Arrived((page, wants_more), page.touched, [*page.came, *page.gone])

        page, wants_more = self.store.absorb(take).value
        self.receipt.came += page.came
        self.receipt.gone += page.gone
        self.receipt.kept += page.kept
        return wants_more

    def _begin_anew(self, pulled: Pulled, state: Memory) -> None:
        """Take a new base from a restored server; what it has lost of ours is queued first."""
        if pulled.last < state.floor:
            self._handing_over().refill(pulled.last)

        def take(connection: Connection) -> Arrived[None]:
            resync.begin(connection)
            memory.remember(connection, epoch=pulled.epoch)
            return Arrived(None)

        self.store.absorb(take)

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


def _check_head(head: int, asked: Pull) -> None:
    """Raise SyncError where the server is not as far as it has been."""
    if any(seq > head for _, seq in asked.cursors):
        raise SyncError(Trouble.SHRUNKEN)
