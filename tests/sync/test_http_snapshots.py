"""A fresh workstation begins with a snapshot over HTTP, and goes on wherever it was cut."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import Client
from deskcrm.domain.users.model import UserRole
from deskcrm.server.place import Place
from deskcrm.store.commands import command
from deskcrm.store.derived import read_meta
from deskcrm.store.work import Work
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.hub import segments
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Segment
from deskcrm.sync.station.receipt import Receipt
from tests.server.site import Site, serving
from tests.sync.calls import Calls
from tests.sync.conftest import MakeDesk
from tests.sync.crashes import Crash
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.sync.test_loop import Watcher
from tests.watch import Watch

MANY = 400


@command("tests.many_companies", "Add many companies")
def add_many(work: Work, count: int) -> None:
    """Add companies."""
    work.insert_many(Client, ({"name": f"Company {n}"} for n in range(count)))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS_IN_SEGMENT", 50)
    monkeypatch.setattr(segments, "WORTH_IT", 100)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch, "segment")


@pytest.fixture
def server(place: Place, watch: Watch) -> Iterator[Site]:
    with serving(place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        made.add("ivan", UserRole.MANAGER)
        yield made


@pytest.fixture
def anna(server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("anna", server, alone=False)
    desk.connect()
    desk.store.do(add_many, MANY)
    desk.sync()
    return desk


def check_whole(desk: Desk, anna: Desk, receipt: Receipt) -> None:
    """Hold that all is there, as it is with Anna, and that the next exchange has nothing to do."""
    assert (receipt.agrees, receipt.was_repaired) == (True, False)
    assert clients(desk) == clients(anna)
    assert not desk.store.ask(lambda db: read_meta(db.connection, "bootstrap"))
    again = desk.sync()
    assert (again.agrees, again.came.total()) == (True, 0)


def once(asked: Calls) -> set[bytes]:
    """Give the digests that were asked for, each once."""
    return {message.digest for message in asked.answered}


def clients(desk: Desk) -> dict[Any, Any]:
    return {row.id: (row.name, row.seq) for row in rows_of(desk.store, "client")}


def test_a_fresh_workstation_takes_a_snapshot(
    anna: Desk, server: Site, make_desk: MakeDesk, asked: Calls
) -> None:
    ivan = make_desk("ivan", server)
    ivan.store.do(create_company, name="Own")
    receipt = ivan.connect()
    anna.sync()
    assert len(once(asked)) == len(asked.answered) >= MANY // 50
    check_whole(ivan, anna, receipt)
    assert "Own" in {name for name, _ in clients(anna).values()}
    hits = select(func.count()).select_from(Client).where(Client.name.like("Company%"))
    assert ivan.store.ask(lambda db: db.scalar(hits)) == MANY


def test_one_that_was_killed_goes_on_where_it_was(
    anna: Desk, server: Site, make_desk: MakeDesk, asked: Calls
) -> None:
    ivan = make_desk("ivan", server)

    def kill(_peer: HttpPeer) -> None:
        raise Crash

    asked.before = {3: kill, 6: kill}
    with pytest.raises(Crash):
        ivan.connect()
    ivan.store.close()
    ivan.open()
    with pytest.raises(Crash):
        ivan.sync()
    ivan.store.close()
    ivan.open()
    check_whole(ivan, anna, ivan.sync())
    assert len(once(asked)) == len(asked.answered)


def test_one_whose_server_was_killed_goes_on_where_it_was(
    anna: Desk, server: Site, make_desk: MakeDesk, asked: Calls, place: Place, watch: Watch
) -> None:
    ivan = make_desk("ivan", server)
    asked.before = {4: lambda _peer: server.close()}
    with pytest.raises(SyncError) as raised:
        ivan.connect()
    assert raised.value.trouble is Trouble.OFFLINE
    with serving(place, watch) as again:
        for desk in (ivan, anna):
            desk.site = again
            desk.connect()
        check_whole(ivan, anna, ivan.sync())
        assert len(once(asked)) == len(asked.answered)


def test_one_whose_line_was_cut_goes_on_in_the_background(
    anna: Desk, server: Site, make_desk: MakeDesk, asked: Calls
) -> None:
    ivan = make_desk("ivan", server)
    asked.before = {2: lambda peer: peer.close()}
    with pytest.raises(SyncError):
        ivan.connect()
    anna.store.do(rename_client, min(clients(anna)), name="Renamed meanwhile")
    anna.sync()
    watcher = Watcher(ivan)
    watcher.loop.start()
    try:
        watcher.settled()
    finally:
        watcher.loop.close()
    assert len(once(asked)) == len(asked.answered)
    check_whole(ivan, anna, ivan.sync())


def test_an_older_server_is_pulled_from(
    anna: Desk, server: Site, make_desk: MakeDesk, asked: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskcrm.sync.hub.hub.VERSION", 1)
    ivan = make_desk("ivan", server)
    check_whole(ivan, anna, ivan.connect())
    assert asked.answered == []


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_segment_that_is_not_what_it_says_is_not_taken(
    anna: Desk, server: Site, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, is_cut: bool
) -> None:
    ivan = make_desk("ivan", server)
    whole = HttpPeer.segment
    with monkeypatch.context() as patch:
        patch.setattr(HttpPeer, "segment", lambda peer, ask: _other(whole(peer, ask), is_cut))
        with pytest.raises(SyncError) as raised:
            ivan.connect()
    assert raised.value.trouble is Trouble.BROKEN
    assert rows_of(ivan.store, "client") == []
    check_whole(ivan, anna, ivan.sync())


def _other(segment: Segment, is_cut: bool) -> Segment:
    content = segment.content
    return Segment(content[:-1] if is_cut else content[:-1] + bytes([content[-1] ^ 1]))
