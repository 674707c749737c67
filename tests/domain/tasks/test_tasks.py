"""Tasks: made, done, followed up, put off, handed over; and each of these taken back."""

from datetime import date, datetime, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.tasks.commands import (
    FollowUp,
    cancel_tasks,
    complete_and_follow_up,
    complete_task,
    complete_tasks,
    create_task,
    delete_tasks,
    edit_task,
    reopen_task,
    skip_task,
)
from deskcrm.domain.tasks.model import DelayKind, TaskId, TaskKind, TaskState
from deskcrm.domain.tasks.moving import (
    reassign_tasks,
    reschedule_tasks,
    set_reminder,
    set_task_priority,
    snooze_tasks,
    wake_tasks,
)
from deskcrm.domain.tasks.queries import (
    TaskRow,
    count_postponements,
    count_tasks,
    get_next_reminder,
    get_task,
    list_client_tasks,
    list_due_tasks,
    list_missed_reminders,
    list_postponements,
    list_task_ids,
    page_tasks,
)
from deskcrm.domain.tasks.recurrence import Unit
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()
TOMORROW = TODAY + timedelta(days=1)
FRIDAY = date(2026, 3, 13)
OPEN = Filter().also("is_open", Comparison.IS, True)


def made(desk: Store, title: str = "Call", **more: object) -> TaskId:
    return desk.do(create_task, title=title, **more).value  # type: ignore[arg-type]  # each test knows its own


def row(desk: Store, task: TaskId) -> TaskRow:
    found = desk.ask(get_task, task)
    assert found is not None
    return found


def test_a_task_is_ones_own_unless_said_otherwise(desk: Store, client: ClientId) -> None:
    task = made(desk, client_id=client, due=TOMORROW, kind=TaskKind.CALL)
    shown = row(desk, task)
    assert (shown.client, shown.assignee, shown.due_on, shown.kind) == (
        "Acme",
        "Anna",
        TOMORROW,
        TaskKind.CALL,
    )
    assert row(desk, made(desk, assignee_id=None)).assignee == ""
    desk.undo()
    assert desk.ask(count_tasks) == 1


def test_a_task_without_a_title_is_refused(desk: Store) -> None:
    with pytest.raises(UserError, match="needs a title"):
        made(desk, " ")
    assert desk.ask(count_tasks) == 0


def test_a_task_does_not_mix_clients(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    contact = desk.do(add_contact, other, name="Boris").value
    ticket = desk.do(open_ticket, other, subject="Dark").value
    with pytest.raises(UserError, match="another client"):
        made(desk, client_id=client, contact_id=contact)
    with pytest.raises(UserError, match="another client"):
        made(desk, client_id=client, ticket_id=ticket)


def test_editing_changes_what_is_given_and_is_taken_back(desk: Store, client: ClientId) -> None:
    task = made(desk, client_id=client)
    desk.do(edit_task, task, title="Write", kind=TaskKind.EMAIL, notes="Politely.")
    assert (row(desk, task).title, row(desk, task).notes) == ("Write", "Politely.")
    desk.undo()
    assert (row(desk, task).title, row(desk, task).notes) == ("Call", "")


def test_moving_a_task_to_another_client_lets_go_of_the_contact(
    desk: Store, client: ClientId
) -> None:
    contact = desk.do(add_contact, client, name="Boris").value
    task = made(desk, client_id=client, contact_id=contact)
    other = desk.do(create_company, name="Other").value
    desk.do(edit_task, task, client_id=other)
    assert (row(desk, task).client, row(desk, task).contact) == ("Other", "")


def test_completing_keeps_the_outcome_and_is_taken_back(desk: Store) -> None:
    task = made(desk)
    assert desk.do(complete_task, task, outcome="Agreed.").value is None
    shown = row(desk, task)
    assert (shown.state, shown.done_at, shown.outcome) == (TaskState.DONE, START, "Agreed.")
    with pytest.raises(UserError, match="already done"):
        desk.do(complete_task, task)
    desk.undo()
    assert (row(desk, task).state, row(desk, task).outcome) == (TaskState.OPEN, "")


def test_what_recurs_comes_back_when_done(desk: Store, client: ClientId) -> None:
    task = made(desk, client_id=client, due=TODAY, recurrence="FREQ=WEEKLY", notes="Ask twice.")
    following = desk.do(complete_task, task).value
    assert following is not None
    shown = row(desk, following)
    assert (shown.due_on, shown.client, shown.notes, shown.recurrence) == (
        TODAY + timedelta(days=7),
        "Acme",
        "Ask twice.",
        "FREQ=WEEKLY",
    )
    desk.undo()
    assert desk.ask(get_task, following) is None
    assert desk.ask(list_task_ids) == [task]


def test_what_recurs_needs_a_first_day(desk: Store) -> None:
    with pytest.raises(UserError, match="needs a first day"):
        made(desk, recurrence="FREQ=DAILY")
    with pytest.raises(UserError, match="does not say how often"):
        made(desk, due=TODAY, recurrence="sometimes")


def test_what_recurs_keeps_its_hour_and_its_notice(desk: Store) -> None:
    at = START.astimezone() + timedelta(hours=3)
    task = made(desk, due=at, remind_at=at - timedelta(days=1), recurrence="FREQ=DAILY")
    following = desk.do(complete_task, task).value
    assert following is not None
    assert row(desk, following).due_at == at + timedelta(days=1)
    assert row(desk, following).remind_at == at


def test_reopening_what_has_come_back_does_not_double_it(desk: Store) -> None:
    task = made(desk, due=TODAY, recurrence="FREQ=DAILY")
    desk.do(complete_task, task)
    desk.do(reopen_task, task)
    assert row(desk, task).recurrence == ""
    assert desk.do(complete_task, task).value is None
    with pytest.raises(UserError, match="still open"):
        desk.do(reopen_task, made(desk))


def test_one_time_of_a_series_is_left_out(desk: Store) -> None:
    task = made(desk, due=TODAY, recurrence="FREQ=DAILY")
    following = desk.do(skip_task, task, reason="Holiday").value
    assert row(desk, task).state is TaskState.CANCELLED
    assert following is not None and row(desk, following).due_on == TOMORROW
    desk.undo()
    assert row(desk, task).state is TaskState.OPEN
    with pytest.raises(UserError, match="does not come back"):
        desk.do(skip_task, made(desk))


@pytest.mark.parametrize(
    ("follow_up", "due"),
    [
        (FollowUp(3), TODAY + timedelta(days=3)),
        (FollowUp(3, Unit.WORKING_DAY), date(2026, 3, 16)),
        (FollowUp(2, Unit.WEEK), TODAY + timedelta(days=14)),
        (FollowUp(1, Unit.MONTH, is_after_deadline=True), date(2026, 4, 6)),
        (FollowUp(1, Unit.DAY, is_after_deadline=True), TODAY),
    ],
)
def test_done_and_schedule_next_in_one_step(desk: Store, follow_up: FollowUp, due: date) -> None:
    task = made(desk, due=date(2026, 3, 6))
    following = desk.do(complete_and_follow_up, task, follow_up=follow_up).value
    assert row(desk, task).state is TaskState.DONE
    assert row(desk, following).due_on == due
    desk.undo()
    assert row(desk, task).state is TaskState.OPEN
    assert desk.ask(get_task, following) is None


def test_the_next_task_may_be_another_thing(desk: Store) -> None:
    task = made(desk)
    follow_up = FollowUp(1, title="Write", kind=TaskKind.EMAIL)
    following = desk.do(complete_and_follow_up, task, follow_up=follow_up, outcome="Ok").value
    assert (row(desk, following).title, row(desk, following).kind) == ("Write", TaskKind.EMAIL)
    with pytest.raises(UserError, match="in the past"):
        desk.do(complete_and_follow_up, following, follow_up=FollowUp(-1))


def test_many_are_completed_or_cancelled_at_once(desk: Store) -> None:
    tasks = [made(desk) for _ in range(3)]
    assert desk.do(complete_tasks, tasks[:2]).value == 2
    assert desk.do(cancel_tasks, tasks, reason="No need").value == 1
    assert row(desk, tasks[2]).outcome == "No need"
    desk.undo()
    desk.undo()
    assert desk.ask(count_tasks, asked=OPEN) == 3
    desk.do(delete_tasks, tasks[:1])
    assert desk.ask(count_tasks) == 2
    with pytest.raises(UserError, match="1 task is not there"):
        desk.do(complete_tasks, tasks)
    desk.undo()
    assert desk.ask(count_tasks) == 3


def test_putting_off_is_counted_with_its_reason(desk: Store, client: ClientId) -> None:
    task = made(desk, client_id=client, due=TODAY)
    assert desk.do(reschedule_tasks, [task], due=FRIDAY, reason="On holiday").value == 1
    assert desk.do(reschedule_tasks, [task], due=FRIDAY).value == 0
    desk.do(reschedule_tasks, [task], due=TOMORROW)
    shown = row(desk, task)
    assert (shown.due_on, shown.postponed) == (TOMORROW, 1)
    (delay,) = desk.ask(list_postponements, task)
    assert (delay.kind, delay.from_day, delay.to_day, delay.reason, delay.by) == (
        DelayKind.RESCHEDULED,
        TODAY,
        FRIDAY,
        "On holiday",
        "Anna",
    )
    assert desk.ask(count_postponements, client) == 1
    desk.undo()
    desk.undo()
    assert (row(desk, task).due_on, row(desk, task).postponed) == (TODAY, 0)


def test_rescheduling_to_a_day_keeps_the_hour_and_moves_the_reminder(desk: Store) -> None:
    at = START.astimezone() + timedelta(hours=2)
    task = made(desk, due=at, remind_at=at - timedelta(hours=1))
    desk.do(reschedule_tasks, [task], due=FRIDAY)
    assert row(desk, task).due_at == at + timedelta(days=2)
    assert row(desk, task).remind_at == at + timedelta(days=2, hours=-1)
    desk.do(complete_task, task)
    with pytest.raises(UserError, match="already done"):
        desk.do(reschedule_tasks, [task], due=None)


def test_a_snoozed_task_is_out_of_sight_until_its_moment(desk: Store, watch: Watch) -> None:
    task = made(desk, due=TODAY)
    until = START + timedelta(hours=2)
    desk.do(snooze_tasks, [task], until=until, reason="Waits for the bank")
    assert desk.ask(list_due_tasks, by=TODAY) == []
    assert row(desk, task).postponed == 1
    watch.move(hours=3)
    assert [one.id for one in desk.ask(list_due_tasks, by=TODAY)] == [task]
    with pytest.raises(UserError, match="into the past"):
        desk.do(snooze_tasks, [task], until=until)
    desk.undo()
    assert row(desk, task).snoozed_until is None


def test_a_snoozed_task_can_be_woken(desk: Store) -> None:
    task = made(desk, due=TODAY)
    desk.do(snooze_tasks, [task], until=START + timedelta(hours=2))
    assert desk.do(wake_tasks, [task]).value == 1
    assert desk.do(wake_tasks, [task]).value == 0
    assert [one.id for one in desk.ask(list_due_tasks, by=TODAY)] == [task]


def test_tasks_are_handed_over(desk: Store) -> None:
    tasks = [made(desk), made(desk)]
    boris = desk.do(add_user, name="Boris").value
    assert desk.do(reassign_tasks, tasks, assignee_id=boris).value == 2
    assert desk.do(reassign_tasks, tasks, assignee_id=boris).value == 0
    assert row(desk, tasks[0]).assignee == "Boris"
    desk.undo()
    assert row(desk, tasks[0]).assignee == "Anna"


def test_priorities_are_set_for_many(desk: Store) -> None:
    tasks = [made(desk), made(desk, priority=Priority.URGENT)]
    assert desk.do(set_task_priority, tasks, priority=Priority.URGENT).value == 1
    desk.undo()
    assert row(desk, tasks[0]).priority is Priority.NORMAL


def test_a_reminder_that_went_by_is_missed_until_it_is_seen_to(desk: Store, watch: Watch) -> None:
    task = made(desk, due=TOMORROW)
    at = START + timedelta(hours=1)
    desk.do(set_reminder, task, at=at)
    assert desk.ask(get_next_reminder) == at
    assert desk.ask(list_missed_reminders) == []
    watch.move(days=3)
    assert [one.id for one in desk.ask(list_missed_reminders)] == [task]
    assert desk.ask(get_next_reminder) is None
    with pytest.raises(UserError, match="cannot be in the past"):
        desk.do(set_reminder, task, at=at)
    desk.do(set_reminder, task, at=None)
    assert desk.ask(list_missed_reminders) == []
    desk.undo()
    assert [one.id for one in desk.ask(list_missed_reminders)] == [task]


def test_overdue_is_worked_out_to_the_minute(desk: Store, watch: Watch) -> None:
    by_day = made(desk, due=TODAY)
    by_hour = made(desk, due=START.astimezone() + timedelta(hours=1))
    watch.move(hours=2)
    assert not row(desk, by_day).is_overdue
    assert row(desk, by_hour).is_overdue
    late = Filter().also("is_overdue", Comparison.IS, True)
    assert desk.ask(list_task_ids, asked=late) == [by_hour]
    watch.move(days=1)
    assert row(desk, by_day).is_overdue


def test_the_list_is_filtered_sorted_and_paged(desk: Store, client: ClientId) -> None:
    undated = made(desk, "Alone", priority=Priority.LOW)
    friday = made(desk, "Friday", client_id=client, due=FRIDAY, priority=Priority.HIGH)
    today = made(desk, "Today", client_id=client, due=TODAY)
    done = made(desk, "Done", due=TODAY)
    desk.do(complete_task, done)

    def listed(**how: object) -> list[TaskId]:
        return [one.id for one in desk.ask(page_tasks, **how)]  # type: ignore[arg-type]  # each call knows its own

    assert listed(asked=OPEN) == [today, friday, undated]
    assert listed(asked=OPEN, descending=True) == [friday, today, undated]
    assert listed(asked=OPEN, offset=1, limit=1) == [friday]
    assert listed(asked=OPEN, sort="priority") == [friday, today, undated]
    assert listed(sort="title") == [undated, done, friday, today]
    assert desk.ask(count_tasks, asked=OPEN) == 3
    assert listed(asked=OPEN, client_id=client) == [today, friday]
    assert desk.ask(count_tasks, client_id=client) == 2
    soon = OPEN.also("due_on", Comparison.WITHIN_NEXT_DAYS, 1)
    assert listed(asked=soon) == [today]
    assert [one.id for one in desk.ask(list_client_tasks, client)] == [today, friday]
    assert [one.id for one in desk.ask(list_due_tasks, by=FRIDAY)] == [today, friday]


def test_within_a_day_what_has_no_hour_comes_first_and_then_the_earlier_hour(desk: Store) -> None:
    hours = {hour: START.astimezone() + timedelta(hours=hour) for hour in (3, 1, 2)}
    at = {hour: made(desk, f"At {hour}", due=due) for hour, due in hours.items()}
    any_time = made(desk, "Any time", due=TODAY)
    before = made(desk, "The day before", due=TODAY - timedelta(days=1))
    assert desk.ask(list_task_ids) == [before, any_time, at[1], at[2], at[3]]


def test_tasks_of_a_deleted_client_are_hidden_with_it(desk: Store, client: ClientId) -> None:
    made(desk, client_id=client, due=TODAY)
    alone = made(desk, due=TODAY)
    desk.do(delete_clients, [client])
    assert desk.ask(list_task_ids) == [alone]
    assert [one.id for one in desk.ask(list_due_tasks, by=TODAY)] == [alone]


def test_a_due_moment_falls_on_the_day_of_who_sets_it(desk: Store) -> None:
    from datetime import timezone

    late = datetime(2026, 3, 11, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    shown = row(desk, made(desk, due=late))
    assert (shown.due_on, shown.due_at) == (TODAY, late)
