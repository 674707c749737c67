"""A server is restored once more while a workstation still takes the base of the life before."""

from uuid import UUID

import pytest

from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pulled
from deskcrm.sync.station import memory
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync.world import Station, WiredPeer, World


class Breaking(WiredPeer):
    """A line that holds for the word that all is new, and two pages."""

    left = 3

    def page(self, pulled: Pulled) -> Pulled:
        """Give a page as it arrives."""
        if self.left == 0:
            raise SyncError(Trouble.OFFLINE)
        self.left -= 1
        return pulled


def add(world: World, station: Station, *names: str) -> list[UUID]:
    made = [station.store.do(toys.add_box, name=name).value for name in names]
    station.sync()
    world.pass_time(minutes=1)
    return made


@pytest.mark.parametrize("later", [(), ("Third", "Fourth", "Fifth", "Sixth")])
def test_a_base_that_was_half_taken_in_a_former_life_is_taken_anew(
    world: World, later: tuple[str, ...]
) -> None:
    """Whether the order of the third life is shorter than what was taken of the second, or longer.

    Found by a schedule: the workstation said for ever that the server had lost something.
    """
    anna, ivan = world.station(), world.station()
    add(world, anna, "First")
    ivan.sync()
    backup = world.backup()
    world.restore(backup)
    add(world, anna, "Of the second life", "And another")
    with pytest.raises(SyncError):
        Exchange(ivan.store, Breaking(world, ivan), limit=1).run()
    assert ivan.store.ask(lambda db: memory.recall(db.connection)).is_resyncing
    world.pass_time(minutes=1)
    world.restore(backup)
    petr = world.station()
    add(world, petr, *later)
    furthest = max(ivan.store.ask(lambda db: memory.read_cursors(db.connection)).values())
    assert (furthest <= world.hub.head()) is bool(later)
    receipt = ivan.sync()
    assert receipt.agrees
    assert not receipt.was_repaired
    assert not ivan.store.ask(lambda db: memory.recall(db.connection)).is_resyncing
    assert {box.name for box in ivan.boxes().values()} == {"First", *later}
    world.sync_all()  # and what the restores lost comes home from who made it
    names = {"First", "Of the second life", "And another", *later}
    assert all({box.name for box in one.boxes().values()} == names for one in (anna, ivan, petr))
