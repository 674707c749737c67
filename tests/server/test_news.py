"""News: told to all who wait and may see them, once they are there, and to nobody else."""

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import requests

from deskcrm.base.ids import new_id
from deskcrm.domain.rights import queries
from deskcrm.domain.teams.commands import add_member
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import accounts, heads
from deskcrm.server import news as newsroom
from deskcrm.server.exchange import KIND
from deskcrm.server.messages import LARGEST_QUESTION
from deskcrm.server.place import Place
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.hub import news
from deskcrm.sync.protocol import News, Pull, Pulled, pack, unpack
from tests.server.site import Site, Speaker, serving
from tests.server.test_messages import creation
from tests.sync.safeguards import tell_all_the_same
from tests.watch import Watch


class Waiting:
    """Somebody who has taken everything in, and waits for what is new since."""

    def __init__(self, speaker: Speaker, pulled: Pulled | None = None) -> None:
        self.speaker = speaker
        cursors = (pulled or speaker.pull()).cursors
        self.question = Pull(speaker.device.bytes, speaker.epoch, cursors)
        self.came: list[requests.Response] = []
        self.thread = threading.Thread(target=self._ask)
        seats = speaker.site.desk.news._waiting
        count = len(seats)
        self.thread.start()
        while len(seats) == count and self.thread.is_alive():
            threading.Event().wait(0.01)

    def _ask(self) -> None:
        self.came.append(ask(self.speaker, pack(self.question)))

    def answer(self) -> requests.Response:
        """Wait for the answer."""
        self.thread.join(20)
        assert not self.thread.is_alive(), "nobody was told anything"
        return self.came[0]

    def news(self) -> News:
        """Wait for the news."""
        answer = self.answer()
        assert answer.status_code == 200, answer.text
        return unpack(News, answer.content)


def ask(speaker: Speaker, body: bytes, token: str | None = None) -> requests.Response:
    """Ask on a line of its own."""
    token = speaker.access if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{speaker.site.url}/sync/v1/news"
    return requests.post(url, data=body, headers=headers | {"Content-Type": KIND}, timeout=60)


def names(news: News) -> list[Any]:
    """Give the names of the clients in a page."""
    assert news.page is not None, news
    return [
        dict(zip(rows.columns, row[4:], strict=True))["name"]
        for rows in news.page.rows
        if rows.table == "client"
        for row in rows.rows
    ]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Give the list of all pages that were read."""
    done: list[object] = []
    whole = news._read

    def read(*args: Any) -> Any:
        done.append(args)
        return whole(*args)

    monkeypatch.setattr(news, "_read", read)
    return done


def test_one_reading_serves_all_who_see_the_same(site: Site, reads: list[object]) -> None:
    people = [site.person(f"Person {n}", UserRole.AGENT) for n in range(3)]
    site_head = people[0].welcome().head
    waiting = [Waiting(one) for one in people]
    people[0].push_steps([creation(name="Acme")])
    told = [one.news() for one in waiting]
    assert [names(one) for one in told] == [["Acme"]] * 3
    assert {one.head for one in told} == {site_head + 1}
    assert len(reads) == 1
    page = told[0].page
    assert page is not None
    assert [(step.device, step.command) for step in page.steps] == [
        (people[0].device.bytes, "tests.write")
    ]
    assert [(scope, table, count) for scope, table, count, _ in page.sums] == [
        (WORKSPACE.bytes, "client", 1)
    ]


def test_what_is_new_already_is_told_at_once_and_then_from_memory(
    site: Site, reads: list[object]
) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    pulled = [one.pull() for one in (anna, boris)]
    anna.push_steps([creation(name="Acme")])
    for one, page in zip((anna, boris), pulled, strict=True):
        assert names(Waiting(one, page).news()) == ["Acme"]
    assert len(reads) == 1


def apart(site: Site) -> tuple[Speaker, Speaker, UUID, UUID]:
    """Give two people of two teams, who do not see each other's rows."""
    north, south = site.team("North"), site.team("South")
    anna = site.person("Anna", UserRole.AGENT, north)
    boris = site.person("Boris", UserRole.AGENT, south)
    return anna, boris, north, south


def test_nobody_is_told_what_they_may_not_see(site: Site) -> None:
    anna, boris, north, _ = apart(site)
    waiting = [Waiting(one) for one in (anna, boris)]
    anna.push_steps([creation(name="Northern", scope=north.hex)])
    assert names(waiting[0].news()) == ["Northern"]
    other = Waiting(anna)
    anna.push_steps([creation(name="Everybody's", scope=WORKSPACE.hex)])
    assert names(other.news()) == ["Everybody's"]
    # He was not even woken by the first, and is told of the second only.
    told = waiting[1].news()
    assert names(told) == ["Everybody's"]
    assert told.page is not None
    assert {op.scope for step in told.page.steps for op in step.ops} == {WORKSPACE.bytes}


def test_a_memory_that_forgot_whose_page_it_is_would_be_seen(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_all_the_same(monkeypatch)
    anna, boris, north, _ = apart(site)
    before = boris.pull()
    waiting = Waiting(anna)
    anna.push_steps([creation(name="Northern", scope=north.hex)])
    assert names(waiting.news()) == ["Northern"]
    assert names(Waiting(boris, before).news()) == ["Northern"]


@pytest.mark.postgres
def test_the_fence_holds_where_the_program_shows_too_much(
    postgres_place: Place, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = queries.read_people

    def everything(connection: Any, users: Any) -> Any:
        return {
            user: replace(one, scopes=frozenset({WORKSPACE, north, south}))
            for user, one in whole(connection, users).items()
        }

    with serving(postgres_place, watch) as site:
        anna, boris, north, south = apart(site)
        both = [(scope.bytes, anna.pull().head) for scope in (WORKSPACE, north, south)]
        monkeypatch.setattr(newsroom, "read_people", everything)
        waiting = [Waiting(one, Pulled(1, b"", [], 0, 0, cursors=both)) for one in (anna, boris)]
        row, other = creation(name="Northern", scope=north.hex), creation(scope=WORKSPACE.hex)
        anna.push_steps([row, other])
        assert sorted(names(waiting[0].news())) == ["New", "Northern"]
        assert names(waiting[1].news()) == ["New"]


def test_who_gets_other_rights_is_sent_to_pull(site: Site) -> None:
    anna, _, _, south = apart(site)
    waiting = Waiting(anna)
    with site.keeping() as store:
        store.do(add_member, TeamId(south), user_id=UserId(anna.user))
    told = waiting.news()
    assert told.is_due
    assert told.page is None


@pytest.mark.parametrize("how", ["revoked", "disabled", "expired"])
def test_who_may_not_speak_any_more_is_told_so_instead_of_news(
    site: Site, watch: Watch, how: str
) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    waiting = Waiting(anna)
    if how == "expired":
        watch.move(minutes=11)
        boris.sign_in()
    else:
        with site.keeping() as store:
            if how == "revoked":
                accounts.revoke_device(store, anna.device)
            else:
                accounts.disable(store, "Anna")
    boris.push_steps([creation(name="Acme")])
    wanted = {"revoked": (403, "revoked"), "disabled": (403, "closed")}.get(how, (401, "sign_in"))
    for refused in (waiting.answer(), ask(anna, pack(waiting.question))):
        said = refused.json()
        assert (refused.status_code, said["code"]) == wanted
        assert ("proof" in said) is (how == "revoked")


@pytest.mark.parametrize("how", ["revoked", "closed"])
@pytest.mark.parametrize("safe", [True, False])
def test_who_is_locked_out_while_they_wait_is_told_at_once(
    site: Site, how: str, safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has written anything; whoever else waits sleeps on."""
    monkeypatch.setitem(heads._LOOKED, False, 1_000.0)
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    other = Waiting(boris)
    if not safe:
        monkeypatch.setattr(accounts, "look_again", lambda _: None)
        monkeypatch.setattr(heads, "SHORTEST", 0.5)
        monkeypatch.setattr(heads, "LONGEST", 0.5)
    waiting = Waiting(anna)
    with site.keeping() as store:
        if how == "revoked":
            accounts.revoke_device(store, anna.device)
        else:
            accounts.disable(store, "Anna")
    answer = waiting.answer()
    assert answer.status_code == (403 if safe else 200)
    if safe:
        assert answer.json()["code"] == how
    assert not other.came
    boris.push_steps([creation(name="Acme")])
    assert names(other.news()) == ["Acme"]


def test_a_question_from_elsewhere_is_refused(site: Site) -> None:
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    question = Pull(anna.device.bytes, 1, [])
    before = site.dump(apart=set())
    large = bytes(LARGEST_QUESTION + 1)
    asked = [
        (ask(boris, pack(question)), 409),
        (ask(anna, pack(question), token=""), 401),
        (ask(anna, pack(question), token="no token"), 401),
        (ask(anna, b"{}"), 400),
        (ask(anna, large), 413),
        (ask(anna, pack(Pull(anna.device.bytes, 1, [(bytes(16), n) for n in range(11_000)]))), 400),
    ]
    assert [answer.status_code for answer, _ in asked] == [status for _, status in asked]
    assert site.dump(apart=set()) == before


def test_what_does_not_go_on_from_here_is_sent_to_pull(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    pulled = anna.pull()
    first = pulled.cursors[0]
    for cursors in (
        [],
        [first],
        [*pulled.cursors, (new_id().bytes, 5)],
        [(scope, seq + 1) for scope, seq in pulled.cursors],
    ):
        told = Waiting(anna, replace_cursors(pulled, cursors)).news()
        assert (told.is_due, told.page) == (True, None)
    anna.epoch = 2
    assert Waiting(anna, pulled).news().is_due
    anna.epoch = 1
    monkeypatch.setattr(news, "MOST_ROWS", 2)
    waiting = Waiting(anna)
    anna.push_steps([creation()], [creation()], [creation()])
    assert waiting.news().is_due


def replace_cursors(pulled: Pulled, cursors: list[tuple[bytes, int]]) -> Pulled:
    """Give a page with other cursors."""
    return Pulled(pulled.epoch, pulled.lineage, [], 0, pulled.head, cursors=cursors)


def test_who_waits_in_vain_or_until_the_end_is_sent_home(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    with monkeypatch.context() as patch:
        patch.setattr(heads, "SHORTEST", 0.1)
        patch.setattr(heads, "LONGEST", 0.2)
        told = Waiting(anna).news()
    waiting = Waiting(anna)
    site.desk.heads._loop.call_soon_threadsafe(site.desk.heads.stop)
    for one in (told, waiting.news()):
        assert (one.page, one.is_due) == (None, False)


def test_when_too_many_wait_the_next_is_asked_to_come_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    monkeypatch.setattr(heads, "MOST_WAITING", 0)
    answer = ask(anna, pack(Pull(anna.device.bytes, 1, [])))
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


@pytest.mark.postgres
def test_news_from_another_process_are_told(postgres_place: Place, watch: Watch) -> None:
    with serving(postgres_place, watch) as one, serving(postgres_place, watch) as other:
        anna = one.person("Anna", UserRole.AGENT)
        waiting = Waiting(anna)
        anna.site = other
        anna.push_steps([creation(name="Acme")])
        assert names(waiting.news()) == ["Acme"]
