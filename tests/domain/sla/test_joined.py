"""The clocks of a ticket that others were merged into, worked out by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.sla.clocks import ClockKind, Ending
from deskcrm.domain.sla.explain import ClockExplained, explain_sla
from deskcrm.domain.sla.words import lines_of
from deskcrm.domain.tickets.commands import client_wrote, open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.watch import START, Watch

FIRST, NEXT, RESOLUTION = ClockKind
HOUR = timedelta(hours=1)

Mail = Callable[[str], TicketId]


@pytest.fixture
def mail(desk: Store, client: ClientId) -> Mail:
    def open_now(subject: str) -> TicketId:
        made = desk.do(open_ticket, client, subject=subject, text=subject, channel=Channel.EMAIL)
        return made.value

    return open_now


def clocks(desk: Store, ticket: TicketId, kind: ClockKind) -> list[ClockExplained]:
    found = desk.ask(explain_sla, ticket)
    assert found is not None
    return [one for one in found.clocks if one.kind is kind]


def times(clock: ClockExplained) -> tuple[float, float | None, Ending | None]:
    """Give when a clock began and ended, in hours since the start, and what ended it."""
    ended = None if clock.ended_at is None else (clock.ended_at - START) / HOUR
    return (clock.started_at - START) / HOUR, ended, clock.ending


def test_an_older_unanswered_ticket_that_comes_in_is_where_the_clocks_begin(
    desk: Store, mail: Mail, watch: Watch
) -> None:
    old = mail("Dark")
    watch.move(hours=2)
    new = mail("Still dark")
    watch.move(hours=1)
    desk.do(merge_tickets, [old], into_id=new)
    (first,) = clocks(desk, new, FIRST)
    assert times(first) == (0, None, None)
    assert times(clocks(desk, new, RESOLUTION)[0])[0] == 0
    row = desk.ask(get_ticket, new)
    assert row is not None and row.waiting_since == START and row.due_at == first.due_at
    assert desk.ask(explain_sla, old) == desk.ask(explain_sla, new)  # asked by either number
    desk.undo()
    assert times(clocks(desk, new, FIRST)[0]) == (2, None, None)
    assert behind(desk) == []


def test_a_reply_in_either_answers_what_was_said_before_in_both(
    desk: Store, mail: Mail, watch: Watch
) -> None:
    one = mail("Dark")
    watch.move(hours=1)
    other = mail("Dark again")
    watch.move(hours=1)
    desk.do(reply, other, text="We look")
    watch.move(hours=1)
    desk.do(client_wrote, one, text="And now?")
    watch.move(hours=1)
    desk.do(merge_tickets, [other], into_id=one)
    assert [times(clock) for clock in clocks(desk, one, FIRST)] == [(0, 2, Ending.REPLY)]
    assert [times(clock) for clock in clocks(desk, one, NEXT)] == [(3, None, None)]
    watch.move(hours=1)
    desk.do(reply, one, text="Done")
    assert [times(clock) for clock in clocks(desk, one, NEXT)] == [(3, 5, Ending.REPLY)]


def test_settling_one_does_not_answer_what_was_said_in_the_other(
    desk: Store, mail: Mail, watch: Watch
) -> None:
    settled = mail("Dark")
    watch.move(hours=1)
    waiting = mail("Dark again")
    watch.move(hours=1)
    desk.do(set_state, [settled], state=TicketState.RESOLVED)
    watch.move(hours=1)
    desk.do(merge_tickets, [waiting], into_id=settled)
    assert [times(clock) for clock in clocks(desk, settled, FIRST)] == [(0, 2, Ending.SETTLED)]
    assert [times(clock) for clock in clocks(desk, settled, NEXT)] == [(1, None, None)]
    row = desk.ask(get_ticket, settled)
    assert row is not None and row.due_at == clocks(desk, settled, NEXT)[0].due_at
    watch.move(hours=1)
    desk.do(set_state, [settled], state=TicketState.RESOLVED)
    assert [times(clock) for clock in clocks(desk, settled, NEXT)] == [(1, 4, Ending.SETTLED)]


def test_what_was_settled_where_it_was_said_waits_no_more(
    desk: Store, mail: Mail, watch: Watch
) -> None:
    one = mail("Dark")
    watch.move(hours=1)
    settled = mail("Dark again")
    watch.move(hours=1)
    desk.do(set_state, [settled], state=TicketState.RESOLVED)
    desk.do(reply, one, text="We look")
    watch.move(hours=1)
    desk.do(merge_tickets, [settled], into_id=one)
    assert clocks(desk, one, NEXT) == []


def test_the_states_of_the_older_one_count_until_the_ticket_was_opened(
    desk: Store, mail: Mail, watch: Watch
) -> None:
    old = mail("Dark")
    watch.move(hours=1)
    desk.do(set_state, [old], state=TicketState.WAITING_ON_CLIENT)
    watch.move(hours=2)
    new = mail("Still dark")
    watch.move(hours=1)
    desk.do(merge_tickets, [old], into_id=new)
    found = desk.ask(explain_sla, new)
    assert found is not None
    assert found.time_in_states == {
        TicketState.NEW: 2 * HOUR, TicketState.WAITING_ON_CLIENT: 2 * HOUR,
    }  # fmt: skip
    (resolution,) = clocks(desk, new, RESOLUTION)
    assert resolution.spent == 2 * HOUR


def test_over_three_tickets_everything_is_followed(desk: Store, mail: Mail, watch: Watch) -> None:
    a = mail("A")
    watch.move(hours=1)
    b = mail("B")
    watch.move(hours=1)
    desk.do(merge_tickets, [a], into_id=b)
    watch.move(hours=1)
    desk.do(set_state, [b], state=TicketState.RESOLVED)  # answers what was said in A as well
    watch.move(hours=1)
    c = mail("C")
    watch.move(hours=1)
    desk.do(merge_tickets, [b], into_id=c)
    assert [times(clock) for clock in clocks(desk, c, FIRST)] == [(0, 3, Ending.SETTLED)]
    assert [times(clock) for clock in clocks(desk, c, NEXT)] == [(4, None, None)]
    assert behind(desk) == []


def test_the_arithmetic_says_what_was_merged(desk: Store, mail: Mail, watch: Watch) -> None:
    old = mail("Dark")
    watch.move(hours=2)
    new = mail("Still dark")
    desk.do(merge_tickets, [old], into_id=new)
    found = desk.ask(explain_sla, new)
    assert found is not None and [one.number for one in found.merged] == [1000]

    def moment(at: datetime) -> str:
        return f"{(at - START) / HOUR:g}h"

    assert (
        "Ticket 1000 was merged into it 2h: what was said there counts here, and the clocks begin"
        " with its opening, 0h."
    ) in list(lines_of(found, moment))
