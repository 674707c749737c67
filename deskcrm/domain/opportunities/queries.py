"""Answers about opportunities: what is under way, and what it would bring."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.opportunities.model import (
    Opportunity,
    OpportunityId,
    OpportunityKind,
    SignalKind,
    Stage,
)
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity, as lists and the client's page show it."""

    id: OpportunityId
    client_id: ClientId
    client: str
    kind: OpportunityKind
    title: str
    value_minor: int
    currency: str
    stage: Stage
    closed_on: date | None
    reason: LossReason | None
    source: SignalKind | None
    owner_id: UserId | None
    owner: str
    next_step: str
    next_on: date | None
    notes: str


def list_opportunities(
    db: Reader,
    *,
    client_id: ClientId | None = None,
    owner_id: UserId | None = None,
    is_open: bool | None = True,
) -> list[OpportunityRow]:
    """List opportunities: what is next first, then the closed ones, the latest first."""
    statement = _rows()
    if client_id is not None:
        statement = statement.where(Opportunity.client_id == client_id)
    if owner_id is not None:
        statement = statement.where(Opportunity.owner_id == owner_id)
    closed = (Stage.WON, Stage.LOST)
    if is_open is True:
        statement = statement.where(Opportunity.stage.not_in(closed))
    elif is_open is False:
        statement = statement.where(Opportunity.stage.in_(closed))
    rows = [OpportunityRow(**row._asdict()) for row in db.all(statement)]
    return sorted(rows, key=_order)


def _order(row: OpportunityRow) -> tuple[object, ...]:
    closed = -row.closed_on.toordinal() if row.closed_on is not None else 0
    return not row.stage.is_open, row.next_on or date.max, closed, row.title


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Opportunity.id,
            Opportunity.client_id,
            Client.name.label("client"),
            Opportunity.kind,
            Opportunity.title,
            Opportunity.value_minor,
            Opportunity.currency,
            Opportunity.stage,
            Opportunity.closed_on,
            Opportunity.reason,
            Opportunity.source,
            Opportunity.owner_id,
            func.coalesce(User.name, "").label("owner"),
            Opportunity.next_step,
            Opportunity.next_on,
            Opportunity.notes,
        )
        .join(Client, Client.id == Opportunity.client_id)
        .outerjoin(User, User.id == Opportunity.owner_id)
        .where(~Opportunity.is_deleted, ~Client.is_deleted)
    )
