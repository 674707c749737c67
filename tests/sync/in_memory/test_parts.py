"""A step too large for one message: in parts, whole or not at all, from wherever it was cut."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.store.commands import command
from deskcrm.store.tables import change_table, step_table
from deskcrm.store.work import Work
from deskcrm.sync.hub import parts
from deskcrm.sync.hub.applying import Ask, Authorize
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Part, Parted
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from deskcrm.sync.tables import part_table
from tests import toys
from tests.sync.crashes import Crash
from tests.sync.world import Station, WiredPeer, World, living_boxes

MANY = 130
IN_PART = 40
PARTS = 4


@command("tests.many_parts", "Add many boxes")
def add_many(work: Work, count: int = MANY) -> None:
    """Add boxes, and rename the first of them: one op of the last part needs the first part."""
    rows = ({"name": f"Box {n}", "notes": "x" * 10} for n in range(count))
    work.insert_many(toys.ToyBox, rows)
    t = toys.ToyBox
    first = next(iter(work.scalars(select(t.id).where(t.name == "Box 0"))))
    work.get(t, first).name = "First"


@dataclass
class Peer(WiredPeer):
    """A server that takes parts; something may happen before or after one."""

    taken: int = 0
    before: Callable[[int], None] = lambda taken: None
    after: Callable[[int], None] = lambda taken: None

    def part(self, message: Part) -> Parted:
        """Hand over a part of a step."""
        self.before(self.taken)
        answer = super().part(message)
        self.taken += 1
        self.after(self.taken)
        return answer


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskcrm.sync.station.outbox.OPS_AT_ONCE", IN_PART)
    monkeypatch.setattr("deskcrm.sync.hub.push.ROWS_IN_ONE", 25)


@pytest.fixture
def anna(world: World) -> Station:
    made = world.station()
    made.sync()
    return made


def exchange(peer: Peer) -> Receipt:
    return Exchange(peer.station.store, peer).run()


def on_server(world: World) -> tuple[int, int, int]:
    """Give the boxes, the steps and the changes that the server has."""
    t, s, c = toys.ToyBox.__table__, step_table, change_table
    counts = [select(func.count()).select_from(one) for one in (t, s, c)]
    boxes, steps, changes = (
        world.hub.store.ask(lambda db, q=one: db.scalar(q)) or 0  # type: ignore[misc]  # at once
        for one in counts
    )
    return boxes, steps, changes


def kept(world: World) -> int:
    """Give how many ops of unfinished steps the server keeps."""
    query = select(func.sum(part_table.c.ops))
    return world.hub.store.ask(lambda db: db.scalar(query)) or 0


def check_all_there(world: World, anna: Station, steps: int = 1) -> None:
    assert on_server(world)[0] == MANY
    assert on_server(world)[1] == steps
    assert kept(world) == 0
    ivan = world.station()
    ivan.sync()
    world.sync_all()
    for station in (anna, ivan):
        assert len(station.boxes()) == MANY
        assert "First" in {box.name for box in station.boxes().values()}


def test_a_large_step_arrives_whole_and_can_be_undone(world: World, anna: Station) -> None:
    anna.store.do(add_many)
    peer = Peer(world, anna)
    receipt = exchange(peer)
    assert peer.taken == PARTS + 1
    assert (receipt.steps, receipt.waiting, receipt.agrees) == (1, 0, True)
    assert receipt.sent["toy_box"] == MANY + 1
    assert on_server(world)[2] == MANY + 1
    check_all_there(world, anna)
    anna.store.undo()
    exchange(peer)
    assert anna.boxes() == world.hub.store.ask(living_boxes) == {}


def test_it_is_taken_as_it_would_be_in_one_message(
    world: World, anna: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.store.do(add_many)
    before = world.backup()
    found = []
    for at_once in (IN_PART, 10_000):
        world.restore(before)
        monkeypatch.setattr("deskcrm.sync.station.outbox.OPS_AT_ONCE", at_once)
        twin = anna.copy()
        peer = Peer(world, anna)
        exchange(peer)
        assert bool(peer.taken) is (at_once == IN_PART)
        found.append((on_server(world), names(world)))
        anna.store = anna.open(_database(twin))
    assert found[0] == found[1]


def _database(raw: Any) -> Any:
    from tests.sync.world import in_memory

    return in_memory(raw)


def names(world: World) -> set[Any]:
    t, c = toys.ToyBox.__table__.c, change_table.c
    rows = world.hub.store.ask(lambda db: db.all(select(t.id, t.name, t.notes)))
    log = world.hub.store.ask(lambda db: db.all(select(c.row_id, c.kind, c.after, c.before)))
    return {tuple(row) for row in (*rows, *log)}


@pytest.mark.parametrize("at", range(PARTS + 1))
@pytest.mark.parametrize("is_answer", [False, True])
def test_wherever_it_is_cut_it_goes_on_there(
    world: World, anna: Station, at: int, is_answer: bool
) -> None:
    anna.store.do(toys.add_box, name="Before")
    anna.store.do(add_many, MANY - 2)
    anna.store.do(toys.add_box, name="Behind")
    peer = Peer(world, anna)

    def cut(taken: int) -> None:
        if taken == at + is_answer:
            peer.before = peer.after = lambda taken: None
            raise SyncError(Trouble.OFFLINE)

    if is_answer:
        peer.after = cut
    else:
        peer.before = cut
    with pytest.raises(SyncError):
        exchange(peer)
    is_taken = is_answer and at == PARTS
    assert on_server(world)[0] == (MANY - 1 if is_taken else 1)
    assert bool(kept(world)) is (not is_taken and at + is_answer > 1)
    anna.restart()
    receipt = exchange(peer)
    assert (receipt.waiting, receipt.agrees) == (0, True)
    # Once more it is asked how much is there; no part is sent again.
    assert peer.taken == PARTS + 2 - (at == 0 and not is_answer)
    check_all_there(world, anna, steps=3)


def test_a_server_that_dies_while_it_takes_the_last_part_has_nothing_of_the_step(
    world: World, anna: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.store.do(add_many)
    chunks = 0

    def die(*_args: Any, **_more: Any) -> None:
        nonlocal chunks
        chunks += 1
        if chunks == 3:
            raise Crash

    with monkeypatch.context() as patch:
        patch.setattr("deskcrm.sync.hub.push.write_log", die)
        with pytest.raises(Crash):
            exchange(Peer(world, anna))
    assert chunks == 3
    assert on_server(world) == (0, 0, 0)
    assert kept(world) == 3 * IN_PART
    exchange(peer := Peer(world, anna))
    assert peer.taken == 2
    check_all_there(world, anna)


def test_one_op_that_is_refused_takes_the_whole_step_back(world: World, anna: Station) -> None:
    anna.store.do(toys.add_box, name="Before")
    exchange(Peer(world, anna))
    before = on_server(world)
    anna.store.do(add_many)
    anna.store.do(toys.add_box, name="Behind")
    strict = world.authorizer

    def authorizer(connection: Any, user: Any) -> Authorize:
        may = strict(connection, user)

        def authorize(ask: Ask) -> str:
            return "rights" if ask.after.get("name") == "First" else may(ask)

        return authorize

    world.authorizer = authorizer  # type: ignore[method-assign]  # for this test
    world.open_hub(world.hub.store.database)
    receipt = exchange(Peer(world, anna))
    assert [one.detail for one in receipt.refused] == ["rights"]
    assert on_server(world) == (before[0] + 1, before[1] + 1, before[2] + 1)
    assert kept(world) == 0
    assert {box.name for box in anna.boxes().values()} == {"Before", "Behind"}


def test_letters_part_a_step_as_well(
    world: World, anna: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskcrm.sync.station.outbox.LETTERS_AT_ONCE", 2_000)
    anna.store.do(add_many, 30)
    exchange(peer := Peer(world, anna))
    assert peer.taken > 2
    assert on_server(world)[0] == 30
    box = anna.store.do(toys.add_box, name="x" * 5_000).value  # one op that is larger than that
    exchange(peer)
    assert on_server(world)[0] == 31
    assert anna.boxes()[box].seq > 0


def test_parts_of_what_became_another_step_are_let_go(world: World, anna: Station) -> None:
    anna.store.do(add_many)
    part = first_part(anna, digest=bytes(32))
    caller = Caller(anna.user, anna.store.device)
    assert world.hub.part(caller, part).here == 1
    assert world.hub.part(caller, part).here == 1
    assert kept(world) == 1
    exchange(Peer(world, anna))
    check_all_there(world, anna)


def test_abandoned_parts_are_cleaned_up(world: World, anna: Station) -> None:
    ivan = world.station()
    ivan.sync()
    anna.store.do(add_many)
    ivan.store.do(add_many)
    world.hub.part(Caller(anna.user, anna.store.device), first_part(anna))
    assert kept(world) == 1
    world.pass_time(seconds=(parts.KEPT - timedelta(seconds=1)).total_seconds())
    ivans = Caller(ivan.user, ivan.store.device)
    world.hub.part(ivans, first_part(ivan))
    assert kept(world) == 2
    world.pass_time(seconds=2)
    world.hub.part(ivans, first_part(ivan))
    assert kept(world) == 1
    ivan.sync()
    assert kept(world) == 0


def test_parts_that_do_not_make_what_they_promise_are_not_taken(
    world: World, anna: Station
) -> None:
    anna.store.do(add_many)
    caller = Caller(anna.user, anna.store.device)
    wrong = first_part(anna, total=1, digest=bytes(32))
    answer = world.hub.part(caller, wrong)
    assert (answer.here, answer.pushed) == (0, None)
    assert on_server(world) == (0, 0, 0)
    assert kept(world) == 0


def test_a_copy_of_the_device_is_told_from_it(world: World, anna: Station) -> None:
    twin = anna.copy()
    anna.store.do(add_many)
    exchange(Peer(world, anna))
    anna.store = anna.open(_database(twin))
    anna.store.do(add_many, MANY - 1)
    with pytest.raises(SyncError) as raised:
        exchange(Peer(world, anna))
    assert raised.value.trouble is Trouble.FORKED
    stranger = world.station()
    stranger.sync()
    with pytest.raises(Stopped):
        world.hub.part(Caller(stranger.user, anna.store.device), first_part(anna))


def first_part(station: Station, **changes: Any) -> Part:
    """Give a message with one op of the station's large step."""
    from msgspec.structs import replace

    from deskcrm.sync.station import outbox

    known = {"toy_box": list(toys.ToyBox.__table__.columns.keys())}
    device = station.store.device
    large = station.store.ask(
        lambda db: outbox.next_batch(db.connection, device, known, in_parts=True)
    ).large
    assert large is not None
    ops = station.store.ask(lambda db: outbox.part_of(db.connection, large.id, 0))
    step = replace(large.head, ops=ops[:1])
    part = Part(device.bytes, 1, 0, 0, step, 0, large.total, large.digest)
    return replace(part, **changes)
