"""Clients: added, edited, handed over, deleted and brought back."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients import commands
from deskcrm.domain.clients.detail import (
    ClientDetail,
    get_client,
    list_deleted_clients,
)
from deskcrm.domain.clients.model import ClientId, ClientKind, Lifecycle, Tier, merge_lifecycles
from deskcrm.domain.clients.queries import count_clients, page_clients
from deskcrm.domain.days import day_of
from deskcrm.domain.users.commands import add_user, create_first_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from deskcrm.store.work import Missing


@pytest.fixture
def me(store: Store) -> UserId:
    return store.do(create_first_user, name="Анна").value


@pytest.fixture
def client(store: Store) -> ClientId:
    return store.do(commands.create_company, name="ООО «Ромашка»").value


def detail(store: Store, client_id: ClientId) -> ClientDetail:
    return store.ask(get_client, client_id)


def names(store: Store) -> list[str]:
    return [row.name for row in store.ask(page_clients)]


def test_a_company_is_added_with_what_is_known(store: Store, me: UserId) -> None:
    added = store.do(
        commands.create_company,
        name="  ООО   «Ромашка» ",
        tier=Tier.GOLD,
        city=" Москва ",
        website="example.org",
        time_zone="Europe/Moscow",
        language="ru",
        goals="Grow",
    ).value
    profile = detail(store, added).profile
    assert (profile.name, profile.kind) == ("ООО «Ромашка»", ClientKind.COMPANY)
    assert (profile.tier, profile.city) == (Tier.GOLD, "Москва")
    assert profile.website == "https://example.org"
    assert (profile.owner_id, profile.owner) == (me, "Анна")
    assert profile.customer_since == day_of(store.clock())


def test_a_person_is_a_client_too(store: Store) -> None:
    added = store.do(commands.create_person, name="Иван Ёлкин").value
    assert detail(store, added).profile.kind is ClientKind.PERSON


def test_a_prospect_is_no_customer_yet(store: Store) -> None:
    added = store.do(commands.create_company, name="Завтра", lifecycle=Lifecycle.PROSPECT).value
    assert detail(store, added).profile.customer_since is None
    store.do(commands.set_lifecycle, [added], lifecycle=Lifecycle.ONBOARDING)
    assert detail(store, added).profile.customer_since == day_of(store.clock())


def test_undoing_an_added_client_takes_it_away(store: Store, client: ClientId) -> None:
    store.undo()
    assert store.ask(count_clients) == 0
    with pytest.raises(Missing):
        detail(store, client)
    store.redo()
    assert detail(store, client).profile.name == "ООО «Ромашка»"


def test_renaming_keeps_the_order_in_step_and_is_undone(store: Store, client: ClientId) -> None:
    store.do(commands.create_company, name="Маяк")
    assert names(store) == ["Маяк", "ООО «Ромашка»"]
    store.do(commands.rename_client, client, name="Астра")
    assert names(store) == ["Астра", "Маяк"]
    store.undo()
    assert names(store) == ["Маяк", "ООО «Ромашка»"]


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_renaming_to_blank_is_refused(store: Store, client: ClientId, name: str) -> None:
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.rename_client, client, name=name)
    assert detail(store, client).profile.name == "ООО «Ромашка»"


def test_editing_writes_only_what_changed(store: Store, client: ClientId) -> None:
    store.do(
        commands.edit_client,
        client,
        name="ООО «Ромашка»",
        tier=Tier.STANDARD,
        city="Тверь",
        about="Two lines\nof text",
    )
    lines = store.ask(list_history, client)[0].lines
    assert lines == ("About: (empty) → Two lines\nof text", "City: (empty) → Тверь")
    store.undo()
    assert (detail(store, client).profile.city, detail(store, client).profile.about) == ("", "")


def test_editing_nothing_leaves_no_step(store: Store, client: ClientId) -> None:
    assert store.do(commands.edit_client, client, city="").step is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"language": "по-русски"}, "is not a language"),
        ({"time_zone": "Mars/Base"}, "is not a time zone"),
        ({"time_zone": "../../etc/passwd"}, "is not a time zone"),
        ({"website": "javascript:alert(1)"}, "is not a web address"),
        ({"website": "file:///etc/passwd"}, "is not a web address"),
        ({"owner_id": uuid4()}, "not there"),
        ({"parent_id": uuid4()}, "not there"),
    ],
)
def test_a_bad_detail_is_refused_and_changes_nothing(
    store: Store, client: ClientId, changes: dict[str, Any], words: str
) -> None:
    before = detail(store, client)
    with pytest.raises(UserError, match=words):
        store.do(commands.edit_client, client, city="Тверь", **changes)
    assert detail(store, client) == before


def test_clients_are_handed_over_together_and_undone_together(store: Store, me: UserId) -> None:
    boris = store.do(add_user, name="Борис").value
    some = [store.do(commands.create_company, name=name).value for name in "АБВ"]
    assert store.do(commands.set_owner, some, owner_id=boris).value == 3
    assert store.do(commands.set_owner, some, owner_id=boris).step is None
    assert {detail(store, one).profile.owner for one in some} == {"Борис"}
    store.undo()
    assert {detail(store, one).profile.owner_id for one in some} == {me}
    store.do(commands.set_owner, some[:1], owner_id=None)
    assert detail(store, some[0]).profile.owner_id is None


def test_a_hand_over_to_who_left_is_refused(store: Store, me: UserId, client: ClientId) -> None:
    boris = store.do(add_user, name="Борис").value
    store.do(deactivate_user, boris)
    with pytest.raises(UserError, match="does not work here"):
        store.do(commands.set_owner, [client], owner_id=boris)


def test_a_bulk_edit_is_whole_or_not_at_all(store: Store, client: ClientId) -> None:
    with pytest.raises(Missing, match="1 client is not there"):
        store.do(commands.set_tier, [client, ClientId(uuid4())], tier=Tier.GOLD)
    assert detail(store, client).profile.tier is Tier.STANDARD


def test_more_clients_than_one_statement_takes_are_edited(store: Store) -> None:
    some = [store.do(commands.create_company, name=f"№ {n}").value for n in range(3)]
    assert store.do(commands.set_tier, some * 400, tier=Tier.DIAMOND).value == 3


def test_a_tier_is_set_and_undone(store: Store, client: ClientId) -> None:
    store.do(commands.set_tier, [client], tier=Tier.DIAMOND)
    assert detail(store, client).profile.tier.is_vip
    store.undo()
    assert not detail(store, client).profile.tier.is_vip


def test_who_leaves_gets_a_day_and_a_reason_and_who_returns_loses_them(
    store: Store, client: ClientId
) -> None:
    store.do(
        commands.set_lifecycle, [client], lifecycle=Lifecycle.CHURNED, reason=" Too  expensive "
    )
    profile = detail(store, client).profile
    assert (profile.churned_on, profile.churn_reason) == (day_of(store.clock()), "Too expensive")
    store.do(commands.set_lifecycle, [client], lifecycle=Lifecycle.ACTIVE)
    profile = detail(store, client).profile
    assert (profile.churned_on, profile.churn_reason) == (None, "")
    store.undo()
    assert detail(store, client).profile.churn_reason == "Too expensive"


def test_a_lifecycle_moves_by_editing_too(store: Store, client: ClientId) -> None:
    store.do(
        commands.edit_client,
        client,
        lifecycle=Lifecycle.CHURNED,
        churned_on=date(2026, 1, 31),
        churn_reason="Moved",
    )
    profile = detail(store, client).profile
    assert (profile.churned_on, profile.churn_reason) == (date(2026, 1, 31), "Moved")


# Parents and children.


def test_children_stand_under_their_parent(store: Store, client: ClientId) -> None:
    for name in ("Склад", "Офис"):
        child = store.do(commands.create_company, name=name, parent_id=client).value
    parent = detail(store, client)
    assert [one.name for one in parent.children] == ["Офис", "Склад"]
    assert parent.child_count == 2
    assert detail(store, child).profile.parent == "ООО «Ромашка»"
    store.do(commands.set_parent, child, parent_id=None)
    assert detail(store, client).child_count == 1
    store.undo()
    assert detail(store, client).child_count == 2


def test_a_client_cannot_stand_under_itself(store: Store, client: ClientId) -> None:
    child = store.do(commands.create_company, name="Склад", parent_id=client).value
    lowest = store.do(commands.create_company, name="Полка", parent_id=child).value
    for parent in (client, child, lowest):
        with pytest.raises(UserError, match="under itself"):
            store.do(commands.set_parent, client, parent_id=parent)
    assert detail(store, client).profile.parent_id is None


def test_a_deleted_parent_is_not_shown_and_returns(store: Store, client: ClientId) -> None:
    child = store.do(commands.create_company, name="Склад", parent_id=client).value
    store.do(commands.delete_clients, [client])
    assert detail(store, child).profile.parent_id is None
    store.do(commands.edit_client, child, city="Тверь")
    store.do(commands.restore_client, client)
    assert detail(store, child).profile.parent_id == client


# Deleting.


def test_a_deleted_client_is_listed_as_such_and_comes_back(store: Store, client: ClientId) -> None:
    assert store.do(commands.delete_clients, [client]).value == 1
    assert names(store) == []
    assert [one.id for one in store.ask(list_deleted_clients)] == [client]
    with pytest.raises(Missing, match="not there any more"):
        detail(store, client)
    with pytest.raises(Missing):
        store.do(commands.rename_client, client, name="Астра")
    store.do(commands.restore_client, client)
    assert names(store) == ["ООО «Ромашка»"]
    assert store.ask(list_deleted_clients) == []


def test_undoing_a_deletion_brings_the_client_back(store: Store, client: ClientId) -> None:
    store.do(commands.delete_clients, [client])
    store.undo()
    assert names(store) == ["ООО «Ромашка»"]


def test_a_living_client_is_not_restored(store: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="not deleted"):
        store.do(commands.restore_client, client)


def test_history_says_the_name_and_not_the_key_it_sorts_by(store: Store, client: ClientId) -> None:
    store.do(commands.rename_client, client, name="Астра")
    assert store.ask(list_history, client)[0].lines == ("Name: ООО «Ромашка» → Астра",)


def test_history_says_a_zone_and_a_country_by_their_names(store: Store, client: ClientId) -> None:
    store.do(commands.edit_client, client, time_zone="Europe/Moscow", country="RU")
    store.do(commands.edit_client, client, time_zone="Asia/Tokyo", country="")
    assert set(store.ask(list_history, client)[0].lines) == {
        "Time zone: Moscow, UTC+3 → Tokyo, UTC+9",
        "Country: Russia → (empty)",
    }


# Merging.


def test_that_a_client_left_is_not_hidden_by_a_colleague() -> None:
    assert merge_lifecycles(Lifecycle.CHURNED, Lifecycle.AT_RENEWAL) is Lifecycle.CHURNED
    assert merge_lifecycles(Lifecycle.ACTIVE, Lifecycle.PAUSED) is Lifecycle.PAUSED
    assert merge_lifecycles(Lifecycle.ONBOARDING, Lifecycle.ACTIVE) is Lifecycle.ACTIVE
