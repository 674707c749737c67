"""Gives the tasks that a bulk edit is about: all of them, or a refusal in words."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.base.words import ntr, tr
from deskcrm.domain.tasks.model import Task, TaskId
from deskcrm.store.work import Missing, Work

_AT_ONCE = 500


def chosen_tasks(work: Work, task_ids: Sequence[TaskId]) -> list[Task]:
    """Give live tasks to change; a bulk edit is whole or not at all."""
    wanted = list(dict.fromkeys(task_ids))
    found: list[Task] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found += work.records(select(Task).where(Task.id.in_(some), ~Task.is_deleted))
    missing = len(wanted) - len(found)
    if missing:
        raise Missing(
            ntr("{n} task is not there any more.", "{n} tasks are not there any more.", missing),
            tr("Nothing was changed. Select again and repeat."),
        )
    return found
