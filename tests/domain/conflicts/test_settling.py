"""Conflicts that really arose are settled: kept, put back, taken for one side, written anew."""

from uuid import UUID

import pytest

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base.errors import UserError
from deskcrm.domain.conflicts.commands import resolve_conflicts, take_side, write_text
from deskcrm.domain.conflicts.model import Choice, ConflictKind
from deskcrm.domain.conflicts.queries import (
    ConflictRow,
    count_conflicts,
    get_present_text,
    list_conflict_ids,
    page_conflicts,
)
from tests import toys
from tests.sync.world import Station, World


@pytest.fixture
def box(world: World, anna: Station, ivan: Station) -> UUID:
    made = anna.store.do(toys.add_box, name="Box").value
    anna.store.do(toys.edit_box, made, notes="one two three", width=1)
    world.sync_all()
    world.pass_time(minutes=1)
    return made


def rename_both(world: World, anna: Station, ivan: Station, box: UUID) -> None:
    """Let Anna name it first and Ivan, who has not seen that, later."""
    anna.store.do(toys.rename_box, box, name="Chest")
    world.pass_time(minutes=1)
    ivan.store.do(toys.rename_box, box, name="Crate")
    world.sync_all()


def only(station: Station, *, is_open: bool = True) -> ConflictRow:
    (row,) = station.store.ask(page_conflicts, offset=0, limit=9, is_open=is_open)
    return row


def test_a_conflict_says_which_side_is_mine(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    rename_both(world, anna, ivan, box)
    row = only(anna)
    assert (row.kept, row.lost, row.base) == (("Crate",), ("Chest",), ("Box",))
    assert (row.kept_is_mine, row.lost_is_mine) == (False, True)
    assert (row.field, row.title) == ("Name", "Crate")
    assert only(ivan).kept_is_mine


def test_what_lost_is_put_back_and_undo_takes_that_back(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    rename_both(world, anna, ivan, box)
    settled = anna.store.do(resolve_conflicts, [only(anna).id], choice=Choice.LOST).value
    assert (settled.count, settled.changed_since) == (1, 0)
    assert anna.boxes()[box].name == "Chest"
    assert anna.store.ask(count_conflicts) == 0
    assert only(anna, is_open=False).choice is Choice.LOST
    world.sync_all()
    assert ivan.boxes()[box].name == "Chest"
    assert ivan.store.ask(count_conflicts) == 0
    anna.store.undo()
    assert anna.boxes()[box].name == "Crate"
    assert anna.store.ask(count_conflicts) == 1


def test_what_was_changed_since_is_not_overwritten_and_that_is_said(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    rename_both(world, anna, ivan, box)
    anna.store.do(toys.rename_box, box, name="Trunk")
    settled = anna.store.do(resolve_conflicts, [only(anna).id], choice=Choice.LOST).value
    assert (settled.count, settled.changed_since) == (1, 1)
    assert anna.boxes()[box].name == "Trunk"
    assert only(anna, is_open=False).choice is Choice.KEPT


def test_one_side_is_taken_for_many(world: World, anna: Station, ivan: Station, box: UUID) -> None:
    rename_both(world, anna, ivan, box)
    ivan.store.do(toys.edit_box, box, width=5)
    world.pass_time(minutes=1)
    anna.store.do(toys.edit_box, box, width=7)
    world.sync_all()
    ids = anna.store.ask(list_conflict_ids)
    assert len(ids) == 2
    settled = anna.store.do(take_side, ids, is_mine=True).value
    assert settled.count == 2
    row = anna.boxes()[box]
    assert (row.name, row.width) == ("Chest", 7)
    anna.store.undo()
    assert anna.boxes()[box].name == "Crate"
    anna.store.do(take_side, ids, is_mine=False)
    row = anna.boxes()[box]
    assert (row.name, row.width) == ("Crate", 5)


def test_others_conflicts_and_texts_are_passed_over_when_a_side_is_taken(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    rename_both(world, anna, ivan, box)
    boss = world.station()
    world.sync_all()
    settled = boss.store.do(take_side, [only(boss).id], is_mine=True).value
    assert (settled.count, settled.passed_over) == (0, 1)
    assert boss.store.ask(count_conflicts) == 1


@pytest.fixture
def text(world: World, anna: Station, ivan: Station, box: UUID) -> ConflictRow:
    anna.store.do(toys.edit_box, box, notes="one 2 three")
    ivan.store.do(toys.edit_box, box, notes="one TWO three")
    world.sync_all()
    return only(anna)


def test_texts_that_overlap_are_written_anew(anna: Station, box: UUID, text: ConflictRow) -> None:
    assert text.kind is ConflictKind.TEXT
    seen = anna.store.ask(get_present_text, text.id)
    assert seen == "one 2⟦TWO⟧ three"
    anna.store.do(write_text, text.id, text="one 2 (two) three", seen=seen)
    assert anna.boxes()[box].notes == "one 2 (two) three"
    assert only(anna, is_open=False).choice is Choice.EDITED
    anna.store.undo()
    assert anna.boxes()[box].notes == seen
    assert anna.store.ask(count_conflicts) == 1


def test_a_text_that_moved_on_is_not_overwritten(
    anna: Station, box: UUID, text: ConflictRow
) -> None:
    anna.store.do(toys.edit_box, box, notes="another")
    with pytest.raises(UserError, match="changed meanwhile"):
        anna.store.do(write_text, text.id, text="mine", seen="one 2⟦TWO⟧ three")
    assert anna.boxes()[box].notes == "another"


def test_a_deletion_that_lost_can_be_repeated(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="Chest")
    anna.sync()
    ivan.store.do(toys.delete_box, box)
    world.sync_all()
    row = only(ivan)
    assert (row.field, row.kept, row.lost) == (
        "Deletion",
        ("Stays, with the edit",),
        ("Deleted",),
    )
    ivan.store.do(resolve_conflicts, [row.id], choice=Choice.LOST)
    assert box not in ivan.boxes()
