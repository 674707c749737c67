"""The list of clients by what their summaries say: last contact, open work, next dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskcrm.domain.clients import order
from deskcrm.domain.clients.commands import create_company, delete_clients, set_owner
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.queries import count_clients, list_client_ids, page_clients
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.views.filters import ME, Comparison, Condition, Filter, Value
from deskcrm.store.store import Store
from tests.fixtures_store import MakeStore

C = Comparison
TODAY = date(2026, 6, 15)


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store(clock=lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


@pytest.fixture
def clients(store: Store) -> list[ClientId]:
    """Give five clients whose contracts are decided on 15, 5 and 25 July, and never."""
    store.do(create_first_user, name="Мила")
    made = [store.do(create_company, name=name).value for name in "АБВГД"]
    for client, days in zip(made, (30, 20, 40), strict=False):
        store.do(add_contract, client, title="Support", ends_on=TODAY + timedelta(days=days))
    store.do(set_owner, made[1:2], owner_id=None)
    return made


def asked(field: str, comparison: Comparison, value: Value = None) -> Condition:
    return Condition(field, comparison, value)


def names(
    store: Store, *conditions: Condition, sort: str = "name", descending: bool = False
) -> str:
    """Give the names of the clients that match, joined; counting must agree."""
    wanted = Filter(conditions)
    rows = store.ask(page_clients, asked=wanted, sort=sort, descending=descending)
    assert store.ask(count_clients, asked=wanted) == len(rows)
    return "".join(row.name for row in rows)


def test_the_nearest_decision_stands_first_and_none_last(
    store: Store, clients: list[ClientId]
) -> None:
    assert names(store, sort="renewal_decision_on") == "БАВГД"
    assert names(store, sort="renewal_decision_on", descending=True) == "ВАБДГ"


@pytest.mark.parametrize("few", [5_000, 0])
@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ([asked("renewal_decision_on", C.WITHIN_NEXT_DAYS, 30)], "АБ"),
        ([asked("renewal_decision_on", C.IS_EMPTY)], "ГД"),
        ([asked("renewal_decision_on", C.IS_NOT_EMPTY), asked("owner", C.IS, ME)], "АВ"),
        ([asked("owner", C.IS, ME)], "АВГД"),
        ([asked("lifecycle", C.IS, "active"), asked("open_tickets", C.IS, 0)], "АБВГД"),
        ([asked("lifecycle", C.IS, "churned"), asked("open_tickets", C.IS, 0)], ""),
        ([asked("last_contact_at", C.IS_NOT_EMPTY)], ""),
        ([asked("last_contact_at", C.MORE_DAYS_AGO_THAN, 30)], ""),
        ([asked("unanswered", C.AT_MOST, 0)], "АБВГД"),
    ],
)
def test_both_sides_are_asked_whichever_leads(
    store: Store,
    clients: list[ClientId],
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    conditions: list[Condition],
    found: str,
) -> None:
    monkeypatch.setattr(order, "FEW", few)
    assert names(store, *conditions) == found
    for sort in order.SORTS:
        assert "".join(sorted(names(store, *conditions, sort=sort))) == found


def test_pages_join_in_every_order(store: Store, clients: list[ClientId]) -> None:
    for sort in order.SORTS:
        for descending in (False, True):
            whole = store.ask(list_client_ids, sort=sort, descending=descending)
            paged = [
                row.id
                for offset in range(0, 6, 2)
                for row in store.ask(
                    page_clients, sort=sort, descending=descending, offset=offset, limit=2
                )
            ]
            assert paged == whole, sort
            assert set(whole) == set(clients)


def test_a_deleted_client_leaves_every_order(store: Store, clients: list[ClientId]) -> None:
    store.do(delete_clients, clients[:1])
    for sort in order.SORTS:
        assert "".join(sorted(names(store, sort=sort))) == "БВГД"
    store.undo()
    assert names(store, sort="renewal_decision_on") == "БАВГД"
