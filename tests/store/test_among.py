"""Rows by their ids: bound with the condition, or given to a statement that was built before."""

import pytest
from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.store.among import among, among_given, given
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests import toys


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Store:
    """Give an empty store in a file, then one over PostgreSQL."""
    found: Store = request.getfixturevalue("store" if request.param == "sqlite" else "server")
    return found


def test_what_was_built_before_finds_what_is_asked_with_its_ids(either: Store) -> None:
    boxes = [either.do(toys.add_box, name=f"Box {number}").value for number in range(3)]
    boxes_of = select(toys.ToyBox.id).order_by(toys.ToyBox.name)
    built = boxes_of.where(among_given(toys.ToyBox.id, on_sqlite=either.database.is_sqlite))

    def check(db: Reader) -> None:
        for ids in ([], boxes[:1], [boxes[2], new_id(), boxes[0]], boxes):
            wanted = [box for box in boxes if box in ids]
            asked = boxes_of.where(among(db.connection, toys.ToyBox.id, ids))
            assert list(db.connection.scalars(asked)) == wanted
            assert list(db.connection.scalars(built, given(db.connection, ids))) == wanted

    either.ask(check)
