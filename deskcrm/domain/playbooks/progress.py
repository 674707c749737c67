"""How far plays are: every step with its day and what became of it, and so on track or not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.days import day_of
from deskcrm.domain.playbooks.doers import Doers
from deskcrm.domain.playbooks.model import (
    Ending,
    Play,
    Playbook,
    PlaybookEdition,
    PlaybookEditionId,
    PlaybookId,
    PlayId,
    PlayState,
    PlayStep,
    StepState,
    TriggerKind,
)
from deskcrm.domain.playbooks.steps import Step, steps_from_json
from deskcrm.domain.playbooks.triggers.all import say_reason
from deskcrm.domain.tasks.model import Task, TaskId, TaskState
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader

STUCK_AFTER: Final = 5
"""Working days that a required step is late until its play counts as stuck."""


class Standing(StrEnum):
    """How a play stands, the gravest first."""

    STUCK = "stuck"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    FINISHED = "finished"
    STOPPED = "stopped"


class StepStanding(StrEnum):
    """How a step of a play stands."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    NOT_NEEDED = "not_needed"

    @property
    def is_over(self) -> bool:
        """Tell whether nobody has to do anything about the step any more."""
        return self not in (StepStanding.WAITING, StepStanding.OPEN)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a play: when it is planned, who does it, and what became of it."""

    step: Step
    planned_on: date
    standing: StepStanding
    task_id: TaskId | None
    due_on: date | None
    assignee_id: UserId | None
    assignee: str
    note: str
    """How it ended, or why it was skipped."""
    done_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class PlayRow:
    """A play: which playbook at which client, why, and how far it is."""

    id: PlayId
    playbook_id: PlaybookId
    playbook: str
    edition_id: PlaybookEditionId
    edition: int
    is_newest: bool
    client_id: ClientId
    client: str
    tier: Tier
    lifecycle: Lifecycle
    owner_id: UserId | None
    owner: str
    about: str
    trigger: TriggerKind
    reason: str
    since: datetime
    started_at: datetime
    state: PlayState
    ending: Ending | None
    ended_at: datetime | None
    note: str
    standing: Standing
    why: str
    """Why it stands so, in a sentence; empty while there is nothing to say."""
    steps: tuple[StepRow, ...]

    @property
    def done(self) -> int:
        """How many steps are over."""
        return sum(one.standing.is_over for one in self.steps)

    @property
    def next(self) -> StepRow | None:
        """The step that is to be done next, if any is left."""
        left = [one for one in self.steps if not one.standing.is_over]
        return min(left, key=lambda one: one.due_on or one.planned_on, default=None)


def read_plays(db: Reader, *which: ColumnElement[bool], limit: int | None = None) -> list[PlayRow]:
    """Read plays with all their steps, the newest first; of deleted clients none."""
    rows = db.all(
        select(
            Play.__table__,
            Playbook.name.label("playbook"),
            Playbook.edition_id.label("newest_id"),
            PlaybookEdition.number,
            PlaybookEdition.steps,
            Client.name.label("client"),
            Client.tier,
            Client.lifecycle,
            Client.owner_id,
            func.coalesce(User.name, "").label("owner"),
        )
        .join(Playbook, Playbook.id == Play.playbook_id)
        .join(PlaybookEdition, PlaybookEdition.id == Play.edition_id)
        .join(Client, Client.id == Play.client_id)
        .outerjoin(User, User.id == Client.owner_id)
        .where(~Play.is_deleted, ~Client.is_deleted, *which)
        .order_by(Play.started_at.desc(), Play.id)
        .limit(limit)
    )
    if not rows:
        return []
    doers, records = Doers(db), _records(db, [row.id for row in rows])
    late = doers.long_ago(day_of(db.now), STUCK_AFTER)
    return [_row(db, row, doers, records[row.id], late) for row in rows]


def _records(db: Reader, play_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Give what became of the steps, with their tasks, by play and step."""
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for start in range(0, len(play_ids), 500):
        rows = db.all(
            select(
                PlayStep.play_id, PlayStep.step, PlayStep.state, PlayStep.reason,
                PlayStep.settled_at, PlayStep.task_id,
                Task.state.label("task_state"), Task.is_deleted.label("is_task_gone"),
                Task.due_on, Task.done_at, Task.outcome, Task.assignee_id,
                func.coalesce(User.name, "").label("assignee"),
            )
            .outerjoin(Task, Task.id == PlayStep.task_id)
            .outerjoin(User, User.id == Task.assignee_id)
            .where(~PlayStep.is_deleted, PlayStep.play_id.in_(play_ids[start : start + 500]))
        )  # fmt: skip
        for row in rows:
            found[row.play_id][row.step] = row
    return found


def _row(db: Reader, row: Any, doers: Doers, records: dict[str, Any], long_ago: date) -> PlayRow:
    today = day_of(db.now)
    steps = tuple(
        _step(step, row, doers, records.get(step.key), today) for step in steps_from_json(row.steps)
    )
    standing, why = _stand(row.state, row.ending, steps, doers, today, long_ago)
    return PlayRow(
        row.id, row.playbook_id, row.playbook, row.edition_id, row.number,
        row.edition_id == row.newest_id, row.client_id, row.client, row.tier, row.lifecycle,
        row.owner_id, row.owner, row.about, row.trigger, say_reason(row.trigger, row.facts),
        row.since, row.started_at, row.state, row.ending, row.ended_at, row.note,
        standing, why, steps,
    )  # fmt: skip


def _step(step: Step, play: Any, doers: Doers, record: Any, today: date) -> StepRow:
    doer = doers.of(step, play.owner_id)
    planned = doers.planned(step, play.started_on, doer)
    if record is None:
        standing = StepStanding.WAITING
        if play.state is not PlayState.RUNNING:
            standing = StepStanding.NOT_NEEDED
        return StepRow(step, planned, standing, None, None, doer, "", "", None, is_late=False)
    standing = _standing(record)
    is_late = standing is StepStanding.OPEN and (record.due_on or planned) < today
    return StepRow(
        step, planned, standing, record.task_id, record.due_on, record.assignee_id,
        record.assignee or "", record.reason or record.outcome or "",
        record.done_at or record.settled_at, is_late,
    )  # fmt: skip


def _standing(record: Any) -> StepStanding:
    """Tell how a step stands; a task that was cancelled or deleted is a step that was skipped."""
    if record.state is not StepState.BEGUN:
        return StepStanding(record.state.value)
    if record.task_state is None or record.is_task_gone:
        return StepStanding.SKIPPED
    of_task = {
        TaskState.OPEN: StepStanding.OPEN,
        TaskState.DONE: StepStanding.DONE,
        TaskState.CANCELLED: StepStanding.SKIPPED,
    }
    return of_task[record.task_state]


def _stand(
    state: PlayState,
    ending: Ending | None,
    steps: Iterable[StepRow],
    doers: Doers,
    today: date,
    long_ago: date,
) -> tuple[Standing, str]:
    """Tell how a play stands, and why, by the required steps that are begun."""
    if state is not PlayState.RUNNING:
        return Standing(state.value), ""
    begun = [one for one in steps if one.step.is_required and one.standing is StepStanding.OPEN]
    for one in begun:
        if not doers.is_here(one.assignee_id):
            return Standing.STUCK, tr("Nobody is there to do “{step}”", step=one.step.title)
    late = sorted((one for one in begun if one.is_late), key=lambda one: one.due_on or today)
    if not late:
        return Standing.ON_TRACK, ""
    first = late[0]
    due = first.due_on or first.planned_on
    days = (today - due).days
    why = ntr("“{step}” is {n} day late", "“{step}” is {n} days late", days, step=first.step.title)
    return (Standing.STUCK if due < long_ago else Standing.BEHIND), why
