"""Puts clients on the list of those at risk and takes them off, and keeps what people say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.names import one_line
from deskcrm.domain.risk.model import HealthRead, HealthReadId, ReadStep, RiskCause, RiskFlag
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

FOR_GOOD: Final = date(9999, 12, 31)
READ_HOLDS_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class RiskEntry:
    """A client that is at risk from now on, and the score that says so."""

    client_id: ClientId
    cause: RiskCause
    probability: float = 0.0
    coverage: float = 0.0
    points: Mapping[str, float] = field(default_factory=dict)
    since: datetime | None = None
    """Since when it is, where that was found out later; now, if not given."""


@command("risk.enter", "Put on the list of clients at risk", can_undo=False, is_automatic=True)
def enter_risk(work: Work, entries: Sequence[RiskEntry]) -> int:
    """Flag clients; gives how many. Who is flagged already, or is gone, is left as it is."""
    wanted = {entry.client_id: entry for entry in entries}
    flagged = {flag.client_id for flag in _standing(work, list(wanted))}
    added = 0
    for client_id, entry in wanted.items():
        if client_id in flagged or work.find(Client, client_id) is None:
            continue
        work.add(
            RiskFlag(
                id=work.unused_id(RiskFlag, client_id),
                client_id=client_id,
                cause=entry.cause,
                entered_at=min(entry.since or work.now, work.now),
                at_entry={
                    "probability": round(entry.probability, 4),
                    "coverage": round(entry.coverage, 3),
                    "points": {key: round(value, 2) for key, value in entry.points.items()},
                },
            )
        )
        added += 1
    return added


@command("risk.leave", "Take off the list of clients at risk", can_undo=False, is_automatic=True)
def leave_risk(work: Work, client_ids: Sequence[ClientId]) -> int:
    """Let the flags of clients go; gives how many went."""
    flags = _standing(work, client_ids)
    for flag in flags:
        flag.left_at = work.now
    return len(flags)


@command("risk.snooze", "Snooze client at risk")
def snooze_risk(work: Work, client_ids: Sequence[ClientId], *, until: date, reason: str) -> int:
    """Hide clients from the list until a day, and say why; the flags stay."""
    if until <= day_of(work.now):
        raise UserError(tr("That day is not to come."), tr("Choose tomorrow or later."))
    return _quieten(work, client_ids, until, reason)


@command("risk.put_aside", "Put client at risk aside")
def put_aside(work: Work, client_ids: Sequence[ClientId], *, reason: str) -> int:
    """Hide clients until their flags go and come again: it is known, and nothing is to be done."""
    return _quieten(work, client_ids, FOR_GOOD, reason)


@command("risk.bring_back", "Show client at risk again")
def bring_back(work: Work, client_ids: Sequence[ClientId]) -> int:
    """Show hidden clients again."""
    flags = [flag for flag in _standing(work, client_ids) if flag.quiet_until is not None]
    for flag in flags:
        flag.quiet_until, flag.quiet_reason, flag.quieted_by = None, "", None
    return len(flags)


@command("risk.read", "Set my read of client")
def set_read(work: Work, client_id: ClientId, *, step: ReadStep, note: str = "") -> HealthReadId:
    """Keep the person's own judgement; it holds for 90 days, and takes the place of the last."""
    client = work.get(Client, client_id)
    for former in _own_reads(work, client_id):
        work.delete(former)
    made = work.add(
        HealthRead(
            client_id=ClientId(client.id),
            step=step,
            note=one_line(note),
            read_by=UserId(work.actor),
            read_at=work.now,
        )
    )
    return HealthReadId(made.id)


@command("risk.withdraw_read", "Withdraw my read of client")
def withdraw_read(work: Work, client_id: ClientId) -> None:
    """Take back one's own judgement."""
    reads = _own_reads(work, client_id)
    if not reads:
        raise UserError(tr("You have no read of this client that holds."))
    for one in reads:
        work.delete(one)


def _quieten(work: Work, client_ids: Sequence[ClientId], until: date, reason: str) -> int:
    said = one_line(reason)
    if not said:
        raise UserError(
            tr("Say why."), tr("Whoever stands in for you sees the reason, and so do you later.")
        )
    flags = _standing(work, client_ids)
    if len(flags) < len(set(client_ids)):
        missing = len(set(client_ids)) - len(flags)
        raise UserError(
            ntr(
                "{n} client is not on the list any more.",
                "{n} clients are not on the list any more.",
                missing,
            ),
            tr("Nothing was changed. Select again and repeat."),
        )
    for flag in flags:
        flag.quiet_until, flag.quiet_reason = until, said
        flag.quieted_by = UserId(work.actor)
    return len(flags)


def _standing(work: Work, client_ids: Sequence[ClientId]) -> list[RiskFlag]:
    found: list[RiskFlag] = []
    for some in in_chunks(dict.fromkeys(client_ids), 500):
        found += work.records(
            select(RiskFlag).where(
                RiskFlag.client_id.in_(some), ~RiskFlag.is_deleted, RiskFlag.left_at.is_(None)
            )
        )
    return found


def _own_reads(work: Work, client_id: ClientId) -> Sequence[HealthRead]:
    found: Sequence[HealthRead] = work.records(
        select(HealthRead).where(
            HealthRead.client_id == client_id,
            HealthRead.read_by == work.actor,
            HealthRead.read_at > work.now - READ_HOLDS_FOR,
            ~HealthRead.is_deleted,
        )
    )
    return found
