"""A bulk edit on one workstation and edits of single rows on another: undo leaves those alone."""

from typing import Any
from uuid import UUID

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, delete_clients, edit_client, set_tier
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.edits.fields import ClientField, Way
from deskcrm.domain.edits.rehearsing import Place, carry_out
from deskcrm.store.store import Undone
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.sync.people import both, tables

JOB = Job()


@pytest.fixture
def clients(anna: Desk, ivan: Desk) -> list[ClientId]:
    """Give four clients that both know."""
    made = [anna.store.do(create_company, name=name, about=name).value for name in "ABCD"]
    both(anna, ivan)
    return made


def edit(desk: Desk, clients: list[ClientId], field: ClientField, way: Way, text: str) -> int:
    """Edit clients in bulk; gives the step."""
    desk.watch.move(minutes=1)
    step = carry_out(JOB, desk.store, Place.CLIENTS, clients, field, way, text).step
    assert step is not None
    return step


def told(undone: Undone) -> set[UUID]:
    return {one.row_id for one in undone.left_alone}


def column(desk: Desk, key: str) -> dict[str, Any]:
    return {row.name: getattr(row, key) for row in rows_of(desk.store, "client")}


def settle(anna: Desk, ivan: Desk) -> None:
    both(anna, ivan)
    assert tables(anna) == tables(ivan)


def test_undo_after_an_exchange_leaves_out_and_names_what_somebody_changed_since(
    anna: Desk, ivan: Desk, clients: list[ClientId]
) -> None:
    a, b, *_ = clients
    ivan.store.do(set_tier, [b], tier=Tier.DIAMOND)  # earlier: what Anna sets outdoes it
    step = edit(anna, clients, ClientField.TIER, Way.SET, "gold")
    anna.watch.move(minutes=1)
    ivan.store.do(set_tier, [a], tier=Tier.DIAMOND)
    ivan.store.do(edit_client, b, city="Oslo")  # something else of a row keeps nothing back
    settle(anna, ivan)
    assert column(anna, "tier") == {
        "A": Tier.DIAMOND, "B": Tier.GOLD, "C": Tier.GOLD, "D": Tier.GOLD
    }  # fmt: skip
    assert told(anna.store.undo(step)) == {a}
    settle(anna, ivan)
    for desk in (anna, ivan):
        assert column(desk, "tier") == {"A": Tier.DIAMOND} | dict.fromkeys("BCD", Tier.STANDARD)
        assert column(desk, "city")["B"] == "Oslo"


def test_undo_before_the_exchange_does_not_outdo_a_later_edit(
    anna: Desk, ivan: Desk, clients: list[ClientId]
) -> None:
    step = edit(anna, clients, ClientField.INDUSTRY, Way.SET, "Food")
    anna.sync()
    assert not told(anna.store.undo(step))
    anna.watch.move(minutes=1)
    ivan.store.do(edit_client, clients[0], industry="Steel")
    settle(anna, ivan)
    assert column(anna, "industry") == {"A": "Steel"} | dict.fromkeys("BCD", "")


def test_words_that_were_added_stay_where_somebody_wrote_into_them(
    anna: Desk, ivan: Desk, clients: list[ClientId]
) -> None:
    step = edit(anna, clients, ClientField.ABOUT, Way.ADD, "Ask first")
    ivan.store.do(edit_client, clients[2], about="Kind C")
    settle(anna, ivan)
    assert column(ivan, "about")["C"] == "Kind C\nAsk first"
    assert told(anna.store.undo(step)) == {clients[2]}
    settle(anna, ivan)
    assert column(ivan, "about") == {"A": "A", "B": "B", "C": "Kind C\nAsk first", "D": "D"}


def test_undo_brings_no_client_back_that_somebody_deleted(
    anna: Desk, ivan: Desk, clients: list[ClientId]
) -> None:
    step = edit(anna, clients, ClientField.TIER, Way.SET, "gold")
    both(anna, ivan)
    ivan.store.do(delete_clients, [clients[3]])
    settle(anna, ivan)
    assert told(anna.store.undo(step)) == {clients[3]}
    settle(anna, ivan)
    assert column(ivan, "tier") == dict.fromkeys("ABC", Tier.STANDARD)
    assert rows_of(anna.store, "conflict") == []
    assert not told(anna.store.redo())
    settle(anna, ivan)
    assert column(ivan, "tier") == dict.fromkeys("ABC", Tier.GOLD)


def test_a_tag_comes_off_again_but_for_who_had_it_already(
    anna: Desk, ivan: Desk, clients: list[ClientId]
) -> None:
    edit(ivan, clients[:1], ClientField.TAG, Way.ADD, "Pilot")
    both(anna, ivan)
    step = edit(anna, clients, ClientField.TAG, Way.ADD, "pilot")
    edit(ivan, clients[1:2], ClientField.TAG, Way.ADD, "Other")
    both(anna, ivan)
    edit(ivan, clients[2:3], ClientField.TAG, Way.REMOVE, "Pilot")
    settle(anna, ivan)
    assert not told(anna.store.undo(step))  # it is off already
    settle(anna, ivan)
    worn = [row.client_id for row in rows_of(ivan.store, "client_tag")]
    assert sorted(worn) == sorted(clients[:2])
