"""Derived rows follow any row that goes without a trace, and comes back.

So it is with what a server refused, with what went to another team, and with what died so long ago
that nobody remembers it: nothing is left in the table that could be asked what the row had been.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Row, delete, insert, select

from deskcrm.domain.client_merges.commands import merge_clients
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import CustomField
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.merging import merge_contacts
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.lookup import derived as lookup
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.tickets.commands import client_wrote, open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import derived
from deskcrm.store.commands import Command
from deskcrm.store.derived import Touched
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, Shape, shape_of
from deskcrm.store.work import recording
from tests.domain.beginning import begin
from tests.domain.everything import own_models
from tests.fixtures_store import MakeStore
from tests.watch import Watch


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    """Give a store with one or two of each thing, and with what was merged."""
    watch = Watch()
    made = make_store(clock=watch)

    def do(command: Command[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        watch.move(seconds=1)
        return made.do(command, *args, **kwargs).value

    do(create_first_user, name="Anna")
    begin(do)
    _merge_some(do)
    return made


def _merge_some(do: Callable[..., Any]) -> None:
    one, other = (do(create_company, name=name) for name in ("Globex", "Globex Ltd"))
    sue, susan = (do(add_contact, one, name=name) for name in ("Sue", "Susan"))
    do(log_call, one, text="She asked for a price", contact_id=susan)
    tickets = [do(open_ticket, one, subject="It is late", text="Where is it?") for _ in range(2)]
    do(client_wrote, tickets[0], text="And now?")
    do(merge_contacts, susan, into_id=sue)
    do(merge_tickets, tickets[:1], into_id=tickets[1])
    do(merge_clients, one, into_id=other)


@contextmanager
def put_back(connection: Connection) -> Iterator[None]:
    """Leave everything as it was."""
    transaction = connection.begin_nested()
    yield
    transaction.rollback()


def falling_behind(connection: Connection, shape: Shape, row: Row[Any]) -> Iterator[str]:
    """Let a row go and come back; names what is not what a refill makes of the records then."""
    t = shape.table
    subject = row._mapping[shape.subject] if shape.subject else None
    touched = [Touched(shape.name, row.id, subject or row.id)]
    for does, statement in (
        ("goes", delete(t).where(t.c.id == row.id)),
        ("comes", insert(t).values(**row._mapping)),
    ):
        connection.execute(statement)
        derived.rebuild_touched(connection, touched)
        with put_back(connection):
            yield from (
                f"{wrong} where {shape.name} {does}" for wrong in derived.disagreeing(connection)
            )


def all_that_falls_behind(store: Store, models: Sequence[type[Record]]) -> list[str]:
    """Let every row of each table go and come back by itself."""
    found: list[str] = []
    with store.database.writer.connect() as connection, connection.begin() as transaction:
        for model in models:
            shape = shape_of(model)
            rows = connection.execute(select(shape.table).order_by(shape.table.c.id)).all()
            for row in rows:
                with put_back(connection), recording(connection):
                    found += falling_behind(connection, shape, row)
        transaction.rollback()
    return found


def test_what_is_derived_follows(store: Store) -> None:
    assert all_that_falls_behind(store, own_models()) == []


def test_what_does_not_follow_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_note_fields", lambda *_: set())
    assert "search where custom_field goes" in all_that_falls_behind(store, [CustomField])
