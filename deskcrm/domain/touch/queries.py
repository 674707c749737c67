"""Answers about touch: how often, when next and why so, and who is going cold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select

from deskcrm.domain.calendars.book import CalendarBook
from deskcrm.domain.calendars.working_days import first_working_day
from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.days import day_of
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.touch.matching import Policy, TouchCondition, read_policies
from deskcrm.domain.touch.model import (
    TouchPolicy,
    TouchPolicyId,
    TouchRhythm,
    client_touch,
)
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader

AT_MOST: Final = 200
_t: Final = client_touch.c


@dataclass(frozen=True, slots=True)
class TouchRow:
    """A client that we keep in touch with: since when we have not heard of it, and until when.

    ``policy`` is empty where the client has a rhythm of its own. ``due_on`` is a working day of
    the client's owner.
    """

    client_id: ClientId
    client: str
    tier: Tier
    owner_id: UserId | None
    owner: str
    policy_id: TouchPolicyId | None
    policy: str
    since: datetime
    was_heard: bool
    """Whether ``since`` is a contact, or when we came to know the client."""
    ideal_days: int
    max_days: int
    due_on: date
    cold_on: date
    last_contact_at: datetime | None
    """Ours or theirs: an attempt of ours that had no answer, too."""
    unanswered: int
    days_quiet: int
    days_over: int
    """How long the maximum is over; 0 while it is not."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A policy before the one that holds, and what it asks that the client is not."""

    id: TouchPolicyId
    name: str
    condition: TouchCondition


@dataclass(frozen=True, slots=True)
class TouchExplained:
    """Why a client is due when it is; no row: nothing holds it to a rhythm."""

    row: TouchRow | None
    reason: str
    """Why the client has a rhythm of its own."""
    passed_over: tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class TouchPolicyRow:
    """A policy, as the settings show it, with how many clients it holds."""

    id: TouchPolicyId
    name: str
    is_active: bool
    ideal_days: int
    max_days: int
    tiers: tuple[str, ...]
    lifecycles: tuple[str, ...]
    tags: tuple[str, ...]
    owners: tuple[str, ...]
    least_value_minor: int | None
    currency: str
    clients: int
    cold: int


def list_touch_policies(db: Reader) -> list[TouchPolicyRow]:
    """List the policies in their order, also those that are switched off."""
    held = db.all(
        select(
            _t.policy_id,
            func.count().label("clients"),
            func.sum(case((is_cold(db), 1), else_=0)).label("cold"),
        ).group_by(_t.policy_id)
    )
    counts = {row.policy_id: (row.clients, row.cold or 0) for row in held}
    rows = db.all(
        select(TouchPolicy.__table__)
        .where(~TouchPolicy.is_deleted)
        .order_by(TouchPolicy.position, TouchPolicy.id)
    )
    return [
        TouchPolicyRow(
            row.id, row.name, row.is_active, row.ideal_days, row.max_days,
            tuple(row.tiers), tuple(row.lifecycles), tuple(row.tags), tuple(row.owners),
            row.least_value_minor, row.currency, *counts.get(row.id, (0, 0)),
        )
        for row in rows
    ]  # fmt: skip


def get_touch(db: Reader, client_id: ClientId) -> TouchRow | None:
    """Give when a client is due next; None when nothing holds it to a rhythm."""
    rows = _listed(db, _rows().where(_t.client_id == client_id))
    return rows[0] if rows else None


def list_touches(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, TouchRow]:
    """Give when some clients are due next, by client; of those on a screen, not of all."""
    rows = _listed(db, _rows().where(_t.client_id.in_(client_ids)))
    return {row.client_id: row for row in rows}


def count_cold(db: Reader, *, owner_id: UserId | None = None) -> int:
    """Count the clients, one person's or all, that were not heard for longer than the maximum."""
    statement = select(func.count()).select_from(client_touch).where(is_cold(db))
    if owner_id is not None:
        statement = statement.join(Client, Client.id == _t.client_id).where(
            Client.owner_id == owner_id
        )
    return db.scalar(statement) or 0


def list_cold(
    db: Reader, *, owner_id: UserId | None = None, offset: int = 0, limit: int = AT_MOST
) -> list[TouchRow]:
    """List who is going cold, the longest over the maximum first."""
    return _listed(db, _page(_rows().where(is_cold(db)), owner_id, _t.cold_at, offset, limit))


def list_touch_due(
    db: Reader, *, owner_id: UserId | None = None, offset: int = 0, limit: int = AT_MOST
) -> list[TouchRow]:
    """List who is due and not cold yet, the longest due first."""
    due = _rows().where(_t.due_at <= end_of_day(db), ~is_cold(db))
    return _listed(db, _page(due, owner_id, _t.due_at, offset, limit))


def is_cold(db: Reader) -> ColumnElement[bool]:
    """Say of a client that its maximum is over."""
    return _t.cold_at < db.now


def end_of_day(db: Reader) -> datetime:
    """Give the last moment of today where this machine stands."""
    here = db.now.astimezone()
    return here.replace(hour=23, minute=59, second=59, microsecond=0)


def explain_touch(db: Reader, client_id: ClientId) -> TouchExplained:
    """Give the arithmetic of a client's next touch: which policy holds, and why none before it."""
    row = get_touch(db, client_id)
    reason = db.scalar(
        select(TouchRhythm.reason).where(
            TouchRhythm.client_id == client_id, ~TouchRhythm.is_deleted
        )
    )
    passed_over: list[PassedOver] = []
    for policy in read_policies(db.connection):
        if row is not None and row.policy_id in (None, policy.id):
            break
        failed = _first_mismatch(db, policy, client_id)
        if failed is not None:
            passed_over.append(PassedOver(policy.id, policy.name, failed))
    return TouchExplained(row, reason or "", tuple(passed_over))


def _first_mismatch(db: Reader, policy: Policy, client_id: ClientId) -> TouchCondition | None:
    conditions = policy.conditions()
    met = db.first(select(*conditions.values()).where(Client.id == client_id))
    for condition, is_met in zip(conditions, met or (), strict=False):
        if not is_met:
            return condition
    return None


def _page(
    statement: Select[*tuple[Any, ...]],
    owner_id: UserId | None,
    order: ColumnElement[Any],
    offset: int,
    limit: int,
) -> Select[*tuple[Any, ...]]:
    if owner_id is not None:
        statement = statement.where(Client.owner_id == owner_id)
    return statement.order_by(order, _t.client_id).offset(offset).limit(limit)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            _t.client_id,
            Client.name.label("client"),
            Client.tier,
            Client.owner_id,
            func.coalesce(User.name, "").label("owner"),
            _t.policy_id,
            func.coalesce(TouchPolicy.name, "").label("policy"),
            _t.since,
            _t.was_heard,
            _t.ideal_days,
            _t.max_days,
            _t.due_at,
            _t.cold_at,
            client_summary.c.last_contact_at,
            func.coalesce(client_summary.c.unanswered, 0).label("unanswered"),
        )
        .select_from(client_touch)
        .join(Client, Client.id == _t.client_id)
        .outerjoin(User, User.id == Client.owner_id)
        .outerjoin(TouchPolicy, TouchPolicy.id == _t.policy_id)
        .outerjoin(client_summary, client_summary.c.client_id == _t.client_id)
    )


def _listed(db: Reader, statement: Select[*tuple[Any, ...]]) -> list[TouchRow]:
    book = CalendarBook(db.connection)
    today = day_of(db.now)
    rows: list[TouchRow] = []
    for row in db.all(statement):
        values = row._asdict()
        due, cold = day_of(values.pop("due_at")), day_of(values.pop("cold_at"))
        over = max((today - cold).days, 1) if row.cold_at < db.now else 0
        applied = book.of_everybody() if row.owner_id is None else book.of_person(row.owner_id)
        rows.append(
            TouchRow(
                **values,
                due_on=first_working_day(applied.known.calendar, due),
                cold_on=cold,
                days_quiet=(today - day_of(row.since)).days,
                days_over=over,
            )
        )
    return rows
