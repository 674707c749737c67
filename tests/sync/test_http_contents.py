"""Files over HTTP: sent by the exchange, fetched when opened or ahead, wherever it was cut."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from deskcrm.domain.attachments.commands import delete_attachment, paste_attachment
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.attachments.queries import list_absent
from deskcrm.domain.clients.commands import create_company, set_owner
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server.place import Place
from deskcrm.store import contents
from deskcrm.store.contents import CHUNK
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Done
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.hub.contents import collect
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.contents import Wanted, move_contents
from deskcrm.sync.station.loop import SyncLoop
from tests.server.site import Site, serving
from tests.sync.calls import Calls
from tests.sync.conftest import MakeDesk
from tests.sync.crashes import Crash
from tests.sync.desks import Desk
from tests.watch import Watch

PLAN = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
HASH = hashlib.sha256(PLAN).hexdigest()
WANTED = Wanted(HASH, len(PLAN))
PIECES = 4


@pytest.fixture
def server(place: Place, watch: Watch) -> Iterator[Site]:
    with serving(place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        made.add("ivan", UserRole.AGENT)
        yield made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch, "send_piece")


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch, "fetch_piece")


@pytest.fixture
def anna(server: Site, make_desk: MakeDesk) -> Desk:
    """Give a workstation with a file that nobody else has yet."""
    desk = make_desk("anna", server)
    client = desk.store.do(create_company, name="Acme").value
    desk.store.do(paste_attachment, client, content=PLAN, name="plan.bin")
    desk.connect()
    return desk


@pytest.fixture
def ivan(anna: Desk, server: Site, make_desk: MakeDesk) -> Desk:
    desk = make_desk("ivan", server, alone=False)
    desk.connect()
    return desk


def move(desk: Desk, *wanted: Wanted) -> tuple[int, int]:
    """Move contents as the exchange does; gives how many were sent and fetched."""
    peer = desk.peer()
    try:
        moved = move_contents(desk.store, peer, wanted)
    finally:
        peer.close()
    return moved.sent, moved.fetched


def held(desk: Desk) -> bytes:
    return b"".join(desk.store.ask(lambda db: list(contents.read(db, HASH))))


def again(desk: Desk) -> None:
    """Kill the program, and start it over what is on the disk."""
    desk.store.close()
    desk.open()


def kill(_peer: HttpPeer) -> None:
    raise Crash


def positions(calls: Calls) -> list[int]:
    return [message.position for message in calls.answered]


def test_a_file_goes_on_where_the_workstation_was_killed(
    anna: Desk, ivan: Desk, sent: Calls, fetched: Calls
) -> None:
    sent.before = {2: kill}
    with pytest.raises(Crash):
        move(anna)
    assert move(ivan, WANTED) == (0, 0)
    again(anna)
    assert move(anna) == (1, 0)
    assert positions(sent) == [*range(PIECES)]
    fetched.before = {1: kill, 3: kill}
    for _ in range(2):
        with pytest.raises(Crash):
            move(ivan, WANTED)
        again(ivan)
    assert move(ivan, WANTED) == (0, 1)
    assert positions(fetched) == [*range(PIECES)]
    assert held(ivan) == PLAN
    assert (move(anna), move(ivan, WANTED)) == ((0, 0), (0, 0))
    assert len(sent.answered) + len(fetched.answered) == 2 * PIECES


def test_a_file_goes_on_where_the_server_was_killed(
    anna: Desk, ivan: Desk, server: Site, place: Place, watch: Watch, sent: Calls, fetched: Calls
) -> None:
    sent.before = {2: lambda _peer: server.close()}
    with pytest.raises(SyncError) as raised:
        move(anna)
    assert raised.value.trouble is Trouble.OFFLINE
    with serving(place, watch) as second:
        for desk in (anna, ivan):
            desk.site = second
            desk.connect()
        assert move(anna) == (1, 0)
        fetched.before = {3: lambda _peer: second.close()}
        with pytest.raises(SyncError):
            move(ivan, WANTED)
    with serving(place, watch) as third:
        ivan.site = third
        ivan.connect()
        assert move(ivan, WANTED) == (0, 1)
    assert positions(sent) == positions(fetched) == [*range(PIECES)]
    assert held(ivan) == PLAN


def test_a_file_goes_on_where_the_line_was_cut(
    anna: Desk, ivan: Desk, sent: Calls, fetched: Calls
) -> None:
    for calls, desk, wanted in ((sent, anna, ()), (fetched, ivan, (WANTED,))):
        calls.before = {n: lambda peer: peer.close() for n in (1, 2)}
        for _ in range(2):
            with pytest.raises(SyncError):
                move(desk, *wanted)
        move(desk, *wanted)
        assert positions(calls) == [*range(PIECES)]
    assert held(ivan) == PLAN


def test_a_file_that_the_server_takes_not_keeps_no_other_from_its_turn(
    anna: Desk, ivan: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (client,) = anna.store.ask(clients)
    small = b"small"
    anna.store.do(paste_attachment, client, content=small, name="small.bin")
    anna.sync()
    with monkeypatch.context() as patch:
        patch.setattr("deskcrm.server.messages.MOST_PIECES", 2)
        assert move(anna) == (1, 0)
        assert move(anna) == (0, 0)
    lost = Wanted(hashlib.sha256(b"nobody has it").hexdigest(), 5)
    short = Wanted(hashlib.sha256(small).hexdigest(), len(small))
    ivan.sync()
    assert move(ivan, lost, WANTED, short) == (0, 1)
    assert move(anna) == (1, 0)
    assert move(ivan, lost, WANTED, short) == (0, 1)
    assert held(ivan) == PLAN


def test_what_the_server_let_go_is_sent_again_when_a_row_names_it_again(anna: Desk) -> None:
    assert move(anna) == (1, 0)
    (attachment,) = anna.store.ask(lambda db: list(db.scalars(select(Attachment.id))))
    anna.store.do(delete_attachment, AttachmentId(attachment))
    anna.sync()
    assert move(anna) == (0, 0)
    with anna.site.keeping() as store:  # as it does after a while
        store.absorb(lambda db: Arrived(collect(db, store.clock())))
        later = store.clock() + timedelta(days=100)
        assert store.absorb(lambda db: Arrived(collect(db, later))).value == 1
    anna.store.undo()
    anna.sync()
    assert move(anna) == (1, 0)


def clients(db: Reader) -> list[ClientId]:
    return list(db.scalars(select(Client.id)))


@contextmanager
def running(loop: SyncLoop) -> Iterator[None]:
    loop.start()
    try:
        yield
    finally:
        loop.close()


def ahead(db: Reader) -> list[Wanted]:
    return [Wanted(*one) for one in list_absent(db)]


def test_the_exchange_in_the_background_sends_and_fetches_ahead_for_own_clients(
    anna: Desk, ivan: Desk, sent: Calls
) -> None:
    here = threading.Event()

    def hear(done: Done[object]) -> None:
        if ivan.store.ask(contents.has_contents, HASH):
            here.set()

    with running(SyncLoop(anna.store, anna.peer())):
        sent.wait_for(PIECES)
    assert ivan.store.ask(ahead) == []
    anna.store.do(set_owner, anna.store.ask(clients), owner_id=UserId(ivan.user))
    anna.sync()
    ivan.store.listeners.append(hear)
    with running(SyncLoop(ivan.store, ivan.peer(), wanted=ahead)):
        assert here.wait(20)
    assert held(ivan) == PLAN


def test_what_a_person_opens_is_fetched_at_once_and_can_be_stopped(
    anna: Desk, ivan: Desk, fetched: Calls
) -> None:
    loop = SyncLoop(ivan.store, ivan.peer())
    with pytest.raises(SyncError) as raised:
        loop.fetch(WANTED, lambda done: None)
    assert raised.value.trouble is Trouble.MISSING
    move(anna)
    told: list[int] = []

    def stop(done: int) -> None:
        told.append(done)
        if len(told) == 3:
            raise Crash

    with pytest.raises(Crash):
        loop.fetch(WANTED, stop)
    loop.fetch(WANTED, told.append)
    assert told == [0, CHUNK, 2 * CHUNK, 2 * CHUNK, 3 * CHUNK]
    assert held(ivan) == PLAN
    assert positions(fetched) == [*range(PIECES)]
