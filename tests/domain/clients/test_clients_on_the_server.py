"""The list and the page of clients, asked of PostgreSQL as the server asks them."""

from collections.abc import Iterator
from datetime import date

import pytest

from deskcrm.base.ids import new_id
from deskcrm.domain.clients import custom_fields, order
from deskcrm.domain.clients.commands import create_company, delete_clients, rename_client
from deskcrm.domain.clients.detail import get_client, list_deleted_clients
from deskcrm.domain.clients.filters import custom_key
from deskcrm.domain.clients.model import FieldKind
from deskcrm.domain.clients.queries import count_clients, list_client_ids, page_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.queries import list_renewals
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.store.engine import open_postgres
from deskcrm.store.store import Store

pytestmark = pytest.mark.postgres
C = Comparison


@pytest.fixture
def server(blank_url: str) -> Iterator[Store]:
    store = Store.open(open_postgres(blank_url))
    store.sign_in(new_id())
    store.do(create_first_user, name="Мила")
    yield store
    store.close()


def test_the_list_is_the_one_of_the_workstation(server: Store) -> None:
    made = [
        server.do(create_company, name=name, city="Тверь").value
        for name in ("ООО «Ёлка»", "Яна", "ель", "alpha", "ЗАО Бета")
    ]
    ordered = ["alpha", "ЗАО Бета", "ООО «Ёлка»", "ель", "Яна"]
    assert [row.name for row in server.ask(page_clients)] == ordered
    size = server.do(custom_fields.add_custom_field, name="Size", kind=FieldKind.NUMBER).value
    server.do(custom_fields.set_custom_value, made[0], field_id=size, text="12")
    plan = server.do(custom_fields.add_custom_field, name="Plan").value
    server.do(custom_fields.set_custom_value, made[1], field_id=plan, text="not a number")
    server.do(add_contract, made[1], title="Support", ends_on=date(2020, 1, 1))
    tag = server.do(tag_clients_by_name, made[:2], name="Выставка").value
    for asked, count in (
        (Filter(), 5),
        (Filter().also("owner", C.IS, ME).also("lifecycle", C.IS_NOT, "churned"), 5),
        (Filter().also("tier", C.ANY_OF, ("standard",)).also("city", C.CONTAINS, "твер"), 5),
        (Filter().also("tag", C.IS, tag.hex), 2),
        (Filter().also(custom_key(size), C.AT_LEAST, 10), 1),
        (Filter().also(custom_key(size), C.IS_NOT, 12), 4),
        (Filter().also("renewal_decision_on", C.BEFORE, "2026-01-01"), 1),
        (Filter().also("open_tickets", C.IS, 0).also("owner", C.IS, ME), 5),
        (Filter().also("created_at", C.WITHIN_PAST_DAYS, 1), 5),
    ):
        assert server.ask(count_clients, asked=asked) == count, asked
        for sort in order.SORTS:
            for descending in (False, True):
                ids = server.ask(list_client_ids, asked=asked, sort=sort, descending=descending)
                assert len(set(ids)) == count, (asked, sort)


def test_a_page_is_written_undone_and_shown(server: Store) -> None:
    client = server.do(create_company, name="Ромашка").value
    server.do(add_contact, client, name="Анна", phones=["8 (916) 123-45-67"])
    server.do(add_contract, client, title="Support", ends_on=date(2020, 1, 1))
    server.do(rename_client, client, name="Василёк")
    server.undo()
    found = server.ask(get_client, client)
    assert found.profile.name == "Ромашка"
    assert found.contacts[0].points[0].normal == "+79161234567"
    assert len(server.ask(list_renewals)) == 1
    server.do(delete_clients, [client])
    assert [one.id for one in server.ask(list_deleted_clients)] == [client]
