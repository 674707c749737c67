"""The numbers beside the places: what waits for the person there."""

from datetime import timedelta

from deskcrm.domain.conflicts.queries import count_conflicts
from deskcrm.domain.days import day_of
from deskcrm.domain.renewals.queries import count_deals
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.tasks.queries import count_tasks
from deskcrm.domain.tickets.alarms import Alarm
from deskcrm.domain.tickets.queries import get_ticket_counts
from deskcrm.domain.today.queries import RENEWAL_WITHIN, SILENT_AFTER, count_today, get_today
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.store.reader import Reader


def clients_today(db: Reader) -> int:
    """Count the clients whom the person has to see to today."""
    kept = list_set(db)
    today = get_today(
        db,
        silent_after_days=SILENT_AFTER.read(kept.get(SILENT_AFTER.key)),
        renewal_within_days=RENEWAL_WITHIN.read(kept.get(RENEWAL_WITHIN.key)),
    )
    return count_today(today.items)


def tickets_waiting(db: Reader) -> int:
    """Count the open tickets in which a client waits for our answer."""
    return get_ticket_counts(db).alarms[Alarm.UNANSWERED]


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


def renewals_pressing(db: Reader) -> int:
    """Count the renewals of one's own clients that are overdue or to be decided within 30 days."""
    return count_deals(db, days=30, owner_id=UserId(db.actor))


def conflicts_open(db: Reader) -> int:
    """Count what two people changed at once and nobody has chosen yet."""
    return count_conflicts(db)
