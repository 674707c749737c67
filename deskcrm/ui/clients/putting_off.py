"""Other days for what is owed: a promise renegotiated, a task snoozed or moved."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ptr, tr
from deskcrm.domain.promises.commands import renegotiate_promise
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.tasks.queries import TaskRow
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Line
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.tasks import putting_off


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
            Day("due_on", ptr("Deadline", "By"), required=True),
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
    return putting_off.open_snooze(
        desk, over, putting_off.just(task.id), what=task.title, subject=task.id.hex
    )


def open_rescheduling(desk: Desk, over: QWidget, task: TaskRow) -> FormCard:
    """Ask for another due date of a task."""
    return putting_off.open_rescheduling(
        desk, over, putting_off.just(task.id), due=task.due_on, what=task.title, subject=task.id.hex
    )
