"""The tables of playbooks, of their versions, and of where they run."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import one_line
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.users.model import UserId
from deskcrm.store.indexes import index_where
from deskcrm.store.tables import Local, Record
from deskcrm.store.types import Merge, merges, refers

PlaybookId = NewType("PlaybookId", UUID)
PlaybookEditionId = NewType("PlaybookEditionId", UUID)
PlayId = NewType("PlayId", UUID)

RUNNING_SQL: Final = "state = 'running'"
"""Not over. Written out, for the partial index and the queries alike."""


class TriggerKind(StrEnum):
    """What a playbook begins with."""

    BY_HAND = "by_hand"
    NEW_CLIENT = "new_client"
    NEW_CONTRACT = "new_contract"
    SILENCE = "silence"
    GOING_COLD = "going_cold"
    RISK_ENTERED = "risk_entered"
    RISK_LEFT = "risk_left"
    LOW_RATING = "low_rating"
    DETRACTOR = "detractor"
    RENEWAL = "renewal"
    CHAMPION_LEFT = "champion_left"
    EXPANSION = "expansion"
    SEGMENT_ENTERED = "segment_entered"
    SEGMENT_LEFT = "segment_left"


class PlayState(StrEnum):
    """Whether a playbook still runs at a client."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


def merge_states(mine: PlayState, theirs: PlayState) -> PlayState:
    """Decide between two set without knowledge of one another: what is over stays over."""
    order = (PlayState.FINISHED, PlayState.STOPPED, PlayState.RUNNING)
    return min(mine, theirs, key=order.index)


class Ending(StrEnum):
    """How a play ended."""

    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    ALL_DONE = "all_done"
    REASON_GONE = "reason_gone"
    CLIENT_LEFT = "client_left"
    TWICE = "twice"
    STOPPED = "stopped"


class StepState(StrEnum):
    """What became of a step when its day had come, or before."""

    BEGUN = "begun"
    """It has a task; whether that is done, the task knows."""
    SKIPPED = "skipped"
    NOT_NEEDED = "not_needed"


def merge_step_states(mine: StepState, theirs: StepState) -> StepState:
    """Decide between two set without knowledge of one another: what somebody skipped is skipped."""
    order = (StepState.SKIPPED, StepState.BEGUN, StepState.NOT_NEEDED)
    return min(mine, theirs, key=order.index)


class Playbook(Record, kw_only=True):
    """What is done when something happens at a client. Its steps stand in its versions."""

    __tablename__ = "playbook"
    __title__ = "name"

    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    origin: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """Which of those that come with the program it was made from."""
    is_active: Mapped[bool] = mapped_column(default=True)
    trigger: Mapped[TriggerKind] = mapped_column(
        default=TriggerKind.BY_HAND, info=merges(Merge.REGISTER, group="trigger")
    )
    days: Mapped[int] = mapped_column(default=0, info=merges(Merge.REGISTER, group="trigger"))
    """Of silence, before a renewal, since the beginning: what the trigger counts by."""
    conditions: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    """Which clients it is for: a filter, as saved views keep it."""
    counts_from: Mapped[datetime | None] = mapped_column(default=None)
    """It begins only for what came about later; None: also for whoever matches already."""
    rest_days: Mapped[int] = mapped_column(default=0)
    """So long after its end it does not begin again at the same client for the same reason."""
    ends_when_gone: Mapped[bool] = mapped_column(default=False)
    edition_id: Mapped[PlaybookEditionId | None] = mapped_column(
        default=None, info=refers("playbook_edition")
    )
    """The version that holds for what begins now."""

    def rename(self, name: str) -> None:
        """Give the playbook another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A playbook needs a name."), tr("Type the name and save again."))
        self.name = name


class PlaybookEdition(Record, kw_only=True):
    """The steps of a playbook as they were at a time; never changed."""

    __tablename__ = "playbook_edition"
    __subject__ = "playbook_id"
    __title__ = "playbook_id"

    playbook_id: Mapped[PlaybookId] = mapped_column(
        info=refers("playbook", Merge.FINAL), index=True
    )
    number: Mapped[int] = mapped_column(info=merges(Merge.FINAL))
    steps: Mapped[dict[str, Any]] = mapped_column(info=merges(Merge.FINAL))
    published_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    published_by: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))


class Play(Record, kw_only=True):
    """That a playbook runs, or ran, at a client, and for which reason.

    One runs at a time for a client and a reason, whoever notices it: its id is worked out of
    both, and of how many there were before.
    """

    __tablename__ = "play"
    __subject__ = "client_id"
    __title__ = "playbook_id"
    __table_args__ = (
        Index(None, "client_id", "started_at"),
        Index(None, "playbook_id", "client_id"),
        index_where(
            "ix_play_running",
            "started_at",
            "id",
            where=f"is_deleted = 0 AND {RUNNING_SQL}",
            postgres=f"NOT is_deleted AND {RUNNING_SQL}",
        ),
    )

    playbook_id: Mapped[PlaybookId] = mapped_column(info=refers("playbook", Merge.FINAL))
    edition_id: Mapped[PlaybookEditionId] = mapped_column(
        info=refers("playbook_edition", Merge.FINAL)
    )
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    about: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """What of the client it is about, where there may be several: a contract, by its id."""
    trigger: Mapped[TriggerKind] = mapped_column(info=merges(Merge.FINAL))
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    """What the reason was, for each to read in their own language."""
    since: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    """When the reason came about."""
    started_on: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    """The day from which the steps count."""
    started_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    started_by: Mapped[UserId | None] = mapped_column(
        default=None, info=refers("user", Merge.FINAL)
    )
    """None: the program did, when it noticed the reason."""
    state: Mapped[PlayState] = mapped_column(
        default=PlayState.RUNNING,
        info={**merges(Merge.STATE, group="end"), "rule": merge_states},
    )
    ending: Mapped[Ending | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="end")
    )
    ended_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="end")
    )
    ended_by: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "end"}
    )
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    def check_running(self) -> None:
        """Refuse to go on with a play that is over."""
        if self.state is not PlayState.RUNNING:
            raise UserError(
                tr("This playbook does not run here any more."),
                tr("Start it again, if there is still a reason."),
            )


class PlayStep(Record, kw_only=True):
    """What became of one step of a play; a step whose day is to come has none yet."""

    __tablename__ = "play_step"
    __subject__ = "client_id"
    __title__ = "play_id"
    __table_args__ = (
        Index(None, "play_id"),
        index_where("ix_play_step_task_id", "task_id", where="task_id IS NOT NULL"),
    )

    play_id: Mapped[PlayId] = mapped_column(info=refers("play", Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    step: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    state: Mapped[StepState] = mapped_column(
        info={**merges(Merge.STATE, group="state"), "rule": merge_step_states}
    )
    settled_at: Mapped[datetime | None] = mapped_column(
        default=None, info=merges(Merge.REGISTER, group="state")
    )
    """Of a step that somebody skipped; what the program saw is the same whenever it looked."""
    settled_by: Mapped[UserId | None] = mapped_column(
        default=None, info={**refers("user"), "group": "state"}
    )
    task_id: Mapped[TaskId | None] = mapped_column(default=None, info=refers("task", Merge.FINAL))
    reason: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of what became of this step, whoever saw to it."""
        return meant_id("play_step", values["play_id"], values["step"])


class SegmentStay(Local, kw_only=True):
    """Since when a client is within, or out of, the segment of a playbook, as this device saw it.

    ``changed_at`` is None for whoever was within when it was first looked at.
    """

    __tablename__ = "segment_stay"

    playbook_id: Mapped[PlaybookId] = mapped_column(primary_key=True)
    client_id: Mapped[ClientId] = mapped_column(primary_key=True)
    segment: Mapped[str]
    """What was asked for: another filter is another segment."""
    is_within: Mapped[bool]
    changed_at: Mapped[datetime | None]
