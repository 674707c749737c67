"""The line to a server: what goes wrong on it is told apart, and nothing of it is lost."""

import socket
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Select, select

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.store.keys.keychain import Keychain
from deskcrm.store.tables import local_meta
from deskcrm.sync.connecting import disconnect
from deskcrm.sync.credentials import Credentials, Login
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.transport import Transport, check_url
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site, revoke
from tests.toys import ToyBox, add_box, rename_box


@pytest.fixture
def anna(site: Site, make_desk: MakeDesk) -> Desk:
    return join(site, make_desk, "anna")


def trouble(desk: Desk) -> Trouble:
    with pytest.raises(SyncError) as raised:
        desk.sync()
    return raised.value.trouble


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("desk.example.com", "https://desk.example.com"),
        ("https://Desk.Example.com/crm/", "https://desk.example.com/crm"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.5:8000/", "http://127.0.0.5:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert check_url(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "http://desk.example.com", "http://10.0.0.1", "ftp://desk.example.com",
        "https://a:b@desk.example.com", "https://desk.example.com/?x=1", "https://", "two words",
        "https://desk.example.com:port", "http://127.0.0.1.example.com", "http://localhost.evil.ru",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_unsafe_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        check_url(typed)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("lost", Trouble.OFFLINE),
        ("answer lost", Trouble.OFFLINE),
        ("cut", Trouble.OFFLINE),
        ("portal", Trouble.BROKEN),
        ("redirect", Trouble.BROKEN),
        ("garbled", Trouble.BROKEN),
        ("busy", Trouble.BUSY),
        ("500", Trouble.BROKEN),
        ("502", Trouble.OFFLINE),
        ("404", Trouble.BROKEN),
        ("413", Trouble.BROKEN),
        ("401", Trouble.BROKEN),
        ("403", Trouble.BROKEN),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_whatever_goes_wrong_has_a_name_and_is_made_good_by_the_next_exchange(
    anna: Desk, site: Site, fault: str, expected: Trouble, place: int
) -> None:
    """The requests: renew the token (twice if need be), hello, push; of an older server, pull."""
    if place == 3:
        site.edit = without_pages
    box = anna.store.do(add_box, name="Box").value
    first = ["lost"] if place == 0 and expected is Trouble.OFFLINE else []
    site.faults.extend([*first, *[""] * place, fault])
    assert trouble(anna) is expected
    receipt = anna.sync()
    assert (receipt.waiting, receipt.agrees) == (0, True)
    assert anna.store.ask(lambda db: db.scalar(_seq(box))) == receipt.head
    assert "/elsewhere" not in site.asked


def without_pages(path: str, answer: Any) -> Any:
    """Edit what an older server says: it does not answer what comes along with a message."""
    if path in ("hello", "push"):
        answer.page = None
    return answer


def _seq(box: UUID) -> Select[int]:
    return select(ToyBox.seq).where(ToyBox.id == box)


def test_a_request_that_arrives_twice_counts_once(anna: Desk, site: Site) -> None:
    box = anna.store.do(add_box, name="1").value
    anna.store.do(rename_box, box, name="2")
    head = site.hub.head()
    site.faults.extend(["doubled"] * 4)
    anna.sync()
    assert site.hub.head() == head + 2
    anna.sync()


def test_a_busy_server_says_when_to_come_again(anna: Desk, site: Site) -> None:
    site.faults.append("busy")
    with pytest.raises(SyncError) as raised:
        anna.sync()
    assert raised.value.retry_after == 7.0


def test_nobody_there_is_offline(anna: Desk, site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = Transport(f"http://127.0.0.1:{port}")
    with pytest.raises(SyncError) as raised:
        line.get_json("/sync/v1/wait?since=0")
    assert raised.value.trouble is Trouble.OFFLINE


def test_an_answer_that_never_ends_is_given_up(anna: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = Transport(f"http://127.0.0.1:{silent.getsockname()[1]}", read_seconds=0.05)
        with pytest.raises(SyncError) as raised:
            line.get_json("/sync/v1/wait?since=0")
    assert raised.value.trouble is Trouble.OFFLINE


def test_one_connection_serves_a_whole_exchange(anna: Desk, site: Site) -> None:
    accepted: list[object] = []
    accept: Callable[[], tuple[socket.socket, object]] = site.http.get_request

    def counted() -> tuple[socket.socket, object]:
        accepted.append(None)
        return accept()

    site.http.get_request = counted  # type: ignore[method-assign]  # to count
    anna.store.do(add_box, name="Box")
    anna.sync()
    assert len(accepted) == 1


def test_closing_cuts_a_long_poll(anna: Desk, site: Site) -> None:
    peer = anna.peer()
    head = peer.wait(-1)
    failed: list[SyncError] = []

    def listen() -> None:
        try:
            peer.wait(head)
        except SyncError as error:
            failed.append(error)

    ear = threading.Thread(target=listen)
    ear.start()
    assert all(site.polls.acquire(timeout=10) for _ in range(2))
    peer.close()
    ear.join(5)
    assert not ear.is_alive()
    assert failed[0].trouble is Trouble.OFFLINE
    with pytest.raises(SyncError):
        peer.wait(head)


# Tokens.


def test_an_access_token_that_the_server_forgot_is_renewed_by_itself(
    anna: Desk, site: Site
) -> None:
    peer = anna.peer()
    head = peer.wait(-1)
    site.sessions[0].access = "another"
    assert peer.wait(-1) == head
    assert site.asked.count("/auth/v1/refresh") == 2


def test_an_access_token_is_renewed_before_its_end(anna: Desk, site: Site) -> None:
    site.lifetime = 0.0
    peer = anna.peer()
    peer.wait(-1)
    peer.wait(-1)
    assert site.asked.count("/auth/v1/refresh") == 2


def test_each_renewal_is_kept_before_it_is_used(anna: Desk, site: Site) -> None:
    before = anna.credentials.refresh_token()
    site.faults.extend(["", "500"])  # the renewal comes about, the hello after it does not
    assert trouble(anna) is Trouble.BROKEN
    after = anna.credentials.refresh_token()
    assert after == site.sessions[0].refresh != before


def test_one_lost_answer_to_a_renewal_is_survived(anna: Desk, site: Site) -> None:
    site.faults.append("answer lost")
    anna.sync()
    anna.sync()


def test_whoever_is_away_when_a_renewal_is_lost_comes_back_with_the_former_token(
    anna: Desk, site: Site
) -> None:
    before = anna.credentials.refresh_token()
    site.faults.extend(["lost", "answer lost"])
    assert trouble(anna) is Trouble.OFFLINE
    assert anna.credentials.refresh_token() == before
    anna.sync()


def test_signing_out_ends_it_on_both_sides(anna: Desk, site: Site) -> None:
    assert disconnect(anna.store, anna.credentials)
    assert site.sessions == []
    assert anna.credentials.login() is None
    with pytest.raises(UserError, match="not connected"):
        anna.sync()
    anna.connect()


def test_signing_out_far_from_the_server_forgets_the_token_all_the_same(
    anna: Desk, site: Site
) -> None:
    site.faults.append("lost")
    assert not disconnect(anna.store, anna.credentials)
    assert anna.credentials.refresh_token() is None


def test_a_token_that_was_used_by_another_asks_to_sign_in(anna: Desk, site: Site) -> None:
    site.sessions.clear()
    assert trouble(anna) is Trouble.SIGN_IN
    anna.store.do(add_box, name="Box")
    assert anna.connect().waiting == 0


def test_a_device_that_was_locked_out_is_told_so_with_proof(anna: Desk, site: Site) -> None:
    revoke(site, anna.store.device)
    assert trouble(anna) is Trouble.WIPE
    for session in site.sessions:
        session.access = ""  # the token has run out: it is the renewal that is refused
    assert trouble(anna) is Trouble.WIPE
    with pytest.raises(SyncError) as signing_in:
        anna.connect()
    assert signing_in.value.trouble is Trouble.WIPE
    with pytest.raises(SyncError) as leaving:
        disconnect(anna.store, anna.credentials)
    assert leaving.value.trouble is Trouble.WIPE


@pytest.mark.parametrize("proof", ["", "zz", "another server", "another device"])
def test_an_impostor_who_says_so_wipes_nothing(anna: Desk, site: Site, proof: str) -> None:
    made = {
        "another server": site.proof(anna.store.device)[::-1].hex(),
        "another device": site.proof(new_id()).hex(),
    }
    site.pretends = made.get(proof, proof)
    revoke(site, anna.store.device)
    assert trouble(anna) is Trouble.REVOKED
    anna.store.do(add_box, name="Box")  # everything is there, and goes on


def test_a_sign_in_without_a_seal_is_never_wiped(anna: Desk, site: Site) -> None:
    login, refresh = anna.credentials.login(), anna.credentials.refresh_token()
    assert login is not None
    assert refresh is not None
    anna.credentials.sign_in(login, refresh, "")
    revoke(site, anna.store.device)
    assert trouble(anna) is Trouble.REVOKED


def test_a_closed_account_is_told_so(anna: Desk, site: Site) -> None:
    site.closed.add(anna.user)
    assert trouble(anna) is Trouble.CLOSED
    site.closed.clear()
    assert anna.sync().waiting == 0


class Kept:
    """A keychain in memory, which can be made to fail."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.is_broken = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_broken:
            raise RuntimeError("locked")
        self.secrets[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[username]


def test_the_token_lies_in_the_keychain_and_sign_out_forgets_it(anna: Desk, site: Site) -> None:
    kept = Kept()
    credentials = Credentials(anna.store, Keychain(kept), "profile.server")
    login = Login(site.url, "anna", anna.user, anna.store.device)
    credentials.sign_in(login, "secret", "")
    assert kept.secrets == {"profile.server": "secret"}
    assert "secret" not in notes(anna)
    kept.is_broken = True
    credentials.keep("next")
    assert credentials.refresh_token() == "next"
    kept.is_broken = False
    credentials.keep("third")
    assert credentials.refresh_token() == kept.secrets["profile.server"] == "third"
    credentials.forget()
    assert kept.secrets == {}
    assert credentials.login() is None
    assert credentials.refresh_token() is None


def test_without_a_keychain_the_token_lies_in_the_encrypted_database_only(anna: Desk) -> None:
    token = anna.credentials.refresh_token()
    assert token is not None
    assert token in notes(anna)
    for path in anna.folder.iterdir():
        assert token.encode() not in path.read_bytes()


def notes(desk: Desk) -> str:
    return str(desk.store.ask(lambda db: db.all(local_meta.select())))
