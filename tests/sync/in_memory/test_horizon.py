"""Who was away for longer than tombstones are kept is told what lives, or fetches all of it."""

import pytest

import deskcrm.domain.all  # noqa: F401 - a schedule runs otherwise beside other tables
from deskcrm.sync.hub import pull
from deskcrm.sync.protocol import Pulled
from tests import toys
from tests.sync.schedule import run_schedule
from tests.sync.world import Station, WiredPeer, World, forget


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[Pulled]:
    """Give the list of all pages that workstations are sent."""
    sent: list[Pulled] = []

    def send(_: WiredPeer, pulled: Pulled) -> Pulled:
        sent.append(pulled)
        return pulled

    monkeypatch.setattr(WiredPeer, "page", send)
    return sent


def away(world: World) -> Station:
    """Give a workstation that has not heard of deletions whose tombstones are gone."""
    anna, ivan = world.station(), world.station()
    boxes = [anna.store.do(toys.add_box, name=f"Box {n}").value for n in range(6)]
    anna.sync()
    ivan.sync()
    for box in boxes[:3]:
        anna.store.do(toys.delete_box, box)
    anna.store.do(toys.add_box, name="New")
    anna.sync()
    world.hub.store.absorb(forget)
    return ivan


def test_what_lives_is_listed_where_it_is_little(pages: list[Pulled]) -> None:
    ivan = away(World())
    ivan.store.do(toys.add_box, name="Mine")
    pages.clear()
    ivan.sync()
    assert sorted(box.name for box in ivan.boxes().values()) == [
        "Box 3", "Box 4", "Box 5", "Mine", "New",
    ]  # fmt: skip
    assert any(page.resync for page in pages)
    assert not any(page.is_reset for page in pages)


def test_what_is_much_is_fetched_anew_and_no_list_is_made(
    pages: list[Pulled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "MOST_LISTED", 3)
    ivan = away(World())
    ivan.store.do(toys.add_box, name="Mine")
    ivan.limit = 2
    pages.clear()
    ivan.sync()
    assert sorted(box.name for box in ivan.boxes().values()) == [
        "Box 3", "Box 4", "Box 5", "Mine", "New",
    ]  # fmt: skip
    assert not any(page.resync for page in pages)
    assert [page.is_reset for page in pages].count(True) == 1
    assert len(pages) > 2
    assert not ivan.sync().came


@pytest.mark.parametrize("seed", [46, 3, 6])
def test_schedules_hold_with_no_lists(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "MOST_LISTED", 0)
    run_schedule(seed, hears=True, is_older=True)
