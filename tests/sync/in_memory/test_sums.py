"""Counts and digests agree without a repair, though rows show edits that the server does not have.

What a repair mends is not lost, but it reads every row, and hides what else may be wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from deskcrm.store import ledger
from deskcrm.sync.hub.applying import Ask, Authorize
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station import answers, bases, replica
from deskcrm.sync.station.counting import recount
from deskcrm.sync.tables import base_table
from tests import toys
from tests.sync.world import Station, World, forget


@pytest.fixture
def refused(world: World) -> set[str]:
    """Give the kinds of edits that the server refuses, of rows that one sees."""
    kinds: set[str] = set()
    whole = world.authorizer

    def authorizer(connection: Connection, user: UUID) -> Authorize:
        authorize = whole(connection, user)

        def decide(ask: Ask) -> str:
            return "rights" if ask.kind in kinds else authorize(ask)

        return decide

    world.hub = replace(world.hub, authorizer=authorizer)
    return kinds


def noted(station: Station) -> dict[Any, Any]:
    """Give the sums as they are noted."""
    query = select(*ledger.sum_table.columns)
    rows = station.store.ask(lambda db: db.all(query))
    return {tuple(row[:2]): tuple(row[2:]) for row in rows if any(row[2:])}


def counted(station: Station) -> dict[Any, Any]:
    """Give what the sums are when rows are counted anew."""
    with station.store.database.writer.begin() as connection:
        recount(connection)
    return noted(station)


def agree(*stations: Station) -> None:
    """Assert that exchanges agree without a repair, and that nothing is noted of any row then."""
    for station in stations:
        receipt = station.sync()
        assert (receipt.agrees, receipt.was_repaired) == (True, False)
        assert not station.store.ask(lambda db: bases.has_any(db.connection))
        assert noted(station) == counted(station)


def delete_and_bring_back(station: Station, box: UUID) -> None:
    station.store.do(toys.delete_box, box)
    station.store.undo()


@pytest.mark.parametrize(
    "edit",
    [
        lambda station, box: station.store.do(toys.delete_box, box),
        delete_and_bring_back,
        lambda station, box: station.store.do(toys.edit_box, box, width=3),
    ],
)
def test_what_is_refused_counts_as_it_was(
    anna: Station,
    ivan: Station,
    box: UUID,
    refused: set[str],
    edit: Callable[[Station, UUID], object],
) -> None:
    refused |= {"delete", "undelete", "set"}
    edit(anna, box)
    agree(anna, ivan)
    assert anna.boxes() == ivan.boxes() != {}


def test_without_what_is_noted_a_repair_is_needed(
    anna: Station, box: UUID, refused: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    refused.add("delete")
    anna.store.do(toys.delete_box, box)
    monkeypatch.setattr(bases, "hold", lambda *_: None)
    receipt = anna.sync()
    assert (receipt.agrees, receipt.was_repaired) == (True, True)


def test_between_the_answer_and_the_row_it_counts_as_it_was(
    anna: Station, box: UUID, refused: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = noted(anna)
    refused.add("delete")
    anna.store.do(toys.delete_box, box)

    def cut(self: Any) -> None:
        raise SyncError(Trouble.OFFLINE)

    with monkeypatch.context() as patch:
        patch.setattr("deskcrm.sync.station.rounds.Exchange._pull_all", cut)
        with pytest.raises(SyncError):
            anna.sync()
    assert anna.store.ask(lambda db: db.scalars(select(base_table.c.row_id))) == [box]
    assert noted(anna) == before == counted(anna)
    agree(anna)


def test_a_row_that_is_twice_in_a_page_counts_once(
    anna: Station, ivan: Station, box: UUID, refused: set[str]
) -> None:
    """As what is new, and as what was asked for; the second time it has her edit already."""
    made = anna.store.do(toys.add_box, name="Mine").value
    refused.add("delete")
    anna.store.undo()
    anna.store.redo()
    agree(anna, ivan)
    assert made in anna.boxes()
    assert anna.boxes() == ivan.boxes()


def test_what_came_under_an_edit_counts_as_it_came(
    world: World, anna: Station, ivan: Station, box: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her edit waits while his deletion comes: she still sees the box, and the server has none."""
    ivan.store.do(toys.delete_box, box)
    ivan.sync()
    with monkeypatch.context() as patch:
        patch.setattr(world, "meanwhile", lambda station: station.store.do(
            toys.edit_box, box, width=world.rng.randrange(9)
        ))  # fmt: skip
        patch.setattr(world.network, "is_faulty", True)
        patch.setattr(world.rng, "random", lambda: 0.1499)
        patch.setattr(world.network, "carry", lambda ask: ask())
        receipt = anna.sync()
    assert (receipt.agrees, receipt.was_repaired) == (True, False)
    assert box in anna.boxes()
    assert noted(anna) == counted(anna)
    world.sync_all()
    agree(anna, ivan)
    assert anna.boxes() == ivan.boxes()


def test_what_is_kept_though_the_server_forgot_it_counts_as_it_was(
    world: World, anna: Station, ivan: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She deletes a box, and keeps all that she is to lose: what she deleted is not made again."""
    monkeypatch.setattr(replica, "MOST_DELETED", 2)
    boxes = [anna.store.do(toys.add_box, name=f"Box {n}").value for n in range(6)]
    world.sync_all()
    for one in boxes[1:]:
        ivan.store.do(toys.delete_box, one)
    ivan.sync()
    world.hub.store.absorb(forget)
    anna.store.do(toys.delete_box, boxes[1])
    with pytest.raises(SyncError, match=Trouble.MASS_DELETE):
        anna.sync()
    answers.keep_deleted(anna.store)
    anna.sync()
    agree(anna, ivan)
    assert anna.boxes() == ivan.boxes()
    assert len(anna.boxes()) == 5
