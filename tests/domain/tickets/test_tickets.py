"""Tickets: opened, answered, moved on, handed over; and each of these taken back."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.alarms import Alarm
from deskcrm.domain.tickets.commands import (
    add_note,
    assign_tickets,
    claim_ticket,
    client_wrote,
    delete_tickets,
    edit_ticket,
    open_ticket,
    reopen_ticket,
    reply,
    set_priority,
    set_state,
)
from deskcrm.domain.tickets.model import MessageKind, Priority, TicketId, TicketKind
from deskcrm.domain.tickets.queries import (
    count_tickets,
    find_tickets_by_number,
    get_ticket,
    get_ticket_counts,
    list_open_tickets,
    list_ticket_ids,
    page_tickets,
)
from deskcrm.domain.tickets.states import TicketState, merge_states
from deskcrm.domain.tickets.thread import ThreadMessage, ThreadStep, get_thread
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.outcomes import Bulk
from deskcrm.store.store import Store
from tests.watch import START, Watch

OPEN = Filter().also("is_open", Comparison.IS, True)


def opened(desk: Store, client: ClientId, **more: object) -> TicketId:
    return desk.do(open_ticket, client, **{"subject": "No light", **more}).value  # type: ignore[arg-type]  # each test knows its own


def state_of(desk: Store, ticket: TicketId) -> TicketState:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row.state


def test_opening_a_ticket_gives_it_a_number_and_a_thread(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client, text="It is dark here.", kind=TicketKind.COMPLAINT)
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.number, row.subject, row.client, row.state) == (
        1000,
        "No light",
        "Acme",
        TicketState.NEW,
    )
    opening, word = desk.ask(get_thread, ticket)
    assert isinstance(opening, ThreadStep) and opening.before is None
    assert isinstance(word, ThreadMessage) and word.text == "It is dark here."
    assert word.kind is MessageKind.CLIENT_WORD


def test_undo_takes_the_ticket_away_and_redo_gives_it_back_its_number(
    desk: Store, client: ClientId
) -> None:
    ticket = opened(desk, client)
    desk.undo()
    assert desk.ask(get_ticket, ticket) is None
    assert desk.ask(count_tickets) == 0
    desk.redo()
    row = desk.ask(get_ticket, ticket)
    assert row is not None and row.number == 1000
    other = desk.ask(get_ticket, opened(desk, client))
    assert other is not None and other.number == 1001


def test_a_number_that_was_undone_is_not_given_again(desk: Store, client: ClientId) -> None:
    opened(desk, client)
    desk.undo()
    row = desk.ask(get_ticket, opened(desk, client))
    assert row is not None and row.number == 1001


def test_a_ticket_without_a_subject_is_refused(desk: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="needs a subject"):
        opened(desk, client, subject="  ")
    assert desk.ask(count_tickets) == 0


def test_a_contact_of_another_client_is_refused(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    stranger = desk.do(add_contact, other, name="Boris").value
    with pytest.raises(UserError, match="belongs to another client"):
        opened(desk, client, contact_id=stranger)
    ticket = opened(desk, client)
    for changes, said in (
        ({"contact_id": stranger}, "another client"),
        ({"subject": " "}, "needs a"),
    ):
        with pytest.raises(UserError, match=said):
            desk.do(edit_ticket, ticket, **changes)


def test_a_reply_opens_a_new_ticket_and_is_taken_back(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client, text="Dark.")
    desk.do(reply, ticket, text="We look at it.")
    assert state_of(desk, ticket) is TicketState.OPEN
    assert len(desk.ask(get_thread, ticket)) == 4
    desk.undo()
    assert state_of(desk, ticket) is TicketState.NEW
    assert len(desk.ask(get_thread, ticket)) == 2


def test_a_reply_can_move_the_ticket_on(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(reply, ticket, text="Done.", state=TicketState.RESOLVED)
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert row.state is TicketState.RESOLVED and row.resolved_at == START


def test_an_empty_message_is_refused(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    for command in (reply, add_note, client_wrote):
        with pytest.raises(UserError, match="empty"):
            desk.do(command, ticket, text=" \n ")


def test_a_note_is_not_an_answer(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client, text="Dark.", channel=Channel.EMAIL)
    desk.do(add_note, ticket, text="He is angry.")
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert row.waiting_since == START and row.first_reply_at is None
    desk.undo()
    assert len(desk.ask(get_thread, ticket)) == 2


def test_the_clients_word_reopens_a_settled_ticket(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    desk.do(set_state, [ticket], state=TicketState.CLOSED)
    watch.move(hours=1)
    desk.do(client_wrote, ticket, text="Dark again.")
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.state, row.resolved_at, row.reopened) == (TicketState.OPEN, None, 1)
    desk.undo()
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.state, row.resolved_at, row.reopened) == (TicketState.CLOSED, START, 0)


def test_the_clients_word_ends_the_waiting_for_it(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(set_state, [ticket], state=TicketState.WAITING_ON_CLIENT)
    desk.do(client_wrote, ticket, text="Here is the picture.")
    assert state_of(desk, ticket) is TicketState.OPEN


def test_the_clients_word_leaves_a_third_party_to_be_waited_for(
    desk: Store, client: ClientId
) -> None:
    ticket = opened(desk, client)
    desk.do(set_state, [ticket], state=TicketState.WAITING_ON_THIRD_PARTY)
    desk.do(client_wrote, ticket, text="And?")
    assert state_of(desk, ticket) is TicketState.WAITING_ON_THIRD_PARTY


def test_states_that_make_no_sense_are_refused(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(set_state, [ticket], state=TicketState.CLOSED)
    with pytest.raises(UserError, match=r"from “Closed” to “Waiting on client”"):
        desk.do(set_state, [ticket], state=TicketState.WAITING_ON_CLIENT)
    with pytest.raises(UserError, match="New"):
        desk.do(set_state, [ticket], state=TicketState.NEW)
    desk.do(reopen_ticket, ticket)
    with pytest.raises(UserError, match="still open"):
        desk.do(reopen_ticket, ticket)
    desk.undo()
    assert state_of(desk, ticket) is TicketState.CLOSED


def test_many_tickets_move_at_once_or_not_at_all(desk: Store, client: ClientId) -> None:
    tickets = [opened(desk, client) for _ in range(3)]
    assert desk.do(set_state, tickets, state=TicketState.RESOLVED).value == Bulk(tuple(tickets))
    assert desk.do(set_state, tickets, state=TicketState.RESOLVED).value == Bulk(())
    desk.undo()
    assert desk.ask(count_tickets, asked=OPEN) == 3
    gone = tickets[0]
    desk.do(delete_tickets, [gone])
    with pytest.raises(UserError, match="1 ticket is not there"):
        desk.do(set_state, tickets, state=TicketState.RESOLVED)
    assert desk.ask(count_tickets, asked=OPEN) == 2


def test_a_ticket_is_claimed_once(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(claim_ticket, ticket)
    with pytest.raises(UserError, match="yours already"):
        desk.do(claim_ticket, ticket)
    boris = desk.do(add_user, name="Boris").value
    assert desk.do(assign_tickets, [ticket], owner_id=boris).value == Bulk((ticket,))
    with pytest.raises(UserError, match="Somebody else has ticket 1000"):
        desk.do(claim_ticket, ticket)
    desk.undo()
    row = desk.ask(get_ticket, ticket)
    assert row is not None and row.owner == "Anna"


def test_tickets_are_not_handed_to_who_does_not_work_here(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    with pytest.raises(UserError):
        desk.do(assign_tickets, [ticket], owner_id=UserId(client))


def test_editing_changes_what_is_given_and_is_taken_back(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    contact = desk.do(add_contact, client, name="Boris").value
    desk.do(edit_ticket, ticket, subject="Dark", kind=TicketKind.QUESTION, contact_id=contact)
    desk.do(set_priority, [ticket], priority=Priority.URGENT)
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.subject, row.kind, row.contact, row.priority) == (
        "Dark",
        TicketKind.QUESTION,
        "Boris",
        Priority.URGENT,
    )
    desk.undo()
    desk.undo()
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.subject, row.contact, row.priority) == ("No light", "", Priority.NORMAL)


def test_who_waits_is_known_from_the_thread(desk: Store, client: ClientId, watch: Watch) -> None:
    ticket = opened(desk, client, text="Dark.", channel=Channel.EMAIL)
    watch.move(minutes=10)
    desk.do(client_wrote, ticket, text="Still dark.")
    row = desk.ask(get_ticket, ticket)
    assert row is not None and row.waiting_since == START
    answered = watch.move(minutes=10)
    desk.do(reply, ticket, text="On it.")
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.waiting_since, row.first_reply_at, row.last_reply_at) == (None, answered, answered)
    again = watch.move(minutes=10)
    desk.do(client_wrote, ticket, text="Thanks, and?")
    watch.move(minutes=10)
    desk.do(client_wrote, ticket, text="Hello?")
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    assert (row.waiting_since, row.first_reply_at, row.messages) == (again, answered, 5)


def test_who_was_heard_on_the_phone_does_not_wait_for_an_answer(
    desk: Store, client: ClientId
) -> None:
    row = desk.ask(get_ticket, opened(desk, client, text="Dark.", channel=Channel.CALL))
    assert row is not None and row.waiting_since is None
    row = desk.ask(get_ticket, opened(desk, client, channel=Channel.PORTAL))
    assert row is not None and row.waiting_since == START


def test_the_list_is_filtered_and_sorted(desk: Store, client: ClientId, watch: Watch) -> None:
    first = opened(desk, client, priority=Priority.LOW)
    watch.move(minutes=1)
    second = opened(desk, client, priority=Priority.URGENT, channel=Channel.EMAIL)
    watch.move(minutes=1)
    third = opened(desk, client, priority=Priority.HIGH)
    desk.do(set_state, [third], state=TicketState.RESOLVED)
    desk.do(assign_tickets, [first], owner_id=UserId(desk.actor))

    def listed(**how: object) -> list[TicketId]:
        return [row.id for row in desk.ask(page_tickets, **how)]  # type: ignore[arg-type]  # each call knows its own

    assert listed() == [third, second, first]
    assert listed(descending=False, limit=1, offset=1) == [second]
    assert listed(sort="priority", descending=False) == [second, third, first]
    assert listed(sort="waiting_since", descending=False)[0] == second
    assert listed(asked=OPEN) == [second, first]
    assert listed(asked=OPEN.also("owner", Comparison.IS, "me")) == [first]
    assert listed(asked=OPEN.also("owner", Comparison.IS_EMPTY)) == [second]
    assert listed(asked=Filter().also("is_unanswered", Comparison.IS, True)) == [second]
    assert listed(asked=Filter().also("state", Comparison.IS, "resolved")) == [third]
    assert desk.ask(list_ticket_ids, asked=OPEN) == [second, first]
    assert desk.ask(count_tickets, asked=OPEN) == 2
    assert len(listed(client_id=client)) == desk.ask(count_tickets, client_id=client) == 3
    assert listed(client_id=ClientId(first)) == []
    counts = desk.ask(get_ticket_counts)
    alarms = counts.alarms
    assert (counts.open, counts.mine) == (2, 1)
    assert (alarms[Alarm.UNOWNED], alarms[Alarm.UNANSWERED]) == (1, 1)


def test_tickets_of_a_deleted_client_are_hidden_with_it(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(delete_clients, [client])
    assert desk.ask(count_tickets) == 0
    assert desk.ask(page_tickets) == []
    desk.undo()
    assert [row.id for row in desk.ask(page_tickets)] == [ticket]


def test_a_clients_open_tickets_are_listed_oldest_first(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    first = opened(desk, client)
    watch.move(minutes=1)
    second = opened(desk, client)
    watch.move(minutes=1)
    settled = opened(desk, client)
    desk.do(set_state, [settled], state=TicketState.CLOSED)
    assert [row.id for row in desk.ask(list_open_tickets, client)] == [first, second]
    assert [row.id for row in desk.ask(find_tickets_by_number, 1001)] == [second]


@pytest.mark.parametrize("other", TicketState)
def test_what_is_still_worked_on_is_not_settled_by_another(other: TicketState) -> None:
    merged = merge_states(TicketState.OPEN, other)
    assert merged is TicketState.OPEN
    assert merge_states(other, TicketState.OPEN) is merged
    assert merge_states(TicketState.RESOLVED, TicketState.WAITING_ON_CLIENT).is_open
