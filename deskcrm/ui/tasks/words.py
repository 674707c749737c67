"""How a task is said where it is shown: in the list, in its record and beside other work."""

from deskcrm.base.words import of
from deskcrm.domain.tasks.model import TaskState
from deskcrm.domain.tasks.queries import TaskRow
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone


def due_chip(row: TaskRow) -> Chip | None:
    """Say when a task is due, in a tone that a word confirms."""
    if row.state is not TaskState.OPEN:
        return Chip(of(row.state), Tone.OK if row.state is TaskState.DONE else Tone.NEUTRAL)
    if row.due_on is None:
        return None
    said = dates.due(row.due_on)
    if row.due_at is not None:
        said = f"{said}, {dates.clock_time(row.due_at)}"
    if row.is_overdue:
        return Chip(said, Tone.DANGER, "warning")
    is_today = row.due_on == dates.today()
    return Chip(said, Tone.WARNING if is_today else Tone.NEUTRAL, "clock")
