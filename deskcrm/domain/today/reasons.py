"""Says in a sentence why something is on today's list."""

from datetime import date, datetime, timedelta

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.days import day_of
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.sla.words import span_words
from deskcrm.domain.summary.queries import ClientSummary
from deskcrm.domain.tasks.queries import TaskRow
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.touch.queries import TouchRow


def why_task(task: TaskRow, now: datetime) -> str:
    """Say when a task is due, and how often it was put off."""
    said = _why_due(task, now)
    if task.postponed:
        off = ntr("put off once", "put off {n} times", task.postponed)
        said = tr("{reason}, {more}", reason=said, more=off)
    return said


def why_reminder(task: TaskRow, now: datetime) -> str:
    """Say that a reminder has gone by."""
    assert task.remind_at is not None
    return tr("Reminder missed {ago}", ago=ago(now, task.remind_at))


def why_promise(promise: PromiseRow, today: date) -> str:
    """Say when a promise is due."""
    late = (today - promise.due_on).days if promise.due_on else 0
    if late > 0:
        return ntr("Promise is {n} day overdue", "Promise is {n} days overdue", late)
    return tr("Promised for today")


def why_unanswered(ticket: TicketRow, now: datetime) -> str:
    """Say since when a client waits for an answer."""
    assert ticket.waiting_since is not None
    return tr("Waiting {time} for an answer", time=span(now, ticket.waiting_since))


def why_vip_waits(ticket: TicketRow, waited: timedelta, allowed: timedelta) -> str:
    """Say how much working time an important client waits, and how much is allowed."""
    return tr(
        "{tier} client has waited {time} of working time, {allowed} is the limit",
        tier=of(ticket.tier),
        time=span_words(waited),
        allowed=span_words(allowed),
    )


def why_nearly_due(ticket: TicketRow, now: datetime) -> str:
    """Say which promise is due soon, and in how long."""
    assert ticket.clock is not None and ticket.due_at is not None  # what is due has both
    return tr("{what} is due in {time}", what=of(ticket.clock), time=span(ticket.due_at, now))


def why_overdue(ticket: TicketRow, now: datetime) -> str:
    """Say which promise should have been kept, and for how long it is late."""
    assert ticket.clock is not None and ticket.due_at is not None  # what is due has both
    return tr("{what} is {time} late", what=of(ticket.clock), time=span(now, ticket.due_at))


def why_unowned(ticket: TicketRow, now: datetime) -> str:
    """Say since when nobody is responsible for a ticket."""
    return tr("Nobody is responsible for {time}", time=span(now, ticket.opened_at))


def why_renewal(decision_on: date, today: date) -> str:
    """Say how long there is to decide on a renewal."""
    left = (decision_on - today).days
    if left == 0:
        return tr("Last day to decide on the renewal")
    if left > 0:
        return ntr(
            "{n} day left to decide on the renewal", "{n} days left to decide on the renewal", left
        )
    return ntr(
        "Renewal had to be decided {n} day ago", "Renewal had to be decided {n} days ago", -left
    )


def why_silent(summary: ClientSummary, client_since: datetime, now: datetime) -> str:
    """Say how long there was no contact, and how often we tried."""
    if summary.last_contact_at is None:
        days = (day_of(now) - day_of(client_since)).days
        return ntr(
            "No contact yet, a client for {n} day", "No contact yet, a client for {n} days", days
        )
    days = (day_of(now) - day_of(summary.last_contact_at)).days
    said = ntr("No contact for {n} day", "No contact for {n} days", days)
    if summary.unanswered:
        tried = ntr(
            "{n} attempt without an answer", "{n} attempts without an answer", summary.unanswered
        )
        said = tr("{reason}, {more}", reason=said, more=tried)
    return said


def why_cold(row: TouchRow) -> str:
    """Say for how long the client was not heard, and how long may pass."""
    quiet = ntr("No word for {n} day", "No word for {n} days", row.days_quiet)
    most = ntr("{n} day at the most", "{n} days at the most", row.max_days)
    said = tr("{reason}, {more}", reason=quiet, more=most)
    return f"{said} ({row.policy})" if row.policy else said


def why_for(reason: str, absent: str) -> str:
    """Say for whom one stands in, after why it cannot wait; nobody: it is one's own."""
    if not absent:
        return reason
    return tr("{reason}; you stand in for {name}", reason=reason, name=absent)


def span(now: datetime, since: datetime) -> str:
    """Say how long it is since a moment, in the unit that fits; at least a minute."""
    minutes = max(int((now - since).total_seconds() // 60), 1)
    if minutes < 60:
        return ntr("{n} minute", "{n} minutes", minutes)
    if minutes < 48 * 60:
        return ntr("{n} hour", "{n} hours", minutes // 60)
    return ntr("{n} day", "{n} days", minutes // (24 * 60))


def ago(now: datetime, since: datetime) -> str:
    """Say how long ago a moment was."""
    return tr("{time} ago", time=span(now, since))


def _why_due(task: TaskRow, now: datetime) -> str:
    today = day_of(now)
    if task.due_on is None:
        return tr("Due any time")
    late = (today - task.due_on).days
    if late > 0:
        return ntr("{n} day overdue", "{n} days overdue", late)
    if task.due_at is not None and task.due_at < now:
        return tr("{time} overdue", time=span(now, task.due_at))
    if task.due_at is not None:
        return tr("Due today at {time}", time=task.due_at.astimezone().strftime("%H:%M"))
    return tr("Due today")
