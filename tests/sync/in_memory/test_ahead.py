"""What is asked while the answer before it is still being written down, and what becomes of it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import page_clients
from deskcrm.store.store import Store
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pull, Pulled, Push, Pushed
from deskcrm.sync.station.gate import Gate
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.conftest import MakeDesk
from tests.sync.crashes import Crash
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.safeguards import forget_what_was_heard
from tests.sync.world import Station, WiredPeer, World

NAMES = ["a", "b", "c", "d"]


class Told(WiredPeer):
    """Tells in which order all happens."""

    def __init__(self, station: Station) -> None:
        super().__init__(station.world, station)
        self.events: list[str] = []
        self.pushes: list[Push] = []
        whole = station.store.absorb

        def absorb(*args: Any) -> Any:
            self.events.append("write")
            return whole(*args)

        setattr(station.store, "absorb", absorb)  # noqa: B010 - listened to, not an attribute

    def push(self, message: Push) -> Pushed:
        self.events.append(f"push {len(message.steps)}")
        self.pushes.append(message)
        return super().push(message)

    def page(self, pulled: Pulled) -> Pulled:
        self.events.append(f"page of {sum(len(rows.rows) for rows in pulled.rows)}")
        return pulled


@pytest.fixture
def anna(world: World) -> Station:
    station = world.station()
    station.sync()
    return station


@pytest.fixture(autouse=True)
def _one_op_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskcrm.sync.station.outbox.OPS_AT_ONCE", 1)


def add(station: Station, names: list[str]) -> None:
    for name in names:
        station.store.do(toys.add_box, name=name)


def exchange(station: Station, limit: int = 50) -> Told:
    peer = Told(station)
    receipt = Exchange(station.store, peer, limit).run()
    assert receipt.agrees
    return peer


def test_the_next_push_goes_before_the_answer_is_written(anna: Station, ivan: Station) -> None:
    add(anna, NAMES)
    peer = exchange(anna)
    pushes = [e for e in peer.events[: peer.events.index("page of 0")] if e != "write"]
    assert pushes == ["push 1"] * 4
    assert peer.events[:3] == ["push 1", "push 1", "write"]
    # What is on the disk is what may be forgotten; what was heard is not told again.
    assert [(push.floor, push.heard) for push in peer.pushes] == [(0, 0), (0, 1), (1, 2), (2, 3)]
    ivan.sync()
    assert ivan.boxes() == anna.boxes()


def test_after_an_answer_that_is_not_plain_nothing_goes_ahead(anna: Station, ivan: Station) -> None:
    add(ivan, ["x"])
    ivan.sync()
    anna.sync()
    (box,) = anna.boxes()
    ivan.store.do(toys.delete_box, box)
    ivan.sync()
    anna.store.do(toys.rename_box, box, name="Mine")
    add(anna, NAMES[:2])
    peer = exchange(anna)
    assert peer.events[:4] == ["push 1", "write", "push 1", "push 1"]
    assert peer.pushes[1].heard == 0


@pytest.mark.parametrize("safe", [True, False])
def test_who_is_killed_before_an_answer_is_written_asks_for_it_again(
    anna: Station, ivan: Station, safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not safe:
        forget_what_was_heard(monkeypatch)
    add(anna, NAMES)
    with monkeypatch.context() as patch:
        patch.setattr(anna.store, "absorb", _killed_at(1, anna.store.absorb))
        with pytest.raises(Crash):
            Exchange(anna.store, WiredPeer(anna.world, anna)).run()
    assert len(anna.world.hub.store.ask(lambda db: toys_of(db))) == 2
    anna.restart()
    if not safe:
        with pytest.raises(SyncError) as caught:
            exchange(anna)
        assert caught.value.trouble is Trouble.FORKED
        return
    exchange(anna)
    ivan.sync()
    assert sorted(box.name for box in ivan.boxes().values()) == NAMES
    assert ivan.boxes() == anna.boxes()


def toys_of(db: Any) -> list[Any]:
    return list(db.all(toys.ToyBox.__table__.select()))


def _killed_at(number: int, whole: Callable[..., Any]) -> Callable[..., Any]:
    """Give a write that is killed before it is on the disk."""
    left = [number]

    def absorb(*args: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            raise Crash
        return whole(*args)

    return absorb


def test_the_next_page_is_asked_for_before_the_former_is_taken_in(
    anna: Station, ivan: Station
) -> None:
    add(anna, NAMES)
    anna.sync()
    peer = exchange(ivan, limit=2)
    first = peer.events.index("page of 2")
    assert peer.events[first : first + 4] == ["page of 2", "page of 2", "write", "write"]
    assert peer.events.count("page of 2") == 2  # no page was asked for in vain
    assert ivan.boxes() == anna.boxes()


def test_a_page_that_does_not_follow_is_let_go(
    anna: Station, ivan: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(anna, NAMES)
    anna.sync()
    whole = WiredPeer.pull_ahead

    def elsewhere(peer: WiredPeer, message: Pull) -> Callable[[], Pulled]:
        waiting = whole(peer, message)
        message.cursors = [(scope, seq + 1) for scope, seq in message.cursors]
        return waiting

    monkeypatch.setattr(WiredPeer, "pull_ahead", elsewhere)
    exchange(ivan, limit=1)
    assert ivan.boxes() == anna.boxes()


def test_a_server_that_does_not_answer_ahead_is_asked_one_by_one(
    anna: Station, ivan: Station
) -> None:
    add(anna, NAMES)
    wired = WiredPeer(anna.world, anna)

    class Plain:
        hello, push, pull = wired.hello, wired.push, wired.pull

    assert Exchange(anna.store, Plain(), 1).run().steps == 4
    ivan.sync()
    assert ivan.boxes() == anna.boxes()


# Over HTTP, where it is another thread that waits.


@pytest.fixture
def desk(site: Site, make_desk: MakeDesk) -> Desk:
    site.add_person("anna")
    made = make_desk("anna", site)
    made.connect()
    return made


def names_at(store: Store) -> list[str]:
    return sorted(row.name for row in store.ask(page_clients))


def test_all_arrives_over_http(site: Site, desk: Desk, make_desk: MakeDesk) -> None:
    for name in NAMES:
        desk.store.do(create_company, name=name)
    assert desk.sync().agrees
    site.add_person("ivan")
    other = make_desk("ivan", site)
    other.connect()
    assert other.sync(limit=2).agrees
    assert names_at(other.store) == names_at(desk.store) == NAMES


def test_a_failure_ahead_is_told_where_the_answer_is_waited_for(desk: Desk) -> None:
    peer = desk.peer()
    peer.close()
    waiting = peer.pull_ahead(Pull(desk.store.device.bytes, 1, []))
    with pytest.raises(SyncError):
        waiting()


def test_nothing_that_was_asked_ahead_passes_a_gate_that_was_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_answer = threading.Event(), threading.Event()

    def pull(peer: HttpPeer, message: Pull) -> Pulled:
        begun.set()
        assert may_answer.wait(20)
        return Pulled(1, b"", [], 0, 0)

    monkeypatch.setattr(HttpPeer, "pull", pull)
    gate = Gate(desk.peer())
    waiting = gate.pull_ahead(Pull(desk.store.device.bytes, 1, []))
    assert begun.wait(20)
    assert not gate.is_open  # the exchange is at the store, and is waited for
    gate.close()
    may_answer.set()
    with pytest.raises(SyncError) as caught:
        waiting()
    assert caught.value.trouble is Trouble.OFFLINE


def test_a_server_of_former_days_tells_answers_again(
    anna: Station, ivan: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not know what was heard: rows come back, as they did."""
    whole = Hub.push

    def older(hub: Hub, caller: Caller, push: Push) -> Pushed:
        push.heard = 0
        return whole(hub, caller, push)

    monkeypatch.setattr(Hub, "push", older)
    add(anna, NAMES)
    exchange(anna)
    ivan.sync()
    assert ivan.boxes() == anna.boxes()
