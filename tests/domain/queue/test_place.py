"""The orders of the queue, and where a ticket stands in each."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.queue.queries import get_place
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.importance import importance, importance_words
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.tickets.queries import page_tickets
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import Watch

OPEN = Filter().also("is_open", Comparison.IS, True)
ORDERS = {"importance": True, "due_at": False, "opened_at": False}


@pytest.fixture
def tickets(desk: Store, client: ClientId, watch: Watch) -> dict[str, TicketId]:
    """Open four tickets, a minute apart; the names say what is particular about each."""
    vip = desk.do(create_company, name="Gold", tier=Tier.GOLD).value
    desk.do(create_policy, name="Fast", priorities=[Priority.LOW], first_response_minutes=10)
    found = {}
    for name, whose, priority in (
        ("old", client, Priority.NORMAL),
        ("low", client, Priority.LOW),
        ("vip", vip, Priority.NORMAL),
        ("high", client, Priority.HIGH),
    ):
        found[name] = desk.do(
            open_ticket, whose, subject=name, priority=priority, channel=Channel.EMAIL
        ).value
        watch.move(minutes=1)
    return found


def order(desk: Store, sort: str, *, descending: bool) -> list[str]:
    rows = desk.ask(page_tickets, sort=sort, descending=descending, asked=OPEN)
    return [row.subject for row in rows]


def test_each_order_puts_another_one_first(desk: Store, tickets: dict[str, TicketId]) -> None:
    # 2 × 3 = 6 points, 4, 2 and 1.
    assert order(desk, "importance", descending=True) == ["vip", "high", "old", "low"]
    assert order(desk, "importance", descending=False) == ["low", "old", "high", "vip"]
    assert order(desk, "due_at", descending=False)[0] == "low"
    assert order(desk, "opened_at", descending=False) == ["old", "low", "vip", "high"]


def test_of_equal_importance_the_oldest_comes_first_either_way(
    desk: Store, client: ClientId, tickets: dict[str, TicketId]
) -> None:
    desk.do(open_ticket, client, subject="new")
    for descending in (True, False):
        found = order(desk, "importance", descending=descending)
        assert found.index("old") + 1 == found.index("new")


def test_importance_is_said_as_it_is_counted() -> None:
    assert importance(Priority.HIGH, Tier.GOLD) == 12
    assert importance_words(Priority.HIGH, Tier.GOLD) == "High 4 × Gold 3 = 12 points"
    assert importance_words(Priority.LOW, Tier.STANDARD) == "Low 1 × Standard 1 = 1 point"


def test_a_place_is_the_number_in_the_list_with_its_neighbours(
    desk: Store, tickets: dict[str, TicketId]
) -> None:
    for sort, descending in ORDERS.items():
        listed = order(desk, sort, descending=descending)
        for name, ticket in tickets.items():
            place = desk.ask(get_place, ticket, sort=sort, descending=descending, asked=OPEN)
            assert place is not None
            assert (place.number, place.count) == (listed.index(name) + 1, 4)
            assert [row.subject for _, row in place.around] == listed
            assert dict(place.around)[place.number].id == ticket


def test_what_is_settled_has_no_place(desk: Store, tickets: dict[str, TicketId]) -> None:
    desk.do(set_state, [tickets["vip"]], state=TicketState.RESOLVED)
    kept = {"sort": "importance", "descending": True, "asked": OPEN}
    assert desk.ask(get_place, tickets["vip"], **kept) is None  # type: ignore[arg-type]  # a dict of several types
    place = desk.ask(get_place, tickets["high"], sort="importance", descending=True, asked=OPEN)
    assert place is not None and (place.number, place.count) == (1, 3)
