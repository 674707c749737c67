"""Contents over HTTP: only for those who see a row that names them, and only what they say."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

import pytest
from requests import Response
from sqlalchemy import true, update

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import revoke_device
from deskcrm.server.messages import MOST_PIECES
from deskcrm.server.place import Place
from deskcrm.store.contents import CHUNK
from deskcrm.store.store import Arrived
from deskcrm.sync.hub.contents import collect
from deskcrm.sync.protocol import (
    HASHES_AT_ONCE,
    AskContents,
    AskPiece,
    ContentsHere,
    Op,
    Piece,
    PieceTaken,
    SendPiece,
    unpack,
)
from deskcrm.sync.tables import device_table
from tests.server.grounds import SEEN, Grounds
from tests.server.site import Site, Speaker, allow_everything, serving
from tests.watch import Watch

CONTENT = b"x" * CHUNK + b"end"
PIECES = (CONTENT[:CHUNK], CONTENT[CHUNK:])
HASH = hashlib.sha256(CONTENT).hexdigest()
NOWHERE = hashlib.sha256(b"nobody has this").hexdigest()


@dataclass
class Hand:
    """What a device does with contents."""

    speaker: Speaker

    def ask(self, *hashes: str) -> dict[str, int]:
        """Ask how much is there."""
        message = AskContents(self.speaker.device.bytes, list(hashes))
        answer = self.speaker.send("/sync/v1/contents/ask", message)
        assert answer.status_code == 200, answer.text
        return unpack(ContentsHere, answer.content).pieces

    def send(
        self, position: int, content: bytes = b"", sha256: str = HASH, *, is_last: bool = False
    ) -> int | str:
        """Send a piece; gives how many are there, or the code of the refusal."""
        message = SendPiece(self.speaker.device.bytes, sha256, position, content, is_last)
        answer = self.speaker.send("/sync/v1/contents/send", message)
        return unpack(PieceTaken, answer.content).pieces if answer.ok else refusal(answer)

    def send_all(self) -> int | str:
        """Send everything."""
        self.send(0, PIECES[0])
        return self.send(1, PIECES[1], is_last=True)

    def fetch(self, position: int, sha256: str = HASH) -> bytes | str:
        """Fetch a piece; gives it, or the code of the refusal."""
        message = AskPiece(self.speaker.device.bytes, sha256, position)
        answer = self.speaker.send("/sync/v1/contents/fetch", message)
        return unpack(Piece, answer.content).content if answer.ok else refusal(answer)


def refusal(answer: Response) -> str:
    """Give what a request was refused with."""
    return f"{answer.status_code} {answer.json()['code']}"


def name_in(grounds: Grounds, where: str, sha256: str = HASH) -> UUID:
    """Let a row of a place name the contents."""
    row_id = new_id()
    values = {
        "name": "plan.bin",
        "media_type": "application/octet-stream",
        "size": len(CONTENT),
        "sha256": sha256,
        "client_id": grounds.clients[where].hex,
        "added_by": grounds.stranger.user.hex,
        "created_at": 0,
        "scope": grounds.scopes[where].hex,
    }
    op = Op("attachment", row_id.bytes, "create", 0, None, json.dumps(values))
    grounds.steps.append([op])
    grounds.plant()
    return row_id


def planted(site: Site, role: UserRole) -> Grounds:
    grounds = Grounds(site, role)
    grounds.plant()
    return grounds


@pytest.mark.parametrize("role", UserRole)
def test_only_who_sees_a_row_that_names_contents_has_them(site: Site, role: UserRole) -> None:
    grounds = planted(site, role)
    for where in grounds.scopes:
        content = where.encode()
        sha256 = hashlib.sha256(content).hexdigest()
        name_in(grounds, where, sha256)
        person = Hand(grounds.person)
        before = site.dump(apart=set())
        if grounds._sees(where):
            assert person.ask(sha256) == {sha256: 0}
            assert person.fetch(0, sha256) == "404 not_found"
            assert person.send(0, content, sha256, is_last=True) == -1
            assert person.fetch(0, sha256) == content
            continue
        assert person.ask(sha256) == {}
        assert person.send(0, content, sha256, is_last=True) == "404 not_found"
        assert person.fetch(0, sha256) == "404 not_found"
        assert person.send(0, content, NOWHERE, is_last=True) == "404 not_found"
        assert site.dump(apart=set()) == before
    assert Hand(grounds.person).ask(NOWHERE) == {}


def test_what_others_sent_is_not_sent_again_and_what_was_cut_goes_on(site: Site) -> None:
    grounds = planted(site, UserRole.LEAD)
    name_in(grounds, "workspace")
    person, stranger = Hand(grounds.person), Hand(grounds.stranger)
    assert person.send(0, PIECES[0]) == 1
    assert person.send(0, PIECES[0]) == 1
    assert stranger.ask(HASH) == {HASH: 1}
    assert stranger.fetch(0) == "404 not_found"
    assert stranger.send(5, b"beyond") == 1
    assert stranger.send(1, PIECES[1], is_last=True) == -1
    assert person.ask(HASH, HASH) == {HASH: -1}
    assert person.send(0, b"another", is_last=True) == -1
    assert (person.fetch(0), person.fetch(1)) == PIECES
    assert person.fetch(2) == "404 not_found"


def test_contents_that_are_not_what_their_hash_says_are_let_go(site: Site) -> None:
    grounds = planted(site, UserRole.AGENT)
    name_in(grounds, "workspace")
    person = Hand(grounds.person)
    person.send(0, PIECES[0])
    assert person.send(1, b"something else", is_last=True) == 0
    assert person.ask(HASH) == {HASH: 0}
    assert person.send_all() == -1


def test_a_row_that_went_out_of_sight_takes_its_contents_along(site: Site) -> None:
    grounds = planted(site, UserRole.AGENT)
    row = name_in(grounds, "workspace")
    person = Hand(grounds.person)
    assert person.send_all() == -1
    moved = json.dumps({"scope": grounds.stranger.user.hex})
    grounds.steps.append([Op("attachment", row.bytes, "set", 2**40, None, moved)])
    grounds.plant()
    assert person.fetch(0) == "404 not_found"
    assert Hand(grounds.stranger).fetch(0) == PIECES[0]


def test_limits(site: Site) -> None:
    grounds = planted(site, UserRole.AGENT)
    name_in(grounds, "workspace")
    person = Hand(grounds.person)
    before = site.dump(apart=set())
    assert person.send(0, b"") == "400 malformed"
    assert person.send(0, bytes(CHUNK + 1)) == "400 malformed"
    assert person.send(-1, b"x") == "400 malformed"
    assert person.send(MOST_PIECES, b"x") == "413 too_large"
    assert person.fetch(-1) == "400 malformed"
    for wrong in ("", "x" * 64, HASH.upper(), HASH[:-1], HASH + "\n"):
        assert person.fetch(0, wrong) == "400 malformed"
    many = AskContents(grounds.person.device.bytes, [HASH] * (HASHES_AT_ONCE + 1))
    assert grounds.person.send("/sync/v1/contents/ask", many).status_code == 400
    assert site.dump(apart=set()) == before


@pytest.mark.postgres
def test_with_every_check_off_the_fence_gives_no_foreign_contents(
    postgres_place: Place, watch: Watch
) -> None:
    with serving(postgres_place, watch, allow_everything) as naive:
        grounds = planted(naive, UserRole.AGENT)
        name_in(grounds, "stranger")
        assert Hand(grounds.stranger).send_all() == -1
        assert Hand(grounds.stranger).fetch(0) == PIECES[0]
        person = Hand(grounds.person)
        assert person.ask(HASH) == {}
        assert person.fetch(0) == "404 not_found"
        assert person.send(0, b"x") == "404 not_found"


def collected(site: Site) -> int:
    """Let go of what nothing names any more, as the operator does; gives how much."""
    with site.keeping() as store:
        return store.absorb(lambda db: Arrived(collect(db, store.clock()))).value


def all_come(site: Site, but: UUID | None = None) -> None:
    """Let every device have been here just now."""
    with site.keeping() as store:
        d = device_table.c
        came = update(device_table).where(d.id != but if but is not None else true())
        seen = came.values(last_seen_at=site.watch())
        store.absorb(lambda db: Arrived(db.execute(seen).rowcount))


@dataclass
class Unused:
    """Contents that a row named that was deleted, and the device that had sent them."""

    site: Site
    grounds: Grounds
    hand: Hand

    def name_again(self) -> None:
        """Let another row name them."""
        name_in(self.grounds, "workspace")

    def here(self) -> int:
        """Tell how much of them is here, to somebody whose row names them."""
        self.hand.speaker.sign_in()
        return self.hand.ask(HASH).get(HASH, 0)


@pytest.fixture
def unused(site: Site) -> Unused:
    grounds = planted(site, UserRole.MANAGER)
    row, hand = name_in(grounds, "workspace"), Hand(grounds.person)
    assert hand.send_all() == -1
    assert collected(site) == 0
    (result,) = grounds.person.push_steps([Op("attachment", row.bytes, "delete", SEEN)]).results
    assert result.status == "applied"
    assert collected(site) == 0
    return Unused(site, grounds, hand)


def test_contents_that_nothing_names_are_let_go_after_thirty_days(unused: Unused) -> None:
    site = unused.site
    site.watch.move(days=29)
    all_come(site)
    assert collected(site) == 0
    site.watch.move(days=1)
    assert collected(site) == 1
    assert unused.here() == 0
    unused.name_again()
    assert unused.hand.send_all() == -1  # whoever has them sends them again
    assert collected(site) == 0
    assert unused.here() == -1


def test_contents_that_are_named_again_stay(unused: Unused) -> None:
    site = unused.site
    site.watch.move(days=29)
    unused.name_again()
    assert unused.here() == -1
    site.watch.move(days=10)
    all_come(site)
    assert collected(site) == 0
    site.watch.move(days=100)
    assert collected(site) == 0
    assert unused.here() == -1


def test_what_a_device_that_is_away_may_name_again_waits_for_it(unused: Unused) -> None:
    site, away = unused.site, unused.grounds.person.device
    site.watch.move(days=40)
    all_come(site, but=away)
    assert collected(site) == 0
    site.watch.move(days=51)  # tombstones are not kept longer: it would have to begin anew
    assert collected(site) == 1


def test_nobody_waits_for_a_device_that_was_locked_out(unused: Unused) -> None:
    site, away = unused.site, unused.grounds.person.device
    site.watch.move(days=40)
    all_come(site, but=away)
    with site.keeping() as store:
        revoke_device(store, away)
    assert collected(site) == 1
