"""The hand-over packet: everything that goes with an absence, and nothing of anybody else."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.absences.handover import get_handover
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.queries import count_tasks
from deskcrm.domain.tickets.commands import add_note, open_ticket, reply
from deskcrm.domain.tickets.model import TicketId, TicketKind
from deskcrm.domain.tickets.next_step import next_step
from deskcrm.domain.tickets.queries import count_tickets, get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import Watch

TODAY = date(2026, 3, 11)
STOOD_IN = Filter().also("is_stood_in_for", Comparison.IS, True)


@pytest.fixture
def boris(desk: Store) -> UserId:
    return desk.do(add_user, name="Борис", time_zone="UTC").value


def opened(desk: Store, client: ClientId, owner: UserId | None, subject: str) -> TicketId:
    return desk.do(
        open_ticket, client, subject=subject, text="Help", channel=Channel.EMAIL, owner_id=owner
    ).value


def test_a_packet_holds_what_is_theirs_and_nothing_else(
    desk: Store, client: ClientId, boris: UserId
) -> None:
    anna = UserId(desk.actor)
    desk.do(edit_client, client, caution="Do not mention the merger.", owner_id=anna)
    desk.do(edit_client, client, lifecycle=Lifecycle.AT_RENEWAL)
    mine = opened(desk, client, anna, "Mine")
    opened(desk, client, boris, "His")
    desk.do(add_note, mine, text="The log is with the vendor.")
    desk.do(make_promise, client, text="To send the log", due_on=TODAY - timedelta(days=1))
    desk.do(create_task, title="Call Acme", client_id=client, due=TODAY + timedelta(days=2))
    desk.do(create_task, title="Much later", client_id=client, due=TODAY + timedelta(days=60))
    desk.do(add_contract, client, title="Support", ends_on=TODAY + timedelta(days=20))
    other = desk.do(create_company, name="Other", owner_id=boris).value
    desk.do(edit_client, other, caution="Not ours to know.")
    desk.do(add_contract, other, title="Theirs", ends_on=TODAY + timedelta(days=20))
    desk.do(plan_absence, anna, first_day=TODAY, last_day=TODAY + timedelta(days=5), note="In Tula")
    found = desk.ask(get_handover, anna)
    assert found.absence is not None and found.absence.note == "In Tula"
    (ticket,) = found.tickets
    assert ticket.row.id == mine
    assert ticket.last is not None and ticket.last.text == "The log is with the vendor."
    assert ticket.last.author == "Anna"
    assert ticket.next_step.startswith("Answer the client, who has waited for")
    assert [one.text for one in found.promises] == ["To send the log"]
    assert [one.title for one in found.tasks] == ["Call Acme"]
    assert [one.contract.title for one in found.renewals] == ["Support"]
    assert found.cautions == (("Acme", "Do not mention the merger."),)
    (risk,) = found.risks
    assert risk.client == "Acme"
    assert "The renewal is not decided." in risk.reasons
    assert "A promise is overdue: To send the log" in risk.reasons


def test_a_packet_of_somebody_who_stays_looks_two_weeks_ahead(desk: Store, boris: UserId) -> None:
    found = desk.ask(get_handover, boris)
    assert (found.name, found.absence, found.until) == (
        "Борис", None, TODAY + timedelta(days=14),
    )  # fmt: skip
    assert (found.tickets, found.promises, found.tasks, found.risks) == ((), (), (), ())


def test_a_substitute_sees_the_tickets_and_tasks_while_the_absence_lasts(
    desk: Store, client: ClientId, boris: UserId, watch: Watch
) -> None:
    opened(desk, client, boris, "His")
    opened(desk, client, UserId(desk.actor), "Mine")
    desk.do(create_task, title="His call", assignee_id=boris)
    assert desk.ask(count_tickets, asked=STOOD_IN) == 0
    desk.do(plan_absence, boris, first_day=TODAY, last_day=TODAY, substitute_id=UserId(desk.actor))
    assert desk.ask(count_tickets, asked=STOOD_IN) == 1
    assert desk.ask(count_tasks, asked=STOOD_IN) == 1
    watch.move(days=1)
    assert desk.ask(count_tickets, asked=STOOD_IN) == 0
    assert desk.ask(count_tasks, asked=STOOD_IN) == 0


def test_every_open_ticket_has_a_next_step_and_a_settled_one_has_none(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    anna = UserId(desk.actor)
    ticket = desk.do(open_ticket, client, subject="By phone", owner_id=anna).value

    def step(planned: str = "") -> str:
        row = desk.ask(get_ticket, ticket)
        assert row is not None
        return next_step(row, watch.at, planned=planned)

    assert step() == "Give the first answer."
    assert step("Call back") == "Call back"
    watch.move(minutes=5)
    for state, said in (
        (TicketState.OPEN, "Go on with it"),
        (TicketState.WAITING_ON_CLIENT, "Wait for the client"),
        (TicketState.WAITING_ON_THIRD_PARTY, "Ask those"),
    ):
        desk.do(reply, ticket, text="We look into it.", state=state)
        assert step().startswith(said)
    desk.do(reply, ticket, text="Done.", state=TicketState.RESOLVED)
    assert step() == ""
    free = opened(desk, client, None, "Free")
    row = desk.ask(get_ticket, free)
    assert row is not None and next_step(row, watch.at) == "Somebody has to take it."


def test_a_complaint_and_a_late_ticket_are_risks(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    anna = UserId(desk.actor)
    desk.do(open_ticket, client, subject="Rude", kind=TicketKind.COMPLAINT, owner_id=anna)
    watch.move(days=30)
    found = desk.ask(get_handover, anna)
    (risk,) = found.risks
    number = found.tickets[0].row.number
    assert risk.reasons == (f"#{number}: overdue, a complaint.",)


def test_a_packet_is_only_read(desk: Store) -> None:
    desk.ask(get_handover, UserId(desk.actor))
    with pytest.raises(UserError):
        desk.redo()
