"""A bulk write leaves the same rows and the same log as the ordinary way."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.store.changes import from_text
from deskcrm.store.commands import Command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE, change_table
from deskcrm.store.work import Work
from tests import toys
from tests.fixtures_store import MakeStore
from tests.toys import Colour, ToyBox, ToyThing

BOX: dict[str, object] = {
    "name": "Ёлка",
    "colour": Colour.DARK_BLUE,
    "bought_on": date(2026, 1, 31),
}
LABELS: dict[str, object] = {"labels": ["a", "б", 'with "quotes"']}


def add_many(work: Work, rows: list[dict[str, object]]) -> int:
    return work.insert_many(ToyBox, rows)


def add_each(work: Work, rows: list[dict[str, object]]) -> None:
    for row in rows:
        work.add(ToyBox(**row))  # type: ignore[arg-type]  # columns by name, as the bulk takes them


MANY = Command("toys.add_many", "Add boxes", add_many)
EACH = Command("toys.add_each", "Add boxes", add_each)


def said(store: Store) -> list[tuple[object, ...]]:
    def ask(db: Reader) -> list[tuple[object, ...]]:
        columns = [c for c in ToyBox.__table__.c if c.key not in ("id", "created_at")]
        found: list[tuple[object, ...]] = [tuple(row) for row in db.all(select(*columns))]
        for change in db.all(select(change_table).order_by(change_table.c.id)):
            logged = from_text(change.after)
            assert logged.pop("created_at") > 0
            is_own = change.subject == change.row_id
            found.append((change.kind, change.before, logged, change.base, is_own))
        return found

    return store.ask(ask)


def test_bulk_rows_and_their_log_are_as_ordinary_ones(make_store: MakeStore) -> None:
    rows: list[dict[str, object]] = [BOX, BOX | LABELS, {"name": "plain"}]
    bulk, ordinary = make_store("bulk.db"), make_store("ordinary.db")
    bulk.do(MANY, rows)
    ordinary.do(EACH, rows)
    assert said(bulk) == said(ordinary)
    assert len(said(bulk)) == 6


def test_bulk_rows_keep_the_moment_and_id_they_are_given(store: Store) -> None:
    box, moment = new_id(), datetime(2020, 2, 29, 12, 30, tzinfo=UTC)
    store.do(MANY, [{"id": box, "name": "old", "created_at": moment}])
    found = store.ask(lambda db: db.all(select(ToyBox.id, ToyBox.created_at)))
    assert [tuple(row) for row in found] == [(box, moment)]


def test_bulk_rows_take_the_scope_of_their_subject(store: Store) -> None:
    secret = UUID(int=7)
    box = store.do(toys.add_box, name="mine", scope=secret).value
    store.do(toys.fill, box, names=["one", "two"])
    scopes = store.ask(lambda db: db.scalars(select(ToyThing.scope)))
    assert list(scopes) == [secret, secret]
    assert secret != WORKSPACE


def test_bulk_rows_are_undone_and_redone(store: Store) -> None:
    store.do(MANY, [BOX, BOX])
    store.undo()
    assert store.ask(lambda db: db.scalars(select(ToyBox.is_deleted))) == [True, True]
    store.redo()
    assert store.ask(lambda db: db.scalars(select(ToyBox.is_deleted))) == [False, False]
