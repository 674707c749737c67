"""A workstation that begins anew takes large pieces, and holds what a pull from 0 gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect, select

import deskcrm.domain.conflicts.model  # noqa: F401 - where the server keeps what was lost
from deskcrm.base.ids import new_id
from deskcrm.store.commands import command
from deskcrm.store.tables import change_table, step_table
from deskcrm.store.work import Work
from deskcrm.sync.hub import segments
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.protocol import (
    AskManifest,
    AskSegment,
    Manifest,
    Pulled,
    Segment,
    pack,
    unpack,
)
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.crashes import Crash
from tests.sync.world import Station, WiredPeer, World, ahead, living_boxes

BYTES_FOR_A_ROW = 100


@command("toys.many", "Add many boxes")
def add_many(work: Work, count: int, scope: Any) -> None:
    """Add boxes with words of their own."""
    rows = ({"name": f"Box {n} of {count}", "notes": f"{n}", "scope": scope} for n in range(count))
    work.insert_many(toys.ToyBox, rows)


@dataclass
class Peer(WiredPeer):
    """A server that also gives snapshots; counts what it gives, and lets things happen between."""

    given: int = 0
    pulled: int = 0
    bytes: int = 0
    offers: bool = True
    between: Callable[[int], None] = lambda given: None

    def page(self, pulled: Pulled) -> Pulled:
        """Give a page as it arrives."""
        self.pulled += sum(len(rows.rows) for rows in pulled.rows)
        self.bytes += len(pack(pulled))
        return pulled

    def manifest(self, message: AskManifest) -> Manifest:
        """Ask what there is to begin with."""
        if not self.offers:
            return Manifest(0, b"", [], [])
        answer = pack(self.world.hub.manifest(self._caller(), message))
        self.bytes += len(answer)
        return unpack(Manifest, answer)

    def segment_ahead(self, message: AskSegment) -> Callable[[], Segment]:
        """Begin to ask for a part of it."""
        return ahead(self.segment, message)

    def segment(self, message: AskSegment) -> Segment:
        """Ask for a part of it."""
        answer = pack(self.world.hub.segment(self._caller(), message))
        self.between(self.given)
        self.given += 1
        self.bytes += len(answer)
        return unpack(Segment, answer)

    def _caller(self) -> Caller:
        return Caller(self.station.user, self.station.store.device)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS_IN_SEGMENT", 200)
    monkeypatch.setattr(segments, "WORTH_IT", 100)


@pytest.fixture
def anna(world: World) -> Station:
    """Give a station whose thousand boxes the server has."""
    anna = world.station()
    world.grants[anna.user] = {new_id()}
    anna.store.do(add_many, 1_000, next(iter(world.grants[anna.user])))
    anna.sync()
    return anna


def begin(peer: Peer) -> Receipt:
    return Exchange(peer.station.store, peer).run()


def fresh(world: World, anna: Station) -> Peer:
    return Peer(world, world.station(anna.user))


def everything(station: Station) -> tuple[Any, Any]:
    s, c = step_table.c, change_table.c
    past = (
        select(s.device, s.no, c.table_name, c.row_id, c.kind, c.after)
        .join_from(change_table, step_table, c.step == s.id)
        .where(s.device != station.store.device)
    )
    log = station.store.ask(lambda db: {tuple(row) for row in db.all(past)})
    return station.store.ask(living_boxes), log


def test_a_snapshot_with_writes_between_its_pieces_is_what_a_pull_from_0_gives(
    world: World, anna: Station
) -> None:
    boxes = sorted(anna.boxes())

    def write(given: int) -> None:
        if given < 6:
            anna.store.do(toys.rename_box, boxes[given * 190], name=f"New {given}")
            anna.store.do(toys.delete_box, boxes[given * 190 + 1])
            anna.store.do(toys.add_box, name="Late", scope=anna.boxes()[boxes[0]].scope)
            anna.sync()

    peer = fresh(world, anna)
    peer.between = write
    receipt = begin(peer)
    other = world.station(anna.user)
    other.sync()
    assert peer.given >= 6
    assert peer.pulled < 100
    assert receipt.agrees
    assert not receipt.was_repaired
    begin(peer)  # the last write came after the page
    mine, theirs = everything(peer.station), everything(other)
    assert mine[0] == theirs[0]
    assert mine[1] - theirs[1] == theirs[1] - mine[1] == set()


def test_a_load_that_was_killed_goes_on_where_it_was(world: World, anna: Station) -> None:
    begin(whole := fresh(world, anna))
    peer = fresh(world, anna)
    indexes = index_names(peer.station)

    def kill(given: int) -> None:
        if given in (2, 6):
            peer.given += 1
            raise Crash

    peer.between = kill
    for _ in range(2):
        with pytest.raises(Crash):
            begin(peer)
        peer.station.restart()
    receipt = begin(peer)
    assert receipt.agrees
    assert not receipt.was_repaired
    # Each time what was here and not written yet, and what was asked for in the meantime.
    assert peer.given == whole.given + 2 * 2
    assert everything(peer.station) == everything(whole.station)
    assert index_names(peer.station) == indexes


def test_a_profile_that_was_used_alone_brings_its_work_and_what_is_typed_meanwhile(
    world: World, anna: Station
) -> None:
    peer = fresh(world, anna)
    scope = next(iter(anna.boxes().values())).scope
    own = peer.station.store.do(toys.add_box, name="Own", scope=scope).value
    late = []

    def type_on(given: int) -> None:
        if given == 1:
            late.append(peer.station.store.do(toys.rename_box, own, name="Waiting"))

    peer.between = type_on
    receipt = begin(peer)
    assert late
    assert receipt.waiting == 0
    assert receipt.agrees
    assert peer.station.boxes()[own].name == "Waiting"
    anna.sync()
    assert anna.boxes()[own].name == "Waiting"
    assert len(anna.boxes()) == len(peer.station.boxes()) == 1_001


def test_segments_of_another_scope_are_not_given(world: World, anna: Station) -> None:
    stranger = Peer(world, world.station())
    stranger.station.sync()
    mine = fresh(world, anna)
    begin(mine)
    manifest = mine.manifest(AskManifest(mine.station.store.device.bytes, newest()))
    assert manifest.entries
    assert stranger.manifest(AskManifest(b"", newest())).entries == []
    for entry in manifest.entries:
        assert stranger.segment(AskSegment(b"", entry.digest)).content == b""


def test_what_left_a_scope_is_told_to_nobody_who_begins_there(world: World, anna: Station) -> None:
    begin(fresh(world, anna))
    north, south = next(iter(world.grants[anna.user])), new_id()
    world.grants[anna.user] = {north, south}
    box = min(anna.boxes())
    anna.sync()
    anna.store.do(toys.edit_box, box, scope=south, notes="secret")
    anna.sync()
    ivan = world.station()
    world.grants[ivan.user] = {north}
    begin(Peer(world, ivan))
    assert box not in ivan.boxes()
    assert box not in {row[3] for row in everything(ivan)[1]}


def test_a_row_takes_few_bytes_down(world: World, anna: Station) -> None:
    peer = fresh(world, anna)
    begin(peer)
    assert peer.bytes < 1_000 * BYTES_FOR_A_ROW
    puller = fresh(world, anna)
    puller.offers = False
    begin(puller)
    assert puller.pulled >= 1_000
    assert puller.bytes < 1_000 * BYTES_FOR_A_ROW


def newest() -> str:
    from deskcrm.store.migrate import known_revisions

    return known_revisions()[-1]


def index_names(station: Station) -> set[str | None]:
    with station.store.database.writer.connect() as connection:
        return {index["name"] for index in inspect(connection).get_indexes("toy_box")}
