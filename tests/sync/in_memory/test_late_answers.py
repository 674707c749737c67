"""Answers that come after the rows: what an edit lies on top of meanwhile."""

from uuid import UUID

import pytest
from sqlalchemy import select

import deskcrm.domain.conflicts.model  # noqa: F401 - where the server keeps what was lost
from deskcrm.store.tables import shape_named
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Push, Pushed
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.schedule import run_schedule
from tests.sync.world import Station, WiredPeer, World


class Deaf(WiredPeer):
    """Hands over, and never hears the answer."""

    def push(self, message: Push) -> Pushed:
        super().push(message)
        raise SyncError(Trouble.OFFLINE, "answer lost")


def lost(station: Station) -> list[str]:
    """Give what stands among the conflicts as lost."""
    t = shape_named("conflict").table
    return list(station.store.ask(lambda db: db.scalars(select(t.c.lost))))


def hear_late(world: World, anna: Station, ivan: Station, box: UUID) -> None:
    """Let Ivan rename over Anna's name, and her hear of both in the wrong order."""
    anna.store.do(toys.rename_box, box, name="Annas")
    with pytest.raises(SyncError, match="answer lost"):
        Exchange(anna.store, Deaf(world, anna)).run()
    world.pass_time(minutes=1)
    ivan.sync()
    ivan.store.do(toys.rename_box, box, name="Ivans")
    ivan.sync()
    exchange = Exchange(anna.store, WiredPeer(world, anna))
    exchange._greet()
    exchange._pull_all()  # as news come, before anything is handed over again
    exchange._hand_over()
    assert anna.boxes()[box].name == "Annas"  # the row is fetched again by the next pull
    world.pass_time(minutes=1)


def test_an_edit_has_not_seen_what_one_hides_whose_answer_came_late(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    """Found by two schedules: the row had come with the edit, which lay on top of it once more."""
    hear_late(world, anna, ivan, box)
    anna.store.do(toys.rename_box, box, name="Annas again")
    world.sync_all()
    assert anna.boxes()[box].name == ivan.boxes()[box].name == "Annas again"
    assert lost(anna) == lost(ivan) == ['{"name":"Ivans"}']


def test_an_edit_has_seen_it_once_the_row_was_fetched_again(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    hear_late(world, anna, ivan, box)
    Exchange(anna.store, WiredPeer(world, anna))._pull_all()
    assert anna.boxes()[box].name == "Ivans"
    anna.store.do(toys.rename_box, box, name="Annas again")
    world.sync_all()
    assert anna.boxes()[box].name == ivan.boxes()[box].name == "Annas again"
    assert lost(anna) == lost(ivan) == []


@pytest.mark.parametrize("seed", [18_891, 18_933])
def test_the_schedules_that_found_it_hold(seed: int) -> None:
    run_schedule(seed, 60, hears=True, is_older=True)
