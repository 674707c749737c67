"""The exchange that goes on by itself: what wakes it, what it tries again, what stops it."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from deskcrm.domain.clients.commands import create_company, delete_clients, rename_client
from deskcrm.sync.peer import Trouble
from deskcrm.sync.station import memory
from deskcrm.sync.station.answers import allow_deletion
from deskcrm.sync.station.backoff import Backoff
from deskcrm.sync.station.loop import EVERY, SyncLoop
from deskcrm.sync.station.status import State, Status, in_words
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import WAITS, Site, revoke, rows_of

PATIENCE = 20.0


class Watcher:
    """Hears every status and waits for the one that a test wants."""

    def __init__(self, desk: Desk, every: float = EVERY) -> None:
        self.heard: list[Status] = []
        self.threads: set[str] = set()
        self.news = threading.Condition()
        backoff = Backoff(first=0.02, most=0.1, chance=random.Random(1))
        self.loop = SyncLoop(desk.store, desk.peer(), settle=0.01, every=every, backoff=backoff)
        self.loop.listeners.append(self.hear)

    def hear(self, status: Status) -> None:
        with self.news:
            self.heard.append(status)
            self.threads.add(threading.current_thread().name)
            self.news.notify_all()

    def wait_for(self, wanted: Callable[[Status], bool], since: int = 0) -> Status:
        """Give the first status that is wanted, among those heard since."""

        def find() -> Status | None:
            return next((one for one in self.heard[since:] if wanted(one)), None)

        with self.news:
            assert self.news.wait_for(lambda: find() is not None, PATIENCE), self.heard
            found = find()
        assert found is not None
        return found

    def settled(self, since: int = 0) -> Status:
        """Wait until an exchange came about."""
        return self.wait_for(lambda one: one.state is State.IDLE, since)


@pytest.fixture
def anna(site: Site, make_desk: MakeDesk) -> Desk:
    return join(site, make_desk, "anna")


@pytest.fixture
def ivan(site: Site, make_desk: MakeDesk) -> Desk:
    return join(site, make_desk, "ivan")


@pytest.fixture
def watch_loop() -> Iterator[Callable[..., Watcher]]:
    watchers: list[Watcher] = []

    def make(desk: Desk, **options: float) -> Watcher:
        watchers.append(Watcher(desk, **options))
        watchers[-1].loop.start()
        return watchers[-1]

    yield make
    for watcher in watchers:
        watcher.loop.close()


Watch = Callable[..., Watcher]


def sent_a_client(status: Status) -> bool:
    return status.receipt is not None and status.receipt.sent["client"] == 1


def fail(status: Status) -> None:
    raise ZeroDivisionError


def test_it_begins_with_an_exchange(anna: Desk, site: Site, watch_loop: Watch) -> None:
    anna.store.do(create_company, name="Acme")
    status = watch_loop(anna).settled()
    assert status.waiting == 0
    assert status.last_exchange == anna.watch()
    assert status.receipt is not None
    assert status.receipt.sent["client"] == 1
    assert [row.name for row in rows_of(site.hub.store, "client")] == ["Acme"]


def test_what_is_written_is_sent_at_once(anna: Desk, site: Site, watch_loop: Watch) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    anna.store.do(create_company, name="Acme")
    watcher.wait_for(sent_a_client)
    assert watcher.threads == {"deskcrm-sync"}


def test_what_another_writes_arrives_by_itself(anna: Desk, ivan: Desk, watch_loop: Watch) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    ivan.store.do(create_company, name="Acme")
    ivan.sync()
    watcher.wait_for(lambda one: one.receipt is not None and one.receipt.came["client"] == 1)
    assert [row.name for row in rows_of(anna.store, "client")] == ["Acme"]


def test_what_came_is_not_taken_for_something_written(
    anna: Desk, ivan: Desk, site: Site, watch_loop: Watch
) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    ivan.store.do(create_company, name="Acme")
    ivan.sync()
    watcher.wait_for(lambda one: one.receipt is not None and one.receipt.came["client"] == 1)
    asked = len(site.asked)
    # It listens again: had it been woken by what came, it would have asked before.
    while not any(path in WAITS for path in site.asked[asked:]):
        assert site.polls.acquire(timeout=PATIENCE)
        if site.asked[-1] in WAITS:
            break
    assert "/sync/v1/hello" not in site.asked[asked:]


def test_news_are_taken_in_without_an_exchange(
    anna: Desk, ivan: Desk, site: Site, watch_loop: Watch
) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    assert site.polls.acquire(timeout=PATIENCE)
    for count in (1, 2):
        watcher.heard.clear()
        asked = len(site.asked)
        ivan.store.do(create_company, name=f"Acme {count}")
        ivan.sync()
        watcher.wait_for(lambda one: one.receipt is not None and one.receipt.came["client"] == 1)
        assert site.polls.acquire(timeout=PATIENCE)  # it listens again
        assert site.asked[asked:].count("/sync/v1/hello") == 1  # his own
        assert len(rows_of(anna.store, "client")) == count


def test_what_one_wrote_oneself_is_no_news(anna: Desk, site: Site, watch_loop: Watch) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    assert site.polls.acquire(timeout=PATIENCE)
    asked = len(site.asked)
    anna.store.do(create_company, name="Acme")
    watcher.wait_for(sent_a_client)
    assert site.polls.acquire(timeout=PATIENCE)
    assert site.asked[asked:].count("/sync/v1/hello") == 1


def test_news_that_do_not_fit_are_fetched_by_an_exchange(
    anna: Desk, ivan: Desk, site: Site, watch_loop: Watch
) -> None:
    def spoil(path: str, answer: Any) -> Any:
        if path == "news" and answer.page is not None:
            answer.page.epoch += 1
        return answer

    site.edit = spoil
    watcher = watch_loop(anna)
    watcher.settled()
    assert site.polls.acquire(timeout=PATIENCE)
    asked = len(site.asked)
    ivan.store.do(create_company, name="Acme")
    ivan.sync()
    watcher.wait_for(lambda one: one.receipt is not None and one.receipt.came["client"] == 1)
    assert site.asked[asked:].count("/sync/v1/hello") == 2  # his exchange, and hers


def test_an_older_server_is_only_asked_whether_there_are_news(
    anna: Desk, ivan: Desk, site: Site, watch_loop: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskcrm.sync.hub.hub.VERSION", 2)
    watcher = watch_loop(anna)
    watcher.settled()
    ivan.store.do(create_company, name="Acme")
    ivan.sync()
    watcher.wait_for(lambda one: one.receipt is not None and one.receipt.came["client"] == 1)
    assert "/sync/v1/wait" in site.asked
    assert "/sync/v1/news" not in site.asked


def test_it_comes_again_after_a_while_without_news(anna: Desk, watch_loop: Watch) -> None:
    watcher = watch_loop(anna, every=0.05)
    for _ in range(3):
        watcher.settled(len(watcher.heard))


@pytest.mark.parametrize("fault", ["lost", "portal", "500", "502", "cut", "garbled"])
def test_what_goes_wrong_is_tried_again_by_itself(
    anna: Desk, site: Site, watch_loop: Watch, fault: str
) -> None:
    site.faults.extend(["", *[fault] * 3])  # of renewals, one lost answer is survived, not three
    anna.store.do(create_company, name="Acme")
    watcher = watch_loop(anna)
    status = watcher.wait_for(lambda one: one.state is State.RETRYING)
    assert status.waiting == 1
    assert status.trouble in (Trouble.OFFLINE, Trouble.BROKEN)
    assert status.next_try is not None
    assert status.problem() is not None
    settled = watcher.settled()
    assert (settled.trouble, settled.waiting, settled.problem()) == (None, 0, None)


def test_what_is_written_meanwhile_is_counted_and_does_not_hurry(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    site.faults.append("busy")  # come again in seven seconds
    watcher = watch_loop(anna)
    status = watcher.wait_for(lambda one: one.state is State.RETRYING)
    assert status.next_try is not None
    assert status.next_try - anna.watch() >= timedelta(seconds=7)
    anna.store.do(create_company, name="Acme")
    counted = watcher.wait_for(lambda one: one.waiting == 1)
    assert counted.state is State.RETRYING
    watcher.loop.exchange_now()
    assert watcher.settled().waiting == 0


def test_a_pause_holds_everything_and_ends_with_an_exchange(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    watcher.loop.pause()
    watcher.wait_for(lambda one: one.state is State.PAUSED)
    anna.store.do(create_company, name="Acme")
    watcher.wait_for(lambda one: one.state is State.PAUSED and one.waiting == 1)
    assert rows_of(site.hub.store, "client") == []
    watcher.loop.resume()
    assert watcher.wait_for(sent_a_client).waiting == 0
    assert len(rows_of(site.hub.store, "client")) == 1


def test_closing_takes_less_than_a_second_even_in_a_long_poll(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    watcher = watch_loop(anna)
    watcher.settled()
    assert site.polls.acquire(timeout=PATIENCE)
    closing = threading.Thread(target=watcher.loop.close)
    closing.start()
    closing.join(1.0)
    assert not closing.is_alive()
    assert watcher.loop.status.state is State.CLOSED
    assert {"deskcrm-sync", "deskcrm-sync-ear"}.isdisjoint(
        one.name for one in threading.enumerate()
    )
    anna.store.do(create_company, name="Acme")  # nobody listens any more


def test_a_sign_in_that_ended_stops_it_until_somebody_signs_in(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    site.sessions.clear()
    watcher = watch_loop(anna)
    status = watcher.wait_for(lambda one: one.state is State.STOPPED)
    assert status.trouble is Trouble.SIGN_IN
    assert status.next_try is None
    anna.store.do(create_company, name="Acme")
    watcher.wait_for(lambda one: one.waiting == 1)
    asked = len(site.asked)
    anna.connect()
    assert len(site.asked) > asked
    watcher.loop.exchange_now()
    assert watcher.settled().waiting == 0


def test_a_device_that_was_locked_out_stops(anna: Desk, site: Site, watch_loop: Watch) -> None:
    revoke(site, anna.store.device)
    status = watch_loop(anna).wait_for(lambda one: one.state is State.STOPPED)
    assert status.trouble is Trouble.WIPE


def test_a_device_that_only_listens_hears_that_it_was_locked_out(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    site.patience = 0.1
    watcher = watch_loop(anna)
    watcher.settled()
    assert site.polls.acquire(timeout=PATIENCE)
    revoke(site, anna.store.device)
    status = watcher.wait_for(lambda one: one.state is State.STOPPED)
    assert status.trouble is Trouble.WIPE


def test_a_mass_deletion_waits_for_somebody_who_allows_it(
    anna: Desk, ivan: Desk, watch_loop: Watch
) -> None:
    clients = [anna.store.do(create_company, name=f"Client {n}").value for n in range(40)]
    anna.sync()
    ivan.sync()
    ivan.store.do(delete_clients, clients[:30])
    ivan.sync()
    watcher = watch_loop(anna)
    status = watcher.wait_for(lambda one: one.state is State.STOPPED)
    assert (status.trouble, status.detail) == (Trouble.MASS_DELETE, "30")
    assert len(rows_of(anna.store, "client")) == 40
    watcher.loop.allow_deletion()
    watcher.settled()
    assert len(rows_of(anna.store, "client")) == 10


def test_another_lineage_stops_it_and_keeps_everything(
    anna: Desk, site: Site, make_site: Callable[..., Site], watch_loop: Watch
) -> None:
    anna.store.do(create_company, name="Acme")
    other = make_site(name="other.db")
    site.hub.store.close()
    site.replace(other.hub.store)
    status = watch_loop(anna).wait_for(lambda one: one.state is State.STOPPED)
    assert status.trouble is Trouble.LINEAGE
    assert status.waiting == 1
    assert len(rows_of(anna.store, "client")) == 1


def test_a_shrunken_server_stops_it(anna: Desk, site: Site, watch_loop: Watch) -> None:
    def shrink(path: str, answer: Any) -> Any:
        if path == "pull":
            answer.head = 0
        return answer

    site.edit = shrink
    status = watch_loop(anna).wait_for(lambda one: one.state is State.STOPPED)
    assert status.trouble is Trouble.SHRUNKEN


def test_a_bug_in_a_listener_does_not_end_the_exchange(anna: Desk, watch_loop: Watch) -> None:
    watcher = watch_loop(anna)
    watcher.loop.listeners.insert(0, fail)
    watcher.settled()
    anna.store.do(create_company, name="Acme")
    watcher.wait_for(sent_a_client)


def test_waiting_doubles_by_chance_up_to_five_minutes_and_never_less_than_asked() -> None:
    backoff = Backoff(chance=random.Random(3))
    waits = [backoff.after() for _ in range(12)]
    for number, seconds in enumerate(waits):
        whole = min(2.0**number, EVERY)
        assert whole / 2 <= seconds <= whole
    assert len(set(waits)) == len(waits)
    assert backoff.after(1_000.0) >= 1_000.0
    backoff.forget()
    assert backoff.after() <= 1.0


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_says_what_to_do(trouble: Trouble) -> None:
    said = in_words(trouble, "21")
    assert said.title.endswith((".", ")."))
    assert said.detail


def test_permission_to_delete_is_used_up_by_one_exchange(anna: Desk) -> None:
    allow_deletion(anna.store)
    anna.sync()
    assert not anna.store.ask(lambda db: memory.recall(db.connection)).may_delete


def test_an_edit_made_during_a_failing_exchange_is_sent_with_the_next(
    anna: Desk, site: Site, watch_loop: Watch
) -> None:
    client = anna.store.do(create_company, name="1").value
    anna.sync()
    site.faults.extend(["500", "", "", ""])
    watcher = watch_loop(anna)
    written = threading.Event()

    def write(path: str, answer: object) -> object:
        if path == "pull" and not written.is_set():
            written.set()
            anna.store.do(rename_client, client, name="2")
        return answer

    site.edit = write
    watcher.wait_for(sent_a_client)
    assert [row.name for row in rows_of(site.hub.store, "client")] == ["2"]
