"""Links between tickets: seen from both ends, undone, and refused in words."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.links.commands import link_tickets, unlink_tickets
from deskcrm.domain.links.model import LinkKind, TicketLink
from deskcrm.domain.links.queries import list_links
from deskcrm.domain.tickets.commands import delete_tickets, open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Missing, Work

RELATED, DUPLICATE_OF, CAUSED_BY, BLOCKS = LinkKind


@command("links.test_add_apart", "Link as another device did")
def add_apart(work: Work, one: TicketId, other: TicketId, client: ClientId) -> None:
    work.put(TicketLink, kind=DUPLICATE_OF, ticket_id=one, other_id=other, client_id=client)


@pytest.fixture
def tickets(desk: Store, client: ClientId) -> list[TicketId]:
    return [desk.do(open_ticket, client, subject=subject).value for subject in "ABC"]


def number(desk: Store, ticket: TicketId) -> int:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row.number


def link(desk: Store, one: TicketId, kind: LinkKind, other: TicketId) -> None:
    desk.do(link_tickets, one, number=number(desk, other), kind=kind)


def seen(desk: Store, ticket: TicketId) -> list[tuple[str, str]]:
    return [(one.words, one.subject) for one in desk.ask(list_links, ticket)]


def test_a_link_is_seen_from_both_ends_and_undone(desk: Store, tickets: list[TicketId]) -> None:
    a, b, c = tickets
    link(desk, a, DUPLICATE_OF, b)
    link(desk, a, CAUSED_BY, c)
    link(desk, b, RELATED, c)
    assert seen(desk, a) == [("Duplicate of", "B"), ("Caused by", "C")]
    assert seen(desk, b) == [("Related to", "C"), ("Has a duplicate", "A")]
    assert seen(desk, c) == [("Related to", "B"), ("Cause of", "A")]
    desk.undo()
    assert seen(desk, b) == [("Has a duplicate", "A")]


def test_a_removed_link_is_gone_from_both_ends_and_can_be_made_again(
    desk: Store, tickets: list[TicketId]
) -> None:
    a, b, _ = tickets
    link(desk, a, RELATED, b)
    (row,) = desk.ask(list_links, b)
    desk.do(unlink_tickets, row.id)
    assert seen(desk, a) == seen(desk, b) == []
    desk.undo()
    assert seen(desk, a) == [("Related to", "B")]
    desk.redo()
    link(desk, b, RELATED, a)
    assert [one.id for one in desk.ask(list_links, a)] == [row.id]


def test_a_ticket_is_not_linked_to_itself(desk: Store, tickets: list[TicketId]) -> None:
    with pytest.raises(UserError, match="to itself"):
        link(desk, tickets[0], RELATED, tickets[0])


@pytest.mark.parametrize("kind", LinkKind)
def test_the_same_link_is_refused_the_second_time(
    desk: Store, tickets: list[TicketId], kind: LinkKind
) -> None:
    a, b, _ = tickets
    link(desk, a, kind, b)
    with pytest.raises(UserError, match="already"):
        link(desk, a, kind, b)


def test_related_is_the_same_link_from_either_end(desk: Store, tickets: list[TicketId]) -> None:
    a, b, _ = tickets
    link(desk, a, RELATED, b)
    with pytest.raises(UserError, match="already"):
        link(desk, b, RELATED, a)


@pytest.mark.parametrize("kind", [DUPLICATE_OF, CAUSED_BY, BLOCKS])
def test_a_circle_is_refused_however_long(
    desk: Store, tickets: list[TicketId], kind: LinkKind
) -> None:
    a, b, c = tickets
    link(desk, a, kind, b)
    with pytest.raises(UserError, match="circle"):
        link(desk, b, kind, a)
    link(desk, b, kind, c)
    with pytest.raises(UserError, match="circle"):
        link(desk, c, kind, a)
    link(desk, a, kind, c)  # the long way and the short way to one end are no circle
    assert len(seen(desk, c)) == 2


def test_a_circle_that_two_people_closed_offline_is_walked_once(
    desk: Store, tickets: list[TicketId], client: ClientId
) -> None:
    a, b, c = tickets
    link(desk, a, DUPLICATE_OF, b)
    desk.do(add_apart, b, a, client)
    link(desk, c, DUPLICATE_OF, a)
    assert ("Has a duplicate", "C") in seen(desk, a)


def test_a_number_that_nobody_has_is_refused(desk: Store, tickets: list[TicketId]) -> None:
    with pytest.raises(UserError, match="no ticket 4711"):
        desk.do(link_tickets, tickets[0], number=4711)


def test_a_deleted_ticket_takes_its_links_along_and_undo_brings_them_back(
    desk: Store, tickets: list[TicketId]
) -> None:
    a, b, c = tickets
    link(desk, a, DUPLICATE_OF, b)
    link(desk, b, RELATED, c)
    desk.do(delete_tickets, [b])
    assert seen(desk, a) == seen(desk, c) == []
    with pytest.raises(Missing):
        link(desk, b, RELATED, a)
    desk.undo()
    assert seen(desk, b) == [("Related to", "C"), ("Has a duplicate", "A")]
