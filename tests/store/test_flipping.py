"""What is undone by the thousand leaves the same rows and the same log as a row at a time."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from deskcrm.store import flipping
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import change_table
from tests import toys
from tests.fixtures_store import MakeStore
from tests.toys import ToyThing

NAMES = [str(n) for n in range(1_200)]


def told(store: Store) -> tuple[set[Any], set[Any]]:
    """Give what is logged, and which things are there."""

    def ask(db: Reader) -> tuple[set[Any], set[Any]]:
        c = change_table.c
        logged = (c.step, c.table_name, c.row_id, c.subject, c.kind, c.after, c.base, c.bases)
        things = select(ToyThing.id, ToyThing.is_deleted)
        return {tuple(row) for row in db.all(select(*logged))}, {*map(tuple, db.all(things))}

    return store.ask(ask)


def filled(store: Store) -> int:
    """Fill a box; some things are moved, deleted and taken back since, some the server knows."""
    box, other = (store.do(toys.add_box, name=name).value for name in ("Box", "Other"))
    step = store.do(toys.fill, box, names=NAMES).step
    assert step is not None
    things: list[UUID] = store.ask(lambda db: list(db.scalars(select(ToyThing.id))))
    for thing in things[:3]:
        store.do(toys.move, thing, box_id=other)
    store.do(toys.move, things[3], box_id=other)
    store.undo()
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE toy_thing SET seq = 7 WHERE rowid % 3 = 0")
    return step


def test_undone_by_the_thousand_is_undone_all_the_same(
    make_store: MakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store("many.db")
    actor, step = store.actor, filled(store)
    assert store.ask(lambda db: flipping.stretches(db.connection, step))[0].kind == "create"
    store.close()
    shutil.copyfile(tmp_path / "many.db", tmp_path / "each.db")
    results = []
    for name in ("many.db", "each.db"):
        if name == "each.db":
            monkeypatch.setattr(flipping, "MANY", len(NAMES) + 1)
        again = make_store(name)
        again.sign_in(actor)
        again.undo(step)
        undone = told(again)
        again.redo()
        results.append((undone, told(again)))
    assert results[0] == results[1]
    assert {is_gone for _, is_gone in results[0][0][1]} == {True}
    assert {is_gone for _, is_gone in results[0][1][1]} == {False}
