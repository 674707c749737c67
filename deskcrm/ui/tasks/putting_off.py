"""Puts tasks off: snoozed out of sight for a while, or moved to another day, with a reason."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.tasks.moving import reschedule_tasks, snooze_tasks
from deskcrm.ui.drafts.card import FormCard, Save
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Line
from deskcrm.ui.kit.fields_parsed import Day, Moment

Targets = Callable[[Callable[[list[TaskId]], Any]], Any]
"""Gives the tasks to a function, at once or when it is known which they are."""

_MORNING: Final = time(9)
_WIDTH: Final = 420


def just(task_id: TaskId) -> Targets:
    """Give one task."""
    return lambda run: run([task_id])


def open_snooze(
    desk: Desk, over: QWidget, targets: Targets, *, what: str, subject: str = ""
) -> FormCard:
    """Ask until when tasks are out of sight; ``what`` they are, ``subject`` names the draft."""
    tomorrow = datetime.combine(dates.today() + timedelta(days=1), _MORNING).astimezone()
    return FormCard(
        desk,
        over,
        tr("Snooze"),
        [Moment("until", tr("Until"), required=True), Line("reason", tr("Why"))],
        lambda values: targets(lambda ids: desk.do(snooze_tasks, ids, **values).tell()),
        place="tasks.snooze",
        subject=subject,
        about=what,
        values={"until": tomorrow},
        button=tr("Snooze"),
        width=_WIDTH,
    )


def open_rescheduling(
    desk: Desk,
    over: QWidget,
    targets: Targets,
    *,
    due: date | None,
    what: str,
    subject: str = "",
) -> FormCard:
    """Ask for another due date of tasks, whose present one is ``due``; ``what`` they are."""
    return ask_day(
        desk,
        over,
        lambda values: targets(lambda ids: desk.do(reschedule_tasks, ids, **values).tell()),
        due=due,
        what=what,
        place="tasks.reschedule",
        subject=subject,
    )


def ask_day(
    desk: Desk,
    over: QWidget,
    save: Save,
    *,
    due: date | None,
    what: str,
    place: str,
    subject: str = "",
) -> FormCard:
    """Ask for another ``due`` day and the ``reason``; what is late is offered for tomorrow."""
    is_ahead = due is not None and due > dates.today()
    return FormCard(
        desk,
        over,
        tr("Reschedule"),
        [Day("due", tr("New day"), required=True), Line("reason", tr("Why"))],
        save,
        place=place,
        subject=subject,
        about=what,
        values={"due": due if is_ahead else dates.today() + timedelta(days=1)},
        button=tr("Reschedule"),
        width=_WIDTH,
    )
