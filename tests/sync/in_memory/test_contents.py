"""Contents go by their hash: each once, resumable, verified, and only to those who may see them."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

import deskcrm.domain.attachments.model  # noqa: F401 - the record that names contents
from deskcrm.base.ids import new_id
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.store import contents
from deskcrm.store.contents import CHUNK, BlobChunk
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import (
    AskContents,
    AskPiece,
    ContentsHere,
    Piece,
    PieceTaken,
    SendPiece,
)
from deskcrm.sync.station.contents import NotWhole, Wanted, fetch, move_contents
from tests.sync.world import Station, World

LARGE = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
HASH = hashlib.sha256(LARGE).hexdigest()
WANTED = [Wanted(HASH, len(LARGE))]


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

    def contents_here(self, message: AskContents) -> ContentsHere:
        """Ask what is there."""
        return self.station.world.hub.contents_here(self.caller, message)

    def send_piece(self, message: SendPiece) -> PieceTaken:
        """Send a piece."""
        self._pass()
        return self.station.world.hub.send_piece(self.caller, message)

    def fetch_piece(self, message: AskPiece) -> Piece:
        """Fetch a piece."""
        self._pass()
        return self.station.world.hub.fetch_piece(self.caller, message)

    def _pass(self) -> None:
        if not self.pieces_left:
            raise SyncError(Trouble.OFFLINE)
        self.pieces_left -= 1
        self.pieces += 1


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
    assert move_contents(ivan.store, Line(ivan), WANTED).fetched == 1
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
    assert move_contents(ivan.store, Line(ivan), WANTED).fetched == 0
    rest = Line(anna)
    assert (move_contents(anna.store, rest).sent, rest.pieces) == (1, 2)
    with pytest.raises(SyncError):
        move_contents(ivan.store, Line(ivan, pieces_left=3), WANTED)
    rest = Line(ivan)
    assert (move_contents(ivan.store, rest, WANTED).fetched, rest.pieces) == (1, 1)
    assert held(ivan) == LARGE


def test_contents_that_are_not_what_their_hash_says_are_let_go(
    world: World, anna: Station, ivan: Station, client: ClientId
) -> None:
    caller = Line(anna).caller
    other = SendPiece(caller.device.bytes, HASH, 0, b"other", True)
    assert world.hub.send_piece(caller, other).pieces == 0
    assert move_contents(anna.store, Line(anna)).sent == 1
    with world.hub.store.database.writer.begin() as connection:
        connection.execute(update(BlobChunk).where(BlobChunk.position == 1).values(content=b"x"))
    assert move_contents(ivan.store, Line(ivan), WANTED).fetched == 0
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
    ask = AskContents(b"", [HASH])
    assert Line(anna).contents_here(ask).pieces == {HASH: -1}
    assert Line(ivan).contents_here(ask).pieces == {}
    with pytest.raises(Stopped):
        Line(ivan).fetch_piece(AskPiece(b"", HASH, 0))
    with pytest.raises(Stopped):
        Line(ivan).send_piece(SendPiece(b"", HASH, 0, b"x", True))


def test_a_piece_that_was_the_last_before_a_crash_completes_all_the_same(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    move_contents(anna.store, Line(anna))
    with pytest.raises(SyncError):
        move_contents(ivan.store, Line(ivan, pieces_left=3), WANTED)
    fetch(ivan.store, Line(ivan), WANTED[0], told=lambda done: None)
    assert held(ivan) == LARGE


def test_contents_larger_than_their_record_says_are_not_taken(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    move_contents(anna.store, Line(anna))
    with pytest.raises(NotWhole):
        fetch(ivan.store, Line(ivan), Wanted(HASH, len(LARGE) - 1), told=lambda done: None)
    assert pieces_of(ivan) == 0
    fetch(ivan.store, Line(ivan), WANTED[0], told=lambda done: None)
    assert held(ivan) == LARGE


def test_moving_stops_between_pieces_when_something_else_is_due(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    left = iter([True, True, False])
    moved = move_contents(anna.store, line := Line(anna), may_go_on=lambda: next(left))
    assert (moved.is_done, moved.sent, line.pieces) == (False, 0, 2)
    assert move_contents(anna.store, rest := Line(anna)).is_done
    assert rest.pieces == 2
    left = iter([True, False])
    moved = move_contents(ivan.store, Line(ivan), WANTED, may_go_on=lambda: next(left))
    assert (moved.is_done, moved.fetched, pieces_of(ivan)) == (False, 0, 1)


def test_two_who_fetch_the_same_at_once_both_have_it(
    anna: Station, ivan: Station, client: ClientId
) -> None:
    move_contents(anna.store, Line(anna))

    def fetch_too(done: int) -> None:
        if done == CHUNK:
            fetch(ivan.store, Line(ivan), WANTED[0], told=lambda done: None)

    fetch(ivan.store, Line(ivan), WANTED[0], told=fetch_too)
    assert held(ivan) == LARGE
    assert pieces_of(ivan) == 4


def pieces_of(station: Station) -> int:
    t = BlobChunk.__table__
    query = select(func.count()).select_from(t).where(t.c.sha256 == HASH)
    return station.store.ask(lambda db: db.scalar(query)) or 0


def _move(station: Station, client: ClientId, scope: UUID) -> None:
    from deskcrm.domain.clients.model import Client
    from deskcrm.store.commands import Command
    from deskcrm.store.work import Work

    def move(work: Work) -> None:
        work.get(Client, client).scope = scope

    station.store.do(Command("test.move", "Move", move))
