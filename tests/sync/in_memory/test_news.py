"""News at the workstation: taken in as they come, or not at all."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

import deskcrm.domain.all  # noqa: F401 - a schedule runs otherwise beside other tables
from deskcrm.sync.hub.news import Pages
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import News, Pull, Push, Pushed
from deskcrm.sync.station import news
from tests import toys
from tests.sync.safeguards import OF_NEWS, leave_what_came_first
from tests.sync.schedule import Schedule, run_schedule
from tests.sync.verdict import Violation
from tests.sync.world import Station, WiredPeer, World, told

ONE_TO_SHOW: dict[str, tuple[int, Sequence[int]]] = {
    "take_news_whenever_they_come": (90, [19]),
    "tell_all_the_same": (90, range(12)),
    "leave_what_came_first": (90, [8]),
}
"""How long schedules are, and those in which it is known to show, or the first few."""


@pytest.fixture
def here(world: World) -> Station:
    return world.station()


@pytest.fixture
def there(world: World) -> Station:
    return world.station()


def asked(station: Station) -> Pull:
    """Let a workstation exchange, and give what it asks then."""
    station.sync()
    question = news.question(station.store)
    assert question is not None
    return question


def tell(station: Station, question: Pull) -> News:
    """Give what the server tells it now."""
    return told(station.world.hub, Caller(station.user, station.store.device), question, Pages())


def names(station: Station) -> list[str]:
    return sorted(box.name for box in station.boxes().values())


def test_news_bring_rows_history_and_cursors(here: Station, there: Station) -> None:
    question = asked(here)
    there.store.do(toys.add_box, name="Red")
    there.sync()
    taken = news.take(here.store, question, tell(here, question))
    assert taken is not None
    assert (taken.is_whole, taken.receipt.came["toy_box"]) == (True, 1)
    assert names(here) == ["Red"]
    following = news.question(here.store)
    assert following is not None
    assert {seq for _, seq in following.cursors} == {taken.receipt.head}
    assert not here.sync().came


def test_ones_own_steps_settle_and_are_not_told_twice(here: Station, there: Station) -> None:
    question = asked(here)
    box = here.store.do(toys.add_box, name="Red").value
    here.sync()
    # An exchange has brought it already: what was asked before goes on from elsewhere.
    assert news.take(here.store, question, tell(here, question)) is None
    question = asked(here)
    other = world_twin(here)
    other.sync()
    other.store.do(toys.edit_box, box, name="Blue")
    other.sync()
    taken = news.take(here.store, question, tell(here, question))
    assert taken is not None
    assert names(here) == ["Blue"]
    assert here.store.undo().label  # its own step is still the newest of its own


def world_twin(station: Station) -> Station:
    """Give another workstation of the same person."""
    return station.world.station(station.user)


def test_what_waits_lies_on_top_of_news(here: Station, there: Station) -> None:
    box = there.store.do(toys.add_box, name="Red").value
    there.sync()
    question = asked(here)
    here.store.do(toys.edit_box, box, name="Mine")
    there.store.do(toys.edit_box, box, width=7)
    there.sync()
    assert news.take(here.store, question, tell(here, question)) is not None
    for _ in range(2):
        (shown,) = here.boxes().values()
        assert (shown.name, shown.width) == ("Mine", 7)
        here.sync()


@pytest.mark.parametrize("safe", [True, False])
def test_what_the_server_took_unheard_is_put_right_when_it_is_heard(
    here: Station, there: Station, monkeypatch: pytest.MonkeyPatch, safe: bool
) -> None:
    """A count whose answer was lost comes back with the news, and is counted once more."""
    if not safe:
        leave_what_came_first(monkeypatch)
    box = there.store.do(toys.add_box, name="Red").value
    there.sync()
    question = asked(here)
    here.store.do(toys.open_box, box, times=3)
    with monkeypatch.context() as patch:
        patch.setattr(WiredPeer, "push", _lose_the_answer(WiredPeer.push))
        with pytest.raises(SyncError, match="answer lost"):
            here.sync()
    news.take(here.store, question, tell(here, question))
    here.sync()
    assert (here.boxes()[box].opened == 3) is safe


def _lose_the_answer(push: Callable[[WiredPeer, Push], Pushed]) -> Callable[..., Pushed]:
    def pushed(peer: WiredPeer, message: Push) -> Pushed:
        push(peer, message)
        raise SyncError(Trouble.OFFLINE, "answer lost")

    return pushed


@pytest.mark.parametrize("safe", [True, False])
def test_a_schedule_that_shows_it_holds(safe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if safe:
        run_schedule(8, 90, hears=True, is_older=True)
        return
    leave_what_came_first(monkeypatch)
    with pytest.raises(Violation, match="toy_box differs"):
        run_schedule(8, 90, hears=True, is_older=True)


def spoilt(field: str, value: Any) -> Callable[[News], None]:
    return lambda one: setattr(one.page, field, value)


@pytest.mark.parametrize(
    "spoil",
    [spoilt("epoch", 7), spoilt("lineage", bytes(16)), lambda one: setattr(one, "page", None)],
)
def test_news_of_another_life_change_nothing(
    here: Station, there: Station, spoil: Callable[[News], None]
) -> None:
    question = asked(here)
    there.store.do(toys.add_box, name="Red")
    there.sync()
    found = tell(here, question)
    spoil(found)
    assert news.take(here.store, question, found) is None
    assert names(here) == []
    assert news.question(here.store) == question


def test_a_large_deletion_is_left_to_the_exchange(here: Station, there: Station) -> None:
    boxes = [there.store.do(toys.add_box, name=f"Box {n}").value for n in range(30)]
    there.sync()
    question = asked(here)
    for box in boxes:
        there.store.do(toys.delete_box, box)
    there.sync()
    assert news.take(here.store, question, tell(here, question)) is None
    assert len(names(here)) == 30
    with pytest.raises(SyncError) as caught:
        here.sync()
    assert caught.value.trouble is Trouble.MASS_DELETE


def test_sums_that_differ_ask_for_an_exchange(here: Station, there: Station) -> None:
    question = asked(here)
    there.store.do(toys.add_box, name="Red")
    there.sync()
    found = tell(here, question)
    assert found.page is not None
    found.page.sums = [(scope, table, n, total + 1) for scope, table, n, total in found.page.sums]
    taken = news.take(here.store, question, found)
    assert taken is not None
    assert not taken.is_whole


def test_schedules_take_news_in(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Schedule] = []
    whole = Schedule.run

    def run(one: Schedule) -> None:
        made.append(one)
        whole(one)

    monkeypatch.setattr(Schedule, "run", run)
    for seed in range(6):
        run_schedule(seed, 60, hears=True)
    assert sum(one.news.taken for one in made) > 6


@pytest.mark.parametrize("switch_off", OF_NEWS, ids=lambda one: one.__name__)
def test_a_schedule_shows_what_a_safeguard_of_news_is_for(
    switch_off: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch)
    found = []
    steps, seeds = ONE_TO_SHOW[switch_off.__name__]
    for seed in seeds:
        try:
            run_schedule(seed, steps, hears=True, is_older=True)
        except (Violation, SyncError) as error:
            found.append(error)
            break
    assert found, "nothing shows that this is needed"
