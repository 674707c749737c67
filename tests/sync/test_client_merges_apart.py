"""Clients that two people merge, edit and part apart: both see the same, and nothing is lost."""

import pytest

from deskcrm.domain.client_merges.commands import follow_merges, merge_clients, part_clients
from deskcrm.domain.client_merges.queries import has_strays, merged_into
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.detail import get_client, list_custom_values
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.queries import tags_of
from deskcrm.domain.users.commands import set_role
from deskcrm.domain.users.model import UserRole
from tests.domain.behind import behind
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of
from tests.sync.people import both, tables


@pytest.fixture
def anna(either_site: Site, make_desk: MakeDesk) -> Desk:
    return join(either_site, make_desk, "anna")


@pytest.fixture
def ivan(either_site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    desk = join(either_site, make_desk, "ivan")
    both(anna, desk)
    anna.store.do(set_role, desk.user, role=UserRole.LEAD)
    both(anna, desk)
    return desk


@pytest.fixture
def pair(anna: Desk, ivan: Desk) -> tuple[ClientId, ClientId]:
    """Give two clients that both know, each with a contact."""
    made = []
    for name in ("Acme", "ACME Ltd"):
        one = anna.store.do(create_company, name=name, industry=name).value
        anna.store.do(add_contact, one, name=f"Of {name}")
        anna.watch.move(minutes=1)
        made.append(one)
    both(anna, ivan)
    return made[0], made[1]


def settle(anna: Desk, ivan: Desk) -> None:
    """Exchange everything, follow what came late at both, and see the same."""
    both(anna, ivan)
    for desk in (anna, ivan):
        if desk.store.ask(has_strays):
            desk.store.do(follow_merges)
    both(anna, ivan)
    for desk in (anna, ivan):
        assert not desk.store.ask(has_strays)
        assert behind(desk.store) == []
    assert tables(anna) == tables(ivan)


def people(desk: Desk) -> dict[str, ClientId]:
    return {row.name: row.client_id for row in rows_of(desk.store, "contact")}


def living(desk: Desk, *clients: ClientId) -> list[ClientId]:
    there = {row.id for row in rows_of(desk.store, "client") if not row.is_deleted}
    return [one for one in clients if one in there]


def test_what_is_written_at_a_client_that_is_gone_reaches_the_other(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    region = anna.store.do(add_custom_field, name="Region").value
    both(anna, ivan)
    merge = anna.store.do(merge_clients, a, into_id=b).value
    anna.watch.move(minutes=1)
    ivan.store.do(edit_client, a, about="Calls on Mondays", city="Oslo")
    ivan.store.do(log_call, a, subject="Hello")
    ivan.store.do(tag_clients_by_name, [a], name="late")
    ivan.store.do(set_custom_value, a, field_id=region, text="North")
    settle(anna, ivan)
    for desk in (anna, ivan):
        profile = desk.store.ask(get_client, b).profile
        assert (profile.about, profile.city, profile.industry) == (
            "Calls on Mondays", "Oslo", "ACME Ltd"
        )  # fmt: skip
        assert [one.text for one in desk.store.ask(list_custom_values, b)] == ["North"]
        assert [one.name for one in desk.store.ask(tags_of, [b])[b]] == ["late"]
        assert {row.client_id for row in rows_of(desk.store, "interaction")} == {b}
        assert living(desk, a, b) == [b]
    ivan.store.do(part_clients, merge)
    settle(anna, ivan)
    for desk in (anna, ivan):
        # What he wrote was meant for the one that was gone.
        assert desk.store.ask(get_client, a).profile.city == "Oslo"
        assert desk.store.ask(get_client, b).profile.city == ""
        assert {row.client_id for row in rows_of(desk.store, "interaction")} == {a}
        assert people(desk) == {"Of Acme": a, "Of ACME Ltd": b}


def test_a_pair_that_is_merged_apart_is_merged_once(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    merge = anna.store.do(merge_clients, a, into_id=b).value
    assert ivan.store.do(merge_clients, a, into_id=b).value == merge
    settle(anna, ivan)
    assert living(ivan, a, b) == [b]
    anna.store.do(part_clients, merge)
    settle(anna, ivan)
    for desk in (anna, ivan):
        assert living(desk, a, b) == [a, b]
        assert people(desk) == {"Of Acme": a, "Of ACME Ltd": b}


def test_two_that_are_merged_into_one_another_are_one(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    anna.store.do(merge_clients, a, into_id=b, taken=["industry"])
    anna.watch.move(minutes=1)
    merge = ivan.store.do(merge_clients, b, into_id=a, taken=["industry"]).value
    settle(anna, ivan)
    for desk in (anna, ivan):
        # The older goes on.
        assert living(desk, a, b) == [a]
        assert people(desk) == {"Of Acme": a, "Of ACME Ltd": a}
        assert desk.store.ask(get_client, a).profile.industry == "ACME Ltd"
    ivan.store.do(part_clients, merge)
    settle(anna, ivan)
    for desk in (anna, ivan):
        assert living(desk, a, b) == [a, b]
        assert people(desk) == {"Of Acme": a, "Of ACME Ltd": b}
        industries = [desk.store.ask(get_client, one).profile.industry for one in pair]
        assert industries == ["Acme", "ACME Ltd"]


def test_one_that_is_merged_into_two_apart_is_in_one(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    c = anna.store.do(create_company, name="Acme Oslo").value
    anna.store.do(tag_clients_by_name, [a], name="vip")
    both(anna, ivan)
    anna.store.do(merge_clients, a, into_id=b)
    anna.watch.move(minutes=1)
    ivan.store.do(merge_clients, a, into_id=c)
    settle(anna, ivan)
    for desk in (anna, ivan):
        home = desk.store.ask(merged_into, a)
        assert home is not None and home.id == c
        assert people(desk) == {"Of Acme": c, "Of ACME Ltd": b}
        assert set(desk.store.ask(tags_of, [a, b, c])) == {c}


def test_a_person_who_is_added_at_both_ends_is_found_where_they_belong(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    anna.store.do(merge_clients, a, into_id=b)
    late: ContactId = ivan.store.do(add_contact, a, name="Late").value
    settle(anna, ivan)
    assert people(anna) == {"Of Acme": b, "Of ACME Ltd": b, "Late": b}
    assert {row.id for row in rows_of(ivan.store, "contact") if row.name == "Late"} == {late}


def test_an_agent_brings_home_what_they_may_and_leaves_the_rest(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    anna.store.do(set_role, ivan.user, role=UserRole.AGENT)
    both(anna, ivan)
    anna.store.do(merge_clients, a, into_id=b)
    anna.watch.move(minutes=1)
    ivan.store.do(edit_client, a, city="Oslo")
    ivan.store.do(log_call, a, subject="Hello")
    anna.store.do(edit_client, b, about="Ours")
    both(anna, ivan)
    # The client is Anna's: an agent may not delete it, so its late edit is left to her.
    assert ivan.store.do(follow_merges).step is None
    settle(anna, ivan)
    for desk in (anna, ivan):
        profile = desk.store.ask(get_client, b).profile
        assert (profile.city, profile.about) == ("Oslo", "Ours")
        assert {row.client_id for row in rows_of(desk.store, "interaction")} == {b}


def test_what_nobody_follows_is_seen_as_left_behind(
    anna: Desk, ivan: Desk, pair: tuple[ClientId, ClientId]
) -> None:
    a, b = pair
    anna.store.do(merge_clients, a, into_id=b)
    ivan.store.do(log_call, a, subject="Hello")
    both(anna, ivan)
    assert anna.store.ask(has_strays) and ivan.store.ask(has_strays)
    assert {row.client_id for row in rows_of(anna.store, "interaction")} == {a}
