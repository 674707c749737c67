"""A database as of a moment: nothing that is recorded later changes what is seen of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from deskcrm.base.errors import UserError
from deskcrm.store.as_of import as_of
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests import toys
from tests.toys import Colour, ToyBox, ToyThing
from tests.watch import Watch

KINDS: Final = ("add", "put", "rename", "paint", "edit", "delete", "undo", "redo")
Op = tuple[str, int]


def rows(db: Reader, moment: datetime | None = None) -> dict[str, list[Any]]:
    """Give every row of the toys, now or as of a moment; what the server numbers left out."""

    def every() -> dict[str, list[Any]]:
        return {
            model.__tablename__: [
                tuple(value for key, value in row._mapping.items() if key != "seq")
                for row in db.all(select(model.__table__).order_by(model.id))
            ]
            for model in (ToyBox, ToyThing)
        }

    if moment is None:
        return every()
    with as_of(db, moment):
        return every()


def act(store: Store, op: Op) -> None:
    """Do one of the kinds of things that can be done to boxes, if it can be done now."""
    kind, number = op
    boxes = store.ask(lambda db: db.scalars(select(ToyBox.id).where(~ToyBox.is_deleted)))
    box = boxes[number % len(boxes)] if boxes else None
    try:
        if kind == "add" or box is None:
            store.do(toys.add_box, name=f"Box {number}")
        elif kind == "put":
            store.do(toys.fill, box, names=[f"Thing {number}"])
        elif kind == "rename":
            store.do(toys.rename_box, box, name=f"Named {number}")
        elif kind == "paint":
            store.do(toys.paint_box, box, colour=list(Colour)[number % 2])
        elif kind == "edit":
            store.do(toys.edit_box, box, opened=number, labels=[str(number)], bought_on=None)
        elif kind == "delete":
            store.do(toys.delete_box, box)
        elif kind == "undo":
            store.undo()
        else:
            store.redo()
    except UserError:
        pass  # nothing to undo


OPS: Final = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5)), max_size=12)


def test_nothing_that_is_recorded_later_changes_what_was(store: Store) -> None:
    check_what_was(store, 20)


@pytest.mark.postgres
def test_nor_does_it_on_a_server(server: Store) -> None:
    check_what_was(server, 4)


def check_what_was(store: Store, examples: int) -> None:
    watch = Watch()
    store.clock = watch

    @settings(max_examples=examples, phases=[Phase.generate], derandomize=True)
    @given(before=OPS, after=OPS)
    def check(before: Sequence[Op], after: Sequence[Op]) -> None:
        # One store for all examples, each of which goes on from what the last one left.
        for op in before:
            watch.move(minutes=1)
            act(store, op)
        moment, was = watch.at, store.ask(rows)
        for op in after:
            watch.move(minutes=1)
            act(store, op)
        watch.move(minutes=1)
        now = store.ask(rows)
        assert store.ask(rows, moment) == was
        assert store.ask(rows) == now, "the connection shows what is there again"

    check()


def test_what_was_is_not_what_is(store: Store) -> None:
    """Control: the changes above would be seen if nothing hid them."""
    watch = Watch()
    store.clock = watch
    box = store.do(toys.add_box, name="Old").value
    was, moment = store.ask(rows), watch.at
    watch.move(minutes=1)
    store.do(toys.rename_box, box, name="New")
    store.do(toys.add_box, name="Another")
    watch.move(minutes=1)
    assert store.ask(rows) != was
    assert store.ask(rows, moment) == was


def test_a_row_that_came_with_a_past_is_there_from_its_making(store: Store) -> None:
    """As a sample or an import brings it: the step is of today, the row is older."""
    watch = Watch()
    store.clock = watch
    made = watch.at
    watch.move(days=30)
    store.do(toys.add_old_box, name="Old", made=made)
    watch.move(days=1)
    was = store.ask(rows)
    (box,) = store.ask(lambda db: db.scalars(select(ToyBox.id)))
    store.do(toys.rename_box, box, name="New")
    watch.move(days=1)
    assert store.ask(rows, made) == was


def test_a_reader_still_cannot_write_afterwards(store: Store) -> None:
    watch = Watch()
    store.clock = watch
    store.do(toys.add_box, name="Box")
    moment = watch.move(minutes=1)
    watch.move(minutes=1)

    def query(db: Reader) -> None:
        with as_of(db, moment):
            db.scalar(select(ToyBox.name))
        db.execute(text("CREATE TABLE a (b)"))

    with pytest.raises(UserError, match="cannot be written"):
        store.ask(query)
