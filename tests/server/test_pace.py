"""A device that asks without end is slowed down; one that works never is."""

from itertools import pairwise
from typing import Any

import pytest

from deskcrm.domain.users.model import UserRole
from deskcrm.server import pace
from deskcrm.server.attempts import TooMany
from deskcrm.server.pace import BURST, RATE, Pace
from deskcrm.sync.http_peer import Granted, HttpPeer
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pull, pack
from deskcrm.sync.station.status import explain
from deskcrm.sync.transport import Transport
from tests.server.site import Site, Speaker
from tests.server.test_endpoints import requests_of

TOKEN, OTHER = "a" * 64, "b" * 64


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def asks(made: Pace, times: int, path: str = "/sync/v1/pull", token: str = TOKEN) -> int:
    """Ask so often; gives how many were let through."""
    count = 0
    for _ in range(times):
        try:
            made.count(token, path)
        except TooMany:
            continue
        count += 1
    return count


def test_a_loop_gone_wild_is_let_through_as_often_as_the_rate_says() -> None:
    clock = Time()
    made = Pace(monotonic=clock)
    assert asks(made, 10_000) == BURST
    clock.now += 10
    assert asks(made, 10_000) == 10 * RATE
    assert asks(made, 10, token=OTHER) == 10  # nobody else is slowed down


def test_what_a_workstation_needs_is_never_refused() -> None:
    clock = Time()
    made = Pace(monotonic=clock)
    for _ in range(3_600):  # an hour of catching up, with a file on a fast line
        clock.now += 1
        assert asks(made, 20) == 20
        assert asks(made, 250, "/sync/v1/contents/fetch") == 250


def test_after_the_seconds_that_were_named_it_is_taken() -> None:
    clock = Time()
    made = Pace(rate=0.25, burst=2, monotonic=clock)
    asks(made, 2)
    with pytest.raises(TooMany) as caught:
        made.count(TOKEN, "/")
    assert caught.value.retry_after == 4
    clock.now += 4
    made.count(TOKEN, "/")


def test_only_the_last_who_asked_are_kept_in_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "KNOWN", 2)
    made = Pace(burst=1, monotonic=Time())
    for token in ("x" * 64, "y" * 64, "z" * 64):
        assert asks(made, 2, token=token) == 1
    assert len(made._left) == 2


@pytest.fixture
def anna(site: Site) -> Speaker:
    return site.person("Anna", UserRole.ADMINISTRATOR)


def test_what_is_too_much_is_refused_everywhere_and_changes_nothing(
    site: Site, anna: Speaker
) -> None:
    site.desk.pace = Pace(rate=0.001, burst=1)
    before = site.dump(apart=set())
    made = requests_of(anna)
    assert site.ask("GET", "/sync/v1/wait?since=0", anna.access).status_code == 200
    for method, path, body in made:
        answer = site.ask(method, path, anna.access, data=body)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many"), path
        assert int(answer.headers["Retry-After"]) > 0
    assert site.dump(apart=set()) == before
    site.desk.pace = Pace()
    assert anna.send("/sync/v1/pull", pack(Pull(anna.device.bytes, 1, []))).status_code == 200


class NoTokens:
    """Keeps none."""

    def refresh_token(self) -> str | None:
        return None

    def keep(self, refresh: str) -> None:
        raise AssertionError(refresh)


def test_a_workstation_hears_how_long_to_wait_and_says_it_in_words(
    site: Site, anna: Speaker
) -> None:
    site.desk.pace = Pace(rate=0.125, burst=1)
    granted = Granted(anna.access, anna.refresh, 600.0, anna.user, "")
    peer = HttpPeer(Transport(site.url), NoTokens(), granted)
    peer.wait(0)
    with pytest.raises(SyncError) as caught:
        peer.wait(0)
    assert caught.value.trouble is Trouble.BUSY
    assert 1 <= caught.value.retry_after <= 8
    said: Any = explain(caught.value)
    assert "busy" in said.title
    peer.close()


def test_renewed_tokens_count_as_the_same_sign_in(site: Site, anna: Speaker) -> None:
    tokens = [anna.access]
    for _ in range(2):
        anna.take(site.post("/auth/v1/refresh", json={"refresh": anna.refresh}).json())
        tokens.append(anna.access)
    assert all(one != other for one, other in pairwise(tokens))
    assert len({token[: pace._NAME] for token in tokens}) == 1
