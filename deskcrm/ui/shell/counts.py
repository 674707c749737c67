"""The numbers beside the places: what waits for the person there."""

from datetime import timedelta

from deskcrm.domain.days import day_of
from deskcrm.domain.tasks.queries import count_tasks
from deskcrm.domain.tickets.queries import get_ticket_counts
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.store.reader import Reader


def tickets_waiting(db: Reader) -> int:
    """Count the open tickets in which a client waits for our answer."""
    return get_ticket_counts(db).unanswered


def tasks_due(db: Reader) -> int:
    """Count my open tasks that are due by today and not put off."""
    tomorrow = day_of(db.now) + timedelta(days=1)
    asked = (
        Filter()
        .also("is_open", Comparison.IS, True)
        .also("assignee", Comparison.IS, ME)
        .also("is_snoozed", Comparison.IS, False)
        .also("due_on", Comparison.BEFORE, tomorrow.isoformat())
    )
    return count_tasks(db, asked=asked)
