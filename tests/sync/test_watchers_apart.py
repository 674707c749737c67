"""Watching and linking apart: news reach the colleague over the server, nobody loses a link."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.links.commands import link_tickets
from deskcrm.domain.links.model import LinkKind
from deskcrm.domain.links.queries import list_links
from deskcrm.domain.notices.news import news_items
from deskcrm.domain.tickets.commands import open_ticket, reply
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.watchers.commands import add_watcher, remove_watcher, watch_ticket
from deskcrm.domain.watchers.queries import list_watchers
from tests.sync.desks import Desk
from tests.sync.people import both, tables


@pytest.fixture
def tickets(anna: Desk, ivan: Desk) -> list[TicketId]:
    acme = anna.store.do(create_company, name="Acme").value
    made = [anna.store.do(open_ticket, acme, subject=one).value for one in ("Dark", "Cold")]
    both(anna, ivan)
    return made


def test_who_watches_hears_what_a_colleague_did_on_another_workstation(
    anna: Desk, ivan: Desk, tickets: list[TicketId]
) -> None:
    ivan.store.do(watch_ticket, tickets[0])
    both(anna, ivan)
    anna.watch.move(minutes=1)
    anna.store.do(reply, tickets[0], text="We look")
    assert ivan.store.ask(news_items) == []
    both(anna, ivan)
    (news,) = ivan.store.ask(news_items)
    assert news.ticket_id == tickets[0] and news.reason.endswith("replied")
    assert anna.store.ask(news_items) == []
    anna.store.undo()
    both(anna, ivan)
    assert ivan.store.ask(news_items) == []


def test_a_removal_that_had_not_seen_it_does_not_take_a_watcher_away(
    anna: Desk, ivan: Desk, tickets: list[TicketId]
) -> None:
    ticket, who = tickets[0], ivan.user
    anna.store.do(add_watcher, ticket, user_id=who)
    both(anna, ivan)
    anna.store.do(remove_watcher, ticket, user_id=who)
    both(anna, ivan)
    ivan.store.do(watch_ticket, ticket)
    anna.store.do(add_watcher, ticket, user_id=who)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert [one.user_id for one in anna.store.ask(list_watchers, ticket)] == [who]


def test_the_same_link_made_apart_is_one_and_a_circle_ends(
    anna: Desk, ivan: Desk, tickets: list[TicketId]
) -> None:
    dark, cold = tickets
    rows = [anna.store.ask(get_ticket, one) for one in tickets]
    numbers = {row.id: row.number for row in rows if row is not None}
    anna.store.do(link_tickets, dark, number=numbers[cold])
    ivan.store.do(link_tickets, cold, number=numbers[dark])
    anna.store.do(link_tickets, dark, number=numbers[cold], kind=LinkKind.DUPLICATE_OF)
    ivan.store.do(link_tickets, cold, number=numbers[dark], kind=LinkKind.DUPLICATE_OF)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        words = [one.words for one in desk.store.ask(list_links, dark)]
        assert words == ["Related to", "Duplicate of", "Has a duplicate"]
