"""Contents go by their hash: each once, resumable, verified, and only to those who may see them."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import update

import deskcrm.domain.attachments.model  # noqa: F401 - the record that names contents
from deskcrm.base.ids import new_id
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.store import contents
from deskcrm.store.contents import CHUNK, BlobChunk
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.contents import move_contents
from tests.sync.world import Station, World

LARGE = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
HASH = hashlib.sha256(LARGE).hexdigest()


@dataclass
class Line:
    """The way to the server, which breaks after some pieces."""

    station: Station
    pieces_left: int = 1_000
    pieces: int = 0

    @property
    def caller(self) -> Caller:
        """Who speaks."""
        return Caller(self.station.user, self.station.store.device)

    def contents_here(self, hashes: list[str]) -> dict[str, int]:
        """Ask what is there."""
        return self.station.world.hub.contents_here(self.caller, hashes)

    def send_contents(self, sha256: str, position: int, piece: bytes, *, is_last: bool) -> int:
        """Send a piece."""
        self._pass()
        hub = self.station.world.hub
        return hub.take_contents(self.caller, sha256, position, piece, is_last=is_last)

    def fetch_contents(self, sha256: str, position: int) -> tuple[bytes, bool]:
        """Fetch a piece."""
        self._pass()
        return self.station.world.hub.give_contents(self.caller, sha256, position)

    def _pass(self) -> None:
        if not self.pieces_left:
            raise SyncError(Trouble.OFFLINE)
        self.pieces_left -= 1
        self.pieces += 1


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def anna(world: World) -> Station:
    return world.station()


@pytest.fixture
def ivan(world: World, anna: Station) -> Station:
    return world.station()


@pytest.fixture
def client(world: World, anna: Station, ivan: Station) -> ClientId:
    """Give a client with a file that only Anna's workstation holds."""
    made = anna.store.do(create_company, name="Acme").value
    anna.store.do(paste_attachment, made, content=LARGE, name="plan.bin")
    world.sync_all()
    return made


def held(station: Station) -> bytes:
    return b"".join(station.store.ask(lambda db: list(contents.read(db, HASH))))


def test_a_file_arrives_whole_at_another_workstation(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    assert move_contents(anna.store, Line(anna)).sent == 1
    assert move_contents(ivan.store, Line(ivan), [HASH]).fetched == 1
    assert held(ivan) == LARGE


def test_what_the_server_has_is_not_sent_again(
    world: World, anna: Station, ivan: Station, client: ClientId
) -> None:
    move_contents(anna.store, Line(anna))
    again = Line(anna)
    assert move_contents(anna.store, again).sent == again.pieces == 0
    ivan.store.do(paste_attachment, client, content=LARGE, name="the same.bin")
    world.sync_all()
    his = Line(ivan)
    assert move_contents(ivan.store, his).sent == his.pieces == 0


def test_a_line_that_breaks_is_gone_on_with_where_it_broke(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    with pytest.raises(SyncError):
        move_contents(anna.store, Line(anna, pieces_left=2))
    assert move_contents(ivan.store, Line(ivan), [HASH]).fetched == 0
    rest = Line(anna)
    assert (move_contents(anna.store, rest).sent, rest.pieces) == (1, 2)
    with pytest.raises(SyncError):
        move_contents(ivan.store, Line(ivan, pieces_left=3), [HASH])
    rest = Line(ivan)
    assert (move_contents(ivan.store, rest, [HASH]).fetched, rest.pieces) == (1, 1)
    assert held(ivan) == LARGE


def test_contents_that_are_not_what_their_hash_says_are_let_go(
    world: World, anna: Station, ivan: Station, client: ClientId
) -> None:
    caller = Line(anna).caller
    assert world.hub.take_contents(caller, HASH, 0, b"other", is_last=True) == 0
    assert move_contents(anna.store, Line(anna)).sent == 1
    with world.hub.store.database.writer.begin() as connection:
        connection.execute(update(BlobChunk).where(BlobChunk.position == 1).values(content=b"x"))
    assert move_contents(ivan.store, Line(ivan), [HASH]).fetched == 0
    assert not ivan.store.ask(lambda db: contents.has_contents(db, HASH))


def test_nobody_has_contents_by_guessing_the_hash(
    world: World, anna: Station, ivan: Station
) -> None:
    north = new_id()
    world.grants[anna.user] = {north}
    made = anna.store.do(create_company, name="Acme").value
    anna.store.do(paste_attachment, made, content=LARGE, name="plan.bin")
    _move(anna, made, north)
    world.sync_all()
    move_contents(anna.store, Line(anna))
    assert Line(anna).contents_here([HASH]) == {HASH: -1}
    assert Line(ivan).contents_here([HASH]) == {}
    with pytest.raises(Stopped):
        Line(ivan).fetch_contents(HASH, 0)
    with pytest.raises(Stopped):
        Line(ivan).send_contents(HASH, 0, b"x", is_last=True)


def _move(station: Station, client: ClientId, scope: UUID) -> None:
    from deskcrm.domain.clients.model import Client
    from deskcrm.store.commands import Command
    from deskcrm.store.work import Work

    def move(work: Work) -> None:
        work.get(Client, client).scope = scope

    station.store.do(Command("test.move", "Move", move))
