"""What is asked along with a greeting or a push: a small exchange is one request, or two."""

from typing import Any
from uuid import UUID

import pytest

from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Hello, Pull, Pulled, Push, Pushed, Welcome
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.safeguards import do_not_compare
from tests.sync.world import Station, WiredPeer, World


class Counted(WiredPeer):
    """Notes which requests are made, and what came along with their answers."""

    def __init__(self, station: Station) -> None:
        super().__init__(station.world, station)
        self.asked: list[str] = []
        self.along: list[Pulled | None] = []

    def hello(self, message: Hello) -> Welcome:
        self.asked.append("hello")
        welcome = super().hello(message)
        self.along.append(welcome.page)
        return welcome

    def push(self, message: Push) -> Pushed:
        self.asked.append("push")
        pushed = super().push(message)
        self.along.append(pushed.page)
        return pushed

    def pull(self, message: Pull) -> Pulled:
        self.asked.append("pull")
        return super().pull(message)


class Lossy(Counted):
    """A line on which the answer to a push is lost."""

    def push(self, message: Push) -> Pushed:
        super().push(message)
        raise SyncError(Trouble.OFFLINE, "answer lost")


@pytest.fixture(params=[False, True], ids=["now", "older"])
def world(request: pytest.FixtureRequest) -> World:
    return World(is_older=request.param)


@pytest.fixture
def anna(world: World) -> Station:
    station = world.station()
    station.sync()
    return station


@pytest.fixture
def ivan(world: World, anna: Station) -> Station:
    station = world.station()
    station.sync()
    return station


@pytest.fixture
def box(anna: Station, ivan: Station) -> UUID:
    """Give a box that both have."""
    made: UUID = anna.store.do(toys.add_box, name="Box").value
    anna.sync()
    ivan.sync()
    return made


def exchange(station: Station) -> tuple[Counted, Receipt]:
    peer = Counted(station)
    receipt = Exchange(station.store, peer, station.limit).run()
    assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)
    return peer, receipt


def pulls(world: World, *asked: str) -> list[str]:
    """Give the requests of an exchange, to which a pull is added where the server is older."""
    return [*asked, "pull"] if world.is_older else [*asked]


def test_nothing_to_do_is_one_request(world: World, anna: Station, box: UUID) -> None:
    peer, _ = exchange(anna)
    assert peer.asked == pulls(world, "hello")


def test_what_is_new_comes_along_with_the_greeting(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.rename_box, box, name="Ivans")
    ivan.sync()
    peer, receipt = exchange(anna)
    assert peer.asked == pulls(world, "hello")
    assert receipt.came["toy_box"] == 1
    assert anna.boxes() == ivan.boxes()


def test_one_row_is_two_requests_and_does_not_come_back(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="Annas")
    peer, receipt = exchange(anna)
    assert peer.asked == pulls(world, "hello", "push")
    assert (receipt.sent["toy_box"], receipt.came["toy_box"]) == (1, 0)
    ivan.sync()
    assert anna.boxes() == ivan.boxes()


def test_what_came_before_a_push_comes_along_with_its_answer(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.edit_box, box, width=7)
    ivan.sync()
    anna.store.do(toys.rename_box, box, name="Annas")
    peer, receipt = exchange(anna)
    assert peer.asked == pulls(world, "hello", "push")
    assert receipt.came["toy_box"] == 1
    ivan.sync()
    assert [(one.name, one.width) for one in ivan.boxes().values()] == [("Annas", 7)]
    assert anna.boxes() == ivan.boxes()


def test_more_than_comes_along_is_asked_for_as_ever(
    world: World, anna: Station, ivan: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("hub.hub", "station.asking"):
        monkeypatch.setattr(f"deskcrm.sync.{where}.ROWS_ALONG", 2)
    for number in range(7):
        ivan.store.do(toys.add_box, name=f"Box {number}")
    ivan.sync()
    peer, receipt = exchange(anna)
    came = [len(rows.rows) for page in peer.along if page for rows in page.rows]
    assert came == ([] if world.is_older else [2])
    assert receipt.came["toy_box"] == 7
    assert anna.boxes() == ivan.boxes()


def test_a_server_sends_no_more_along_than_it_wants(
    anna: Station, ivan: Station, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workstation that asks for a page of any size must not hold up those who hand over."""
    monkeypatch.setattr("deskcrm.sync.hub.hub.ROWS_ALONG", 2)
    for number in range(7):
        ivan.store.do(toys.add_box, name=f"Box {number}")
    ivan.sync()
    peer, _ = exchange(anna)
    assert all(len(rows.rows) <= 2 for page in peer.along if page for rows in page.rows)
    assert anna.boxes() == ivan.boxes()


class Tampering(Counted):
    """A line on which a page arrives that was asked for by somebody who is elsewhere."""

    def hello(self, message: Hello) -> Welcome:
        if message.ask is not None:
            message = Hello(*[getattr(message, name) for name in message.__struct_fields__])
            assert message.ask is not None
            message.ask.cursors = [(scope, seq + 1) for scope, seq in message.ask.cursors]
        return super().hello(message)


def test_a_page_that_was_asked_for_elsewhere_is_let_go(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.rename_box, box, name="Ivans")
    ivan.sync()
    peer = Tampering(anna)
    receipt = Exchange(anna.store, peer).run()
    assert receipt.agrees
    assert peer.asked[-1] == "pull"
    assert anna.boxes() == ivan.boxes()


def test_a_page_from_before_a_push_is_let_go(
    world: World, anna: Station, ivan: Station, box: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something is written while the greeting is under way, and handed over after it."""
    do_not_compare(monkeypatch)  # it would mend what is to be shown

    class Busy(Counted):
        def hello(self, message: Hello) -> Welcome:
            welcome = super().hello(message)
            ivan.store.do(toys.edit_box, box, width=9)
            ivan.sync()
            anna.store.do(toys.edit_box, box, colour=toys.Colour.DARK_BLUE)
            return welcome

    peer = Busy(anna)
    receipt = Exchange(anna.store, peer).run()
    assert peer.asked == pulls(world, "hello", "push")
    assert receipt.came["toy_box"] == 1
    assert anna.boxes()[box].width == 9


def test_an_answer_that_is_lost_with_its_page_is_made_good(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.open_box, box, times=3)
    with pytest.raises(SyncError):
        Exchange(anna.store, Lossy(anna)).run()
    exchange(anna)
    ivan.sync()
    assert anna.boxes()[box].opened == ivan.boxes()[box].opened == 3


def test_a_page_that_says_nothing_is_not_written(
    anna: Station, box: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    whole = anna.store.absorb

    def absorb(take: Any) -> Any:
        written.append(take)
        return whole(take)

    monkeypatch.setattr(anna.store, "absorb", absorb)
    exchange(anna)
    assert not written
    anna.store.do(toys.open_box, box)
    exchange(anna)
    assert len(written) == 1  # the answer to the push


def test_a_page_that_says_nothing_still_takes_acknowledged_steps_off_the_view(
    anna: Station, ivan: Station, box: UUID
) -> None:
    """The answer was lost, the rows came; when it is heard, the row is asked for by its name."""
    anna.store.do(toys.open_box, box, times=3)
    with pytest.raises(SyncError):
        Exchange(anna.store, Lossy(anna)).run()
    Exchange(anna.store, WiredPeer(anna.world, anna))._pull_all()
    exchange(anna)
    assert anna.boxes()[box].opened == 3
