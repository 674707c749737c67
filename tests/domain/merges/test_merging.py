"""Merging tickets: read in one, found by either number, and undo puts all of it back."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.queries import list_ticket_attachments
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.links.commands import link_tickets
from deskcrm.domain.links.queries import list_links
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.domain.merges.commands import merge_tickets, part_ticket
from deskcrm.domain.merges.queries import Home, get_home, list_joins
from deskcrm.domain.notices.news import news_items
from deskcrm.domain.tickets.commands import (
    add_note,
    client_wrote,
    delete_tickets,
    edit_ticket,
    open_ticket,
    reply,
    set_priority,
    set_state,
)
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.tickets.queries import (
    TicketRow,
    find_tickets_by_number,
    get_ticket,
    get_ticket_counts,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.watchers.commands import add_watcher, remove_watcher
from deskcrm.domain.watchers.queries import list_watchers
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.watch import Watch


@pytest.fixture
def tickets(desk: Store, client: ClientId, watch: Watch) -> list[TicketId]:
    """Give three tickets by mail, an hour apart: 1000, 1001, 1002."""
    made = []
    for subject in ("Dark", "Cold", "Wet"):
        made.append(
            desk.do(
                open_ticket, client, subject=subject, text=f"It is {subject}", channel=Channel.EMAIL
            ).value
        )
        watch.move(hours=1)
    return made


def row_of(desk: Store, ticket: TicketId) -> TicketRow:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row


def said(desk: Store, ticket: TicketId) -> list[str]:
    thread = desk.ask(get_thread, ticket)
    return [one.text for one in thread if isinstance(one, ThreadMessage)]


def everything(desk: Store, tickets: list[TicketId]) -> list[object]:
    """Give all that a person sees of these tickets."""
    found: list[object] = []
    for one in tickets:
        found += [row_of(desk, one), said(desk, one), desk.ask(list_links, one)]
        found += [desk.ask(list_watchers, one), desk.ask(list_ticket_attachments, one)]
    return found


def test_what_was_said_is_read_in_the_other_one(desk: Store, tickets: list[TicketId]) -> None:
    dark, cold, _ = tickets
    desk.do(merge_tickets, [cold], into_id=dark)
    assert said(desk, dark) == ["It is Dark", "It is Cold"]
    thread = desk.ask(get_thread, dark)
    assert [one.said_in for one in thread if isinstance(one, ThreadMessage)] == [None, 1001]
    row = row_of(desk, dark)
    assert (row.messages, row.state) == (2, TicketState.NEW)
    merged = row_of(desk, cold)
    assert (merged.state, merged.waiting_since) == (TicketState.CLOSED, None)
    assert desk.ask(get_home, cold) == Home(dark, 1000, "Dark")
    assert desk.ask(get_home, dark) is None
    assert desk.ask(get_ticket_counts).open == 2


def test_both_say_what_became_of_them(desk: Store, tickets: list[TicketId]) -> None:
    dark, cold, wet = tickets
    desk.do(merge_tickets, [cold], into_id=dark)
    assert [one.said for one in desk.ask(list_joins, dark)] == [
        "Anna merged #1001 “Cold” into this ticket"
    ]
    assert [one.said for one in desk.ask(list_joins, cold)] == [
        "Anna merged this ticket into #1000 “Dark”"
    ]
    desk.do(merge_tickets, [dark], into_id=wet)
    words = [(one.words, one.number) for one in desk.ask(list_joins, wet)]
    assert words == [("Includes", 1000), ("Includes", 1001)]


def test_files_links_and_watchers_come_along(
    desk: Store, tickets: list[TicketId], client: ClientId
) -> None:
    dark, cold, _ = tickets
    boris = desk.do(add_user, name="Boris").value
    desk.do(paste_attachment, client, content=b"x", name="a.txt", ticket_id=cold)
    desk.do(add_watcher, cold, user_id=boris)
    desk.do(link_tickets, cold, number=1002)
    desk.do(link_tickets, cold, number=1000)
    desk.do(merge_tickets, [cold], into_id=dark)
    assert [one.name for one in desk.ask(list_ticket_attachments, dark)] == ["a.txt"]
    assert [one.name for one in desk.ask(list_watchers, dark)] == ["Boris"]
    assert [one.number for one in desk.ask(list_links, dark)] == [1002]
    with pytest.raises(UserError, match="watches ticket 1000 already"):
        desk.do(add_watcher, dark, user_id=boris)
    desk.do(remove_watcher, dark, user_id=boris)
    assert desk.ask(list_watchers, dark) == []


def test_who_watches_either_hears_what_is_said_in_the_other(
    desk: Store, tickets: list[TicketId], watch: Watch
) -> None:
    dark, cold, _ = tickets
    boris: UserId = desk.do(add_user, name="Boris").value
    desk.do(add_watcher, cold, user_id=boris)
    watch.move(minutes=1)
    desk.do(merge_tickets, [cold], into_id=dark)
    watch.move(minutes=1)
    desk.do(reply, dark, text="We look")
    me, desk.actor = desk.actor, boris
    (news,) = desk.ask(news_items)
    desk.actor = me
    assert (news.ticket_number, news.reason) == (1000, "Anna replied")


def test_either_number_finds_the_one_that_goes_on(desk: Store, tickets: list[TicketId]) -> None:
    dark, cold, _ = tickets
    desk.do(merge_tickets, [cold], into_id=dark)
    for number in (1000, 1001):
        assert [one.id for one in desk.ask(find_tickets_by_number, number)] == [dark]
        hits = desk.ask(search_everything, f"T-{number}")
        assert [one.id for one in hits if one.id in tickets] == [dark]
    desk.undo()
    assert [one.id for one in desk.ask(find_tickets_by_number, 1001)] == [cold]


def test_undo_puts_everything_back_and_redo_merges_again(
    desk: Store, tickets: list[TicketId]
) -> None:
    before = everything(desk, tickets)
    desk.do(merge_tickets, tickets[1:], into_id=tickets[0])
    after = everything(desk, tickets)
    assert after != before
    desk.undo()
    assert everything(desk, tickets) == before
    desk.redo()
    assert everything(desk, tickets) == after
    assert behind(desk) == []


def test_undo_leaves_what_a_colleague_wrote_meanwhile_where_they_wrote_it(
    desk: Store, tickets: list[TicketId], watch: Watch
) -> None:
    dark, cold, _ = tickets
    done = desk.do(merge_tickets, [cold], into_id=dark)
    watch.move(minutes=5)
    desk.do(add_note, dark, text="Looked at it")
    desk.do(client_wrote, cold, text="Still cold")  # whoever still had the page open
    assert said(desk, dark)[-2:] == ["Looked at it", "Still cold"]
    desk.undo(done.step)
    assert said(desk, dark) == ["It is Dark", "Looked at it", "Still cold"]
    assert said(desk, cold) == ["It is Cold"]
    assert row_of(desk, cold).state is TicketState.NEW


def test_a_settled_ticket_is_open_again_when_an_open_one_comes_in(
    desk: Store, tickets: list[TicketId]
) -> None:
    dark, cold, wet = tickets
    desk.do(set_state, [dark, wet], state=TicketState.RESOLVED)
    desk.do(merge_tickets, [wet], into_id=dark)
    assert row_of(desk, dark).state is TicketState.RESOLVED
    desk.do(merge_tickets, [cold], into_id=dark)
    assert row_of(desk, dark).state is TicketState.OPEN
    desk.undo()
    assert row_of(desk, dark).state is TicketState.RESOLVED


def test_what_goes_on_elsewhere_is_not_moved_by_itself(
    desk: Store, tickets: list[TicketId]
) -> None:
    dark, cold, wet = tickets
    desk.do(merge_tickets, [cold], into_id=dark)
    for deed in (
        lambda: desk.do(set_state, [cold], state=TicketState.OPEN),
        lambda: desk.do(set_priority, [cold], priority=Priority.LOW),
        lambda: desk.do(edit_ticket, cold, subject="Colder"),
        lambda: desk.do(merge_tickets, [cold], into_id=wet),
    ):
        with pytest.raises(UserError, match="Ticket 1001 was merged into ticket 1000"):
            deed()
    desk.do(merge_tickets, [wet], into_id=cold)  # means the one that goes on
    assert desk.ask(get_home, wet) == Home(dark, 1000, "Dark")


def test_several_are_merged_at_once_and_each_refusal_is_said(
    desk: Store, tickets: list[TicketId]
) -> None:
    other = desk.do(create_company, name="Other").value
    foreign = desk.do(open_ticket, other, subject="Foreign").value
    outcome = desk.do(merge_tickets, [*tickets, foreign], into_id=tickets[0]).value
    assert outcome.changed == (tickets[1], tickets[2])
    assert outcome.refused == {foreign: "Tickets 1003 and 1000 are of two clients."}
    with pytest.raises(UserError, match="of two clients"):
        desk.do(merge_tickets, [foreign], into_id=tickets[0])
    with pytest.raises(UserError, match="with itself"):
        desk.do(merge_tickets, tickets[:1], into_id=tickets[0])


def test_a_deleted_ticket_takes_along_what_was_merged_into_it(
    desk: Store, tickets: list[TicketId]
) -> None:
    dark, cold, _ = tickets
    desk.do(merge_tickets, [cold], into_id=dark)
    before = everything(desk, tickets)
    desk.do(delete_tickets, [dark])
    assert [desk.ask(get_ticket, one) is None for one in tickets] == [True, True, False]
    desk.undo()
    assert everything(desk, tickets) == before
    assert behind(desk) == []


def test_merged_tickets_are_parted_long_after_with_all_that_was_said_in_each(
    desk: Store, client: ClientId, tickets: list[TicketId], watch: Watch
) -> None:
    dark, cold, wet = tickets
    desk.do(set_state, [wet], state=TicketState.RESOLVED)
    desk.do(merge_tickets, [cold, wet], into_id=dark)
    watch.move(days=90)
    desk.do(add_note, cold, text="Of both")
    desk.do(reply, dark, text="Done", state=TicketState.RESOLVED)
    before = everything(desk, tickets)
    desk.do(part_ticket, cold)
    assert (said(desk, cold), row_of(desk, cold).state) == (["It is Cold"], TicketState.OPEN)
    assert row_of(desk, cold).waiting_since is not None, "the reply was given in the other"
    assert said(desk, dark) == ["It is Dark", "It is Wet", "Of both", "Done"]
    assert desk.ask(get_home, cold) is None
    step = desk.ask(list_history, client)[0]
    assert step.label == "Parted tickets" and "Deleted: ticket merge" in step.lines
    # Who was settled before it was merged stays so.
    desk.do(part_ticket, wet)
    assert row_of(desk, wet).state is TicketState.CLOSED
    with pytest.raises(UserError, match="Ticket 1001 is not merged into another"):
        desk.do(part_ticket, cold)
    assert behind(desk) == []
    desk.undo()
    desk.undo()
    assert everything(desk, tickets) == before
