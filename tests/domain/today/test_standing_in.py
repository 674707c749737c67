"""What cannot wait of somebody who is away is on the substitute's list of today, and says so."""

from datetime import timedelta

import pytest

from deskcrm.domain.absences.commands import end_absence, plan_absence
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tickets.commands import assign_tickets, open_ticket, reply
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.today.queries import TodayKind, get_today
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def ivan(desk: Store) -> UserId:
    """Give a colleague who is still here."""
    return desk.do(add_user, name="Ivan").value


def listed(desk: Store) -> list[tuple[TodayKind, str]]:
    return [(item.kind, item.reason) for item in desk.ask(get_today).items]


def test_a_substitute_sees_what_cannot_wait_until_the_other_is_back(
    desk: Store, client: ClientId, ivan: UserId, watch: Watch
) -> None:
    anna = UserId(desk.actor)
    ticket = desk.do(
        open_ticket, client, subject="Broken", text="Help", channel=Channel.EMAIL, owner_id=ivan
    ).value
    yesterday = watch.at.date() - timedelta(days=1)
    desk.do(create_task, title="Call", due=yesterday, assignee_id=ivan)
    desk.sign_in(ivan)
    desk.do(make_promise, client, text="To send it", due_on=yesterday)
    desk.sign_in(anna)
    watch.move(minutes=5)
    assert listed(desk) == []
    day = watch.at.date()
    absence = desk.do(
        plan_absence, ivan, first_day=day, last_day=day + timedelta(days=2), substitute_id=anna
    ).value
    assert listed(desk) == [
        (TodayKind.PROMISE_OVERDUE, "Promise is 1 day overdue; you stand in for Ivan"),
        (TodayKind.TICKET_UNANSWERED, "Waiting 5 minutes for an answer; you stand in for Ivan"),
        (TodayKind.TASK_OVERDUE, "1 day overdue; you stand in for Ivan"),
    ]
    desk.do(reply, ticket, text="We look into it")
    assert [kind for kind, _ in listed(desk)] == [
        TodayKind.PROMISE_OVERDUE, TodayKind.TASK_OVERDUE,
    ]  # fmt: skip
    desk.do(end_absence, absence)
    assert listed(desk) == []


def test_what_is_ones_own_says_nothing_of_standing_in(
    desk: Store, client: ClientId, ivan: UserId, watch: Watch
) -> None:
    day = watch.at.date()
    desk.do(plan_absence, ivan, first_day=day, last_day=day, substitute_id=UserId(desk.actor))
    desk.do(create_task, title="Mine", due=day)
    assert listed(desk) == [(TodayKind.TASK_DUE, "Due today")]


def test_whoever_works_on_a_line_hears_of_its_deadline(
    desk: Store, client: ClientId, ivan: UserId, watch: Watch
) -> None:
    desk.do(create_policy, name="All", first_response_minutes=60)
    given = {"subject": "Broken", "text": "Help", "channel": Channel.EMAIL}
    ticket = desk.do(open_ticket, client, **given).value  # type: ignore[arg-type]  # a dict of several types
    olga = desk.do(add_user, name="Olga").value
    desk.do(assign_tickets, [ticket], owner_id=olga)
    desk.do(escalate, ticket, reason="Odd", tried="All", worker_id=ivan)
    watch.move(minutes=50)
    assert listed(desk) == []
    desk.sign_in(ivan)
    assert [kind for kind, _ in listed(desk)] == [TodayKind.TICKET_NEARLY_DUE]
