"""The four alarms of a support desk: what each means exactly, in SQL and in a sentence.

A view and its counter are made of one condition each, so that they cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, not_, or_, select

from deskcrm.base.settings import Scope, Setting
from deskcrm.base.words import ntr, tr
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.tickets.model import Ticket
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.store.reader import Reader

UNOWNED_AFTER = Setting(
    "tickets.unowned_after_minutes", 0, "Minutes until a ticket counts as unowned", Scope.SHARED
)
UNANSWERED_AFTER = Setting(
    "tickets.unanswered_after_minutes", 0, "Minutes until a client counts as unanswered",
    Scope.SHARED,
)  # fmt: skip
OVERDUE_AFTER = Setting(
    "tickets.overdue_after_minutes", 0, "Minutes past its deadline until a ticket is overdue",
    Scope.SHARED,
)  # fmt: skip
STALE_AFTER = Setting(
    "tickets.stale_after_days", 3, "Days without a word until a ticket goes stale", Scope.SHARED
)


class Alarm(StrEnum):
    """What must not happen to a ticket that somebody still has to act on."""

    UNOWNED = "unowned"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How long each may last before it rings."""

    unowned: timedelta
    unanswered: timedelta
    overdue: timedelta
    stale: timedelta


def get_thresholds(db: Reader) -> Thresholds:
    """Give what the workspace has set; nothing below zero."""
    kept: Mapping[str, str] = list_set(db)

    def of(setting: Setting[int]) -> int:
        return max(setting.read(kept.get(setting.key)), 0)

    return Thresholds(
        timedelta(minutes=of(UNOWNED_AFTER)),
        timedelta(minutes=of(UNANSWERED_AFTER)),
        timedelta(minutes=of(OVERDUE_AFTER)),
        timedelta(days=of(STALE_AFTER)),
    )


def alarm_words(alarm: Alarm, limits: Thresholds) -> str:
    """Say exactly which tickets an alarm names."""
    if alarm is Alarm.UNOWNED:
        return tr("Open, and nobody is responsible{since}.", since=_for(limits.unowned))
    if alarm is Alarm.UNANSWERED:
        return tr("Open, and the client’s written word has no reply of ours{since}.",
                  since=_for(limits.unanswered))  # fmt: skip
    if alarm is Alarm.OVERDUE:
        return tr("Open, and its next deadline has passed{since}.", since=_for(limits.overdue))
    days = limits.stale.days
    return ntr(
        "Open, and for {n} day nobody wrote in it or moved its state.",
        "Open, and for {n} days nobody wrote in it or moved its state.",
        days,
    )


def alarm_clause(db: Reader, alarms: list[Alarm], *, is_inverted: bool = False) -> Any:
    """Select the tickets that ring any of these alarms now, or none of them."""
    limits = get_thresholds(db)
    rings = or_(*(IS_OPEN & _listed(one, db.now, limits) for one in alarms))
    return not_(rings) if is_inverted else rings


def counting(db: Reader) -> dict[Alarm, ColumnElement[bool]]:
    """Give each alarm's condition on an open ticket joined with its standing and deadline."""
    limits = get_thresholds(db)
    return {alarm: _condition(alarm, db.now, limits) for alarm in Alarm}


def _listed(alarm: Alarm, now: datetime, limits: Thresholds) -> ColumnElement[bool]:
    """Put a condition on derived rows as a condition on the ticket."""
    condition = _condition(alarm, now, limits)
    if alarm is Alarm.UNOWNED:
        return condition
    if alarm is Alarm.STALE:
        # Most tickets were touched long ago, as most are settled: look up only what is open.
        standing = select(ticket_standing.c.ticket_id)
        return standing.where(ticket_standing.c.ticket_id == Ticket.id, condition).exists()
    table = ticket_deadline if alarm is Alarm.OVERDUE else ticket_standing
    return Ticket.id.in_(select(table.c.ticket_id).where(condition))


def _condition(alarm: Alarm, now: datetime, limits: Thresholds) -> ColumnElement[bool]:
    match alarm:
        case Alarm.UNOWNED:
            return Ticket.owner_id.is_(None) & (Ticket.opened_at <= now - limits.unowned)
        case Alarm.UNANSWERED:
            return ticket_standing.c.waiting_since <= now - limits.unanswered
        case Alarm.OVERDUE:
            return ticket_deadline.c.due_at < now - limits.overdue
        case Alarm.STALE:
            return ticket_standing.c.stirred_at <= now - limits.stale


def _for(span: timedelta) -> str:
    """Say for how long at least; nothing where any time is too long."""
    minutes = int(span.total_seconds() // 60)
    if not minutes:
        return ""
    return ntr(", for at least {n} minute", ", for at least {n} minutes", minutes)
