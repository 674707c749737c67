"""Tickets apart: a client's word that one side had not seen keeps a ticket open, in either order.

And a tag that two put on apart is one; who takes it off without having seen that takes nothing.
"""

from collections.abc import Callable

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.sla.settings import FIRST_RESPONSE
from deskcrm.domain.tags.commands import create_tag
from deskcrm.domain.tags.on_tickets import tag_tickets, tag_tickets_by_name, untag_tickets
from deskcrm.domain.tickets.commands import add_note, client_wrote, open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow, get_ticket
from deskcrm.domain.tickets.states import TicketState
from tests.domain.behind import behind
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.people import both, tables


@pytest.fixture
def anna(either_site: Site, make_desk: MakeDesk) -> Desk:
    return join(either_site, make_desk, "anna")


@pytest.fixture
def ivan(either_site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    desk = join(either_site, make_desk, "ivan")
    both(anna, desk)
    return desk


@pytest.fixture
def ticket(anna: Desk, ivan: Desk) -> TicketId:
    acme = anna.store.do(create_company, name="Acme").value
    made = anna.store.do(
        open_ticket, acme, subject="Dark", text="Dark", channel=Channel.EMAIL
    ).value
    both(anna, ivan)
    anna.watch.move(minutes=10)
    return made


def row_of(desk: Desk, ticket: TicketId) -> TicketRow:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    return row


def check_same(anna: Desk, ivan: Desk) -> None:
    assert tables(anna) == tables(ivan)
    assert behind(anna.store) == behind(ivan.store) == []


_SETTLED = (TicketState.RESOLVED, TicketState.CLOSED)


@pytest.mark.parametrize("is_word_first", [True, False])
def test_a_word_that_was_not_seen_keeps_a_ticket_open_whichever_is_sent_first(
    anna: Desk, ivan: Desk, ticket: TicketId, is_word_first: bool
) -> None:
    client = row_of(anna, ticket).client_id
    kept: dict[TicketId, TicketState] = {}
    for before in (TicketState.NEW, TicketState.OPEN, TicketState.WAITING_ON_THIRD_PARTY):
        for _ in _SETTLED:
            made = anna.store.do(open_ticket, client, subject=before, channel=Channel.EMAIL).value
            kept[made] = before
            if before is not TicketState.NEW:
                anna.store.do(set_state, [made], state=before)
    both(anna, ivan)
    for number, one in enumerate(kept):
        anna.store.do(reply, one, text="Turn it on", state=_SETTLED[number % 2])
        ivan.store.do(client_wrote, one, text="Still dark", channel=Channel.EMAIL)
    for desk in (ivan, anna) if is_word_first else (anna, ivan):
        desk.sync()
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        rows = {one: row_of(desk, one) for one in kept}
        assert {one: row.state for one, row in rows.items()} == kept
        assert {(row.resolved_at, row.closed_at) for row in rows.values()} == {(None, None)}
        assert all(row.due_at is not None for row in rows.values())


def test_who_had_seen_the_word_settles_the_ticket(anna: Desk, ivan: Desk, ticket: TicketId) -> None:
    ivan.store.do(client_wrote, ticket, text="It works", channel=Channel.EMAIL)
    both(anna, ivan)
    anna.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    both(anna, ivan)
    check_same(anna, ivan)
    assert row_of(ivan, ticket).state is TicketState.RESOLVED


def test_a_word_taken_back_lets_the_ticket_be_settled_again(
    anna: Desk, ivan: Desk, ticket: TicketId
) -> None:
    ivan.store.do(client_wrote, ticket, text="Not theirs", channel=Channel.EMAIL)
    ivan.store.undo()
    both(anna, ivan)
    anna.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    both(anna, ivan)
    check_same(anna, ivan)
    assert row_of(ivan, ticket).state is TicketState.RESOLVED


def test_a_tag_put_on_apart_is_one_and_is_not_taken_off_unseen(
    anna: Desk, ivan: Desk, ticket: TicketId
) -> None:
    vpn = anna.store.do(create_tag, name="VPN").value
    both(anna, ivan)
    for desk in (anna, ivan):
        desk.store.do(tag_tickets, [ticket], tag_id=vpn)
    both(anna, ivan)
    check_same(anna, ivan)
    assert [tag.name for tag in row_of(ivan, ticket).tags] == ["VPN"]
    anna.store.do(untag_tickets, [ticket], tag_id=vpn)
    both(anna, ivan)
    anna.store.do(tag_tickets, [ticket], tag_id=vpn)
    ivan.store.do(tag_tickets, [ticket], tag_id=vpn)
    anna.store.do(untag_tickets, [ticket], tag_id=vpn)
    both(anna, ivan)
    check_same(anna, ivan)
    assert [tag.name for tag in row_of(anna, ticket).tags] == ["VPN"]


@pytest.mark.parametrize(
    ("table", "write"),
    [
        ("ticket_message", lambda desk, ticket: desk.store.do(reply, ticket, text="Lights on")),
        ("ticket_message", lambda desk, ticket: desk.store.do(add_note, ticket, text="A fuse")),
        (
            "ticket_tag",
            lambda desk, ticket: desk.store.do(tag_tickets_by_name, [ticket], name="urgent"),
        ),
        (
            "ticket_transition",
            lambda desk, ticket: desk.store.do(set_state, [ticket], state=TicketState.RESOLVED),
        ),
        ("preference", lambda desk, _: desk.store.do(set_setting, FIRST_RESPONSE, value=1)),
    ],
)
def test_what_is_refused_leaves_a_ticket_where_it_stood(
    either_site: Site,
    anna: Desk,
    ivan: Desk,
    ticket: TicketId,
    table: str,
    write: Callable[[Desk, TicketId], object],
) -> None:
    before = row_of(ivan, ticket)
    either_site.refuses.add(table)
    write(ivan, ticket)
    assert [one.detail for one in ivan.sync().refused] == ["rights"]
    assert row_of(ivan, ticket) == before
    check_same(anna, ivan)
