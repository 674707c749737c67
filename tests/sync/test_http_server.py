"""Two real profiles and the server as it is shipped: rights, tokens and long polls included."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import revoke_device
from deskcrm.server.place import place_of
from deskcrm.sync.connecting import disconnect
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.loop import SyncLoop
from deskcrm.sync.station.status import Status
from tests.server.site import Site, make_ready, serving
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.watch import Watch


@pytest.fixture
def server(tmp_path: Path, watch: Watch) -> Iterator[Site]:
    place = place_of(tmp_path / "server", None)
    make_ready(place)
    with serving(place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        made.add("ivan", UserRole.VIEWER)
        yield made


@pytest.fixture
def anna(server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("anna", server)
    desk.store.do(create_company, name="Acme")
    assert desk.connect().refused == []
    return desk


@pytest.fixture
def ivan(server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("ivan", server, alone=False)
    desk.connect()
    return desk


def test_what_was_written_alone_reaches_the_other_who_may_only_read(anna: Desk, ivan: Desk) -> None:
    (acme,) = rows_of(ivan.store, "client")
    assert (acme.name, acme.owner_id) == ("Acme", anna.user)
    ivan.store.do(rename_client, acme.id, name="Mine")
    receipt = ivan.sync()
    assert [one.detail for one in receipt.refused] == ["rights"]
    assert (receipt.waiting, receipt.agrees) == (0, True)
    assert [row.name for row in rows_of(ivan.store, "client")] == ["Acme"]


def test_a_device_that_was_locked_out_hears_so(anna: Desk, ivan: Desk, server: Site) -> None:
    with server.keeping() as store:
        assert revoke_device(store, ivan.store.device)
    with pytest.raises(SyncError) as raised:
        ivan.sync()
    assert raised.value.trouble is Trouble.WIPE


def test_a_copy_becomes_a_device_of_its_own(anna: Desk, tmp_path: Path) -> None:
    copy = anna.copy_to(tmp_path / "copy")
    try:
        for desk, name in ((anna, "Here"), (copy, "There")):
            desk.store.do(create_company, name=name)
        anna.sync()
        copy.connect()
        anna.connect()
        for desk in (anna, copy, anna):
            desk.sync()
        wanted = ["Acme", "Here", "There"]
        for desk in (anna, copy):
            assert sorted(row.name for row in rows_of(desk.store, "client")) == wanted
        assert copy.store.device != anna.store.device
    finally:
        copy.store.close()


def test_signing_out_ends_the_tokens(anna: Desk) -> None:
    peer = anna.peer()
    peer.wait(0)
    assert disconnect(anna.store, anna.credentials)
    with pytest.raises(SyncError) as raised:
        peer.wait(0)
    assert raised.value.trouble is Trouble.SIGN_IN


def test_what_another_writes_arrives_by_itself(anna: Desk, ivan: Desk) -> None:
    arrived = threading.Event()

    def hear(status: Status) -> None:
        if status.receipt is not None and status.receipt.came["interaction"]:
            arrived.set()

    loop = SyncLoop(ivan.store, ivan.peer())
    loop.listeners.append(hear)
    loop.start()
    try:
        (acme,) = rows_of(anna.store, "client")
        anna.store.do(log_call, acme.id, text="hello")
        anna.sync()
        assert arrived.wait(20)
    finally:
        loop.close()
