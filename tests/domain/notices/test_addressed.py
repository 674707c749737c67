"""What colleagues address to a person is told once: a note that names them, a ticket handed on."""

from datetime import timedelta

import pytest

from deskcrm.domain.assignment.commands import create_rule
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.notices.addressed import list_addressed, names
from deskcrm.domain.notices.rules import Rules
from deskcrm.domain.notices.rules import Watch as Telling
from deskcrm.domain.tickets.commands import (
    add_note,
    assign_tickets,
    client_wrote,
    open_ticket,
    reply,
    route_tickets,
    set_state,
)
from deskcrm.domain.tickets.lines import escalate, hand_back
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.queries import TodayKind, get_today
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def boris(desk: Store) -> UserId:
    return desk.do(add_user, name="Борис Ёлкин").value


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    return desk.do(open_ticket, client, subject="Dark", text="Help", channel=Channel.CALL).value


def told(desk: Store, user: UserId) -> list[tuple[TodayKind, str]]:
    """Give what is addressed to a person, by looking as them for a moment."""
    before, desk.actor = desk.actor, user
    found = [(one.kind, one.reason) for one in desk.ask(list_addressed)]
    desk.actor = before
    return found


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Ask @Борис, please", True),
        ("@борис ёлкин knows", True),
        ("@Елкин knows", False),
        ("boris@example.org", False),
        ("@Борисов knows", False),
        ("Борис knows", False),
        ("x @БОРИС", True),
    ],
)
def test_a_name_behind_an_at_names_somebody(text: str, is_named: bool) -> None:
    assert names(text, "Борис Ёлкин") is is_named


def test_a_note_that_names_a_colleague_is_told_to_them_alone(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    clara = desk.do(add_user, name="Clara").value
    desk.do(add_note, ticket, text="@Борис, do you know\nthis lamp?")
    assert told(desk, boris) == [(TodayKind.MENTIONED, "Anna: @Борис, do you know this lamp?")]
    assert told(desk, clara) == told(desk, UserId(desk.actor)) == []
    watch.move(minutes=1)
    desk.do(add_note, ticket, text="@борис " + "x" * 200)
    ((_, said),) = told(desk, boris)
    assert said.endswith("x…"), "the last one, in short"
    watch.move(days=8)
    assert told(desk, boris) == []


def test_the_clients_words_and_replies_name_nobody(
    desk: Store, ticket: TicketId, boris: UserId
) -> None:
    desk.do(client_wrote, ticket, text="@Борис", channel=Channel.EMAIL)
    desk.do(reply, ticket, text="@Борис")
    assert told(desk, boris) == []


def test_a_ticket_that_is_handed_over_is_told_as_long_as_it_is_theirs(
    desk: Store, ticket: TicketId, boris: UserId
) -> None:
    anna = UserId(desk.actor)
    desk.do(assign_tickets, [ticket], owner_id=boris)
    assert told(desk, boris) == [(TodayKind.TICKET_HANDED, "Anna assigned it to you")]
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert told(desk, boris) == []
    desk.undo()
    desk.do(assign_tickets, [ticket], owner_id=anna)
    assert told(desk, boris) == [] and told(desk, anna) == [], "who takes it knows"


def test_by_the_rules_and_up_the_lines_too(desk: Store, ticket: TicketId, boris: UserId) -> None:
    desk.do(create_rule, name="All", way=Way.LEAST_BUSY)
    desk.do(route_tickets, [ticket])
    assert told(desk, boris) == [(TodayKind.TICKET_HANDED, "Assigned to you by the rules")]
    clara = desk.do(add_user, name="Clara").value
    desk.do(escalate, ticket, reason="Odd", tried="All", worker_id=clara)
    assert told(desk, clara) == [(TodayKind.TICKET_HANDED, "Anna asks you to work on it")]
    desk.do(hand_back, ticket, answer="The cable")
    assert told(desk, clara) == []


def test_it_is_told_once_and_stands_on_nobodys_list(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    rules, at = Rules(digests=False), watch().replace(hour=12)
    desk.do(add_note, ticket, text="@Борис")
    desk.actor = boris
    telling = Telling()
    notice = telling.look(desk.ask(list_addressed), rules, at)
    assert notice is not None and [one.title for one in notice.items] == ["#1000 Dark"]
    assert telling.look(desk.ask(list_addressed), rules, at) is None
    again = Telling(told=telling.told)
    assert again.look(desk.ask(list_addressed), rules, at + timedelta(minutes=1)) is None
    kinds = {item.kind for item in desk.ask(get_today).items}
    assert not kinds & {TodayKind.MENTIONED, TodayKind.TICKET_HANDED}
