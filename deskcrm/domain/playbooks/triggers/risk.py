"""Risk: a client that came onto the list of those at risk, or off it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.playbooks.triggers.trigger import Asked, Facts, Match, Trigger, text_of
from deskcrm.domain.risk.model import RiskCause, RiskFlag
from deskcrm.store.reader import Reader


def find_risk_entered(db: Reader, asked: Asked) -> list[Match]:
    """Find clients on the list of those at risk, since they came onto it."""
    rows = db.all(
        select(RiskFlag.client_id, RiskFlag.cause, RiskFlag.entered_at, RiskFlag.left_at)
        .join(Client, Client.id == RiskFlag.client_id)
        .where(~RiskFlag.is_deleted, *asked.clients)
        .where(or_(RiskFlag.left_at.is_(None), RiskFlag.left_at > (asked.after or asked.as_of)))
    )
    found = [
        Match(ClientId(row.client_id), row.entered_at, {"cause": row.cause.value}, "", row.left_at)
        for row in rows
    ]
    return [match for match in found if asked.is_asked(match)]


def find_risk_left(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that came off the list within so many days, and are not on it again."""
    other = aliased(RiskFlag)
    is_back = exists().where(
        other.client_id == RiskFlag.client_id, other.left_at.is_(None), ~other.is_deleted
    )
    rows = db.all(
        select(RiskFlag.client_id, RiskFlag.left_at)
        .join(Client, Client.id == RiskFlag.client_id)
        .where(~RiskFlag.is_deleted, *asked.clients)
        .where(RiskFlag.left_at > (asked.after or asked.reach), ~is_back)
    )
    found: list[Match] = []
    for client_id, left_at in rows:
        assert left_at is not None
        ended = left_at + timedelta(days=asked.days)
        match = Match(ClientId(client_id), left_at, ended=ended)
        if asked.is_asked(match):
            found.append(match)
    return found


def say_risk_entered(facts: Facts) -> str:
    """Say that the client is at risk, and what put it there."""
    try:
        cause = RiskCause(text_of(facts, "cause"))
    except ValueError:
        return tr("At risk")
    return tr("At risk: {cause}", cause=of(cause).lower())


def say_risk_left(facts: Facts) -> str:
    """Say that the client is not at risk any more."""
    return tr("Not at risk any more")


RISK_ENTERED: Final = Trigger(find_risk_entered, say_risk_entered, holds=True)
RISK_LEFT: Final = Trigger(find_risk_left, say_risk_left, days=14)
