"""News that are followed: over one line for as long as they go on from what is here."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.users.model import UserRole
from deskcrm.server.place import place_of
from deskcrm.sync.framing import framed, frames
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Malformed
from deskcrm.sync.station.loop import SyncLoop
from deskcrm.sync.transport import Transport
from tests.server.site import Site, make_ready, serving
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.watch import Watch

PATIENCE = 20


@pytest.fixture
def server(tmp_path: Path, watch: Watch) -> Iterator[Site]:
    place = place_of(tmp_path / "server", None)
    make_ready(place)
    with serving(place, watch) as made:
        for name in ("anna", "ivan"):
            made.add(name, UserRole.ADMINISTRATOR)
        yield made


@pytest.fixture
def anna(server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("anna", server, alone=False)
    desk.connect()
    return desk


@pytest.fixture
def ivan(server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("ivan", server, alone=False)
    desk.connect()
    return desk


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what all workstations ask."""
    count: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., Any]:
        whole = getattr(HttpPeer, name)

        def ask(self: HttpPeer, message: Any) -> Any:
            count[name] += 1
            return whole(self, message)

        return ask

    for name in ("hello", "news", "follow"):
        monkeypatch.setattr(HttpPeer, name, counting(name))
    return count


class Listener:
    """A workstation whose exchange goes on by itself, and what it has."""

    def __init__(self, desk: Desk, server: Site) -> None:
        self.desk, self._stirred, self.skew = desk, threading.Condition(), 0.0
        self.loop = SyncLoop(
            desk.store, desk.peer(), settle=0.01, monotonic=lambda: time.monotonic() + self.skew
        )
        self.loop.listeners.append(self._hear)
        self.loop.start()
        while not server.desk.heads._waiting:
            threading.Event().wait(0.01)

    def _hear(self, _: object) -> None:
        with self._stirred:
            self._stirred.notify_all()

    def names(self) -> list[str]:
        return sorted(row.name for row in rows_of(self.desk.store, "client"))

    def has(self, *names: str) -> bool:
        """Wait until these clients, and no others, are here."""
        with self._stirred:
            return self._stirred.wait_for(lambda: self.names() == sorted(names), PATIENCE)


@pytest.fixture
def listening(anna: Desk, ivan: Desk, server: Site, asked: Counter[str]) -> Iterator[Listener]:
    listener = Listener(anna, server)
    yield listener
    listener.loop.close()


def test_news_come_one_after_another_over_one_line(
    listening: Listener, ivan: Desk, asked: Counter[str]
) -> None:
    before = asked["hello"]
    for names in (["Acme"], ["Acme", "Bolt"], ["Acme", "Bolt", "Crane"]):
        ivan.store.do(create_company, name=names[-1])
        ivan.sync()
        assert listening.has(*names)
    assert asked["hello"] - before == 3  # his own
    assert (asked["follow"], asked["news"]) == (1, 0)


def test_what_one_writes_oneself_does_not_break_the_line(
    listening: Listener, anna: Desk, ivan: Desk, asked: Counter[str]
) -> None:
    for number in range(3):
        anna.store.do(create_company, name=f"Annas {number}")
        while listening.loop.status.waiting or ivan.sync().came["client"] == 0:
            threading.Event().wait(0.01)
        ivan.store.do(create_company, name=f"Ivans {number}")
        ivan.sync()
        wanted = [f"{who} {n}" for who in ("Annas", "Ivans") for n in range(number + 1)]
        assert listening.has(*wanted)
    assert (asked["follow"], asked["news"]) == (1, 0)


def break_off(server: Site) -> None:
    """Let everybody who follows ask anew."""
    for one in tuple(server.desk.news._waiting):
        one.tell(None)


@pytest.mark.parametrize(
    ("trouble", "seconds", "is_in_the_way"),
    [(Trouble.MISSING, 0, True), (Trouble.OFFLINE, 60, True), (Trouble.OFFLINE, 0, False)],
)
def test_where_something_stands_in_the_way_it_waits_for_news(
    listening: Listener,
    ivan: Desk,
    server: Site,
    asked: Counter[str],
    monkeypatch: pytest.MonkeyPatch,
    trouble: Trouble,
    seconds: float,
    is_in_the_way: bool,
) -> None:
    whole, left = Transport.follow, [trouble]

    def fail_once(self: Transport, *args: Any) -> Any:
        if left:
            left.pop()
            listening.skew += seconds
            raise SyncError(trouble)
        return whole(self, *args)

    monkeypatch.setattr(Transport, "follow", fail_once)
    server.desk.heads._loop.call_soon_threadsafe(break_off, server)
    ivan.store.do(create_company, name="Acme")
    ivan.sync()
    assert listening.has("Acme")
    while asked["news"] + asked["follow"] < 3:
        threading.Event().wait(0.01)
    assert (asked["news"] > 0) is is_in_the_way


def test_closing_hangs_up(listening: Listener, server: Site) -> None:
    listening.loop.close()
    assert not any(thread.is_alive() for thread in listening.loop._threads)
    while server.desk.heads._waiting:
        threading.Event().wait(0.01)


def test_messages_are_read_however_they_are_cut() -> None:
    told = [b"", b"a", bytes(range(256)) * 3]
    whole = b"".join(framed(one) for one in told)
    for size in (1, 3, 5, 1_000):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert list(frames(pieces, 1_000)) == told
    assert list(frames([whole[:-1]], 1_000)) == told[:-1]
    with pytest.raises(Malformed):
        list(frames([framed(bytes(2_000))[:4]], 1_000))
