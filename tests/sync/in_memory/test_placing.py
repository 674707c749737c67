"""Own rows do not come back where the server has them as they are here; else they do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Connection, select

import deskcrm.domain.conflicts.model  # noqa: F401 - where the server keeps what was lost
from deskcrm.store import ledger
from deskcrm.store.store import Arrived
from deskcrm.store.tables import WORKSPACE, step_table
from deskcrm.sync.hub import applying
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pulled, Pushed, Welcome
from deskcrm.sync.station import counting, placing
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.world import Station, WiredPeer, World


class Heard(WiredPeer):
    """Notes what the server answers."""

    def __init__(self, world: World, station: Station) -> None:
        super().__init__(world, station)
        self.pushed: list[Pushed] = []
        self.pulled: list[Pulled] = []

    def push(self, message: Any) -> Pushed:
        self.pushed.append(super().push(message))
        return self.pushed[-1]

    def page(self, pulled: Pulled) -> Pulled:
        self.pulled.append(pulled)
        return pulled


def exchange(station: Station) -> tuple[Heard, Receipt]:
    peer = Heard(station.world, station)
    receipt = Exchange(station.store, peer).run()
    assert receipt.agrees
    assert not receipt.was_repaired
    return peer, receipt


def rows_of(peer: Heard) -> int:
    return sum(len(rows.rows) for pulled in peer.pulled for rows in pulled.rows)


def states(station: Station) -> set[str]:
    return set(station.store.ask(lambda db: db.scalars(select(step_table.c.state))))


def is_the_same(station: Station, other: Station) -> bool:
    other.sync()
    return station.boxes() == other.boxes()


EDITS: list[Callable[[Station, UUID], object]] = [
    lambda one, box: one.store.do(toys.add_box, name="Other"),
    lambda one, box: one.store.do(toys.edit_box, box, notes="one two", name="Chest"),
    lambda one, box: one.store.do(toys.open_box, box, times=3),
    lambda one, box: one.store.do(toys.delete_box, box),
    lambda one, box: one.store.do(toys.fill, box, names=list("abcdefg")),
    lambda one, box: [one.store.do(toys.rename_box, box, name=name) for name in "abc"],
    lambda one, box: (one.store.do(toys.delete_box, box), one.store.undo()),
]


@pytest.mark.parametrize("edit", EDITS)
def test_own_rows_do_not_come_back(
    anna: Station,
    ivan: Station,
    box: UUID,
    edit: Callable[[Station, UUID], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (applying, placing):
        monkeypatch.setattr(module, "ROWS_IN_ONE", 2)
    edit(anna, box)
    peer, receipt = exchange(anna)
    assert rows_of(peer) == receipt.came.total() == 0
    assert receipt.steps > 0
    assert states(anna) == {"settled"}
    assert is_the_same(anna, ivan)
    assert exchange(anna)[1].came.total() == 0


def test_the_first_exchange_brings_what_is_there_and_not_what_it_sent(
    world: World, anna: Station, box: UUID
) -> None:
    petr = world.station()
    for name in "abc":
        petr.store.do(toys.add_box, name=name)
    peer, receipt = exchange(petr)
    assert (receipt.steps, rows_of(peer)) == (3, 1)
    assert is_the_same(petr, anna)


def test_edits_in_several_messages_follow_one_another(
    anna: Station, ivan: Station, box: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskcrm.sync.station.outbox.OPS_AT_ONCE", 1)
    for name in "abc":
        anna.store.do(toys.rename_box, box, name=name)
    peer, _ = exchange(anna)
    assert [pushed.begins for pushed in peer.pushed] == [2, 3, 4]
    assert rows_of(peer) == 0
    assert is_the_same(anna, ivan)


def test_what_somebody_else_wrote_in_between_comes_and_own_rows_with_it(
    anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.add_box, name="Ivans")
    ivan.sync()
    anna.store.do(toys.add_box, name="Annas")
    peer, _ = exchange(anna)
    assert peer.pushed[0].begins is not None
    assert rows_of(peer) == 2
    assert is_the_same(anna, ivan)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"notes": "one two"}, {"notes": "zero one two three"}),
        ({"name": "Mine"}, {"name": "Theirs"}),
        ({"name": "Mine"}, {"width": 7}),
        ({"opened": 1}, {"opened": 5}),
    ],
)
def test_rows_that_another_edit_came_under_come_back(
    anna: Station,
    ivan: Station,
    box: UUID,
    mine: dict[str, Any],
    theirs: dict[str, Any],
) -> None:
    anna.store.do(toys.edit_box, box, **mine)
    ivan.store.do(toys.edit_box, box, **theirs)
    ivan.sync()
    beginning = Exchange(anna.store, WiredPeer(anna.world, anna))
    beginning._greet()
    beginning._pull_all()  # now theirs is under what waits
    peer, _ = exchange(anna)
    assert peer.pushed[0].begins is None
    assert rows_of(peer) > 0
    assert is_the_same(anna, ivan)


def test_a_copy_that_was_deleted_comes_back_as_the_server_has_it(
    anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.rename_box, box, name="Theirs")
    anna.store.do(toys.delete_box, box)
    ivan.sync()
    peer, receipt = exchange(anna)
    assert peer.pushed[0].begins is None
    assert receipt.came["toy_box"] == 1
    assert is_the_same(anna, ivan)
    assert box in anna.boxes()


def test_what_was_refused_comes_back(world: World, anna: Station, box: UUID) -> None:
    world.hub = replace(
        world.hub,
        authorizer=lambda connection, user: lambda ask: "rights" if ask.kind == "set" else "",
    )
    anna.store.do(toys.rename_box, box, name="Mine")
    anna.store.do(toys.add_box, name="Other")
    peer, receipt = exchange(anna)
    assert len(receipt.refused) == 1
    assert peer.pushed[0].begins is None
    assert anna.boxes()[box].name == "Box"
    assert states(anna) == {"settled", "refused"}


def test_an_answer_that_was_lost_places_nothing(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    class Lossy(Heard):
        def push(self, message: Any) -> Pushed:
            super().push(message)
            raise SyncError(Trouble.OFFLINE, "answer lost")

    anna.store.do(toys.rename_box, box, name="Mine")
    with pytest.raises(SyncError):
        Exchange(anna.store, Lossy(world, anna)).run()
    anna.store.do(toys.open_box, box)
    peer, _ = exchange(anna)
    assert peer.pushed[0].begins is None
    assert rows_of(peer) == 1
    assert is_the_same(anna, ivan)


def test_a_server_of_another_age_places_nothing(anna: Station, ivan: Station, box: UUID) -> None:
    class Older(Heard):
        def hello(self, message: Any) -> Welcome:
            return msgspec.structs.replace(super().hello(message), schema="0007")

    anna.store.do(toys.rename_box, box, name="Mine")
    peer = Older(anna.world, anna)
    assert Exchange(anna.store, peer).run().agrees
    assert peer.pushed[0].begins is not None
    assert rows_of(peer) == 1
    assert is_the_same(anna, ivan)


def test_sums_stay_what_a_count_of_the_rows_gives(anna: Station, box: UUID) -> None:
    anna.store.do(toys.rename_box, box, name="Mine")
    gone = anna.store.do(toys.add_box, name="Gone").value
    exchange(anna)
    anna.store.do(toys.delete_box, gone)
    exchange(anna)

    def sums(connection: Connection) -> dict[Any, Any]:
        return ledger.read_sums(connection, [WORKSPACE])

    noted = anna.store.ask(lambda db: sums(db.connection))
    assert noted[WORKSPACE, "toy_box"][0] == 1

    def count(connection: Connection) -> Arrived[dict[Any, Any]]:
        counting.recount(connection)
        return Arrived(sums(connection))

    assert anna.store.absorb(count).value == noted
