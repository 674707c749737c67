"""Tags on tickets: put on and taken off, found by, and heard by what looks at a ticket's tags."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.assignment.commands import create_rule, create_skill, set_skilled
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.macros.commands import create_macro
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.queue.next import Factor, get_next
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.sla.explain import explain_sla
from deskcrm.domain.sla.words import lines_of
from deskcrm.domain.tags.commands import create_tag, delete_tag, merge_tags, tag_clients
from deskcrm.domain.tags.model import TagId
from deskcrm.domain.tags.on_tickets import (
    change_ticket_tags,
    set_ticket_tags,
    tag_tickets,
    tag_tickets_by_name,
    untag_tickets,
)
from deskcrm.domain.tags.queries import list_tags, list_worn
from deskcrm.domain.tickets.commands import delete_tickets, open_ticket, route_tickets
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.outcomes import outcome_of, page_outcome
from deskcrm.domain.tickets.queries import TicketRow, get_ticket, page_tickets
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from tests.domain.behind import behind


@pytest.fixture
def tickets(desk: Store, client: ClientId) -> list[TicketId]:
    return [desk.do(open_ticket, client, subject=one).value for one in ("Dark", "Cold", "Wet")]


@pytest.fixture
def vpn(desk: Store) -> TagId:
    return desk.do(create_tag, name="VPN").value


def row_of(desk: Store, ticket: TicketId) -> TicketRow:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row


def worn(desk: Store, ticket: TicketId) -> list[str]:
    return [tag.name for tag in row_of(desk, ticket).tags]


def found(desk: Store, comparison: Comparison, value: str | None = None) -> list[str]:
    rows = desk.ask(page_tickets, asked=Filter().also("tag", comparison, value))
    return sorted(row.subject for row in rows)


def test_a_tag_is_put_on_many_taken_off_some_and_undone(
    desk: Store, tickets: list[TicketId], vpn: TagId
) -> None:
    desk.do(tag_tickets, tickets[:1], tag_id=vpn)
    assert desk.do(tag_tickets, tickets, tag_id=vpn).value.changed == (*tickets[1:],)
    assert desk.do(tag_tickets, tickets, tag_id=vpn).step is None
    assert [worn(desk, one) for one in tickets] == [["VPN"]] * 3
    desk.do(untag_tickets, tickets[:2], tag_id=vpn)
    assert [worn(desk, one) for one in tickets] == [[], [], ["VPN"]]
    assert desk.do(untag_tickets, tickets[:2], tag_id=vpn).step is None
    assert desk.do(tag_tickets_by_name, tickets, name=" vpn").value.changed == (*tickets[:2],)
    desk.undo()
    desk.undo()
    assert [worn(desk, one) for one in tickets] == [["VPN"]] * 3
    desk.undo()
    assert [worn(desk, one) for one in tickets] == [["VPN"], [], []]


def test_exactly_these_are_worn_and_a_word_without_letters_is_refused(
    desk: Store, tickets: list[TicketId]
) -> None:
    assert desk.do(set_ticket_tags, tickets[0], names=["VPN", "Ёлка"]).value == 2
    assert worn(desk, tickets[0]) == ["VPN", "Ёлка"]
    assert desk.do(set_ticket_tags, tickets[0], names=["елка", "Month end"]).value == 2
    assert worn(desk, tickets[0]) == ["Month end", "Ёлка"]
    desk.undo()
    assert worn(desk, tickets[0]) == ["VPN", "Ёлка"]
    with pytest.raises(UserError, match="needs a name"):
        desk.do(set_ticket_tags, tickets[0], names=["VPN", " "])
    desk.do(set_ticket_tags, tickets[0], names=[])
    assert worn(desk, tickets[0]) == []


def test_history_and_the_outcome_say_which_tag(
    desk: Store, client: ClientId, tickets: list[TicketId], vpn: TagId
) -> None:
    desk.do(tag_tickets, tickets[:1], tag_id=vpn)
    done = desk.do(tag_tickets, tickets, tag_id=vpn)
    outcome = outcome_of(done.step, done.value, tickets)
    rows = desk.ask(page_outcome, outcome, [*outcome.changed, *outcome.same])
    assert [(row.is_changed, row.lines) for row in rows] == [
        (True, ("Added: ticket tag “VPN”",)), (True, ("Added: ticket tag “VPN”",)), (False, ()),
    ]  # fmt: skip
    desk.do(untag_tickets, tickets[:1], tag_id=vpn)
    last = desk.ask(list_history, client)[0]
    assert (last.label, last.lines) == ("Removed tag", ("Deleted: ticket tag “VPN”",))


def test_some_tags_are_put_on_and_others_taken_off_as_one_step(
    desk: Store, tickets: list[TicketId], vpn: TagId
) -> None:
    desk.do(tag_tickets, tickets[:2], tag_id=vpn)
    assert [tag.name for tag in desk.ask(list_worn, tickets)] == ["VPN"]
    done = desk.do(change_ticket_tags, tickets, names=["Slow", " "], going=[vpn])
    assert done.value.changed == tuple(tickets)
    assert [worn(desk, one) for one in tickets] == [["Slow"]] * 3
    assert desk.do(change_ticket_tags, tickets, names=["slow"], going=[vpn]).step is None
    desk.undo()
    assert [worn(desk, one) for one in tickets] == [["VPN"], ["VPN"], []]
    for names, going, said in (([" "], [], "No tag is chosen"), (["vpn"], [vpn], "and taken off")):
        with pytest.raises(UserError, match=said):
            desk.do(change_ticket_tags, tickets, names=names, going=going)
    assert [worn(desk, one) for one in tickets] == [["VPN"], ["VPN"], []]


def test_tickets_are_found_by_their_own_tags_wherever_they_are_read(
    desk: Store, client: ClientId, tickets: list[TicketId], vpn: TagId
) -> None:
    desk.do(tag_clients, [client], tag_id=vpn)
    assert found(desk, Comparison.IS, vpn.hex) == []
    desk.do(tag_tickets, tickets[:1], tag_id=vpn)
    assert found(desk, Comparison.IS, vpn.hex) == ["Dark"]
    assert found(desk, Comparison.IS_NOT, vpn.hex) == ["Cold", "Wet"]
    assert found(desk, Comparison.IS_EMPTY) == ["Cold", "Wet"]
    desk.do(merge_tickets, tickets[:1], into_id=tickets[1])
    assert worn(desk, tickets[1]) == ["VPN"]
    assert found(desk, Comparison.IS, vpn.hex) == ["Cold", "Dark"]
    with pytest.raises(UserError, match="was merged into ticket"):
        desk.do(untag_tickets, tickets[:1], tag_id=vpn)
    assert desk.do(tag_tickets, tickets[1:2], tag_id=vpn).step is None
    desk.do(untag_tickets, tickets[1:2], tag_id=vpn)
    assert worn(desk, tickets[1]) == []
    desk.undo()
    desk.undo()
    assert [worn(desk, one) for one in tickets] == [["VPN"], [], []]


def test_tags_are_counted_merged_hidden_and_go_with_their_ticket(
    desk: Store, client: ClientId, tickets: list[TicketId], vpn: TagId
) -> None:
    desk.do(tag_tickets, tickets[:2], tag_id=vpn)
    other = desk.do(tag_tickets_by_name, tickets[1:], name="Tunnel").value
    assert other.changed == (*tickets[1:],)
    tunnel = next(tag for tag in desk.ask(list_tags) if tag.name == "Tunnel")
    assert (tunnel.clients, tunnel.tickets) == (0, 2)
    assert desk.do(merge_tags, vpn, others=[tunnel.id]).value == 1
    assert [worn(desk, one) for one in tickets] == [["VPN"]] * 3
    desk.undo()
    desk.do(delete_tag, vpn)
    assert [worn(desk, one) for one in tickets] == [[], ["Tunnel"], ["Tunnel"]]
    # Nobody wears a new tag of an old name.
    desk.do(create_tag, name="vpn")
    assert worn(desk, tickets[0]) == []
    desk.undo()
    desk.undo()
    desk.do(delete_tickets, tickets[:1])
    assert {tag.name: tag.tickets for tag in desk.ask(list_tags)} == {"VPN": 1, "Tunnel": 2}
    desk.undo()
    assert worn(desk, tickets[0]) == ["VPN"]


def test_policies_rules_skills_and_the_queue_hear_a_ticket_s_own_tag(
    desk: Store, client: ClientId, tickets: list[TicketId], vpn: TagId
) -> None:
    fast = desk.do(create_policy, name="Fast", tags=[vpn], resolution_minutes=10).value
    desk.do(add_user, name="Boris")
    desk.do(create_rule, name="Tunnels", way=Way.LEAST_BUSY, tags=[vpn])
    skill = desk.do(create_skill, name="Tunnels", tags=[vpn]).value
    desk.do(set_skilled, skill, user_ids=[UserId(desk.actor)])
    ticket = tickets[0]
    due = row_of(desk, ticket).due_at
    with pytest.raises(UserError, match="No rule of assignment matches"):
        desk.do(route_tickets, [ticket])
    other = desk.do(create_tag, name="Pilot").value
    desk.do(tag_clients, [client], tag_id=other)
    explained = desk.ask(explain_sla, ticket)
    assert explained is not None and explained.policy_id is None
    said = list(lines_of(explained, str))[1]
    assert said == (
        "  “Fast” does not match: it asks for the tag VPN; the ticket and its client have Pilot."
    )
    desk.do(tag_tickets, [ticket], tag_id=vpn)
    explained = desk.ask(explain_sla, ticket)
    assert explained is not None and explained.policy_id == fast
    assert row_of(desk, ticket).due_at != due
    following = desk.ask(get_next)
    assert following is not None and following.row.id == ticket
    assert Factor.SKILL in [one.factor for one in following.why]
    assert desk.do(route_tickets, [ticket]).value == 1
    # What is merged into another brings its tag there, and its policy.
    desk.do(merge_tickets, [ticket], into_id=tickets[1])
    explained = desk.ask(explain_sla, tickets[1])
    assert explained is not None and explained.policy_id == fast
    assert not behind(desk)


def test_a_macro_needs_no_more_than_a_tag(desk: Store, vpn: TagId) -> None:
    with pytest.raises(UserError, match="does nothing"):
        desk.do(create_macro, name="Tunnel", tags=[])
    desk.do(create_macro, name="Tunnel", tags=[vpn])
