"""Two workstations and a server: what each field becomes when edits meet."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import deskcrm.domain.conflicts.model  # noqa: F401 - where the server keeps what was lost
from deskcrm.base.ids import new_id
from deskcrm.store.tables import shape_named
from deskcrm.sync.hub import applying
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pulled
from deskcrm.sync.station import outbox, overlay
from deskcrm.sync.station.rounds import Exchange
from tests import toys
from tests.sync import safeguards
from tests.sync.world import Station, WiredPeer, World


def conflicts(station: Station) -> list[Any]:
    t = shape_named("conflict").table
    return list(station.store.ask(lambda db: db.all(select(*t.columns))))


def test_a_new_row_arrives(anna: Station, ivan: Station, box: UUID) -> None:
    assert ivan.boxes()[box].name == "Box"
    assert ivan.boxes()[box].seq == anna.boxes()[box].seq > 0


def test_different_fields_of_one_row_both_stand(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="Chest")
    ivan.store.do(toys.paint_box, box, colour=toys.Colour.DARK_BLUE)
    world.sync_all()
    for station in (anna, ivan):
        row = station.boxes()[box]
        assert (row.name, row.colour) == ("Chest", toys.Colour.DARK_BLUE)
    assert conflicts(anna) == []


def test_of_one_field_the_later_stands_and_the_other_is_kept(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="Annas")
    world.pass_time(minutes=1)
    ivan.store.do(toys.rename_box, box, name="Ivans")
    ivan.sync()
    world.sync_all()
    assert {s.boxes()[box].name for s in (anna, ivan)} == {"Ivans"}
    (conflict,) = conflicts(anna)
    assert (conflict.kept, conflict.lost) == ('{"name":"Ivans"}', '{"name":"Annas"}')
    assert (conflict.kept_by, conflict.lost_by) == (ivan.user, anna.user)
    assert conflicts(ivan)[0].id == conflict.id


@pytest.mark.parametrize("safe", [True, False])
def test_an_edit_over_a_waiting_one_has_not_seen_what_that_hid(
    world: World,
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    safe: bool,
) -> None:
    if not safe:
        safeguards.forget_what_hides(monkeypatch)
    anna.store.do(toys.rename_box, box, name="Annas")
    world.pass_time(minutes=1)
    ivan.store.do(toys.rename_box, box, name="Ivans")
    ivan.sync()
    exchange = Exchange(anna.store, WiredPeer(world, anna))
    exchange._greet()
    exchange._pull_all()
    assert anna.boxes()[box].name == "Annas"  # on top of what came
    world.pass_time(minutes=1)
    anna.store.do(toys.rename_box, box, name="Annas again")
    world.sync_all()
    assert ivan.boxes()[box].name == "Annas again"
    lost = [conflict.lost for conflict in conflicts(ivan)]
    assert ('{"name":"Ivans"}' in lost) is safe


def test_an_edit_that_saw_the_other_just_stands(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="1")
    anna.sync()
    ivan.sync()
    ivan.store.do(toys.rename_box, box, name="2")
    world.sync_all()
    assert anna.boxes()[box].name == "2"
    assert conflicts(anna) == []


def test_texts_are_merged_word_by_word(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.edit_box, box, notes="zero one two three")
    ivan.store.do(toys.edit_box, box, notes="one two three four")
    world.sync_all()
    assert {s.boxes()[box].notes for s in (anna, ivan)} == {"zero one two three four"}


def test_numbers_that_count_add_up(world: World, anna: Station, ivan: Station, box: UUID) -> None:
    anna.store.do(toys.open_box, box, times=2)
    ivan.store.do(toys.open_box, box, times=5)
    world.sync_all()
    assert {s.boxes()[box].opened for s in (anna, ivan)} == {7}


def test_a_rule_decides_between_states_and_the_earlier_day_stands(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.edit_box, box, stage=toys.Stage.OPEN, due_on=date(2026, 3, 1))
    world.sync_all()
    anna.store.do(toys.edit_box, box, stage=toys.Stage.CLOSED, due_on=date(2026, 5, 1))
    anna.store.do(toys.edit_box, box, stage=toys.Stage.OPEN, due_on=date(2026, 2, 1))
    ivan.store.do(toys.edit_box, box, stage=toys.Stage.CLOSED, due_on=date(2026, 4, 1))
    world.sync_all()
    for station in (anna, ivan):
        row = station.boxes()[box]
        assert (row.stage, row.due_on) == (toys.Stage.OPEN, date(2026, 2, 1))


def test_a_deletion_loses_to_an_edit_it_had_not_seen(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    ivan.store.do(toys.rename_box, box, name="Needed")
    ivan.sync()
    anna.store.do(toys.delete_box, box)
    assert box not in anna.boxes()
    world.sync_all()
    assert anna.boxes()[box].name == "Needed"
    assert [conflict.kind for conflict in conflicts(anna)] == ["deleted"]


def test_an_edit_of_what_was_deleted_brings_it_back(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.delete_box, box)
    anna.sync()
    ivan.store.do(toys.rename_box, box, name="Needed")
    world.sync_all()
    assert {s.boxes()[box].name for s in (anna, ivan)} == {"Needed"}
    assert [conflict.kind for conflict in conflicts(ivan)] == ["deleted"]


def test_undo_after_sync_is_a_step_like_any_other(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    anna.store.do(toys.rename_box, box, name="New")
    world.sync_all()
    anna.store.undo()
    world.sync_all()
    assert ivan.boxes()[box].name == "Box"


def test_a_row_that_changes_its_scope_leaves_one_copy_and_enters_another(
    world: World, anna: Station, ivan: Station
) -> None:
    north, south = new_id(), new_id()
    world.grants |= {anna.user: {north, south}, ivan.user: {south}}
    box = anna.store.do(toys.add_box, name="Box", scope=north).value
    anna.store.do(toys.put, box, name="Ball")
    world.sync_all()
    assert ivan.boxes() == {}
    anna.store.do(toys.edit_box, box, scope=south)
    world.sync_all()
    assert list(ivan.boxes()) == [box]
    things = ivan.store.ask(lambda db: db.all(select(toys.ToyThing.name)))
    assert [thing.name for thing in things] == ["Ball"]
    world.grants[ivan.user] = set()
    ivan.sync()
    assert ivan.boxes() == {}
    assert ivan.store.ask(lambda db: db.all(select(toys.ToyThing.name))) == []


def test_what_may_not_be_written_is_refused_and_taken_off_the_view(
    world: World, anna: Station, ivan: Station
) -> None:
    north = new_id()
    world.grants |= {anna.user: {north}, ivan.user: {north}}
    box = anna.store.do(toys.add_box, name="Box", scope=north).value
    world.sync_all()
    world.grants[ivan.user] = set()
    ivan.store.do(toys.rename_box, box, name="Mine")
    other = ivan.store.do(toys.add_box, name="Own", scope=north).value
    receipt = ivan.sync()
    assert [result.detail for result in receipt.refused] == ["rights", "rights"]
    assert other not in ivan.boxes()
    assert anna.boxes()[box].name == "Box"


@pytest.mark.parametrize("safe", [True, False])
def test_a_refused_edit_of_a_row_that_stays_is_taken_back(
    world: World,
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    safe: bool,
) -> None:
    if not safe:
        safeguards.keep_what_was_refused(monkeypatch)
    world.hub = replace(
        world.hub,
        authorizer=lambda connection, user: lambda ask: "rights" if "name" in ask.after else "",
    )
    ivan.store.do(toys.rename_box, box, name="Mine")
    assert [result.detail for result in ivan.sync().refused] == ["rights"]
    assert anna.boxes()[box].name == "Box"
    assert (ivan.boxes()[box].name == "Box") is safe


@pytest.mark.parametrize(("told", "asked"), [(2, 0), (5_000, 4)])
def test_a_step_that_is_spread_over_numbers_is_settled_with_its_first(
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    told: int,
    asked: int,
) -> None:
    ivan.store.do(toys.add_box, name="Other")
    ivan.sync()  # so that a pull has to bring what was sent
    monkeypatch.setattr(applying, "ROWS_IN_ONE", 2)
    # What is asked for when the workstation does not know of it shows that the first half is seen.
    monkeypatch.setattr(overlay, "ROWS_IN_ONE", told)
    anna.store.do(toys.fill, box, names=list("abcde"))
    wanted: list[tuple[str, UUID]] = []
    want = outbox.want

    def note(connection: Any, rows: Any) -> None:
        wanted.extend(rows)
        want(connection, rows)

    monkeypatch.setattr(outbox, "want", note)
    assert anna.sync().agrees
    assert len(wanted) == asked


@pytest.mark.parametrize("safe", [True, False])
def test_an_edit_from_a_life_that_a_second_restore_ended_has_not_seen_the_third(
    world: World,
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    safe: bool,
) -> None:
    """One backup is restored twice, so both lives give out the same numbers."""
    if not safe:
        safeguards.see_what_was_lost(monkeypatch)
    petr = world.station()
    petr.sync()
    backup = world.backup()
    world.restore(backup)
    for name in ("1", "2", "3"):
        ivan.store.do(toys.rename_box, box, name=name)
    ivan.sync()
    anna.sync()
    world.pass_time(minutes=1)
    anna.store.do(toys.rename_box, box, name="Annas")  # she saw the 3 of the second life
    world.pass_time(minutes=1)
    world.restore(backup)
    petr.store.do(toys.rename_box, box, name="Petrs")  # which is later, and has a lower number
    petr.sync()
    assert petr.boxes()[box].seq < anna.boxes()[box].seq
    world.sync_all()
    values = {one.kept for one in conflicts(petr)} | {one.lost for one in conflicts(petr)}
    assert ('{"name":"Petrs"}' in values) is safe
    assert (petr.boxes()[box].name == "Petrs") is safe


def test_a_restored_workstation_shows_what_became_of_what_it_had_handed_over(
    world: World, anna: Station, ivan: Station, box: UUID
) -> None:
    """In its backup the edit still waits, so it lies on top of the deletion that came since."""
    anna.store.do(toys.rename_box, box, name="Renamed")
    backup = anna.copy()
    anna.sync()
    ivan.sync()
    world.pass_time(minutes=1)
    ivan.store.do(toys.delete_box, box)
    ivan.sync()
    anna.restore(backup)
    assert box in anna.boxes()
    anna.sync()
    assert anna.boxes() == ivan.boxes() == {}


@pytest.mark.parametrize("safe", [True, False])
def test_what_a_spread_step_could_not_delete_shows_again(
    world: World,
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    safe: bool,
) -> None:
    for module in (applying, overlay):
        monkeypatch.setattr(module, "ROWS_IN_ONE", 2)
    if not safe:
        whole = "deskcrm.sync.station.overlay.Lacking._has"
        monkeypatch.setattr(whole, lambda _, seq, edit: (edit.seq or seq + 1) <= seq)
    others = [anna.store.do(toys.add_box, name=f"Box {n}").value for n in range(4)]
    world.sync_all()
    ivan.store.do(toys.rename_box, box, name="Needed")
    ivan.sync()
    anna.store.do(toys.delete_boxes, [box, *others])
    assert anna.sync().agrees
    assert (box in anna.boxes()) is safe


class Cut(WiredPeer):
    """A network that is gone after the first page."""

    is_gone = False

    def page(self, pulled: Pulled) -> Pulled:
        """Give a page as it arrives."""
        if self.is_gone:
            raise SyncError(Trouble.OFFLINE)
        self.is_gone = True
        return pulled


@pytest.mark.parametrize("safe", [True, False])
def test_an_edit_has_seen_its_row_and_not_what_the_cursor_passed(
    world: World,
    anna: Station,
    ivan: Station,
    box: UUID,
    monkeypatch: pytest.MonkeyPatch,
    safe: bool,
) -> None:
    """The row went on to a later number, so the page up to the cursor did not bring its name."""
    world.sync_all()
    anna.store.do(toys.rename_box, box, name="Hers")
    anna.store.do(toys.add_box, name="Other")
    anna.store.do(toys.edit_box, box, width=5)
    anna.sync()
    with pytest.raises(SyncError):
        Exchange(ivan.store, Cut(world, ivan), 1).run()
    assert sorted(row.name for row in ivan.boxes().values()) == ["Box", "Other"]
    if not safe:
        safeguards.base_on_the_cursor(monkeypatch)
    ivan.store.do(toys.rename_box, box, name="His")
    ivan.sync()
    t = shape_named("conflict").table
    kept = world.hub.store.ask(lambda db: db.scalars(select(t.c.lost)))
    assert any("Hers" in lost for lost in kept) is safe
