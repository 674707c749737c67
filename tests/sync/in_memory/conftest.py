"""Two who work apart, over a network that is a function call."""

from uuid import UUID

import pytest

from tests import toys
from tests.sync.world import Station, World


@pytest.fixture
def world() -> World:
    """Give a server without people."""
    return World()


@pytest.fixture
def anna(world: World) -> Station:
    """Give the workstation of the first."""
    return world.station()


@pytest.fixture
def ivan(world: World, anna: Station) -> Station:
    """Give the workstation of the second."""
    return world.station()


@pytest.fixture
def box(world: World, anna: Station, ivan: Station) -> UUID:
    """Give a box that both have for a while."""
    made: UUID = anna.store.do(toys.add_box, name="Box").value
    anna.store.do(toys.edit_box, made, notes="one two three")
    world.sync_all()
    world.pass_time(minutes=1)
    return made
