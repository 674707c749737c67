"""Everything about one client's risk: reasons with their records, what changed, the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.health import (
    Delta,
    Reason,
    Score,
    Signal,
    WayBack,
    score,
    what_changed,
    what_would_bring_it_back,
)
from deskcrm.domain.health.evidence import RAISED_FROM
from deskcrm.domain.health.queries import model_of
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.risk.commands import READ_HOLDS_FOR
from deskcrm.domain.risk.flagging import exit_line
from deskcrm.domain.risk.model import HealthRead, ReadStep, RiskCause, RiskFlag
from deskcrm.domain.risk.queries import Health, get_health, list_trends
from deskcrm.domain.risk.reading import Facts, Trace
from deskcrm.domain.risk.scoring import model_in_force
from deskcrm.domain.risk.signals import read_signals
from deskcrm.domain.risk.words import trace_words
from deskcrm.domain.tickets.model import Ticket, TicketMessage
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.undo import titles

TOP: Final = 4
LONGEST: Final = 27
"""Weeks that a trend shows, if so many are known."""
MOST_RECORDS: Final = 3
"""Records that are named behind one reason; of more the rest is counted."""
_SNAPSHOT: Final = Base.metadata.tables["health_snapshot"]


@dataclass(frozen=True, slots=True)
class Behind:
    """A record behind a reason, said in a line; what opens it is its table and id."""

    table: str
    row_id: UUID
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One reason with its records; ``more`` counts those that are not named."""

    reason: Reason
    behind: tuple[Behind, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Stay:
    """One time that the client was on the list."""

    cause: RiskCause
    entered_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A person's own judgement of the client."""

    step: ReadStep
    note: str
    name: str
    read_at: datetime
    expires_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class RiskDetail:
    """What the page of a client at risk shows."""

    health: Health
    reasons: tuple[WhyRow, ...]
    listed_for: tuple[Behind, ...]
    """The records behind what lists the client whatever its score."""
    changes: tuple[Delta, ...] | None
    """None: no score of a week ago is kept."""
    before: Score | None
    exit_line: float
    way_back: WayBack | None
    trend: tuple[float | None, ...]
    stays: tuple[Stay, ...]
    reads: tuple[ReadRow, ...]


def get_risk(db: Reader, client_id: ClientId) -> RiskDetail | None:
    """Give everything about a client's risk as of now; None for one that is not scored."""
    kept = get_health(db, [client_id]).get(client_id)
    if kept is None:
        return None
    facts = read_signals(db, [client_id])[client_id]
    model = model_in_force(db)
    now = score(facts.signals, model)
    before = _week_ago(db, client_id)
    entry = kept.line if kept.line is not None else RAISED_FROM * model.base_rate
    leave = exit_line(entry)
    return RiskDetail(
        health=kept,
        reasons=_reasons(db, facts, now),
        listed_for=_behind(db, facts, _cause_traces(facts, kept.cause))[0],
        changes=None if before is None else what_changed(before, now),
        before=before,
        exit_line=leave,
        way_back=what_would_bring_it_back(facts.signals, leave, model),
        trend=_known(list_trends(db, [client_id], weeks=LONGEST).get(client_id, ())),
        stays=_stays(db, client_id),
        reads=_reads(db, client_id),
    )


def _known(trend: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Leave out the weeks before the first that is known."""
    first = next((at for at, one in enumerate(trend) if one is not None), len(trend))
    return trend[first:]


def _week_ago(db: Reader, client_id: ClientId) -> Score | None:
    s = _SNAPSHOT.c
    day = day_of(db.now) - timedelta(days=7)
    row = db.first(
        select(s.signals, s.model_version)
        .where(s.client_id == client_id, s.day <= day)
        .order_by(s.day.desc())
        .limit(1)
    )
    if row is None:
        return None
    # By the weights of then: what new weights changed stands by itself.
    return score(row[0], model_of(db, row[1]) or model_in_force(db))


def _reasons(db: Reader, facts: Facts, scored: Score) -> tuple[WhyRow, ...]:
    found = []
    for reason in scored.top(TOP):
        traces = facts.traces.get(reason.name, [])
        if reason.name == Signal.SILENCE:
            traces = _last_heard(db, facts)
        behind, more = _behind(db, facts, traces)
        found.append(WhyRow(reason, behind, more))
    return tuple(found)


def _cause_traces(facts: Facts, cause: RiskCause | None) -> Sequence[Trace]:
    match cause:
        case RiskCause.NOTICE:
            return facts.notices
        case RiskCause.FAILURES:
            return facts.failures[-2:]
        case RiskCause.RENEWAL:
            return facts.traces.get(Signal.RENEWAL_DUE, [])
    return ()


def _last_heard(db: Reader, facts: Facts) -> list[Trace]:
    """Give the contact since which it is silent."""
    at, client, stamp = facts.last_heard_at, facts.client_id, facts.last_heard_ms
    if at is None or stamp is None:
        return []
    spoken = db.scalar(
        select(Interaction.id).where(
            Interaction.client_id == client, Interaction.started_at == at, ~Interaction.is_deleted
        )
    )
    if spoken is not None:
        return [Trace("interaction", spoken.bytes, stamp, "heard")]
    written = db.scalar(
        select(TicketMessage.ticket_id).where(
            TicketMessage.client_id == client, TicketMessage.sent_at == at
        )
    )
    return [] if written is None else [Trace("ticket", written.bytes, stamp, "heard")]


def _behind(db: Reader, facts: Facts, traces: Sequence[Trace]) -> tuple[tuple[Behind, ...], int]:
    named = list(dict.fromkeys(traces))[:MOST_RECORDS]
    known = _titles(db, named)
    rows = [
        Behind(
            one.table, one.row_id, trace_words(one, known.get((one.table, one.row_id), "")), one.at
        )
        for one in named
    ]
    return tuple(rows), max(len(traces) - len(rows), 0)


def _titles(db: Reader, traces: Sequence[Trace]) -> dict[tuple[str, UUID], str]:
    by_table: dict[str, list[UUID]] = {}
    for one in traces:
        by_table.setdefault(one.table, []).append(one.row_id)
    found = {
        (table, row_id): title
        for table, ids in by_table.items()
        for row_id, title in titles(db.connection, table, ids).items()
    }
    tickets = by_table.get("ticket")
    if tickets:
        numbers = db.all(select(Ticket.id, Ticket.number).where(Ticket.id.in_(tickets)))
        for row_id, number in numbers:
            found["ticket", row_id] = f"#{number} {found.get(('ticket', row_id), '')}".strip()
    return found


def _stays(db: Reader, client_id: ClientId) -> tuple[Stay, ...]:
    rows = db.all(
        select(RiskFlag.cause, RiskFlag.entered_at, RiskFlag.left_at)
        .where(RiskFlag.client_id == client_id, ~RiskFlag.is_deleted)
        .order_by(RiskFlag.entered_at.desc())
    )
    return tuple(Stay(*row) for row in rows)


def _reads(db: Reader, client_id: ClientId) -> tuple[ReadRow, ...]:
    rows = db.all(
        select(HealthRead.step, HealthRead.note, User.name, HealthRead.read_at, HealthRead.read_by)
        .outerjoin(User, User.id == HealthRead.read_by)
        .where(HealthRead.client_id == client_id, ~HealthRead.is_deleted)
        .where(HealthRead.read_at > db.now - READ_HOLDS_FOR)
        .order_by(HealthRead.read_at.desc())
    )
    return tuple(
        ReadRow(step, note, name or "", at, at + READ_HOLDS_FOR, by == db.actor)
        for step, note, name, at, by in rows
    )
