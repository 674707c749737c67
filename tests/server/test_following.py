"""News that are followed: one answer that goes on, as long as whoever asked is let in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from deskcrm.domain.teams.commands import add_member
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import accounts, heads
from deskcrm.server.exchange import FOLLOWED, KIND
from deskcrm.server.news import Newsroom
from deskcrm.server.place import Place
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.framing import frames
from deskcrm.sync.protocol import News, Pull, Pulled, pack, unpack
from tests.server.site import Site, Speaker, serving
from tests.server.test_messages import creation
from tests.server.test_news import apart, names
from tests.watch import Watch


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give how many were looked after each time that the database was asked."""
    done: list[int] = []
    whole = Newsroom._look

    def look(self: Newsroom, some: Any) -> Any:
        done.append(len(some))
        return whole(self, some)

    monkeypatch.setattr(Newsroom, "_look", look)
    return done


@contextmanager
def following(
    speaker: Speaker, pulled: Pulled | None = None
) -> Iterator[Callable[[], News | None]]:
    """Follow the news; gives what waits for the next ones, None at the end."""
    cursors = (pulled or speaker.pull()).cursors
    question = pack(Pull(speaker.device.bytes, speaker.epoch, cursors))
    headers = {"Authorization": f"Bearer {speaker.access}", "Content-Type": KIND}
    url = f"{speaker.site.url}/sync/v1/follow"
    with requests.post(url, question, headers=headers, stream=True, timeout=20) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == FOLLOWED
        told = frames(answer.iter_content(None), 1 << 20)

        def hear() -> News | None:
            packed = next(told, None)
            return None if packed is None else unpack(News, packed)

        first = hear()
        assert first is not None
        if first.page is None and not first.is_due:
            yield hear
        else:
            left: list[News] = [first]
            yield lambda: left.pop() if left else hear()


def test_what_is_written_comes_one_after_another(site: Site) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    with following(anna) as hear:
        for name in ("Acme", "Bolt", "Crane"):
            boris.push_steps([creation(name=name)])
            told = hear()
            assert told is not None
            assert names(told) == [name]
            assert anna.pull().head == told.head


def test_who_was_told_is_not_looked_after_again(site: Site, looks: list[int]) -> None:
    people = [site.person(f"Person {n}", UserRole.AGENT) for n in range(3)]
    with following(people[0]) as a, following(people[1]) as b, following(people[2]) as c:
        del looks[:]
        for name in ("Acme", "Bolt"):
            people[0].push_steps([creation(name=name)])
            told = [hear() for hear in (a, b, c)]
            assert [names(one) for one in told if one] == [[name]] * 3
        assert looks == [3, 3]


def test_what_came_between_two_questions_is_told_at_once(site: Site) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    pulled = anna.pull()
    boris.push_steps([creation(name="Acme")])
    with following(anna, pulled) as hear:
        assert [names(one) for one in (hear(),) if one] == [["Acme"]]
        boris.push_steps([creation(name="Bolt")])
        assert [names(one) for one in (hear(),) if one] == [["Bolt"]]


def test_nobody_hears_of_what_they_may_not_see(site: Site) -> None:
    anna, boris, north, _ = apart(site)
    with following(anna) as north_hears, following(boris) as south_hears:
        anna.push_steps([creation(name="Northern", scope=north.hex)])
        anna.push_steps([creation(name="Everybody's", scope=WORKSPACE.hex)])
        heard = [north_hears(), north_hears(), south_hears()]
    assert [names(one) for one in heard if one] == [["Northern"], ["Everybody's"], ["Everybody's"]]


@pytest.mark.parametrize("how", ["revoked", "closed"])
def test_it_ends_for_whoever_is_locked_out(site: Site, how: str) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    with following(anna) as hear, following(boris) as other:
        with site.keeping() as store:
            if how == "revoked":
                accounts.revoke_device(store, anna.device)
            else:
                accounts.disable(store, "Anna")
        assert hear() is None
        boris.push_steps([creation(name="Acme")])
        assert [names(one) for one in (other(),) if one] == [["Acme"]]
    question = pack(Pull(anna.device.bytes, 1, []))
    refused = anna.send("/sync/v1/follow", question)
    assert (refused.status_code, refused.json()["code"]) == (403, how)


def test_it_ends_with_the_token(site: Site, watch: Watch) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    with following(anna) as hear:
        watch.move(minutes=11)
        boris.sign_in()
        boris.push_steps([creation(name="Acme")])
        assert hear() is None


def test_it_ends_where_rights_change(site: Site) -> None:
    anna, _, _, south = apart(site)
    with following(anna) as hear:
        with site.keeping() as store:
            store.do(add_member, TeamId(south), user_id=UserId(anna.user))
        told = hear()
        assert told is not None
        assert told.is_due
        assert hear() is None


def test_it_ends_where_the_database_cannot_be_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    with following(anna) as hear, monkeypatch.context() as patch:
        patch.setattr(Newsroom, "_look", lambda *_: 1 // 0)
        boris.push_steps([creation(name="Acme")])
        assert hear() is None
    assert "Following the news broke off (ZeroDivisionError)." in caplog.messages


def test_it_says_now_and_then_that_it_goes_on_and_ends_with_the_server(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "SHORTEST", 0.05)
    monkeypatch.setattr(heads, "LONGEST", 0.1)
    anna = site.person("Anna", UserRole.AGENT)
    with following(anna) as hear:
        for _ in range(3):
            told = hear()
            assert told is not None
            assert (told.page, told.is_due) == (None, False)
        anna.push_steps([creation(name="Acme")])
        while (told := hear()) is not None and told.page is None:
            pass
        assert [names(one) for one in (told,) if one] == [["Acme"]]
        site.desk.heads._loop.call_soon_threadsafe(site.desk.heads.stop)
        while hear() is not None:
            pass


def test_whoever_hangs_up_gives_their_seat_back(site: Site) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    with following(anna):
        while not site.desk.heads._waiting:
            threading.Event().wait(0.01)
    while site.desk.heads._waiting:
        threading.Event().wait(0.01)


@pytest.mark.postgres
def test_what_another_process_wrote_comes(postgres_place: Place, watch: Watch) -> None:
    with serving(postgres_place, watch) as one, serving(postgres_place, watch) as other:
        anna = one.person("Anna", UserRole.AGENT)
        with following(anna) as hear:
            anna.site = other
            for name in ("Acme", "Bolt"):
                anna.push_steps([creation(name=name)])
                assert [names(told) for told in (hear(),) if told] == [[name]]
