"""Merges and splits that two people made apart: both see the same, and nothing is lost."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.merges.homes import home_of
from deskcrm.domain.merges.queries import get_home
from deskcrm.domain.merges.splitting import split_ticket
from deskcrm.domain.sla.explain import explain_sla
from deskcrm.domain.tickets.commands import add_note, client_wrote, open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId, TicketMessageId
from deskcrm.domain.tickets.queries import get_ticket, list_open_tickets
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import set_role
from deskcrm.domain.users.model import UserRole
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
    anna.store.do(set_role, desk.user, role=UserRole.AGENT)
    both(anna, desk)
    return desk


@pytest.fixture
def trio(anna: Desk, ivan: Desk) -> list[TicketId]:
    """Give three tickets of one client that both know, by mail, all unanswered."""
    acme = anna.store.do(create_company, name="Acme").value
    made = []
    for subject in "ABC":
        made.append(
            anna.store.do(
                open_ticket, acme, subject=subject, text=subject, channel=Channel.EMAIL
            ).value
        )
        anna.watch.move(minutes=10)
    both(anna, ivan)
    anna.watch.move(minutes=10)
    return made


def said(desk: Desk, ticket: TicketId) -> dict[str, TicketMessageId]:
    thread = desk.store.ask(get_thread, ticket)
    return {one.text: one.id for one in thread if isinstance(one, ThreadMessage)}


def open_ones(desk: Desk, ticket: TicketId) -> list[tuple[str, list[str]]]:
    """Give the open tickets of the client of a ticket, each with what is read in it."""
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    found = desk.store.ask(list_open_tickets, row.client_id)
    return [(one.subject, list(said(desk, one.id))) for one in found]


def check_same(anna: Desk, ivan: Desk) -> None:
    assert tables(anna) == tables(ivan)
    assert behind(anna.store) == behind(ivan.store) == []


def test_two_that_are_merged_into_one_another_are_one_and_open(
    anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, b, _ = trio
    anna.store.do(merge_tickets, [a], into_id=b)
    ivan.store.do(merge_tickets, [b], into_id=a)
    anna.store.do(add_note, b, text="Anna looked")
    ivan.store.do(add_note, a, text="Ivan looked")
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        # The older one is home, and asks for an answer as the first word of the client does.
        assert open_ones(desk, a) == [
            ("A", ["A", "B", "Anna looked", "Ivan looked"]), ("C", ["C"])
        ]  # fmt: skip
        row, sla = desk.store.ask(get_ticket, a), desk.store.ask(explain_sla, a)
        assert row is not None and sla is not None
        assert row.waiting_since == row.opened_at == sla.clocks[0].started_at
        assert sla.clocks[0].ended_at is None
    ivan.store.undo()  # his note
    ivan.store.undo()
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        home = desk.store.ask(get_home, a)
        assert home is not None and home.ticket_id == b
        assert open_ones(desk, a) == [("B", ["A", "B", "Anna looked"]), ("C", ["C"])]
    anna.store.undo()
    anna.store.undo()
    both(anna, ivan)
    check_same(anna, ivan)
    assert open_ones(ivan, a) == [("A", ["A"]), ("B", ["B"]), ("C", ["C"])]


def test_a_circle_of_three_is_one_ticket(anna: Desk, ivan: Desk, trio: list[TicketId]) -> None:
    a, b, c = trio
    anna.store.do(merge_tickets, [a], into_id=b)
    ivan.store.do(merge_tickets, [b], into_id=c)
    ivan.store.do(merge_tickets, [c], into_id=a)
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        assert open_ones(desk, a) == [("A", ["A", "B", "C"])]


def test_a_reply_and_a_word_in_a_ticket_that_is_merged_meanwhile_are_read_in_the_other(
    anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, b, _ = trio
    anna.store.do(merge_tickets, [a], into_id=b)
    anna.watch.move(minutes=1)
    ivan.store.do(reply, a, text="We look")
    ivan.store.do(client_wrote, a, text="Hurry")
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        assert open_ones(desk, a)[0] == ("B", ["A", "B", "We look", "Hurry"])
    anna.store.undo()
    both(anna, ivan)
    check_same(anna, ivan)
    assert open_ones(ivan, a)[:2] == [("A", ["A", "We look", "Hurry"]), ("B", ["B"])]


def test_a_ticket_that_was_resolved_without_seeing_what_came_in_stays_open(
    anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, b, _ = trio
    anna.store.do(merge_tickets, [a], into_id=b)
    anna.watch.move(minutes=1)
    ivan.store.do(set_state, [b], state=TicketState.RESOLVED)
    both(ivan, anna)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        assert open_ones(desk, a)[0] == ("B", ["A", "B"])
        sla = desk.store.ask(explain_sla, b)
        assert sla is not None and sla.clocks[-1].ended_at is None


def test_a_split_by_an_agent_moves_what_others_said(
    anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, *_ = trio
    anna.store.do(reply, a, text="Ours")
    anna.store.do(client_wrote, a, text="And more")
    both(anna, ivan)
    picked = [said(ivan, a)["And more"], said(ivan, a)["Ours"]]
    new = ivan.store.do(split_ticket, a, subject="D", message_ids=picked).value
    both(anna, ivan)
    check_same(anna, ivan)
    assert list(said(anna, new)) == ["Ours", "And more"]
    anna.store.do(add_note, new, text="Looked")
    ivan.store.undo()
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        assert desk.store.ask(get_ticket, new) is None
        assert set(said(desk, a)) == {"A", "Ours", "And more", "Looked"}


def test_what_two_people_split_off_apart_is_in_one_of_both(
    anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, *_ = trio
    anna.store.do(client_wrote, a, text="More")
    both(anna, ivan)
    picked = [said(anna, a)["More"]]
    hers = anna.store.do(split_ticket, a, subject="Hers", message_ids=picked).value
    anna.watch.move(minutes=1)
    his = ivan.store.do(split_ticket, a, subject="His", message_ids=picked).value
    both(anna, ivan)
    check_same(anna, ivan)
    for desk in (anna, ivan):
        assert (list(said(desk, hers)), list(said(desk, his))) == ([], ["More"])
        assert list(said(desk, a)) == ["A"]


def test_a_merge_that_is_refused_leaves_both_tickets_where_they_were(
    either_site: Site, anna: Desk, ivan: Desk, trio: list[TicketId]
) -> None:
    a, b, _ = trio
    either_site.refuses.add("ticket_merge")
    ivan.store.do(merge_tickets, [a], into_id=b)
    assert ivan.store.ask(home_of, a) == b
    receipt = ivan.sync()
    assert [one.detail for one in receipt.refused] == ["rights"]
    assert ivan.store.ask(home_of, a) == a
    assert behind(ivan.store) == []
