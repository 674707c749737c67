"""Other days for what is owed: a promise renegotiated, a task snoozed or moved."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.promises.commands import renegotiate_promise
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.tasks.moving import reschedule_tasks, snooze_tasks
from deskcrm.domain.tasks.queries import TaskRow
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Line
from deskcrm.ui.kit.fields_parsed import Day, Moment

_MORNING: Final = time(9)


def open_renegotiation(desk: Desk, over: QWidget, promise: PromiseRow) -> FormCard:
    """Ask for the day, and the words, that were agreed on instead."""

    def save(values: dict[str, Any]) -> Any:
        return desk.do(renegotiate_promise, promise.id, **values).tell()

    return FormCard(
        desk,
        over,
        tr("Renegotiate promise"),
        [
            Line("text", tr("What we promise now"), required=True),
            Day("due_on", tr("By"), required=True),
            Line("note", tr("Why")),
        ],
        save,
        place="promises.renegotiate",
        subject=promise.id.hex,
        values={"text": promise.text, "due_on": promise.due_on},
        button=tr("Renegotiate"),
        width=460,
    )


def open_snooze(desk: Desk, over: QWidget, task: TaskRow) -> FormCard:
    """Ask until when a task is out of sight."""
    tomorrow = datetime.combine(dates.today() + timedelta(days=1), _MORNING).astimezone()
    return FormCard(
        desk,
        over,
        tr("Snooze {task}", task=task.title),
        [Moment("until", tr("Until"), required=True), Line("reason", tr("Why"))],
        lambda values: desk.do(snooze_tasks, [task.id], **values).tell(),
        place="tasks.snooze",
        subject=task.id.hex,
        values={"until": tomorrow},
        button=tr("Snooze"),
        width=420,
    )


def open_rescheduling(desk: Desk, over: QWidget, task: TaskRow) -> FormCard:
    """Ask for another due date of a task."""
    return FormCard(
        desk,
        over,
        tr("Reschedule {task}", task=task.title),
        [Day("due", tr("Due"), required=True), Line("reason", tr("Why"))],
        lambda values: desk.do(reschedule_tasks, [task.id], **values).tell(),
        place="tasks.reschedule",
        subject=task.id.hex,
        values={"due": task.due_on} if task.due_on else None,
        button=tr("Reschedule"),
        width=420,
    )
