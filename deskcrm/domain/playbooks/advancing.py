"""What a running play needs: steps whose day has come, an end that is due; and doing it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, select

from deskcrm.base.ids import meant_id
from deskcrm.base.words import of
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.contacts.model import Contact, ContactRole, ContactStatus
from deskcrm.domain.days import day_of
from deskcrm.domain.playbooks.asking import can_judge, is_matching
from deskcrm.domain.playbooks.doers import Doers
from deskcrm.domain.playbooks.matching import find_matches, terms_of
from deskcrm.domain.playbooks.model import (
    RUNNING_SQL,
    Ending,
    Play,
    Playbook,
    PlayId,
    PlayState,
    PlayStep,
    StepState,
)
from deskcrm.domain.playbooks.progress import PlayRow, StepRow, StepStanding, read_plays
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.playbooks.triggers.all import SEGMENTS, TRIGGERS
from deskcrm.domain.playbooks.triggers.trigger import FOLLOW_UP, text_of
from deskcrm.domain.tasks.commands import cancel_tasks
from deskcrm.domain.tasks.model import Task, TaskId, TaskState
from deskcrm.domain.templates.model import ReplyTemplate
from deskcrm.domain.templates.variables import Variable, fill
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work

IS_RUNNING: Final[ColumnElement[bool]] = literal_column(f"play.{RUNNING_SQL}")


@dataclass(frozen=True, slots=True)
class Need:
    """What a play needs now: an end, or else the steps that have come due."""

    ending: Ending | None
    steps: tuple[StepRow, ...] = ()

    def __bool__(self) -> bool:
        return self.ending is not None or bool(self.steps)


def due_plays(db: Reader, *, owner_id: UserId | None = None) -> list[PlayId]:
    """List the running plays that need something, of one person's clients or all."""
    own = () if owner_id is None else (Client.owner_id == owner_id,)
    plays = read_plays(db, IS_RUNNING, *own)
    return [play.id for play in plays if need_of(db, play)] + _of_deleted(db)


def _of_deleted(db: Reader) -> list[PlayId]:
    """Give the plays that still run at clients that were deleted."""
    running = select(Play.id).join(Client, Client.id == Play.client_id).where(~Play.is_deleted)
    return [PlayId(one) for one in db.scalars(running.where(IS_RUNNING, Client.is_deleted))]


def need_of(db: Reader, play: PlayRow) -> Need:
    """Tell what a running play needs now."""
    if play.lifecycle is Lifecycle.CHURNED:
        return Need(Ending.CLIENT_LEFT)
    if _is_second(db, play):
        return Need(Ending.TWICE)
    if _is_gone(db, play):
        return Need(Ending.REASON_GONE)
    if all(one.standing.is_over for one in play.steps):
        return Need(Ending.ALL_DONE)
    today = day_of(db.now)
    waiting = (one for one in play.steps if one.standing is StepStanding.WAITING)
    return Need(None, tuple(
        one for one in waiting if one.planned_on <= today and can_judge(db, one.step.only_if)
    ))  # fmt: skip


def _is_second(db: Reader, play: PlayRow) -> bool:
    """Tell whether it runs already, since earlier: the client was merged with another."""
    same = select(Play.id).where(
        Play.playbook_id == play.playbook_id,
        Play.client_id == play.client_id,
        Play.about == play.about,
        Play.id != play.id,
        IS_RUNNING,
        ~Play.is_deleted,
    )
    earlier = (Play.started_at < play.started_at) | (
        (Play.started_at == play.started_at) & (Play.id < play.id)
    )
    return db.first(same.where(earlier).limit(1)) is not None


def _is_gone(db: Reader, play: PlayRow) -> bool:
    """Tell whether the reason, a state that can be over, does not hold any more."""
    trigger = TRIGGERS.get(play.trigger)
    if trigger is None or not trigger.holds:
        return False
    row = db.first(select(Playbook.__table__).where(Playbook.id == play.playbook_id))
    if row is None or not row.ends_when_gone or row.trigger is not play.trigger:
        return False
    terms = terms_of(row)
    if terms.trigger not in SEGMENTS and not can_judge(db, terms.conditions):
        return False
    matches = find_matches(db, terms, Client.id == play.client_id)
    return all(one.about != play.about for one in matches)


def advance(work: Work, play_id: PlayId) -> None:
    """Begin the steps whose day has come, and end the play when that is due."""
    record = work.get(Play, play_id)
    if record.state is not PlayState.RUNNING:
        return
    plays = read_plays(work, Play.id == play_id)
    if not plays:
        end(work, record, PlayState.STOPPED, Ending.CLIENT_LEFT, _open_tasks_of(work, play_id))
        return
    (play,) = plays
    need = need_of(work, play)
    for one in need.steps:
        if one.step.only_if and not is_matching(work, one.step.only_if, play.client_id):
            settle(work, play, one.step, StepState.NOT_NEEDED)
        else:
            begin(work, play, one)
    if need.steps:
        (play,) = read_plays(work, Play.id == play_id)
        need = need_of(work, play)
    if need.ending is not None:
        state = PlayState.FINISHED if need.ending in _FINISHED else PlayState.STOPPED
        end(work, record, state, need.ending, open_tasks(play))


_FINISHED: Final = frozenset({Ending.ALL_DONE, Ending.REASON_GONE})


def begin(work: Work, play: PlayRow, row: StepRow, *, at_once: bool = False) -> TaskId:
    """Make the task of a step; made apart by two, it is one. ``at_once``: due today.

    What the reason itself opened a task for is not asked of anybody twice: that is the first step.
    """
    step = row.step
    task = _follow_up(work, play, step)
    if task is not None:
        doer, task_id = task.assignee_id, TaskId(task.id)
        task.notes = _beside(task.notes, _message(work, play, step, doer))
        settle(work, play, step, StepState.BEGUN, task_id=task_id)
        return task_id
    task_id = own_task(play.id, step)
    task = work.session.get(Task, task_id)
    if task is None:
        doer = Doers(work).of(step, play.owner_id)
        task = Task(
            id=task_id, title=step.title, client_id=play.client_id, kind=step.kind,
            assignee_id=doer, notes=_message(work, play, step, doer),
        )  # fmt: skip
        task.set_due(min(row.planned_on, day_of(work.now)) if at_once else row.planned_on)
        work.add(task)
    task.is_deleted = False
    settle(work, play, step, StepState.BEGUN, task_id=task_id)
    return task_id


def own_task(play_id: PlayId, step: Step) -> TaskId:
    """Give the id of the task that a step makes."""
    return TaskId(meant_id("play_task", play_id, step.key))


def _follow_up(work: Work, play: PlayRow, step: Step) -> Task | None:
    """Give the task that the reason opened, if this is the first step and it was not called off."""
    named = text_of(work.get(Play, play.id).facts, FOLLOW_UP)
    if not named or step.key != play.steps[0].step.key:
        return None
    task = work.find(Task, UUID(hex=named))
    return None if task is None or task.state is TaskState.CANCELLED else task


def _beside(notes: str, message: str) -> str:
    """Write what a step says under what stands there; once."""
    return notes if message in notes else f"{notes}\n\n{message}".strip()


def settle(
    work: Work,
    play: PlayRow,
    step: Step,
    state: StepState,
    *,
    task_id: TaskId | None = None,
    reason: str = "",
) -> None:
    """Write down what became of a step."""
    values = {"play_id": play.id, "step": step.key}
    row = work.session.get(PlayStep, PlayStep.work_out_id(values))
    if row is None:
        row = work.add(
            PlayStep(
                id=PlayStep.work_out_id(values), play_id=play.id, client_id=play.client_id,
                step=step.key, state=state, task_id=task_id,
            )
        )  # fmt: skip
    row.is_deleted = False
    row.state = state
    if state is StepState.SKIPPED:
        row.settled_at, row.settled_by, row.reason = work.now, UserId(work.actor), reason


def end(
    work: Work,
    play: Play,
    state: PlayState,
    ending: Ending,
    tasks: Sequence[TaskId],
    note: str = "",
) -> None:
    """End a play; what is still to be done of it is cancelled."""
    play.check_running()
    play.state, play.ending, play.ended_at = state, ending, work.now
    play.ended_by, play.note = UserId(work.actor), note.strip()
    if tasks:
        cancel_tasks(work, tasks, reason=note.strip() or of(ending))


def open_tasks(play: PlayRow) -> list[TaskId]:
    """Give the tasks that a play made and that are still to be done."""
    return [
        one.task_id
        for one in play.steps
        if one.standing is StepStanding.OPEN and one.task_id == own_task(play.id, one.step)
    ]


def _open_tasks_of(db: Reader, play_id: PlayId) -> list[TaskId]:
    tasks = select(Task.id).join(PlayStep, PlayStep.task_id == Task.id)
    still = tasks.where(PlayStep.play_id == play_id, Task.state == "open", ~Task.is_deleted)
    return [TaskId(one) for one in db.scalars(still)]


def _message(db: Reader, play: PlayRow, step: Step, doer: UserId | None) -> str:
    """Give what to say, filled in as far as it is known."""
    template = db.first(
        select(ReplyTemplate.text_en, ReplyTemplate.text_ru).where(
            ReplyTemplate.id == step.template_id, ~ReplyTemplate.is_deleted
        )
    )
    parts = [step.message]
    if template is not None:
        spoken = db.scalar(select(Client.language).where(Client.id == play.client_id)) or ""
        texts = (template.text_ru, template.text_en)
        first = texts if spoken.startswith("ru") or not template.text_en else texts[::-1]
        parts.append(next(filter(None, first), ""))
    values = dict(_known(db, play.client_id, doer))
    return "\n\n".join(fill(one, values).text for one in parts if one)


def _known(db: Reader, client_id: ClientId, doer: UserId | None) -> Iterator[tuple[Variable, str]]:
    client = db.scalar(select(Client.name).where(Client.id == client_id)) or ""
    yield Variable.CLIENT_NAME, client
    contact = db.first(
        select(Contact.name, Contact.greeting)
        .where(Contact.client_id == client_id, ~Contact.is_deleted)
        .where(Contact.status == ContactStatus.ACTIVE)
        .order_by(Contact.role != ContactRole.CHAMPION, Contact.id)
        .limit(1)
    )
    name, greeting = contact or ("", "")
    agent = db.scalar(select(User.name).where(User.id == doer)) or ""
    yield Variable.CONTACT_NAME, name
    yield Variable.CONTACT_FIRST_NAME, greeting or name.partition(" ")[0]
    yield Variable.AGENT_NAME, agent
    yield Variable.AGENT_FIRST_NAME, agent.partition(" ")[0]
