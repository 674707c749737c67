"""Somebody makes again what they made before, and have lost sight of since."""

from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select

from deskcrm.store.store import Arrived
from tests import toys
from tests.sync.schedule import run_schedule
from tests.sync.world import Station, World

SCOPE = UUID(int=7)
LABEL = "fragile"


@pytest.fixture
def anna(world: World) -> Station:
    made = world.station()
    world.grants[made.user] = {SCOPE}
    made.sync()
    return made


@pytest.fixture
def box(anna: Station) -> UUID:
    made: UUID = anna.store.do(toys.add_box, name="Box", scope=SCOPE).value
    anna.sync()
    return made


def marks(station: Station) -> list[tuple[str, bool]]:
    """Give the labels, with whether they were taken off."""
    t = toys.ToyMark.__table__
    rows = station.store.ask(lambda db: db.all(select(t.c.label, t.c.is_deleted)))
    return [(row.label, row.is_deleted) for row in rows]


def lose(connection: Connection) -> Arrived[None]:
    """Lose what is deleted, as where a restored server was asked for everything anew."""
    connection.execute(delete(toys.ToyMark).where(toys.ToyMark.is_deleted))
    return Arrived(None)


def test_what_one_took_off_oneself_can_be_put_on_again(
    world: World, anna: Station, box: UUID
) -> None:
    """Found by a schedule: the server took it for a creation that it had, and it was lost."""
    mark = anna.store.do(toys.mark, box, label=LABEL).value
    anna.sync()
    anna.store.do(toys.unmark, mark)
    anna.sync()
    anna.store.absorb(lose)
    anna.store.do(toys.mark, box, label=LABEL)
    ivan = world.station()
    world.grants[ivan.user] = {SCOPE}
    world.sync_all()
    assert marks(anna) == marks(ivan) == [(LABEL, False)]


def test_what_is_still_there_is_there_once(world: World, anna: Station, box: UUID) -> None:
    anna.store.do(toys.mark, box, label=LABEL)
    anna.sync()
    world.grants[anna.user] = set()
    anna.sync()
    assert marks(anna) == []
    anna.store.do(toys.mark, box, label=LABEL)
    world.grants[anna.user] = {SCOPE}
    world.sync_all()
    assert marks(anna) == [(LABEL, False)]


def test_what_two_put_on_again_is_not_taken_off_by_who_saw_one_of_them(
    world: World, anna: Station, box: UUID
) -> None:
    """Found by a schedule: the second one only raised the place of the row, and left no stamp."""
    ivan, olga = world.station(), world.station()
    for other in (ivan, olga):
        world.grants[other.user] = {SCOPE}
    mark = anna.store.do(toys.mark, box, label=LABEL).value
    anna.sync()
    anna.store.do(toys.unmark, mark)
    world.sync_all()
    for one in (anna, ivan):
        one.store.do(toys.mark, box, label=LABEL)
    ivan.sync()
    olga.sync()
    anna.sync()
    olga.store.do(toys.unmark, mark)  # she has seen Ivan's, and not Anna's
    world.sync_all()
    assert marks(anna) == marks(ivan) == marks(olga) == [(LABEL, False)]
    olga.store.do(toys.unmark, mark)
    world.sync_all()
    assert marks(anna) == marks(ivan) == marks(olga) == [(LABEL, True)]


def test_what_one_put_on_and_took_off_alone_leaves_what_another_put_on(
    world: World, anna: Station, box: UUID
) -> None:
    """Found by a schedule: who put it on again unseen left a stamp, which hid the other's."""
    ivan = world.station()
    world.grants[ivan.user] = {SCOPE}
    mark = ivan.store.do(toys.mark, box, label=LABEL).value
    ivan.sync()
    ivan.store.do(toys.unmark, mark)
    world.sync_all()
    anna.store.do(toys.mark, box, label=LABEL)
    ivan.store.do(toys.mark, box, label=LABEL)  # who has not heard of hers
    ivan.store.do(toys.unmark, mark)
    anna.sync()
    world.sync_all()
    assert marks(anna) == marks(ivan) == [(LABEL, False)]
    ivan.store.do(toys.unmark, mark)
    world.sync_all()
    assert marks(anna) == marks(ivan) == [(LABEL, True)]


def test_of_three_who_put_it_on_none_takes_off_what_is_unseen(
    world: World, anna: Station, box: UUID
) -> None:
    ivan, olga = world.station(), world.station()
    for other in (ivan, olga):
        world.grants[other.user] = {SCOPE}
    mark = anna.store.do(toys.mark, box, label=LABEL).value
    anna.store.do(toys.unmark, mark)
    world.sync_all()
    for one in (anna, ivan, olga):
        one.store.do(toys.mark, box, label=LABEL)
    for one in (anna, ivan, olga):
        one.sync()
    for one in (anna, ivan, olga):
        one.store.do(toys.unmark, mark)  # of whom the last one alone has seen all
    anna.sync()
    assert marks(anna) == [(LABEL, False)]
    ivan.sync()
    assert marks(ivan) == [(LABEL, False)]
    world.sync_all()
    assert marks(anna) == marks(ivan) == marks(olga) == [(LABEL, True)]


@pytest.mark.parametrize("seed", [10_390, 18_405])
def test_the_schedules_that_found_them_hold(seed: int) -> None:
    run_schedule(seed, 60, hears=seed % 3 == 0, is_older=True)


def test_the_schedule_that_found_the_hidden_stamp_holds() -> None:
    run_schedule(3_434, 60, is_restless=True)
