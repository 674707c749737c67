"""Answers about departures: who left when and why, wherever it was noted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.contracts.model import Contract, ContractStatus
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.departures.model import Departure, DepartureId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """A departure of a client; ``id`` is None where only the client's own row tells of it."""

    id: DepartureId | None
    client_id: ClientId
    client: str
    noticed_on: date | None
    left_on: date | None
    returned_on: date | None
    reason: LossReason | None
    words: str
    competitor: str

    @property
    def happened_on(self) -> date | None:
        """The day that a forecast has to be earlier than: the notice, or else the last day."""
        days = [day for day in (self.noticed_on, self.left_on) if day is not None]
        return min(days) if days else None


def list_departures(db: Reader, *, client_id: ClientId | None = None) -> list[DepartureRow]:
    """List departures, the latest first: those that were noted, and clients set to churned.

    A notice noted on a contract of a client that left moves its departure to that day. A notice
    on a contract alone is none: a client may give up one product and keep another.
    """
    noted: Any = select(
        Departure.id,
        Departure.client_id,
        Client.name,
        Departure.noticed_on,
        Departure.left_on,
        Departure.returned_on,
        Departure.reason,
        Departure.words,
        Departure.competitor,
    ).join(Client, Client.id == Departure.client_id)
    noted = noted.where(~Departure.is_deleted, ~Client.is_deleted)
    churned = select(Client.id, Client.name, Client.churned_on, Client.churn_reason).where(
        Client.lifecycle == Lifecycle.CHURNED, ~Client.is_deleted
    )
    if client_id is not None:
        noted = noted.where(Departure.client_id == client_id)
        churned = churned.where(Client.id == client_id)
    rows = [DepartureRow(*row) for row in db.all(noted)]
    known = {row.client_id for row in rows if row.returned_on is None}
    rows += [
        DepartureRow(None, ClientId(who), name, None, left_on, None, None, words, "")
        for who, name, left_on, words in db.all(churned)
        if who not in known
    ]
    notices = _notices(db, client_id)
    rows = [_with_notice(row, notices.get(row.client_id, [])) for row in rows]
    return sorted(rows, key=lambda row: (row.happened_on or date.min, row.client), reverse=True)


def _notices(db: Reader, client_id: ClientId | None) -> dict[ClientId, list[date]]:
    """Give the days on which contracts were given notice, by client."""
    statement = (
        select(Contract.client_id, Contract.notice_given_on)
        .where(~Contract.is_deleted, Contract.notice_given_on.is_not(None))
        .where(Contract.status.in_((ContractStatus.NOTICE_GIVEN, ContractStatus.ENDED)))
    )
    if client_id is not None:
        statement = statement.where(Contract.client_id == client_id)
    found: dict[ClientId, list[date]] = defaultdict(list)
    for who, day in db.all(statement):
        if day is not None:
            found[who].append(day)
    return found


def _with_notice(row: DepartureRow, notices: list[date]) -> DepartureRow:
    """Give a departure the earliest notice of its contracts, where its own notice is not known."""
    if row.noticed_on is not None or row.left_on is None or row.returned_on is not None:
        return row
    before = [day for day in notices if day <= row.left_on]
    return DepartureRow(
        row.id,
        row.client_id,
        row.client,
        min(before, default=None),
        row.left_on,
        row.returned_on,
        row.reason,
        row.words,
        row.competitor,
    )
