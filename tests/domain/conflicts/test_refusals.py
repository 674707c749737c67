"""What the server refused is found, read in full, done again, let go."""

from uuid import UUID

import pytest

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.conflicts.refusals import let_go, repeat_step, take_up
from deskcrm.domain.conflicts.steps import (
    Shelf,
    StepRow,
    count_steps,
    list_step_ids,
    page_steps,
    read_step,
)
from deskcrm.domain.settings.commands import set_setting
from deskcrm.store.commands import command
from deskcrm.store.work import Work
from tests import toys
from tests.sync.world import Station, World
from tests.toys import ToyBox, ToyThing

COLOURS = Setting(
    "testing.colours",
    "light",
    "Colours",
    scope=Scope.PERSONAL,
    choices=("light", "dark"),
    said=str.title,
)


def shelf(station: Station, name: Shelf) -> list[StepRow]:
    rows = station.store.ask(page_steps, offset=0, limit=50, sort="", descending=False, shelf=name)
    assert len(rows) == station.store.ask(count_steps, shelf=name)
    assert sorted(row.id for row in rows) == station.store.ask(list_step_ids, shelf=name)
    return rows


@pytest.fixture
def team(world: World, anna: Station) -> UUID:
    """Give a team that Anna was in when she wrote, and is not any more."""
    return new_id()


@pytest.fixture
def refused(world: World, anna: Station, team: UUID) -> int:
    """Give a step that made a box for a team that Anna may not write for."""
    anna.store.do(toys.add_box, name="Secret", scope=team)
    anna.sync()
    (row,) = shelf(anna, Shelf.REFUSED)
    return row.id


def test_what_waits_and_what_came_stand_on_shelves(world: World, anna: Station) -> None:
    ivan = world.station()
    box = anna.store.do(toys.add_box, name="Box").value
    anna.store.do(toys.rename_box, box, name="Chest")
    assert [(row.label, row.thing) for row in shelf(anna, Shelf.WAITING)] == [
        ("Renamed box", "Toy box “Chest”"),
        ("Added box", "Toy box “Chest”"),
    ]
    world.sync_all()
    assert shelf(anna, Shelf.WAITING) == []
    assert [row.label for row in shelf(ivan, Shelf.CAME)] == ["Renamed box", "Added box"]


@command("testing.pack", "Pack toy box")
def pack(work: Work, box_id: UUID, *, name: str) -> None:
    """Put a thing into a box and name the box after it."""
    work.add(ToyThing(toy_box_id=box_id, name=name))
    work.get(ToyBox, box_id).name = f"Box of {name}"


def test_a_line_names_what_the_step_is_about_and_counts_the_rest(anna: Station) -> None:
    box = anna.store.do(toys.add_box, name="Box").value
    anna.store.do(toys.fill, box, names=[f"Thing {n}" for n in range(20)])
    anna.store.do(pack, box, name="Hats")
    anna.store.do(pack, box, name="Gloves and scarves")
    assert [(row.thing, row.rest) for row in shelf(anna, Shelf.WAITING)] == [
        ("Toy box “Box of Gloves and scarves”", 1),
        ("Toy box “Box of Gloves and scarves”", 1),
        ("Toy thing “Thing 0”", 19),
        ("Toy box “Box of Gloves and scarves”", 0),
    ]


def test_a_refused_step_says_why_and_all_it_held(anna: Station, refused: int) -> None:
    (row,) = shelf(anna, Shelf.REFUSED)
    assert (row.refusal, row.thing) == ("rights", "Toy box “Secret”")
    assert anna.boxes() == {}
    said = anna.store.ask(read_step, refused)
    assert said is not None
    (change,) = said.changes
    assert change.thing == "Toy box “Secret”"
    assert ("Name", None, "Secret") in [(v.caption, v.before, v.after) for v in change.values]


def test_a_setting_is_said_as_the_settings_say_it(anna: Station) -> None:
    anna.store.do(set_setting, COLOURS, value="light")
    step = anna.store.do(set_setting, COLOURS, value="dark").step
    assert step is not None
    row = shelf(anna, Shelf.WAITING)[0]
    assert (row.label, row.thing) == ("Changed a setting", "Setting “Colours”")
    said = anna.store.ask(read_step, step)
    assert said is not None
    (change,) = said.changes
    assert change.thing == "Setting “Colours”"
    assert [(v.caption, v.before, v.after) for v in change.values] == [("Value", "Light", "Dark")]


def test_it_is_done_again_and_arrives_once_it_may(
    world: World, anna: Station, refused: int, team: UUID
) -> None:
    world.grants[anna.user].add(team)
    done = anna.store.do(repeat_step, refused)
    assert done.value
    assert done.label == "Add box"
    assert [box.name for box in anna.boxes().values()] == ["Secret"]
    assert shelf(anna, Shelf.REFUSED) == []
    anna.sync()
    assert shelf(anna, Shelf.WAITING) == []
    assert [box.name for box in anna.boxes().values()] == ["Secret"]


def test_undoing_that_puts_it_back_among_the_refused(anna: Station, refused: int) -> None:
    anna.store.do(repeat_step, refused)
    anna.store.undo()
    assert [row.id for row in shelf(anna, Shelf.REFUSED)] == [refused]
    assert anna.boxes() == {}


def test_it_is_let_go_and_taken_up_again(anna: Station, refused: int) -> None:
    anna.store.do(let_go, [refused])
    assert shelf(anna, Shelf.REFUSED) == []
    assert [row.id for row in shelf(anna, Shelf.LET_GO)] == [refused]
    anna.store.do(take_up, [refused])
    assert [row.id for row in shelf(anna, Shelf.REFUSED)] == [refused]
    assert shelf(anna, Shelf.LET_GO) == []


def test_what_was_not_refused_is_left_alone(anna: Station) -> None:
    step = anna.store.do(toys.add_box, name="Box").step
    assert step is not None
    for deed in (let_go, take_up):
        with pytest.raises(UserError, match="not refused"):
            anna.store.do(deed, [step])
    with pytest.raises(UserError, match="not refused"):
        anna.store.do(repeat_step, step)


def test_an_edit_is_done_again_on_top_of_what_others_wrote(world: World, anna: Station) -> None:
    ivan = world.station()
    box = anna.store.do(toys.add_box, name="Box").value
    anna.store.do(toys.edit_box, box, notes="one", opened=1)
    world.sync_all()
    anna.store.do(toys.edit_box, box, notes="two", opened=3, name="Mine")
    _refuse(world, anna)
    ivan.sync()
    ivan.store.do(toys.edit_box, box, notes="three", opened=10)
    world.sync_all()
    (row,) = shelf(anna, Shelf.REFUSED)
    anna.store.do(repeat_step, row.id)
    here = anna.boxes()[box]
    assert (here.name, here.opened, here.notes) == ("Mine", 12, "three\n\ntwo")


def _refuse(world: World, station: Station) -> None:
    """Let the server refuse everything, once."""
    seen = world.hub.authorizer
    object.__setattr__(world.hub, "authorizer", lambda *_: lambda ask: "rights")
    station.sync()
    object.__setattr__(world.hub, "authorizer", seen)


def test_an_edit_of_what_is_gone_is_refused_and_stays_on_the_list(
    world: World, anna: Station
) -> None:
    world.grants[anna.user].add(team := new_id())
    box = anna.store.do(toys.add_box, name="Box", scope=team).value
    anna.sync()
    anna.store.do(toys.rename_box, box, name="Chest")
    world.grants[anna.user] = set()
    anna.sync()
    (row,) = shelf(anna, Shelf.REFUSED)
    with pytest.raises(UserError, match="not there any more"):
        anna.store.do(repeat_step, row.id)
    assert [each.id for each in shelf(anna, Shelf.REFUSED)] == [row.id]
