"""What a workstation did under a former device id comes home to a restored server too."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from deskcrm.domain.clients.commands import create_company
from deskcrm.store.tables import step_table
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Hello, Push, Pushed, Welcome
from deskcrm.sync.station import former
from deskcrm.sync.station.identity import become_another
from tests import toys
from tests.sync.conftest import MakeDesk
from tests.sync.desks import snapshot
from tests.sync.http_world import Site, restore_site, revoke, rows_of
from tests.sync.world import Station, WiredPeer, World, in_memory, raw_of


def lose(world: World, anna: Station) -> UUID:
    """Let a server be restored to before something that was done under a former id."""
    box = anna.store.do(toys.add_box, name="Box").value
    anna.sync()
    backup = world.backup()
    world.pass_time(minutes=1)
    anna.store.do(toys.rename_box, box, name="Lost")
    anna.store.do(toys.open_box, box, times=3)
    anna.store.do(toys.add_box, name="Other")
    anna.sync()
    become_another(anna.store)
    anna.sync()
    world.pass_time(minutes=1)
    anna.store.do(toys.open_box, box, times=1)
    anna.sync()
    world.restore(backup)
    return box


def seen(station: Station) -> list[tuple[str, int]]:
    return sorted((row.name, row.opened) for row in station.boxes().values())


def test_it_is_handed_over_again_under_the_former_id(world: World) -> None:
    anna, ivan = world.station(), world.station()
    lose(world, anna)
    world.sync_all()
    assert seen(anna) == seen(ivan) == [("Lost", 4), ("Other", 0)]
    steps = anna.store.ask(lambda db: db.all(select(step_table.c.device, step_table.c.no)))
    server = world.hub.store.ask(lambda db: db.all(select(step_table.c.device, step_table.c.no)))
    assert {tuple(row) for row in steps} == {tuple(row) for row in server}


def test_without_looking_for_it_is_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the one before."""
    monkeypatch.setattr(former, "is_due", lambda *_: False)
    anna = world.station()
    lose(world, anna)
    world.sync_all()
    assert ("Other", 0) not in seen(anna)


@pytest.mark.parametrize("copy_is_first", [True, False])
def test_a_copy_that_kept_the_id_and_one_that_gave_it_up_count_once(
    world: World, copy_is_first: bool
) -> None:
    anna = world.station()
    box = anna.store.do(toys.add_box, name="Box").value
    anna.sync()
    backup = world.backup()
    anna.store.do(toys.open_box, box, times=3)
    anna.sync()
    copy = world.station(anna.user)
    copy.store = copy.open(in_memory(raw_of(anna.store.database)))
    become_another(copy.store)
    copy.store.do(toys.open_box, box, times=5)
    copy.sync()
    anna.store.do(toys.open_box, box, times=10)
    anna.sync()
    world.restore(backup)
    for station in (copy, anna) if copy_is_first else (anna, copy):
        station.sync()
    world.sync_all()
    assert seen(anna) == seen(copy) == [("Box", 18)]


def test_what_is_cut_off_half_way_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = world.station()
    lose(world, anna)

    def push(peer: WiredPeer, message: Push) -> Pushed:
        world.hub.push(Caller(anna.user, anna.store.device), message)
        raise SyncError(Trouble.OFFLINE, "answer lost")

    with monkeypatch.context() as patch:
        patch.setattr(WiredPeer, "push", push)
        with pytest.raises(SyncError, match="answer lost"):
            anna.sync()
    world.sync_all()
    assert seen(anna) == [("Lost", 4), ("Other", 0)]


def test_a_backup_that_is_restored_twice_hands_over_what_waited_in_it_once(world: World) -> None:
    """Found by a schedule: numbered anew each time, it counted twice."""
    anna, ivan = world.station(), world.station()
    box = anna.store.do(toys.add_box, name="Box").value
    anna.sync()
    anna.store.do(toys.open_box, box, times=3)
    backup = anna.copy()
    for times in (10, 20):
        anna.restore(backup)
        anna.store.do(toys.open_box, box, times=times)
        anna.sync()
    world.sync_all()
    assert seen(anna) == seen(ivan) == [("Box", 33)]


def test_what_waited_is_handed_over_as_ones_own_where_its_numbers_are_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, ivan = world.station(), world.station()
    first = anna.store.do(toys.add_box, name="First").value
    anna.sync()
    anna.store.do(toys.rename_box, first, name="Renamed")
    second = anna.store.do(toys.add_box, name="Second").value
    anna.restore(anna.copy())
    anna.store.do(toys.rename_box, second, name="Renamed too")
    push = WiredPeer.push

    def forked(peer: WiredPeer, message: Push) -> Pushed:
        if message.steps and message.device != anna.store.device.bytes:
            raise SyncError(Trouble.FORKED)
        return push(peer, message)

    monkeypatch.setattr(WiredPeer, "push", forked)
    world.sync_all()
    assert seen(anna) == seen(ivan) == [("Renamed", 0), ("Renamed too", 0)]
    s = step_table.c
    own = select(s.no).where(s.device == anna.store.device).order_by(s.no)
    assert anna.store.ask(lambda db: list(db.scalars(own))) == [1, 2, 3]


def test_nothing_overtakes_what_is_held_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = world.station()
    box = anna.store.do(toys.add_box, name="Box").value
    anna.sync()
    anna.store.do(toys.edit_box, box, width=7)
    anna.restore(anna.copy())
    anna.store.do(toys.rename_box, box, name="Since")
    hello = WiredPeer.hello

    def older(peer: WiredPeer, message: Hello) -> Welcome:
        welcome = hello(peer, message)
        welcome.columns["toy_box"].remove("width")
        return welcome

    with monkeypatch.context() as patch:
        patch.setattr(WiredPeer, "hello", older)
        receipt = anna.sync()
        assert (receipt.is_held_back, receipt.waiting, receipt.steps) == (True, 2, 0)
    receipt = anna.sync()
    assert (receipt.is_held_back, receipt.waiting, receipt.steps) == (False, 0, 2)


def test_over_http_also_where_the_former_id_is_locked_out(
    site: Site, make_desk: MakeDesk, tmp_path: Path
) -> None:
    site.add_person("anna")
    site.add_person("ivan")
    desk = make_desk("anna", site)
    desk.connect()
    backup = snapshot(tmp_path / "server.db", tmp_path / "backup.db")
    desk.store.do(create_company, name="Before")
    desk.sync()
    kept = desk.snapshot(tmp_path / "kept.db")
    device = desk.store.device
    desk.restore(kept)
    desk.connect()
    site.hub.store.close()
    restore_site(site, backup)
    revoke(site, device)
    desk.sync()
    desk.sync()
    assert [row.name for row in rows_of(site.hub.store, "client")] == ["Before"]
    assert [row.name for row in rows_of(desk.store, "client")] == ["Before"]


def refused_before_the_backup_knew(world: World) -> tuple[Station, UUID]:
    """Let a workstation be restored to before it heard that something of it was refused."""
    anna, scope = world.station(), UUID(int=7)
    world.grants[anna.user] = {scope}
    box = anna.store.do(toys.add_box, name="Mine").value
    anna.sync()
    anna.store.do(toys.rename_box, box, name="Renamed")
    anna.store.do(toys.add_box, name="Hidden", scope=scope)
    backup = anna.copy()
    world.grants[anna.user] = set()
    anna.sync()
    anna.store.do(toys.rename_box, box, name="Last")
    anna.sync()  # with this the server knows that the refusal was heard
    anna.restore(backup)
    return anna, box


def refusals_of(station: Station) -> list[tuple[str, str]]:
    s = step_table.c
    query = select(s.command, s.refusal).where(s.state == "refused")
    return [tuple(row) for row in station.store.ask(lambda db: db.all(query))]


def test_a_refusal_that_was_heard_after_the_backup_is_not_forgotten(world: World) -> None:
    anna, _ = refused_before_the_backup_knew(world)
    anna.sync()
    assert refusals_of(anna) == [("toys.add_box", "rights")]
    assert seen(anna) == [("Last", 0)]
    world.sync_all()
    assert refusals_of(anna) == [("toys.add_box", "rights")]


def test_without_asking_it_would_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the one before: nothing shows what was written any more."""
    monkeypatch.setattr(former, "answers", lambda *_: {})
    anna, _ = refused_before_the_backup_knew(world)
    anna.sync()
    assert refusals_of(anna) == []
    assert seen(anna) == [("Last", 0)]


def test_a_server_that_does_not_tell_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, _ = refused_before_the_backup_knew(world)
    whole = WiredPeer.push

    def push(peer: WiredPeer, message: Push) -> Pushed:
        if not message.steps:
            raise SyncError(Trouble.FORKED)
        return whole(peer, message)

    monkeypatch.setattr(WiredPeer, "push", push)
    anna.sync()
    assert refusals_of(anna) == []
    assert seen(anna) == [("Last", 0)]
