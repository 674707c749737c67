"""Splitting a ticket: what is picked gets a number of its own, and undo brings it home."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.queries import list_ticket_attachments
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.merges.queries import list_joins
from deskcrm.domain.merges.splitting import split_ticket
from deskcrm.domain.tickets.commands import add_note, client_wrote, open_ticket, reply
from deskcrm.domain.tickets.model import TicketId, TicketMessageId
from deskcrm.domain.tickets.queries import TicketRow, get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.watch import Watch


@pytest.fixture
def ticket(desk: Store, client: ClientId, watch: Watch) -> TicketId:
    """Give a ticket in which the client asked two things and we answered the first."""
    made = desk.do(
        open_ticket, client, subject="Dark", text="It is dark", channel=Channel.EMAIL,
        owner_id=UserId(desk.actor),
    ).value  # fmt: skip
    watch.move(minutes=10)
    desk.do(reply, made, text="We look")
    watch.move(minutes=10)
    desk.do(client_wrote, made, text="And it is cold")
    watch.move(minutes=10)
    return made


def messages(desk: Store, ticket: TicketId) -> dict[str, TicketMessageId]:
    thread = desk.ask(get_thread, ticket)
    return {one.text: one.id for one in thread if isinstance(one, ThreadMessage)}


def row_of(desk: Store, ticket: TicketId) -> TicketRow:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row


def split(desk: Store, ticket: TicketId, *texts: str) -> TicketId:
    known = messages(desk, ticket)
    picked = [known[text] for text in texts]
    return desk.do(split_ticket, ticket, subject="Cold", message_ids=picked).value


def test_what_is_picked_goes_into_a_ticket_of_its_own(desk: Store, ticket: TicketId) -> None:
    before = row_of(desk, ticket)
    new = split(desk, ticket, "And it is cold")
    assert list(messages(desk, ticket)) == ["It is dark", "We look"]
    assert list(messages(desk, new)) == ["And it is cold"]
    row = row_of(desk, new)
    assert (row.number, row.subject, row.owner) == (1001, "Cold", "Anna")
    assert row.state is TicketState.NEW
    assert row.opened_at == row.waiting_since == before.waiting_since
    assert row_of(desk, ticket).waiting_since is None
    assert [one.said for one in desk.ask(list_joins, new)] == [
        "Anna split this ticket off #1000 “Dark”"
    ]
    assert [one.said for one in desk.ask(list_joins, ticket)] == ["Anna split #1001 “Cold” off"]
    assert behind(desk) == []


def test_an_answer_that_goes_along_counts_in_the_new_one(desk: Store, ticket: TicketId) -> None:
    new = split(desk, ticket, "It is dark", "We look")
    row = row_of(desk, new)
    assert (row.state, row.waiting_since, row.messages) == (TicketState.OPEN, None, 2)
    assert row_of(desk, ticket).first_reply_at is None


def test_files_go_along_where_they_are_picked(
    desk: Store, ticket: TicketId, client: ClientId
) -> None:
    file = desk.do(paste_attachment, client, content=b"x", name="a.txt", ticket_id=ticket).value
    picked = [messages(desk, ticket)["And it is cold"]]
    new = desk.do(
        split_ticket, ticket, subject="Cold", message_ids=picked, attachment_ids=[file]
    ).value
    assert [one.name for one in desk.ask(list_ticket_attachments, new)] == ["a.txt"]
    desk.undo()
    assert [one.name for one in desk.ask(list_ticket_attachments, ticket)] == ["a.txt"]


def test_undo_brings_it_back_and_redo_takes_it_out_again(desk: Store, ticket: TicketId) -> None:
    before = (row_of(desk, ticket), messages(desk, ticket))
    new = split(desk, ticket, "And it is cold")
    after = (row_of(desk, new), messages(desk, new))
    desk.undo()
    assert (row_of(desk, ticket), messages(desk, ticket)) == before
    assert desk.ask(get_ticket, new) is None
    desk.redo()
    assert (row_of(desk, new), messages(desk, new)) == after
    assert behind(desk) == []


def test_what_a_colleague_wrote_in_the_new_one_comes_home_with_undo(
    desk: Store, ticket: TicketId
) -> None:
    boris = desk.do(add_user, name="Boris").value
    new = split(desk, ticket, "And it is cold")
    me, desk.actor = desk.actor, boris
    desk.do(add_note, new, text="The heating is off")
    desk.actor = me
    desk.undo()
    assert desk.ask(get_ticket, new) is None
    assert list(messages(desk, ticket))[-2:] == ["And it is cold", "The heating is off"]
    assert row_of(desk, ticket).messages == 4
    desk.redo()
    assert list(messages(desk, new)) == ["And it is cold", "The heating is off"]
    assert behind(desk) == []


def test_nothing_everything_and_what_is_elsewhere_is_refused(
    desk: Store, ticket: TicketId, client: ClientId
) -> None:
    other = desk.do(open_ticket, client, subject="Other", text="Other").value
    with pytest.raises(UserError, match="Nothing is picked"):
        split(desk, ticket)
    with pytest.raises(UserError, match="has to stay"):
        split(desk, ticket, "It is dark", "We look", "And it is cold")
    foreign = list(messages(desk, other).values())
    with pytest.raises(UserError, match="not in the ticket any more"):
        desk.do(split_ticket, ticket, subject="Cold", message_ids=foreign)
    known = [messages(desk, ticket)["We look"]]
    with pytest.raises(UserError, match="needs a subject"):
        desk.do(split_ticket, ticket, subject=" ", message_ids=known)


def test_what_was_merged_is_split_again(desk: Store, ticket: TicketId, client: ClientId) -> None:
    wet = desk.do(open_ticket, client, subject="Wet", text="It is wet").value
    desk.do(merge_tickets, [wet], into_id=ticket)
    new = split(desk, ticket, "It is wet")
    assert list(messages(desk, new)) == ["It is wet"]
    assert "It is wet" not in messages(desk, ticket)
    desk.undo()
    desk.undo()
    assert list(messages(desk, wet)) == ["It is wet"]


def test_the_new_one_is_not_given_to_somebody_away(
    desk: Store, ticket: TicketId, watch: Watch
) -> None:
    today = day_of(watch())
    desk.do(plan_absence, UserId(desk.actor), first_day=today, last_day=today)
    assert row_of(desk, split(desk, ticket, "And it is cold")).owner == ""
