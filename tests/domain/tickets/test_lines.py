"""Lines 1, 2 and 3: up with a reason, back with an answer, and the time on each from the log."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tickets.commands import (
    claim_ticket,
    edit_ticket,
    open_ticket,
    reopen_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.line_times import ThreadLine, list_stays, time_per_line
from deskcrm.domain.tickets.lines import escalate, hand_back, work_on
from deskcrm.domain.tickets.model import SupportLine, TicketId
from deskcrm.domain.tickets.next_step import next_step
from deskcrm.domain.tickets.queries import TicketRow, count_tickets, get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import get_thread
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import Watch

ONE, TWO, THREE = SupportLine
MINE = Filter().also("is_open", Comparison.IS, True).also("is_mine", Comparison.IS, True)


@pytest.fixture
def boris(desk: Store) -> UserId:
    return desk.do(add_user, name="Борис").value


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    opened = desk.do(open_ticket, client, subject="Dark", text="Help", channel=Channel.EMAIL).value
    desk.do(claim_ticket, opened)
    return opened


def row(desk: Store, ticket: TicketId) -> TicketRow:
    found = desk.ask(get_ticket, ticket)
    assert found is not None
    return found


def up(desk: Store, ticket: TicketId, worker: UserId | None = None) -> None:
    desk.do(escalate, ticket, reason="Needs the database", tried="Restart", worker_id=worker)


def test_a_ticket_goes_up_and_its_owner_stays(
    desk: Store, ticket: TicketId, client: ClientId, boris: UserId
) -> None:
    promise = NewPromise("To call by Friday", date(2026, 3, 13))
    desk.do(
        escalate, ticket, reason=" Needs the database ", tried="Restart", worker_id=boris,
        promise=promise,
    )  # fmt: skip
    now = row(desk, ticket)
    assert (now.line, now.worker, now.owner_id) == (TWO, "Борис", desk.actor)
    (owed,) = desk.ask(list_open_promises, client)
    assert (owed.text, owed.ticket_id) == ("To call by Friday", ticket)
    (step,) = [one for one in desk.ask(get_thread, ticket) if isinstance(one, ThreadLine)]
    assert (step.reason, step.tried, step.promised, step.author) == (
        "Needs the database", "Restart", "To call by Friday", "Anna",
    )  # fmt: skip
    desk.undo()
    now = row(desk, ticket)
    assert (now.line, now.worker_id) == (ONE, None)
    assert desk.ask(list_open_promises, client) == []


def test_it_comes_back_line_by_line_to_whoever_had_it(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    vera = desk.do(add_user, name="Вера").value
    up(desk, ticket, boris)
    watch.move(minutes=1)
    up(desk, ticket, vera)
    assert (row(desk, ticket).line, row(desk, ticket).worker_id) == (THREE, vera)
    watch.move(minutes=1)
    desk.do(hand_back, ticket, answer="It is a known fault.")
    assert (row(desk, ticket).line, row(desk, ticket).worker_id) == (TWO, boris)
    watch.move(minutes=1)
    desk.do(hand_back, ticket, answer="Tell them to update.")
    assert (row(desk, ticket).line, row(desk, ticket).worker_id) == (ONE, None)
    desk.undo()
    assert (row(desk, ticket).line, row(desk, ticket).worker_id) == (TWO, boris)


def test_a_ticket_that_nobody_has_becomes_whose_it_is_to_face_the_client(
    desk: Store, client: ClientId
) -> None:
    free = desk.do(open_ticket, client, subject="Free").value
    up(desk, free)
    assert row(desk, free).owner_id == desk.actor
    desk.undo()
    assert row(desk, free).owner_id is None


def test_what_makes_no_sense_is_refused_in_words(
    desk: Store, ticket: TicketId, boris: UserId
) -> None:
    for words, reason, tried in (("Say why", " ", "x"), ("Say what was tried", "x", "")):
        with pytest.raises(UserError, match=words):
            desk.do(escalate, ticket, reason=reason, tried=tried)
    with pytest.raises(UserError, match="on the first line"):
        desk.do(hand_back, ticket, answer="x")
    with pytest.raises(UserError, match="on the first line"):
        desk.do(work_on, ticket)
    today = date(2026, 3, 11)
    desk.do(plan_absence, boris, first_day=today, last_day=today)
    with pytest.raises(UserError, match="is away until"):
        up(desk, ticket, boris)
    desk.do(deactivate_user, boris)
    with pytest.raises(UserError, match="does not work here"):
        up(desk, ticket, boris)
    up(desk, ticket)
    with pytest.raises(UserError, match="Say what came of it"):
        desk.do(hand_back, ticket, answer="  ")
    up(desk, ticket)
    with pytest.raises(UserError, match="on the last line already"):
        up(desk, ticket)
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    with pytest.raises(UserError, match="is settled"):
        desk.do(hand_back, ticket, answer="x")


def test_a_worker_takes_it_on_their_line_and_finds_it_among_theirs(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    up(desk, ticket)
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look into it.")
    assert next_step(row(desk, ticket), watch.at) == "Somebody on line 2 has to take it."
    desk.sign_in(boris)
    assert desk.ask(count_tickets, asked=MINE) == 0
    desk.do(work_on, ticket)
    assert desk.ask(count_tickets, asked=MINE) == 1
    assert next_step(row(desk, ticket), watch.at) == "Борис works on it on line 2."
    with pytest.raises(UserError, match="works on it already"):
        desk.do(work_on, ticket)
    desk.undo()
    assert row(desk, ticket).worker_id is None


def test_the_time_on_each_line_is_worked_out_from_the_log(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    watch.move(minutes=30)
    up(desk, ticket, boris)
    watch.move(hours=2)
    desk.do(hand_back, ticket, answer="Update it.")
    watch.move(minutes=15)
    desk.do(reply, ticket, text="Please update.", state=TicketState.RESOLVED)
    watch.move(days=3)
    desk.do(reopen_ticket, ticket)
    watch.move(minutes=5)
    stays = desk.ask(list_stays, ticket)
    assert [(stay.line, stay.worker) for stay in stays] == [(ONE, ""), (TWO, "Борис"), (ONE, "")]
    assert time_per_line(stays) == {ONE: timedelta(minutes=50), TWO: timedelta(hours=2)}
    desk.undo()  # settled again: the three days and the minutes after them are nobody's
    assert time_per_line(desk.ask(list_stays, ticket))[ONE] == timedelta(minutes=45)


def test_a_line_that_is_corrected_by_hand_is_in_the_log_too(
    desk: Store, ticket: TicketId, watch: Watch
) -> None:
    watch.move(minutes=10)
    desk.do(edit_ticket, ticket, line=THREE)
    watch.move(minutes=5)
    stays = desk.ask(list_stays, ticket)
    assert time_per_line(stays) == {ONE: timedelta(minutes=10), THREE: timedelta(minutes=5)}
    desk.undo()
    assert len(desk.ask(list_stays, ticket)) == 1
