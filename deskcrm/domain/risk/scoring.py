"""Scores clients from their signals and keeps the scores: the latest of each, and one for a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select

from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.days import day_of
from deskcrm.domain.health import Model, score
from deskcrm.domain.health.queries import read_model
from deskcrm.domain.risk.model import ClientHealth, HealthSnapshot, RiskCause, health_stale
from deskcrm.domain.risk.reading import Facts
from deskcrm.domain.risk.signals import list_customers, read_signals
from deskcrm.domain.risk.tickets import CLOSE
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.store.work import Work

RENEWAL_AT_HAND: Final = timedelta(days=30)
"""A decision that is as near as this, with nobody heard for as long, lists a client by itself."""
KEPT_FOR: Final = timedelta(days=400)
"""Snapshots older than this are let go of: a trend looks back a year."""
CUSTOMERS: Final = tuple(one for one in Lifecycle if one.is_customer)
_SAME: Final = 0.05
"""Points by which a score must have moved to be kept for the day."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A client's score at a moment, as it is kept."""

    client_id: ClientId
    at: datetime
    points: float
    probability: float
    coverage: float
    model_version: str
    annual_value: int = 0
    currency: str = ""
    cause: RiskCause | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    """The known ones."""


def model_in_force(db: Reader) -> Model:
    """Give the model that clients are scored by: the team's own, else the scorecard."""
    return read_model(db.connection)


def score_clients(
    db: Reader, client_ids: Sequence[ClientId], *, moment: datetime | None = None
) -> list[Scored]:
    """Score those of the clients that are with us, as of a moment."""
    at, model = moment or db.now, model_in_force(db)
    customers = list_customers(db, among=client_ids, moment=moment)
    found = read_signals(db, customers, moment=moment)
    return [_scored(facts, model, at) for facts in found.values()]


def _scored(facts: Facts, model: Model, at: datetime) -> Scored:
    found = score(facts.signals, model)
    known = {key: round(value, 4) for key, value in facts.signals.items() if value is not None}
    return Scored(
        facts.client_id,
        at,
        found.points,
        found.probability,
        found.coverage,
        model.version,
        facts.annual_value,
        facts.currency,
        cause_of(facts, at),
        known,
    )


def cause_of(facts: Facts, at: datetime) -> RiskCause | None:
    """Say what lists a client whatever its score, if anything does."""
    if facts.notices:
        return RiskCause.NOTICE
    recent = {one.row_id for one in facts.failures if at - one.at <= CLOSE}
    if len(recent) >= 2:
        return RiskCause.FAILURES
    left = None if facts.decision_on is None else facts.decision_on - day_of(at)
    is_near = left is not None and timedelta(0) <= left <= RENEWAL_AT_HAND
    heard = facts.last_heard_at
    is_unheard = heard is None or at - heard > RENEWAL_AT_HAND
    return RiskCause.RENEWAL if is_near and is_unheard else None


def list_stale(db: Reader, *, limit: int) -> list[ClientId]:
    """List clients that are to be scored anew."""
    return [ClientId(one) for one in db.scalars(select(health_stale.c.client_id).limit(limit))]


def count_stale(db: Reader) -> int:
    """Count the clients that are to be scored anew."""
    return db.scalar(select(func.count()).select_from(health_stale)) or 0


@command("risk.make_all_stale", "Score all clients anew", is_automatic=True)
def make_all_stale(work: Work) -> None:
    """Note that all clients are to be scored anew: time alone moves scores."""
    clients = [{"client_id": client} for client in list_customers(work)]
    upsert(work.connection, health_stale, clients)


@command("risk.score_stale", "Score clients anew", is_automatic=True)
def score_stale(work: Work, *, limit: int) -> int:
    """Score some of the clients that were written to; gives how many were looked at.

    It reads and writes in one, so that nothing can be written to a client between the two.
    """
    some = list_stale(work, limit=limit)
    if not some:
        return 0
    work.execute(delete(health_stale).where(health_stale.c.client_id.in_(some)))
    scores = score_clients(work, some)
    gone = set(some) - {one.client_id for one in scores}
    work.execute(delete(ClientHealth).where(ClientHealth.client_id.in_(gone)))
    keep_scores(work, scores)
    if len(some) < limit:  # else more are to come, and screens need not ask between
        work.recorder.tables.add("client_health")
    return len(some)


@command("risk.keep_scores", "Keep scores", is_automatic=True)
def keep_scores(work: Work, scores: Sequence[Scored]) -> None:
    """Keep how clients score now, and that they did today."""
    upsert(work.connection, _HEALTH, [_health_row(one) for one in scores])
    keep_snapshots(work, scores)


@command("risk.drop_scores", "Let scores go", is_automatic=True)
def drop_scores(work: Work) -> None:
    """Let go of the scores of those who are with us no longer."""
    with_us = select(Client.id).where(~Client.is_deleted, Client.lifecycle.in_(CUSTOMERS))
    work.execute(delete(ClientHealth).where(ClientHealth.client_id.not_in(with_us)))


def _health_row(one: Scored) -> dict[str, Any]:
    return {
        "client_id": one.client_id,
        "scored_at": one.at,
        "points": one.points,
        "probability": one.probability,
        "coverage": one.coverage,
        "signals": dict(one.signals),
        "annual_value": one.annual_value,
        "currency": one.currency,
        "worth": one.probability * one.annual_value,
        "cause": one.cause,
        "model_version": one.model_version,
    }


def keep_snapshots(work: Work, scores: Sequence[Scored]) -> int:
    """Keep the day's scores where they differ from the last that is kept; gives how many."""
    written = 0
    for some in in_chunks(scores, 500):
        last = _last_snapshots(work, [one.client_id for one in some], day_of(some[0].at))
        rows = [_snapshot_row(one) for one in some if _differs(one, last.get(one.client_id))]
        upsert(work.connection, _SNAPSHOT, rows)
        written += len(rows)
    return written


def _last_snapshots(db: Reader, clients: Sequence[ClientId], day: date) -> dict[ClientId, Any]:
    s = _SNAPSHOT.c
    newest = (
        select(s.client_id, func.max(s.day).label("day"))
        .where(s.client_id.in_(clients), s.day <= day)
        .group_by(s.client_id)
        .subquery()
    )
    rows = db.all(
        select(s.client_id, s.day, s.points, s.coverage, s.model_version).join(
            newest, (newest.c.client_id == s.client_id) & (newest.c.day == s.day)
        )
    )
    return {row.client_id: row for row in rows}


def _differs(one: Scored, last: Any) -> bool:
    return (
        last is None
        or last.model_version != one.model_version
        or abs(last.points - one.points) >= _SAME
        or abs(last.coverage - one.coverage) > 1e-6
    )


def _snapshot_row(one: Scored) -> dict[str, Any]:
    return {
        "client_id": one.client_id,
        "day": day_of(one.at),
        "points": one.points,
        "probability": one.probability,
        "coverage": one.coverage,
        "signals": dict(one.signals),
        "model_version": one.model_version,
    }


@command("risk.keep_history", "Keep scores of earlier days", is_automatic=True)
def keep_history(work: Work, scores: Sequence[Scored]) -> int:
    """Keep scores as of an earlier day, for trends that begin before the program was there."""
    return keep_snapshots(work, scores)


def drop_snapshots(work: Work) -> None:
    """Let go of snapshots that no trend shows any more."""
    old = day_of(work.now) - KEPT_FOR
    work.execute(delete(HealthSnapshot).where(HealthSnapshot.day < old))


_HEALTH: Final = Base.metadata.tables["client_health"]
_SNAPSHOT: Final = Base.metadata.tables["health_snapshot"]
