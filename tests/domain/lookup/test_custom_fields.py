"""What is filled in in a team's own fields is searched as long as the field is there."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import Connection, Executable, delete, insert

from deskcrm.domain.clients import custom_fields
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, CustomField, CustomFieldId
from deskcrm.domain.lookup import derived
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.store.derived import Touched
from deskcrm.store.search import Document
from deskcrm.store.store import Arrived, Store
from tests.domain.behind import behind


@pytest.fixture
def acme(store: Store) -> ClientId:
    return store.do(create_company, name="Acme").value


@pytest.fixture
def field(store: Store, acme: ClientId) -> CustomFieldId:
    """Give a field that says of Acme what nothing else says."""
    made = store.do(custom_fields.add_custom_field, name="Nickname").value
    store.do(custom_fields.set_custom_value, acme, field_id=made, text="Roadrunner")
    return made


def found(store: Store) -> list[str]:
    assert behind(store) == []
    return [row.title for row in store.ask(search_everything, "roadrunner")]


def test_what_a_deleted_field_hides_is_not_found_until_it_is_back(
    store: Store, field: CustomFieldId
) -> None:
    assert found(store) == ["Acme"]
    store.do(custom_fields.delete_custom_field, field)
    assert found(store) == []
    store.do(custom_fields.restore_custom_field, field)
    assert found(store) == ["Acme"]


def test_a_field_that_goes_and_comes_without_its_values_takes_them_along(
    store: Store, acme: ClientId, field: CustomFieldId
) -> None:
    """A workstation that was away for long lists what lives: a field that died is gone."""
    (row,) = store.ask(lambda db: db.all(CustomField.__table__.select()))

    def take(connection: Connection, statement: Executable) -> Arrived[None]:
        connection.execute(statement)
        return Arrived(None, [Touched("custom_field", field, UUID(int=0))], ["custom_field"])

    store.absorb(lambda c: take(c, delete(CustomField).where(CustomField.id == field)))
    assert found(store) == []
    store.absorb(lambda c: take(c, insert(CustomField).values(**row._mapping)))
    assert found(store) == ["Acme"]


def test_clients_are_filed_again_only_where_what_is_searched_changes(
    store: Store, field: CustomFieldId, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed: list[int] = []
    key, whole = derived._MAKERS["client"]

    def make(connection: Connection, ids: Sequence[UUID]) -> Iterator[Document]:
        filed.append(len(ids))
        return whole(connection, ids)

    monkeypatch.setitem(derived._MAKERS, "client", (key, make))
    store.do(custom_fields.edit_custom_field, field, name="Alias", is_required=True)
    assert filed == []
    store.do(custom_fields.delete_custom_field, field)
    assert filed == [1]
