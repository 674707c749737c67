"""A shift at the desk, from the first call to the last figure: 40 tickets, nothing lost.

Anna and Boris are agents on line 1, Vera is the specialist on line 2. Boris goes away at noon and
Anna stands in. Three tickets are answered between their warning and their deadline, two are not.
All times are of Wednesday, 11 March 2026, in UTC; the office works from 9 to 18. A first response
is promised within two working hours and warned of after 75 percent, which is an hour and a half.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.absences.handover import get_handover
from deskcrm.domain.assignment.commands import create_rule
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.calendars.commands import create_calendar, use_calendar
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.queue.next import get_next
from deskcrm.domain.sla.clocks import ClockKind, ClockState
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.sla.explain import ClockExplained, explain_sla
from deskcrm.domain.sla.queries import scan_deadlines
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.tickets.alarms import Alarm
from deskcrm.domain.tickets.commands import assign_tickets, open_ticket, reply
from deskcrm.domain.tickets.line_times import list_stays, time_per_line
from deskcrm.domain.tickets.lines import escalate, hand_back
from deskcrm.domain.tickets.model import SupportLine, TicketId
from deskcrm.domain.tickets.next_step import next_step
from deskcrm.domain.tickets.queries import (
    TicketRow,
    count_tickets,
    get_ticket_counts,
    list_ticket_ids,
    rows_of,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY: Final = date(2026, 3, 11)
MINUTE: Final = timedelta(minutes=1)
TICKETS: Final = 40
MORNING: Final = 38
OPEN: Final = Filter().also("is_open", Comparison.IS, True)
FINE, NEARLY, LATE = 30 * MINUTE, 100 * MINUTE, 130 * MINUTE
"""Answered before the warning, between the warning and the deadline, and after it."""
ANSWERED_LATE: Final = frozenset({5, 12})
ANSWERED_NEARLY: Final = frozenset({3, 9, 18})
VIP: Final = 20


@dataclass
class Shift:
    """The people, the clock, and the tickets in the order in which they came."""

    desk: Store
    watch: Watch
    anna: UserId
    boris: UserId
    vera: UserId
    tickets: list[TicketId]

    def rows(self) -> list[TicketRow]:
        return self.desk.ask(rows_of, self.tickets)

    def at(self, moment: datetime) -> None:
        """Let it be so late; the day only goes on."""
        assert moment >= self.watch.at
        self.watch.at = moment

    def answer(self, ticket: TicketId, state: TicketState) -> None:
        """Reply as the ticket's owner, or as who stands in for them."""
        (row,) = self.desk.ask(rows_of, [ticket])
        assert row.owner_id is not None
        self.desk.sign_in(row.owner_id)
        self.desk.do(reply, ticket, text="We have looked into it.", state=state)
        self.desk.sign_in(self.anna)

    def first_response(self, ticket: TicketId) -> ClockExplained:
        found = self.desk.ask(explain_sla, ticket)
        assert found is not None
        return next(one for one in found.clocks if one.kind is ClockKind.FIRST_RESPONSE)


@pytest.fixture
def shift(desk: Store, watch: Watch) -> Shift:
    anna = UserId(desk.actor)
    boris = desk.do(add_user, name="Boris", time_zone="UTC").value
    vera = desk.do(add_user, name="Vera", time_zone="UTC").value
    first = desk.do(create_team, name="Line 1").value
    for agent in (anna, boris):
        desk.do(add_member, first, user_id=agent)
    office = desk.do(create_calendar, name="Office", time_zone="UTC").value
    desk.do(use_calendar, office)
    desk.do(
        create_policy, name="All", first_response_minutes=120, next_response_minutes=240,
        resolution_minutes=16 * 60, warn_percent=75,
    )  # fmt: skip
    desk.do(create_rule, name="In turn", way=Way.ROUND_ROBIN, team_id=first)
    return Shift(desk, watch, anna, boris, vera, [])


def comes_in(shift: Shift, number: int) -> None:
    """Let a client write; the rules choose whose it becomes, or it is nobody's."""
    tier = Tier.DIAMOND if number == VIP else Tier.STANDARD
    client: ClientId = shift.desk.do(create_company, name=f"Client {number}", tier=tier).value
    shift.tickets.append(
        shift.desk.do(
            open_ticket, client, subject=f"Trouble {number}", text="It is broken.",
            channel=Channel.EMAIL,
        ).value
    )  # fmt: skip


def delay_of(number: int) -> timedelta:
    return LATE if number in ANSWERED_LATE else NEARLY if number in ANSWERED_NEARLY else FINE


def state_after(number: int) -> TicketState:
    """Every fourth is resolved with the answer, the others wait for the client or go on."""
    return (TicketState.RESOLVED, TicketState.OPEN, TicketState.WAITING_ON_CLIENT)[
        0 if number % 4 == 0 else 1 + number % 2
    ]


def morning(shift: Shift) -> None:
    """From 9:00 a ticket comes every three minutes, and each is answered when its time comes."""
    came = {number: START + 3 * number * MINUTE for number in range(MORNING)}
    answered = {number: at + delay_of(number) for number, at in came.items()}
    events = sorted(
        [(at, 0, n) for n, at in came.items()] + [(at, 1, n) for n, at in answered.items()]
    )
    for at, is_answer, number in events:
        shift.at(at)
        if is_answer:
            if number in ANSWERED_NEARLY:
                warned = {row.ticket_id for row in shift.desk.ask(scan_deadlines)}
                assert shift.tickets[number] in warned, "there was no warning before the breach"
            shift.answer(shift.tickets[number], state_after(number))
        else:
            comes_in(shift, number)
            if number == VIP:
                following = shift.desk.ask(get_next)
                assert following is not None and following.row.id == shift.tickets[VIP]


def test_a_shift_loses_nothing_and_its_figures_add_up(shift: Shift) -> None:
    desk, tickets = shift.desk, shift.tickets
    morning(shift)

    # The rule gave each agent every second one, and the specialist none.
    owners = Counter(row.owner_id for row in shift.rows())
    assert owners == {shift.anna: 19, shift.boris: 19}

    # 11:46, the last answer, to ticket 12. With theirs 10 of 38 were resolved (0, 4, … 36).
    assert shift.watch.at == START + (3 * 12 + 130) * MINUTE
    assert desk.ask(count_tickets, asked=OPEN) == 28

    extra = noon(shift)
    specialist(shift, tickets[1])
    evening(shift, extra)
    check_figures(shift)


def noon(shift: Shift) -> list[TicketRow]:
    """Boris goes away, and his work is handed over; gives the two tickets that come then."""
    desk = shift.desk
    # Noon: Boris goes away, and what he hands over is his open tickets.
    shift.at(START + timedelta(hours=3))
    desk.do(
        plan_absence, shift.boris, first_day=TODAY, last_day=TODAY + timedelta(days=2),
        substitute_id=shift.anna, note="Ill",
    )  # fmt: skip
    his = [row for row in shift.rows() if row.owner_id == shift.boris and row.state.is_open]
    packet = desk.ask(get_handover, shift.boris)
    assert {one.row.id for one in packet.tickets} == {row.id for row in his}
    assert all(one.next_step and one.last is not None for one in packet.tickets)
    stood_in = OPEN.also("is_stood_in_for", Comparison.IS, True)
    assert desk.ask(count_tickets, asked=stood_in) == len(his)

    # What comes now is Anna's, Boris's turn or not: the rule gives nothing to somebody away.
    for number in range(MORNING, TICKETS):
        comes_in(shift, number)
    extra = shift.rows()[MORNING:]
    assert [row.owner_id for row in extra] == [shift.anna, shift.anna]
    assert [row.number - shift.rows()[0].number for row in extra] == [38, 39]

    return extra


def specialist(shift: Shift, hard: TicketId) -> None:
    """Line 2 helps: Vera has a ticket for a while, and gives it back with an answer."""
    desk = shift.desk
    # Line 2: Vera has one for 50 minutes; Anna stays with the client all the while.
    desk.do(assign_tickets, [hard], owner_id=shift.anna)
    desk.do(escalate, hard, reason="Needs the database", tried="Restart", worker_id=shift.vera)
    (row,) = desk.ask(rows_of, [hard])
    assert (row.owner_id, row.worker_id) == (shift.anna, shift.vera)
    shift.at(shift.watch.at + 50 * MINUTE)
    desk.sign_in(shift.vera)
    desk.do(hand_back, hard, answer="The index was broken; it is mended.")
    desk.sign_in(shift.anna)
    spent = time_per_line(desk.ask(list_stays, hard))
    assert spent == {
        SupportLine.FIRST: timedelta(hours=3) - 3 * MINUTE,
        SupportLine.SECOND: 50 * MINUTE,
    }


def evening(shift: Shift, extra: list[TicketRow]) -> None:
    """Everything is answered, and no alarm rings."""
    desk = shift.desk
    # Anna answers what still waits; at half past five no alarm rings.
    waiting = desk.ask(list_ticket_ids, asked=OPEN.also("is_unanswered", Comparison.IS, True))
    assert set(waiting) == {row.id for row in extra}
    for row in extra:
        desk.do(reply, row.id, text="We begin tomorrow.")
    shift.at(START + timedelta(hours=8, minutes=30))
    counts = desk.ask(get_ticket_counts)
    assert counts.open == 30
    assert counts.alarms == dict.fromkeys(Alarm, 0)


def check_figures(shift: Shift) -> None:
    """The figures of the day add up by hand."""
    # Three breaches were avoided and two were not; all the others were never near one.
    responses = [shift.first_response(ticket) for ticket in shift.tickets]
    assert Counter(one.state for one in responses) == {ClockState.MET: 38, ClockState.MISSED: 2}
    missed = {n for n, one in enumerate(responses) if one.state is ClockState.MISSED}
    assert missed == ANSWERED_LATE
    warned = {n for n, one in enumerate(responses) if was_warned(one)}
    assert warned - missed == ANSWERED_NEARLY

    # Every open ticket has an owner and a next step; open and resolved are all that came.
    open_rows = [row for row in shift.rows() if row.state.is_open]
    assert all(row.owner_id is not None and next_step(row, shift.watch.at) for row in open_rows)
    assert Counter(row.state for row in shift.rows()) == {
        TicketState.RESOLVED: 10, TicketState.OPEN: 11, TicketState.WAITING_ON_CLIENT: 19,
    }  # fmt: skip


def was_warned(clock: ClockExplained) -> bool:
    return clock.spent > clock.target * 0.75


def test_the_figures_would_show_a_ticket_that_was_left(shift: Shift) -> None:
    """The control: one that nobody answers is late, unanswered and, in days, stale."""
    comes_in(shift, 1)
    shift.at(START + 121 * MINUTE)
    alarms = shift.desk.ask(get_ticket_counts).alarms
    assert alarms == {
        Alarm.UNOWNED: 0, Alarm.UNANSWERED: 1, Alarm.OVERDUE: 1, Alarm.STALE: 0,
    }  # fmt: skip
    shift.at(START + timedelta(days=4))
    assert shift.desk.ask(get_ticket_counts).alarms[Alarm.STALE] == 1
