"""What an exchange costs over real HTTP: the server in a process of its own, on loopback.

Beside it, in the same run and with the same rows, other programs that sync.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bench import bare, peers
from bench.lines import Line, line, rate, timed
from bench.rows import ROWS, add_one, fill_store
from bench.site import Site, sites
from deskcrm.domain.clients.model import CustomValue
from deskcrm.server.place import keeping
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.protocol import Pull, Pulled, Push, Pushed
from deskcrm.sync.station.rounds import Exchange
from deskcrm.sync.transport import Transport

KEY = bytes(range(32))
TIMES = 20
ARRIVALS = 60


class Watched(HttpPeer):
    """Notes when the first push began and when the first page was asked for."""

    pushing = 0.0
    pulling = 0.0

    def push(self, message: Push) -> Pushed:
        """Hand over steps."""
        self.pushing = self.pushing or time.perf_counter()
        return super().push(message)

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new."""
        self.pulling = self.pulling or time.perf_counter()
        return super().pull(message)


Desk = tuple[Store, Watched]
"""A workstation and its line to the server."""


def run(clients: int) -> list[Line]:
    """Measure over both databases, then the peers. The size is its own."""
    del clients
    lines: list[Line] = []
    with sites() as found:
        for kind, site in found:
            lines += _measure(kind, site)
    return lines + peers.run()


def _measure(kind: str, site: Site) -> list[Line]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = stack.enter_context(keeping(site.place))
        first, second, third, fourth = (
            stack.enter_context(_station(folder / name, site, desk)) for name in "abcd"
        )
        fill_store(first[0])
        Exchange(*first).run()
        # To the end: what is pushed counts once its place in the order is known here.
        pushed = (time.perf_counter() - first[1].pushing) * 1_000
        pulled = timed(Exchange(second[0], OnlyPulls(second[1])).run)
        lines = [
            rate(f"{kind} over HTTP: push", ROWS, pushed, 10_000 if kind == "SQLite" else 8_000),
            rate(f"{kind} over HTTP: pull", ROWS, pulled, 20_000),
            *_fresh(f"{kind} over HTTP: first fresh replica", *third, None),
            *_fresh(f"{kind} over HTTP: fresh replica", *fourth, 60_000),
            *_single(kind, first, second),
        ]
        return lines + _arrival(kind, first, second, fourth)


def _fresh(name: str, store: Store, peer: Watched, goal: int | None) -> list[Line]:
    """The first one has to wait until the server made the segments, which others take as well."""
    start = time.perf_counter()
    Exchange(store, peer).run()
    whole = (time.perf_counter() - start) * 1_000
    seen = (peer.pulling - start) * 1_000
    return [
        rate(f"{name} by snapshot, until it is seen", ROWS, seen, goal),
        rate(f"{name} by snapshot, whole", ROWS, whole),
    ]


class OnlyPulls:
    """The same peer without snapshots, which a workstation asks for if it can."""

    def __init__(self, peer: HttpPeer) -> None:
        self.hello, self.push, self.pull = peer.hello, peer.push, peer.pull
        self.push_ahead, self.pull_ahead = peer.push_ahead, peer.pull_ahead


def _single(kind: str, first: Desk, second: Desk) -> list[Line]:
    nothing = [timed(Exchange(*second).run) for _ in range(TIMES)]
    one = []
    for _ in range(TIMES):
        first[0].do(add_one)
        one.append(timed(Exchange(*first).run))
    Exchange(*second).run()
    # Presenting oneself, and handing over; what is new comes along with either.
    greeting, both = bare.take(TIMES, 1), bare.take(TIMES, 2)
    return [
        line(f"{kind} over HTTP: nothing to do, whole exchange", 0, nothing, floor=greeting),
        line(f"{kind} over HTTP: one row up, whole exchange", 0, one, floor=both),
    ]


def _arrival(kind: str, first: Desk, *others: Desk) -> list[Line]:
    """Save at one workstation, and see when two idle ones that listen have the row."""
    took: list[float] = []
    for _ in range(ARRIVALS):
        head = Exchange(*others[0]).run().head
        begun = threading.Barrier(len(others) + 1)
        arrived: list[float] = []

        def listen(store: Store, peer: HttpPeer, head: int = head, begun: Any = begun) -> None:
            begun.wait()
            peer.wait(head)
            Exchange(store, peer).run()
            arrived.append(time.perf_counter())  # noqa: B023 - joined before it is another one

        threads = [threading.Thread(target=listen, args=other) for other in others]
        for thread in threads:
            thread.start()
        begun.wait()
        start = time.perf_counter()
        made: UUID = first[0].do(add_one).value
        Exchange(*first).run()
        for thread in threads:
            thread.join()
        took += [(one - start) * 1_000 for one in arrived]
        assert all(_has(store, made) for store, _ in others)
    return [line(f"{kind} over HTTP: from saved here to seen there", 0, took, budget=300, at="p95")]


def _has(store: Store, row: UUID) -> bool:
    query = select(CustomValue.id).where(CustomValue.id == row)
    return store.ask(lambda db: db.first(query)) is not None


@contextmanager
def _station(path: Path, site: Site, desk: Store) -> Iterator[Desk]:
    """Give a workstation of Anna's that is signed in and has nothing yet."""
    store = Store.open(open_sqlite(path, KEY))
    device = site.sign_in(desk, "Anna", store.device)
    store.sign_in(device.granted.user)
    peer = Watched(Transport(site.url), device, device.granted)
    try:
        yield store, peer
    finally:
        peer.close()
        store.close()
