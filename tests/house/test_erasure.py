"""Every column that could hold words is declared: an erasure misses none that was added later."""

import pytest
from sqlalchemy import Column, Text

import deskcrm.domain.all  # noqa: F401 - every table must be known
from deskcrm.base.ids import new_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.erasures.columns import APART, OF_PERSON, SIGNS, TEXTS, undeclared
from deskcrm.domain.erasures.mentions import Terms
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.erasures.person import Person
from deskcrm.store.tables import Shape, record_models, shape_of
from deskcrm.store.types import Json


def shapes() -> dict[str, Shape]:
    """Give the program's own tables, without what tests made up."""
    every = map(shape_of, record_models())
    return {one.name: one for one in every if one.model.__module__.startswith("deskcrm.")}


def test_every_column_of_text_or_json_says_whether_it_tells_of_a_person() -> None:
    found = {name: undeclared(name, one.columns) for name, one in shapes().items()}
    assert {name: columns for name, columns in found.items() if columns} == {}


def test_only_tables_that_are_there_are_declared() -> None:
    assert {*OF_PERSON, *TEXTS, *SIGNS, *APART} - shapes().keys() == set()


@pytest.mark.parametrize("made", [Column("maiden_name", Text), Column("extras", Json)])
def test_a_new_column_that_nobody_declared_is_found(made: Column[object]) -> None:
    columns = {**shape_of(Contact).columns, made.key: made}
    assert undeclared("contact", columns) == {made.key}
    assert undeclared("new_table", {made.key: made}) == {made.key}
    columns = {**shape_of(Contact).columns}
    del columns["notes"]
    assert undeclared("contact", columns) == {"notes"}


def test_what_is_declared_as_a_persons_is_what_an_erasure_writes_over() -> None:
    one = (new_id(),)
    person = Person(
        kind=PersonKind.CLIENT, id=one[0], client_id=ClientId(one[0]), name="", contacts=one,
        points=one, participants=one, values=one, terms=Terms((), (), ()), clients=one, merges=one,
        before=one,
    )  # fmt: skip
    written = {shape_of(model).name: rows for model, rows in person.rows("").items()}
    assert {name: {*rows[one[0]]} for name, rows in written.items()} == {
        name: {*columns} for name, columns in OF_PERSON.items()
    }
