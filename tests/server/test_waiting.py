"""Waiting for news: told at once, whichever process wrote them."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests

from deskcrm.domain.teams.commands import create_team
from deskcrm.domain.users.model import UserRole
from deskcrm.server import heads
from deskcrm.server.desk import THREADS
from deskcrm.server.exchange import KIND
from deskcrm.server.place import Place
from deskcrm.sync.protocol import Pull, pack
from tests.server.site import Site, Speaker, serving
from tests.server.test_messages import creation
from tests.watch import Watch


@pytest.fixture
def anna(site: Site) -> Speaker:
    return site.person("Anna", UserRole.AGENT)


def head_of(speaker: Speaker) -> int:
    return speaker.welcome().head


def waiting(speaker: Speaker, since: int) -> Callable[[], int]:
    """Begin to wait in a thread; gives what brings the answer."""
    came: list[Any] = []

    def wait() -> None:
        headers = {"Authorization": f"Bearer {speaker.access}"}
        url = f"{speaker.site.url}/sync/v1/wait?since={since}"
        came.append(requests.get(url, headers=headers, timeout=60).json()["head"])

    thread = threading.Thread(target=wait)
    thread.start()
    while speaker.site.desk.heads._waiting == 0 and thread.is_alive():
        threading.Event().wait(0.01)

    def answer() -> int:
        thread.join(20)
        assert not thread.is_alive()
        return int(came[0])

    return answer


def test_what_is_there_already_is_told_at_once(site: Site, anna: Speaker) -> None:
    head = head_of(anna)
    answer = site.ask("GET", f"/sync/v1/wait?since={head - 1}", anna.access)
    assert answer.json() == {"head": head}


def test_a_push_wakes_who_waits(site: Site, anna: Speaker) -> None:
    head = head_of(anna)
    answer = waiting(anna, head)
    anna.push_steps([creation()])
    assert answer() == head + 1


def test_the_operator_beside_the_server_wakes_who_waits(site: Site, anna: Speaker) -> None:
    head = head_of(anna)
    answer = waiting(anna, head)
    with site.keeping() as store:
        store.do(create_team, name="North")
    assert answer() == head + 1


@pytest.mark.postgres
def test_a_push_to_another_process_wakes_who_waits(postgres_place: Place, watch: Watch) -> None:
    with serving(postgres_place, watch) as one, serving(postgres_place, watch) as other:
        anna = one.person("Anna", UserRole.AGENT)
        head = head_of(anna)
        answer = waiting(anna, head)
        anna.site = other
        anna.push_steps([creation()])
        assert answer() == head + 1


def test_who_waits_in_vain_is_answered_after_a_while(
    site: Site, anna: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "SHORTEST", 0.1)
    monkeypatch.setattr(heads, "LONGEST", 0.2)
    head = head_of(anna)
    answer = site.ask("GET", f"/sync/v1/wait?since={head}", anna.access)
    assert answer.json() == {"head": head}


def test_a_server_that_stops_sends_home_who_waits(site: Site, anna: Speaker) -> None:
    answer = waiting(anna, head_of(anna))
    site.desk.heads._loop.call_soon_threadsafe(site.desk.heads.stop)
    assert answer() <= head_of(anna)


def test_when_too_many_wait_the_next_is_asked_to_come_later(
    site: Site, anna: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "MOST_WAITING", 0)
    answer = site.ask("GET", "/sync/v1/wait?since=0", anna.access)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def looks(speaker: Speaker) -> int:
    """Pull on a line of its own."""
    headers = {"Authorization": f"Bearer {speaker.access}", "Content-Type": KIND}
    message = pack(Pull(speaker.device.bytes, speaker.epoch, []))
    url = f"{speaker.site.url}/sync/v1/pull"
    return requests.post(url, data=message, headers=headers, timeout=60).status_code


def test_a_push_and_its_news_wait_behind_nobody_who_only_looks(site: Site, anna: Speaker) -> None:
    other = site.speaker(anna.name, anna.user)
    head = head_of(anna)
    answer = waiting(anna, head)
    done, loop = threading.Event(), site.desk.heads._loop
    looking = [
        asyncio.run_coroutine_threadsafe(site.desk.work(done.wait), loop) for _ in range(THREADS)
    ]
    pulled: list[Any] = []
    puller = threading.Thread(target=lambda: pulled.append(looks(other)))
    try:
        while site.desk.threads.available_tokens:
            threading.Event().wait(0.01)
        puller.start()
        anna.push_steps([creation()])
        assert answer() == head + 1
        assert not pulled, "somebody who only looks got through: nothing was shown"
    finally:
        done.set()
        puller.join(20)
    assert [one.result(20) for one in looking] == [True] * THREADS
    assert pulled == [200]
