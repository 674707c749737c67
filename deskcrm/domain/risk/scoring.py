"""Scores clients from their signals and keeps the scores: the latest of each, and one for a day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.health import Model
from deskcrm.domain.health.model import Term
from deskcrm.domain.health.queries import read_model
from deskcrm.domain.health.scoring import figures_of, probability_of
from deskcrm.domain.risk.model import ClientHealth, RiskCause, health_stale
from deskcrm.domain.risk.reading import Facts
from deskcrm.domain.risk.signals import list_customers, read_signals
from deskcrm.domain.risk.tickets import CLOSE
from deskcrm.store import raw
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.store.work import Work

RENEWAL_AT_HAND: Final = timedelta(days=30)
"""A decision that is as near as this, with nobody heard for as long, lists a client by itself."""
KEPT_FOR: Final = timedelta(days=400)
"""Snapshots older than this are let go of: a trend looks back a year."""
_COMPARED: Final = (
    "client_id", "points", "signals", "cause", "annual_value", "currency", "model_version",
)  # fmt: skip
_SAME: Final = 0.05
"""Points by which a score, or one signal of it, must have moved to be kept."""


class Scored(NamedTuple):
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
    signals: Mapping[str, float] = {}
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


def score_run(db: Reader, customers: Sequence[ClientId]) -> list[Scored]:
    """Score clients that are with us and follow one another in the order of their ids."""
    model = model_in_force(db)
    found = read_signals(db, customers, is_run=True)
    return [_scored(facts, model, db.now) for facts in found.values()]


def _scored(facts: Facts, model: Model, at: datetime) -> Scored:
    points, coverage = figures_of(facts.signals, model)
    known = {key: round(value, 4) for key, value in facts.signals.items() if value is not None}
    return Scored(
        facts.client_id,
        at,
        points,
        probability_of(points),
        coverage,
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
    if len(facts.failures) >= 2:
        recent = {one.stored_id for one in facts.failures if at - one.at <= CLOSE}
        if len(recent) >= 2:
            return RiskCause.FAILURES
    if facts.decision_on is None:
        return None
    is_near = timedelta(0) <= facts.decision_on - day_of(at) <= RENEWAL_AT_HAND
    heard = facts.last_heard_at
    is_unheard = heard is None or at - heard > RENEWAL_AT_HAND
    return RiskCause.RENEWAL if is_near and is_unheard else None


def list_stale(db: Reader, *, limit: int) -> list[ClientId]:
    """List clients that are to be scored anew."""
    return [ClientId(one) for one in db.scalars(select(health_stale.c.client_id).limit(limit))]


def count_stale(db: Reader) -> int:
    """Count the clients that are to be scored anew."""
    return db.scalar(select(func.count()).select_from(health_stale)) or 0


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
    keep_scores(work, list_moved(work, scores))
    if len(some) < limit:  # else more are to come, and screens need not ask between
        work.recorder.tables.add("client_health")
    return len(some)


def list_moved(db: Reader, scores: Sequence[Scored]) -> list[Scored]:
    """Give those that are not as they are kept: time alone moves most, but by next to nothing."""
    terms, ids = model_in_force(db).terms, [one.client_id.bytes for one in scores]
    rows = raw.read_by_ids(db.connection, _HEALTH, _COMPARED, ids, of="client_id")
    kept = {row[0]: row for row in rows}
    return [
        one
        for one, stored in zip(scores, ids, strict=True)
        if _has_moved(one, kept.get(stored), terms)
    ]


def _has_moved(one: Scored, row: raw.Row | None, terms: Mapping[str, Term]) -> bool:
    if row is None:
        return True
    _, points, signals, *rest = row
    if abs(points - one.points) >= _SAME:
        return True
    if rest != [one.cause, one.annual_value, one.currency, one.model_version]:
        return True
    former, now = json.loads(signals), one.signals
    return former.keys() != now.keys() or any(
        former[name] != value
        and (name not in terms or abs((former[name] - value) * terms[name].per_unit) >= _SAME)
        for name, value in now.items()
    )


def keep_scores(work: Work, scores: Sequence[Scored]) -> None:
    """Keep scores, and for the day what a trend will show."""
    upsert(work.connection, _HEALTH, [_health_row(one) for one in scores])
    keep_snapshots(work, scores)


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
        if rows:
            clients = [row["client_id"] for row in rows]
            old = (_SNAPSHOT.c.client_id.in_(clients)) & (_SNAPSHOT.c.day < _forgotten(work))
            work.execute(delete(_SNAPSHOT).where(old))
        upsert(work.connection, _SNAPSHOT, rows)
        written += len(rows)
    return written


def _forgotten(db: Reader) -> date:
    return day_of(db.now) - KEPT_FOR


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


_HEALTH: Final = Base.metadata.tables["client_health"]
_SNAPSHOT: Final = Base.metadata.tables["health_snapshot"]
