"""Undo puts back exactly what a step did, redo brings it again, and neither tramples on others."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.store import flipping, undo
from deskcrm.store.commands import command
from deskcrm.store.history import list_history
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests import toys
from tests.fixtures_store import MakeStore
from tests.toys import Colour, ToyBox, ToyThing


def living(db: Reader) -> dict[str, Any]:
    """Give all that a person could see."""
    boxes = select(ToyBox.id, ToyBox.name, ToyBox.colour, ToyBox.opened).where(~ToyBox.is_deleted)
    things = select(ToyThing.id, ToyThing.name, ToyThing.toy_box_id).where(~ToyThing.is_deleted)
    rows = [*db.all(boxes), *db.all(things)]
    return {str(row[0]): tuple(row[1:]) for row in rows}


def test_undo_of_a_rename_puts_the_name_back(store: Store) -> None:
    box = store.do(toys.add_box, name="Old").value
    store.do(toys.rename_box, box, name="New")
    undone = store.undo()
    assert undone.label == "Rename box"
    assert store.ask(living)[str(box)][0] == "Old"
    store.redo()
    assert store.ask(living)[str(box)][0] == "New"


def test_undo_of_an_addition_hides_the_row_and_redo_shows_it(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    store.undo()
    assert store.ask(living) == {}
    store.redo()
    assert list(store.ask(living)) == [str(box)]


def test_undo_goes_back_one_step_at_a_time(store: Store) -> None:
    box = store.do(toys.add_box, name="1").value
    for name in ("2", "3"):
        store.do(toys.rename_box, box, name=name)
    seen = []
    for _ in range(2):
        store.undo()
        seen.append(store.ask(living)[str(box)][0])
    assert seen == ["2", "1"]


def test_there_is_nothing_to_undo_at_first_nor_to_redo(store: Store) -> None:
    with pytest.raises(UserError, match="nothing to undo"):
        store.undo()
    with pytest.raises(UserError, match="nothing to redo"):
        store.redo()


def test_something_new_ends_the_chance_to_redo(store: Store) -> None:
    store.do(toys.add_box, name="1")
    store.undo()
    store.do(toys.add_box, name="2")
    with pytest.raises(UserError, match="nothing to redo"):
        store.redo()


def test_a_column_changed_since_is_left_alone_and_said(store: Store) -> None:
    box = store.do(toys.add_box, name="Old").value
    step = store.do(toys.rename_box, box, name="Mine").step
    store.do(toys.rename_box, box, name="Theirs")
    with pytest.raises(UserError, match="changed since"):
        store.undo(step)
    assert store.ask(living)[str(box)][0] == "Theirs"


def test_undo_passes_over_what_has_nothing_left_and_says_so(store: Store) -> None:
    store.do(toys.add_box, name="Earlier")
    box = store.do(toys.add_box, name="Old").value
    store.do(toys.rename_box, box, name="Mine")
    me = store.actor
    store.sign_in(UUID(int=7))
    store.do(toys.rename_box, box, name="Theirs")
    store.sign_in(me)
    undone = store.undo()
    assert (undone.label, undone.left_alone[0].columns) == ("Add box", ("name",))
    assert [row[0] for row in store.ask(living).values()] == ["Earlier"]
    assert store.undo().label == "Add box"
    with pytest.raises(UserError, match="nothing to undo"):
        store.undo()


@command("tests.bring_back", "Bring back")
def bring_back(work: Work, box_id: UUID, *, name: str) -> None:
    """Bring a box back under another name, in one step."""
    box = work.find_deleted(ToyBox, box_id)
    assert box is not None
    work.restore(box)
    box.name = name


def test_what_came_back_with_another_value_is_undone_whole(store: Store) -> None:
    box = store.do(toys.add_box, name="Old").value
    store.do(toys.delete_box, box)
    store.do(bring_back, box, name="New")
    assert store.undo().left_alone == ()
    store.undo()
    assert [row[0] for row in store.ask(living).values()] == ["Old"]
    store.redo()
    assert store.redo().left_alone == ()
    assert [row[0] for row in store.ask(living).values()] == ["New"]


def test_undo_is_not_stuck_on_a_row_that_was_undone_by_another_way(store: Store) -> None:
    added = store.do(toys.add_box, name="Box")
    store.do(toys.delete_box, added.value)
    store.undo()
    store.undo(added.step)
    assert store.ask(living) == {}
    store.do(toys.add_box, name="Next")
    assert store.undo().label == "Add box"


def test_a_command_that_must_stay_is_not_undone(store: Store) -> None:
    step = store.do(toys.found, name="House").step
    store.do(toys.add_box, name="Box")
    store.undo()
    with pytest.raises(UserError, match="nothing to undo"):
        store.undo()
    with pytest.raises(UserError, match="cannot be undone"):
        store.undo(step)
    assert [row[0] for row in store.ask(living).values()] == ["House"]


def test_a_counter_is_undone_by_its_difference(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    step = store.do(toys.open_box, box, times=3).step
    store.do(toys.open_box, box, times=10)
    store.undo(step)
    assert store.ask(living)[str(box)][2] == 10


def test_the_same_step_is_not_undone_twice(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    step = store.do(toys.open_box, box).step
    store.undo(step)
    with pytest.raises(UserError, match="already undone"):
        store.undo(step)


def test_a_bulk_write_is_undone_in_one_step(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    store.do(toys.fill, box, names=[str(n) for n in range(3_000)])
    store.undo()
    assert list(store.ask(living)) == [str(box)]
    store.redo()
    assert len(store.ask(living)) == 3_001


def test_undo_is_not_another_persons(store: Store) -> None:
    store.do(toys.add_box, name="Box")
    store.sign_in(UUID(int=7))
    with pytest.raises(UserError, match="nothing to undo"):
        store.undo()


def test_history_says_it_in_words(store: Store) -> None:
    box = store.do(toys.add_box, name="Old").value
    store.do(toys.rename_box, box, name="New")
    store.do(toys.paint_box, box, colour=Colour.DARK_BLUE)
    store.do(toys.put, box, name="Ball")
    store.undo()
    history = store.ask(list_history, box)
    assert [entry.label for entry in history] == [
        "Undone: Put in", "Put in", "Painted box", "Renamed box", "Added box",
    ]  # fmt: skip
    assert history[2].lines == ("Colour: Red → Dark blue",)
    assert history[3].lines == ("Name: Old → New",)
    assert history[1].lines == ("Added: toy thing “Ball”",)
    assert history[1].is_undone


def test_history_goes_on_where_it_stopped(store: Store) -> None:
    box = store.do(toys.add_box, name="0").value
    for n in range(1, 6):
        store.do(toys.rename_box, box, name=str(n))
    first = store.ask(list_history, box, limit=4)
    rest = store.ask(list_history, box, limit=4, before=first[-1].step)
    assert [e.lines for e in rest] == [("Name: 0 → 1",), ("Added: toy box “5”",)]


def test_history_does_not_list_every_row_of_an_import(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    store.do(toys.fill, box, names=[str(n) for n in range(40)])
    lines = store.ask(list_history, box)[0].lines
    assert len(lines) == 13
    assert lines[-1] == "and 28 more changes"


class UndoMachine(RuleBasedStateMachine):
    """Any commands in any order: undoing all is empty, redoing all is where it was."""

    make: MakeStore
    count = 0

    def __init__(self) -> None:
        super().__init__()
        UndoMachine.count += 1
        self.store = self.make(f"machine-{UndoMachine.count}.db")

    boxes = Bundle("boxes")
    things = Bundle("things")
    names = st.text("abc", min_size=1, max_size=2)

    def teardown(self) -> None:
        self.store.close()

    def attempt(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.store.do(command, *args, **kwargs).value
        except UserError:
            return None

    @rule(target=boxes, name=names)
    def add(self, name: str) -> UUID:
        return self.store.do(toys.add_box, name=name).value

    @rule(box=boxes, name=names)
    def rename(self, box: UUID, name: str) -> None:
        self.attempt(toys.rename_box, box, name=name)

    @rule(box=boxes, colour=st.sampled_from(Colour))
    def paint(self, box: UUID, colour: Colour) -> None:
        self.attempt(toys.paint_box, box, colour=colour)

    @rule(box=boxes, times=st.integers(-3, 3))
    def open_(self, box: UUID, times: int) -> None:
        self.attempt(toys.open_box, box, times=times)

    @rule(box=boxes)
    def delete(self, box: UUID) -> None:
        self.attempt(toys.delete_box, box)

    @rule(target=things, box=boxes, name=names)
    def put(self, box: UUID, name: str) -> UUID | None:
        thing: UUID | None = self.attempt(toys.put, box, name=name)
        return thing

    @rule(thing=things, box=boxes)
    def move(self, thing: UUID | None, box: UUID) -> None:
        if thing is not None:
            self.attempt(toys.move, thing, box_id=box)

    @rule(box=boxes, names=st.lists(names, max_size=3))
    def fill(self, box: UUID, names: list[str]) -> None:
        self.attempt(toys.fill, box, names=names)

    @rule()
    def undo(self) -> None:
        before = self.store.ask(living)
        try:
            self.store.undo()
        except UserError:
            return
        self.store.redo()
        assert self.store.ask(living) == before
        self.store.undo()

    @rule()
    def redo(self) -> None:
        try:
            self.store.redo()
        except UserError:
            return

    @invariant()
    def undoing_everything_is_empty_and_redoing_it_is_where_it_was(self) -> None:
        before = self.store.ask(living)
        count = 0
        while True:
            try:
                self.store.undo()
            except UserError:
                break
            count += 1
        assert self.store.ask(living) == {}
        for _ in range(count):
            self.store.redo()
        assert self.store.ask(living) == before


@pytest.mark.usefixtures("blank_profile")
@pytest.mark.parametrize(("many", "times"), [(flipping.MANY, 25), (1, 6)])
def test_any_commands_can_be_undone_and_redone(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch, many: int, times: int
) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setattr(flipping, "MANY", many)
    monkeypatch.setattr(undo, "_CHUNK", many)
    UndoMachine.make = staticmethod(make_store)
    run_state_machine_as_test(
        UndoMachine,
        settings=settings(
            max_examples=times,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_undo_of_something_large_tells_how_far_it_is_and_can_be_stopped(store: Store) -> None:
    box = store.do(toys.add_box, name="Box").value
    store.do(toys.fill, box, names=[str(n) for n in range(2_500)])
    told: list[tuple[int, int, str]] = []
    job = Job(on_progress=lambda done, total, text: told.append((done, total, text)))
    store.undo(job=job)
    assert [done for done, _, _ in told] == [1_000, 2_000, 2_500]
    assert told[0][1:] == (2_500, "Putting back: Fill")
    before = store.ask(living)
    job.cancel()
    with pytest.raises(Cancelled):
        store.redo(job=job)
    assert store.ask(living) == before
    store.redo()
    assert len(store.ask(living)) == 2_501
