"""Where a client stands in the list, so that the list can open there."""

from uuid import UUID

import pytest

from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.clients.places import place_of
from deskcrm.domain.clients.queries import page_clients
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store


@pytest.mark.parametrize("sort", ["name", "tier", "last_contact_at", "owner"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_place_is_that_of_the_row(store: Store, sort: str, descending: bool) -> None:
    for name, tier in (("Birch", Tier.GOLD), ("Acme", Tier.STANDARD), ("Ромашка", Tier.GOLD)):
        store.do(create_company, name=name, tier=tier)
    rows = store.ask(page_clients, sort=sort, descending=descending)
    assert rows
    for at, row in enumerate(rows):
        assert store.ask(place_of, row.id, sort=sort, descending=descending) == at


def test_who_does_not_match_or_is_gone_has_no_place(store: Store) -> None:
    acme = store.do(create_company, name="Acme").value
    birch = store.do(create_company, name="Birch", tier=Tier.GOLD).value
    gold = Filter().also("tier", Comparison.IS, "gold")
    assert store.ask(place_of, birch, asked=gold) == 0
    assert store.ask(place_of, acme, asked=gold) is None
    busy = Filter().also("open_tickets", Comparison.AT_LEAST, 1)
    assert store.ask(place_of, acme, asked=busy) is None
    store.do(delete_clients, [acme])
    assert store.ask(place_of, acme) is None
    assert store.ask(place_of, ClientId(UUID(int=1)), sort="tier") is None
