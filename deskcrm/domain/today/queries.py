"""Whom to contact today, and why: everything that is due, missed, owed, unanswered or silent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal_column, select

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.days import day_of
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.promises.model import PromiseId
from deskcrm.domain.promises.queries import list_due_promises
from deskcrm.domain.risk.queries import RiskShelf, page_risk
from deskcrm.domain.risk.words import why as why_at_risk
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.summary.queries import get_summaries
from deskcrm.domain.tasks.model import TaskId, TaskKind
from deskcrm.domain.tasks.queries import TaskRow, list_due_tasks, list_missed_reminders
from deskcrm.domain.tickets.filters import ticket_clauses
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.today import reasons
from deskcrm.domain.today.alerts import list_nearly_due, list_overdue, list_waiting_vips, vip_limit
from deskcrm.domain.today.weights import LEAST, Weight, weigh
from deskcrm.domain.touch.model import client_touch
from deskcrm.domain.touch.queries import list_cold
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader

SILENT_AFTER = Setting(
    "today.silent_after_days",
    60,
    "Days without contact until a client counts as silent",
    scope=Scope.SHARED,
)
RENEWAL_WITHIN = Setting(
    "today.renewal_within_days", 30, "Days before the decision that a renewal shows up",
    scope=Scope.SHARED,
)  # fmt: skip
RENEWAL_MISSED_FOR: Final = timedelta(days=30)
AT_MOST: Final = 50
"""Of each kind; what is more is said to be more, and is in the lists."""
LOOKED_AT: Final = 4 * AT_MOST
"""Of each kind, the oldest: from among these come the weightiest."""
_MANY: Final = 2_000
"""Own clients from which on it is quicker to walk everybody's, the most pressing first."""
_OF_VIP: Final = exists().where(
    Client.id == Ticket.client_id, Client.tier.in_([tier for tier in Tier if tier.is_vip])
)
"""Of a VIP: anybody's tickets may be so many that theirs are not among the oldest."""
_ALIVE: Final = (Lifecycle.ONBOARDING, Lifecycle.ACTIVE, Lifecycle.AT_RENEWAL)


class TodayKind(StrEnum):
    """Why something is on today's list, the most pressing first."""

    VIP_WAITS = "vip_waits"
    PROMISE_OVERDUE = "promise_overdue"
    TICKET_OVERDUE = "ticket_overdue"
    TICKET_NEARLY_DUE = "ticket_nearly_due"
    TICKET_UNANSWERED = "ticket_unanswered"
    TASK_OVERDUE = "task_overdue"
    REMINDER_MISSED = "reminder_missed"
    PROMISE_DUE = "promise_due"
    TASK_DUE = "task_due"
    TICKET_UNOWNED = "ticket_unowned"
    CLIENT_AT_RISK = "client_at_risk"
    """One's own client that came onto the list of those at risk lately."""
    RENEWAL_NEAR = "renewal_near"
    CLIENT_SILENT = "client_silent"
    MENTIONED = "mentioned"
    TICKET_HANDED = "ticket_handed"
    """Told, and not on the list. See :mod:`deskcrm.domain.notices.addressed`."""
    WATCHED_NEWS = "watched_news"
    """Told, and not on the list: nobody has to act. See :mod:`deskcrm.domain.notices.news`."""


class TodayAction(StrEnum):
    """What one key does for an item."""

    CALL = "call"
    WRITE = "write"
    COMPLETE_TASK = "complete_task"
    KEEP_PROMISE = "keep_promise"
    REPLY = "reply"
    CLAIM = "claim"
    OPEN_CLIENT = "open_client"


@dataclass(frozen=True, slots=True)
class TodayItem:
    """One thing to do today. ``reason`` is a sentence in the person's language."""

    kind: TodayKind
    title: str
    reason: str
    action: TodayAction
    client_id: ClientId | None
    client: str
    at: datetime | None = None
    """Since when, or for when, where that is a moment."""
    task_id: TaskId | None = None
    promise_id: PromiseId | None = None
    ticket_id: TicketId | None = None
    ticket_number: int | None = None
    began: date | datetime | None = None
    """Since when it is on the list; None since today."""
    weight: Weight = LEAST
    """What it is ordered by within its kind."""


@dataclass(frozen=True, slots=True)
class Today:
    """Today's list, by kind and within a kind the weightiest first, else the oldest."""

    items: tuple[TodayItem, ...]
    more: frozenset[TodayKind]
    """Kinds of which there are more than are listed."""

    def of(self, kind: TodayKind) -> tuple[TodayItem, ...]:
        """Give the items of one kind."""
        return tuple(item for item in self.items if item.kind is kind)


def get_today(
    db: Reader,
    *,
    silent_after_days: int = SILENT_AFTER.default,
    renewal_within_days: int = RENEWAL_WITHIN.default,
) -> Today:
    """Give what the signed-in person has to see to today, and why."""
    absent = {one.user_id: one.name for one in list_stood_in_for(db)}
    found = [
        *_tasks(db, absent),
        *_promises(db, absent),
        *_tickets(db, absent),
        *_at_risk(db),
        *_renewals(db, renewal_within_days),
        *_silent(db, silent_after_days),
    ]
    found = _weighed(db, found)
    shown: list[TodayItem] = []
    more: set[TodayKind] = set()
    for kind in TodayKind:
        of_kind = [item for item in found if item.kind is kind]
        shown += of_kind[:AT_MOST]
        if len(of_kind) > AT_MOST:
            more.add(kind)
    return Today(tuple(shown), frozenset(more))


def _weighed(db: Reader, found: Sequence[TodayItem]) -> list[TodayItem]:
    """Weigh everything by its client's tier; what weighs the same stays in its order."""
    ids = {item.client_id for item in found if item.client_id is not None}
    rows = db.all(select(Client.id, Client.tier).where(Client.id.in_(ids))) if ids else []
    tiers: dict[UUID | None, Tier] = {row[0]: row[1] for row in rows}
    weighed = [
        replace(item, weight=weigh(item.began, db.now, tiers.get(item.client_id, Tier.STANDARD)))
        for item in found
    ]
    return sorted(weighed, key=lambda item: -item.weight.points)


Absent = Mapping[UserId, str]
"""For whom one stands in now, by name: what cannot wait of theirs is on one's own list."""


def _tasks(db: Reader, absent: Absent) -> Iterator[TodayItem]:
    listed: set[TaskId] = set()
    for assignee, name in ((UserId(db.actor), ""), *absent.items()):
        due = list_due_tasks(db, by=day_of(db.now), assignee_id=assignee, limit=LOOKED_AT)
        for task in due:
            kind = TodayKind.TASK_OVERDUE if task.is_overdue else TodayKind.TASK_DUE
            reason = reasons.why_for(reasons.why_task(task, db.now), name)
            yield _task_item(task, kind, reason, task.due_on)
        listed.update(task.id for task in due)
    for task in list_missed_reminders(db, limit=LOOKED_AT):
        if task.id not in listed:
            reason = reasons.why_reminder(task, db.now)
            yield _task_item(task, TodayKind.REMINDER_MISSED, reason, task.remind_at)


def _task_item(
    task: TaskRow, kind: TodayKind, reason: str, began: date | datetime | None
) -> TodayItem:
    action = TodayAction.COMPLETE_TASK
    if task.client_id is not None:
        by_kind = {TaskKind.CALL: TodayAction.CALL, TaskKind.EMAIL: TodayAction.WRITE}
        action = by_kind.get(task.kind, action)
    return TodayItem(
        kind, task.title, reason, action, task.client_id, task.client,
        at=task.due_at, task_id=task.id, began=began,
    )  # fmt: skip


def _promises(db: Reader, absent: Absent) -> Iterator[TodayItem]:
    today = day_of(db.now)
    for made_by, name in ((UserId(db.actor), ""), *absent.items()):
        for row in list_due_promises(db, by=today, made_by=made_by, limit=LOOKED_AT):
            yield TodayItem(
                TodayKind.PROMISE_OVERDUE if row.is_overdue else TodayKind.PROMISE_DUE,
                row.text,
                reasons.why_for(reasons.why_promise(row, today), name),
                TodayAction.KEEP_PROMISE,
                row.client_id,
                row.client,
                promise_id=row.id,
                began=row.due_on,
            )


def _tickets(db: Reader, absent: Absent) -> Iterator[TodayItem]:
    """List what must not wait; each ticket once, for the most pressing reason."""
    told: set[TicketId] = set()
    for item, owner in (*_alerts(db), *_waiting_tickets(db, absent)):
        assert item.ticket_id is not None  # of tickets
        if item.ticket_id not in told:
            told.add(item.ticket_id)
            name = "" if owner is None else absent.get(owner, "")
            yield replace(item, reason=reasons.why_for(item.reason, name))


def _alerts(db: Reader) -> Iterator[tuple[TodayItem, UserId | None]]:
    allowed = vip_limit(db)
    for row, waited in list_waiting_vips(db, limit=AT_MOST + 1):
        reason = reasons.why_vip_waits(row, waited, allowed)
        yield _ticket_item(row, TodayKind.VIP_WAITS, _answer(row), reason), row.owner_id
    for row in list_nearly_due(db, limit=AT_MOST + 1):
        reason = reasons.why_nearly_due(row, db.now)
        item = _ticket_item(row, TodayKind.TICKET_NEARLY_DUE, _answer(row), reason)
        yield replace(item, at=row.due_at), row.owner_id


def _answer(row: TicketRow) -> TodayAction:
    return TodayAction.CLAIM if row.owner_id is None else TodayAction.REPLY


def _waiting_tickets(db: Reader, absent: Absent) -> Iterator[tuple[TodayItem, UserId | None]]:
    waiting = ticket_standing.c.waiting_since
    statement = (
        select(Ticket.id)
        .outerjoin(ticket_standing, ticket_standing.c.ticket_id == Ticket.id)
        .where(IS_OPEN, *ticket_clauses(db, Filter()))
        .limit(LOOKED_AT)
    )
    unanswered = db.scalars(
        statement.where(Ticket.owner_id.in_([db.actor, *absent]), waiting.is_not(None)).order_by(
            waiting
        )
    )
    for row in rows_of(db, [TicketId(one) for one in unanswered]):
        reason = reasons.why_unanswered(row, db.now)
        item = _ticket_item(row, TodayKind.TICKET_UNANSWERED, TodayAction.REPLY, reason)
        yield item, row.owner_id
    yield from _overdue(db)
    free = statement.where(Ticket.owner_id.is_(None)).order_by(Ticket.opened_at)
    unowned = dict.fromkeys([*db.scalars(free.where(_OF_VIP)), *db.scalars(free)])
    for row in sorted(rows_of(db, [TicketId(one) for one in unowned]), key=_opened):
        reason = reasons.why_unowned(row, db.now)
        yield _ticket_item(row, TodayKind.TICKET_UNOWNED, TodayAction.CLAIM, reason), None


def _overdue(db: Reader) -> Iterator[tuple[TodayItem, UserId | None]]:
    """List what is late although the client was answered: a deadline that passed is not done."""
    for row in list_overdue(db, limit=LOOKED_AT):
        reason = reasons.why_overdue(row, db.now)
        item = _ticket_item(row, TodayKind.TICKET_OVERDUE, TodayAction.REPLY, reason)
        yield replace(item, at=row.due_at, began=row.due_at), row.owner_id


def _opened(row: TicketRow) -> datetime:
    return row.opened_at


def _ticket_item(row: TicketRow, kind: TodayKind, action: TodayAction, reason: str) -> TodayItem:
    return TodayItem(
        kind, row.subject, reason, action, row.client_id, row.client,
        at=row.waiting_since or row.opened_at, ticket_id=row.id, ticket_number=row.number,
        began=row.opened_at if kind is TodayKind.TICKET_UNOWNED else row.waiting_since,
    )  # fmt: skip


def _own_and_alive(db: Reader) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Select one's own clients: by the index of owners, unless one owns very many.

    SQLite does not know how many rows an owner has. With a plus before it, a column is not looked
    up in an index, and rows are taken in the order that is asked for until enough are own.
    """
    owner, lifecycle = (Client.__table__.c[key] for key in ("owner_id", "lifecycle"))
    if (
        db.is_sqlite
        and len(db.scalars(select(Client.id).where(owner == db.actor).limit(_MANY))) == _MANY
    ):
        owner, lifecycle = (literal_column(f"+client.{c.key}", c.type) for c in (owner, lifecycle))
    return owner == db.actor, lifecycle.in_(_ALIVE)


def _at_risk(db: Reader) -> Iterator[TodayItem]:
    """List one's clients that are newly at risk, those first of whom most would be lost."""
    for row in page_risk(db, shelf=RiskShelf.ENTERED, mine=True, limit=LOOKED_AT):
        if row.health is not None:
            yield TodayItem(
                TodayKind.CLIENT_AT_RISK, row.client, why_at_risk(row.health), TodayAction.CALL,
                row.client_id, row.client, at=row.entered_at, began=row.entered_at,
            )  # fmt: skip


def _renewals(db: Reader, within_days: int) -> Iterator[TodayItem]:
    """Walk the coming decisions in their order, and stop when enough are one's own."""
    today, decision = day_of(db.now), client_summary.c.renewal_decision_on
    rows = db.all(
        select(Client.id, Client.name, decision)
        .select_from(client_summary)
        .join(Client, Client.id == client_summary.c.client_id)
        .where(decision >= today - RENEWAL_MISSED_FOR)
        .where(decision <= today + timedelta(days=within_days))
        .where(*_own_and_alive(db), ~Client.is_deleted)
        .order_by(decision)
        .limit(LOOKED_AT)
    )
    for client_id, name, decision_on in rows:
        assert decision_on is not None
        yield TodayItem(
            TodayKind.RENEWAL_NEAR, name, reasons.why_renewal(decision_on, today),
            TodayAction.OPEN_CLIENT, ClientId(client_id), name,
            began=decision_on - timedelta(days=within_days),
        )  # fmt: skip


def _silent(db: Reader, after_days: int) -> Iterator[TodayItem]:
    """List one's clients that nobody had contact with for long, the longest silent first."""
    cutoff = db.now - timedelta(days=after_days)
    contact = client_summary.c.last_contact_at
    own = (
        select(Client.id, Client.name, Client.created_at)
        .join(client_summary, client_summary.c.client_id == Client.id)
        .where(*_own_and_alive(db), ~Client.is_deleted)
        # Whom a touch policy holds goes by that.
        .where(~exists().where(client_touch.c.client_id == Client.id))
        .limit(LOOKED_AT)
    )
    long_ago = db.all(own.where(contact < cutoff).order_by(contact))
    never = db.all(own.where(contact.is_(None), Client.created_at < cutoff).order_by(Client.id))
    rows = [*long_ago, *never]
    yield from _cold(db)
    summaries = get_summaries(db, [ClientId(row[0]) for row in rows])
    for client_id, name, since in rows:
        summary = summaries[ClientId(client_id)]
        yield TodayItem(
            TodayKind.CLIENT_SILENT, name, reasons.why_silent(summary, since, db.now),
            TodayAction.CALL, ClientId(client_id), name, at=summary.last_contact_at,
            began=(summary.last_contact_at or since) + timedelta(days=after_days),
        )  # fmt: skip


def _cold(db: Reader) -> Iterator[TodayItem]:
    """List one's clients that were not heard for longer than their touch policy allows."""
    for row in list_cold(db, owner_id=UserId(db.actor), limit=LOOKED_AT):
        yield TodayItem(
            TodayKind.CLIENT_SILENT, row.client, reasons.why_cold(row),
            TodayAction.CALL, row.client_id, row.client, at=row.last_contact_at,
            began=row.cold_on,
        )  # fmt: skip


def count_today(items: Sequence[TodayItem]) -> int:
    """Count the clients that today's list is about; what has no client counts by itself."""
    clients = {item.client_id for item in items if item.client_id is not None}
    return len(clients) + sum(item.client_id is None for item in items)
