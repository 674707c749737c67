"""What is to be done for a client: tasks done and open, put off with a reason, and promises due."""

from datetime import datetime, timedelta
from typing import Final

from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.staff import Colleague
from deskcrm.domain.sample.words import Word, noun
from deskcrm.domain.tasks.model import (
    DelayKind,
    Postponement,
    Task,
    TaskId,
    TaskKind,
    TaskState,
)
from deskcrm.domain.tickets.model import Priority

_SECTIONS: Final = {
    TaskKind.CALL: "task.call",
    TaskKind.FOLLOW_UP: "task.call",
    TaskKind.EMAIL: "task.mail",
    TaskKind.MEETING: "task.meeting",
    TaskKind.RENEWAL: "task.renewal",
    TaskKind.TO_DO: "task.other",
}
_KINDS: Final = (
    (TaskKind.CALL, 30),
    (TaskKind.FOLLOW_UP, 25),
    (TaskKind.EMAIL, 15),
    (TaskKind.MEETING, 12),
    (TaskKind.TO_DO, 18),
)


def add_open_task(
    cast: Cast,
    days: int,
    *,
    kind: TaskKind | None = None,
    assignee: Colleague | None = None,
    priority: Priority = Priority.NORMAL,
) -> Task:
    """Add a task that is due so many days from today; one of today may have its hour."""
    random = cast.random
    task = _task(cast, kind, cast.calendar.now - timedelta(days=random.randrange(3, 20)))
    task.assignee_id = (assignee or cast.owner).id
    task.priority = priority
    due = cast.calendar.day(days) if days else cast.calendar.today
    task.due_on = due
    if days >= 0 and random.random() < 0.4:
        at = cast.calendar.now.astimezone(cast.calendar.zone).replace(
            hour=random.randrange(10, 18), minute=random.choice((0, 0, 30)), second=0, microsecond=0
        )
        task.due_at = at + (due - cast.calendar.today)
        task.remind_at = task.due_at - timedelta(minutes=15)
    if random.random() < 0.4:
        task.notes = cast.say("task.note", cast.calendar.now)
    if random.random() < (0.35 if days < 0 else 0.2 if days > 2 else 0.0):
        _put_off(cast, task, is_snoozed=days > 2)
    if kind is TaskKind.MEETING and random.random() < 0.5:
        task.recurrence = "FREQ=MONTHLY;INTERVAL=3"
    return task


def add_done_tasks(cast: Cast, first: datetime, count: int) -> None:
    """Add tasks of the past that are done, most of them in time."""
    random = cast.random
    span = max((cast.calendar.now - first).days - 3, 1)
    for _ in range(count):
        due = cast.calendar.ago(random.randrange(2, span + 2))
        task = _task(cast, None, due)
        task.assignee_id = cast.owner.id
        task.due_on = cast.calendar.local_day(due)
        if random.random() < 0.07:
            task.state = TaskState.CANCELLED
            continue
        late = timedelta(days=random.choice((0, 0, 0, 0, 1, 3)))
        task.state, task.done_by = TaskState.DONE, cast.owner.id
        task.done_at = cast.calendar.past(cast.calendar.moment(task.due_on + late))
        task.outcome = cast.say("outcome", due)
        if late:
            _put_off(cast, task, is_snoozed=False)


def add_open_promise(cast: Cast, days: int) -> None:
    """Add a promise that is due so many days from today."""
    who = cast.who(ContactRole.CHAMPION, ContactRole.DECISION_MAKER)
    made = cast.calendar.ago(cast.random.randrange(2, 9) - min(days, 0))
    cast.records.append(
        Promise(
            client_id=cast.client_id,
            contact_id=who.id,
            text=cast.say("promise.text", made, {"who": who.person.word}),
            due_on=cast.calendar.day(days) if days else cast.calendar.today,
            made_by=cast.owner.id,
            made_at=made,
        )
    )


def _task(cast: Cast, kind: TaskKind | None, at: datetime) -> Task:
    kind = kind or choose(cast.random, _KINDS)
    is_for_boss = kind in (TaskKind.MEETING, TaskKind.RENEWAL)
    usual = (ContactRole.CHAMPION, ContactRole.USER)
    who = cast.who(*((ContactRole.DECISION_MAKER,) if is_for_boss else usual))
    words: dict[str, Word] = {"topic": _topic(cast)}
    words["boss" if is_for_boss else "who"] = who.person.word
    task = Task(
        title=cast.say(_SECTIONS[kind], at, words),
        client_id=cast.client_id,
        contact_id=who.id,
        kind=kind,
    )
    cast.records.append(task)
    return task


def _topic(cast: Cast) -> Word:
    case = cast.phrases.pick("case", cast.random)
    return noun(cast.phrases.pick(f"{case}.topic", cast.random))


def _put_off(cast: Cast, task: Task, *, is_snoozed: bool) -> None:
    """Put a task off once: it was due some days earlier, and is snoozed if it is to come."""
    assert task.due_on is not None
    before = task.due_on - timedelta(days=cast.random.randrange(2, 7))
    at = cast.calendar.moment(min(before, cast.calendar.today))
    if is_snoozed:
        wake = at.replace(hour=6, minute=0, second=0, microsecond=0)
        task.snoozed_until = wake + (task.due_on - cast.calendar.local_day(at))
    cast.records.append(
        Postponement(
            task_id=TaskId(task.id),
            client_id=cast.client_id,
            kind=DelayKind.SNOOZED if is_snoozed else DelayKind.RESCHEDULED,
            from_day=before,
            to_day=task.due_on,
            reason=cast.say("snooze", at),
            postponed_by=cast.owner.id,
            postponed_at=at,
        )
    )
