"""Today: what is on the list, why, in which order, and what is not."""

from datetime import date, timedelta

import pytest

from deskcrm.base import words
from deskcrm.domain.clients.commands import create_company, delete_clients, set_owner, set_tier
from deskcrm.domain.clients.model import ClientId, Lifecycle, Tier
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.promises.commands import keep_promise, make_promise
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.tasks.moving import reschedule_tasks, snooze_tasks
from deskcrm.domain.tickets.commands import claim_ticket, open_ticket, reply
from deskcrm.domain.today.queries import (
    LOOKED_AT,
    TodayAction,
    TodayItem,
    TodayKind,
    count_today,
    get_today,
)
from deskcrm.domain.users.commands import add_user
from deskcrm.store.commands import Command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import START, Watch

TODAY = START.date()


def listed(desk: Store) -> list[tuple[TodayKind, str]]:
    return [(item.kind, item.reason) for item in desk.ask(get_today).items]


def only(desk: Store, kind: TodayKind) -> TodayItem:
    (item,) = desk.ask(get_today).of(kind)
    return item


def test_a_quiet_day_is_empty(desk: Store, client: ClientId) -> None:
    assert listed(desk) == []


def test_tasks_say_when_they_were_due(desk: Store, client: ClientId) -> None:
    late = desk.do(
        create_task, title="Call", client_id=client, due=TODAY - timedelta(days=2),
        kind=TaskKind.CALL,
    ).value  # fmt: skip
    desk.do(create_task, title="Write", due=TODAY)
    desk.do(create_task, title="Meet", due=START.astimezone() + timedelta(hours=1))
    desk.do(create_task, title="Later", due=TODAY + timedelta(days=1))
    overdue = only(desk, TodayKind.TASK_OVERDUE)
    assert (overdue.task_id, overdue.reason, overdue.action) == (
        late,
        "2 days overdue",
        TodayAction.CALL,
    )
    due = desk.ask(get_today).of(TodayKind.TASK_DUE)
    hour = (START + timedelta(hours=1)).astimezone().strftime("%H:%M")
    assert [item.reason for item in due] == ["Due today", f"Due today at {hour}"]
    assert due[0].action is TodayAction.COMPLETE_TASK
    desk.do(complete_task, late)
    assert desk.ask(get_today).of(TodayKind.TASK_OVERDUE) == ()


def test_what_was_put_off_says_how_often(desk: Store) -> None:
    task = desk.do(create_task, title="Call", due=TODAY - timedelta(days=3)).value
    desk.do(reschedule_tasks, [task], due=TODAY - timedelta(days=1))
    desk.do(reschedule_tasks, [task], due=TODAY)
    assert only(desk, TodayKind.TASK_DUE).reason == "Due today, put off 2 times"


def test_a_missed_reminder_is_listed_once(desk: Store, watch: Watch) -> None:
    soon = START + timedelta(hours=1)
    desk.do(create_task, title="Think", due=TODAY + timedelta(days=9), remind_at=soon)
    both = desk.do(create_task, title="Call", due=TODAY, remind_at=soon).value
    watch.move(hours=3)
    assert only(desk, TodayKind.REMINDER_MISSED).reason == "Reminder missed 2 hours ago"
    assert only(desk, TodayKind.TASK_DUE).task_id == both
    desk.do(snooze_tasks, [both], until=START + timedelta(hours=5))
    assert desk.ask(get_today).of(TodayKind.TASK_DUE) == ()


def test_promises_come_first_when_they_are_late(desk: Store, client: ClientId) -> None:
    desk.do(create_task, title="Call", due=TODAY - timedelta(days=1))
    desk.do(make_promise, client, text="Light", due_on=TODAY)
    late = desk.do(make_promise, client, text="Heat", due_on=TODAY - timedelta(days=1)).value
    desk.do(make_promise, client, text="Some day")
    assert listed(desk) == [
        (TodayKind.PROMISE_OVERDUE, "Promise is 1 day overdue"),
        (TodayKind.TASK_OVERDUE, "1 day overdue"),
        (TodayKind.PROMISE_DUE, "Promised for today"),
    ]
    desk.do(keep_promise, late)
    assert desk.ask(get_today).of(TodayKind.PROMISE_OVERDUE) == ()


def test_tickets_ring_when_unowned_or_unanswered(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = desk.do(open_ticket, client, subject="Dark", text="Dark.", channel=Channel.EMAIL).value
    watch.move(minutes=30)
    unowned = only(desk, TodayKind.TICKET_UNOWNED)
    assert (unowned.reason, unowned.action, unowned.ticket_number) == (
        "Nobody is responsible for 30 minutes",
        TodayAction.CLAIM,
        1000,
    )
    desk.do(claim_ticket, ticket)
    watch.move(days=3)
    waiting = only(desk, TodayKind.TICKET_UNANSWERED)
    assert (waiting.reason, waiting.action) == (
        "Waiting 3 days for an answer",
        TodayAction.REPLY,
    )
    desk.do(reply, ticket, text="Here is light.")
    assert listed(desk) == []


@pytest.mark.parametrize(
    ("decision_on", "reason"),
    [
        (TODAY + timedelta(days=12), "12 days left to decide on the renewal"),
        (TODAY, "Last day to decide on the renewal"),
        (TODAY - timedelta(days=1), "Renewal had to be decided 1 day ago"),
        (TODAY + timedelta(days=31), None),
        (TODAY - timedelta(days=31), None),
    ],
)
def test_a_renewal_shows_up_before_its_decision(
    desk: Store, client: ClientId, decision_on: date, reason: str | None
) -> None:
    def sign(work: Work) -> None:
        work.add(Contract(client_id=client, title="No 1", ends_on=decision_on))

    desk.do(Command("tests.sign_one", "Sign", sign))
    found = [item.reason for item in desk.ask(get_today).of(TodayKind.RENEWAL_NEAR)]
    assert found == ([reason] if reason else [])


def test_silence_is_said_with_what_was_tried(desk: Store, client: ClientId, watch: Watch) -> None:
    desk.do(log_call, client)
    watch.move(days=10)
    desk.do(log_call, client, outcome=Outcome.NO_ANSWER)
    fresh = desk.do(create_company, name="Fresh").value
    watch.move(days=61)
    assert [item.reason for item in desk.ask(get_today).of(TodayKind.CLIENT_SILENT)] == [
        "No contact for 61 days, 1 attempt without an answer",
        "No contact yet, a client for 61 days",
    ]
    desk.do(log_call, client)
    desk.do(delete_clients, [fresh])
    assert listed(desk) == []


def test_what_is_a_colleagues_is_not_on_my_list(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    boris = desk.do(add_user, name="Boris").value
    desk.do(create_task, title="Call", due=TODAY, assignee_id=boris)
    desk.do(make_promise, client, text="Light", due_on=TODAY)
    desk.do(open_ticket, client, subject="Dark", channel=Channel.EMAIL, owner_id=boris)
    desk.do(set_owner, [client], owner_id=boris)
    watch.move(days=100)
    assert [kind for kind, _ in listed(desk)] == [TodayKind.PROMISE_OVERDUE]
    desk.sign_in(boris)
    assert [kind for kind, _ in listed(desk)] == [
        TodayKind.TICKET_UNANSWERED,
        TodayKind.TASK_OVERDUE,
        TodayKind.CLIENT_SILENT,
    ]


def test_who_has_left_is_not_missed(desk: Store, client: ClientId, watch: Watch) -> None:
    from deskcrm.domain.clients.commands import set_lifecycle

    watch.move(days=100)
    desk.do(set_lifecycle, [client], lifecycle=Lifecycle.CHURNED)
    assert listed(desk) == []


def test_a_long_list_says_that_there_is_more(desk: Store, client: ClientId) -> None:
    for n in range(52):
        desk.do(make_promise, client, text=f"Promise {n}", due_on=TODAY)
    today = desk.ask(get_today)
    assert len(today.items) == 50 and today.more == {TodayKind.PROMISE_DUE}
    assert count_today(today.items) == 1


def test_reasons_are_said_in_the_persons_language(desk: Store) -> None:
    desk.do(create_task, title="Call", due=TODAY)
    words.set_language("ru")
    assert only(desk, TodayKind.TASK_DUE).reason


def test_a_vip_stands_above_what_is_as_old_and_below_what_is_much_older(
    desk: Store, client: ClientId
) -> None:
    gold = desk.do(create_company, name="Gold").value
    desk.do(set_tier, [gold], tier=Tier.GOLD)
    for whose, text, days in ((client, "Old", 7), (client, "New", 2), (gold, "Gold", 2)):
        desk.do(make_promise, whose, text=text, due_on=TODAY - timedelta(days=days))
    items = desk.ask(get_today).of(TodayKind.PROMISE_OVERDUE)
    assert [(item.title, item.weight.points) for item in items] == [
        ("Old", 7),
        ("Gold", 6),
        ("New", 2),
    ]
    assert items[1].weight.arithmetic() == "2 days × 3 (Gold) = 6 points"
    assert items[2].weight.arithmetic() == "2 days × 1 (Standard) = 2 points"


def test_what_came_up_today_weighs_one_day(desk: Store, client: ClientId) -> None:
    desk.do(make_promise, client, text="Light", due_on=TODAY)
    desk.do(create_task, title="Call", due=TODAY)
    assert [item.weight.points for item in desk.ask(get_today).items] == [1, 1]


def test_a_vip_is_not_lost_behind_many_older_tickets_that_nobody_took(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    def flood(work: Work) -> None:
        for number in range(LOOKED_AT + 5):
            open_ticket(work, client, subject=f"Old {number}")

    desk.do(Command("tests.flood", "Flood", flood))
    watch.move(hours=1)
    gold = desk.do(create_company, name="Gold").value
    desk.do(set_tier, [gold], tier=Tier.GOLD)
    desk.do(open_ticket, gold, subject="New")
    first = desk.ask(get_today).of(TodayKind.TICKET_UNOWNED)[0]
    assert (first.title, first.weight.points) == ("New", 3)
