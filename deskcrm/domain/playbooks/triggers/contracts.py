"""Contracts: one that begins, and one whose renewal is to be decided soon."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, or_, select

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contracts.model import Contract, ContractStatus, current_term
from deskcrm.domain.days import day_of
from deskcrm.domain.playbooks.triggers.trigger import (
    Asked,
    Facts,
    Match,
    Trigger,
    day_said,
    text_of,
)
from deskcrm.domain.views.sql import start_of_day
from deskcrm.store.reader import Reader

_IN_FORCE: Final = Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN))


def find_new_contract(db: Reader, asked: Asked) -> list[Match]:
    """Find clients with a contract that began within so many days."""
    first = day_of(asked.after or asked.reach)
    rows = db.all(
        select(Contract.id, Contract.client_id, Contract.title, Contract.starts_on)
        .join(Client, Client.id == Contract.client_id)
        .where(~Contract.is_deleted, _IN_FORCE, *asked.clients)
        .where(Contract.starts_on >= first, Contract.starts_on <= day_of(asked.as_of))
    )
    found: list[Match] = []
    for contract_id, client_id, title, starts_on in rows:
        assert starts_on is not None
        facts = {"contract": title, "starts_on": starts_on.isoformat()}
        ended = start_of_day(starts_on + timedelta(days=asked.days + 1))
        match = Match(ClientId(client_id), start_of_day(starts_on), facts, contract_id.hex, ended)
        if asked.is_asked(match):
            found.append(match)
    return found


def find_renewal(db: Reader, asked: Asked) -> list[Match]:
    """Find clients with a contract whose renewal is decided within so many days.

    Whoever has given notice has decided.
    """
    return [match for match in _renewals(db, asked) if asked.is_asked(match)]


def _renewals(db: Reader, asked: Asked) -> Iterator[Match]:
    today = day_of(asked.as_of)
    first = today if asked.after is None else day_of(asked.after)
    is_near = and_(
        Contract.decision_on >= first, Contract.decision_on <= today + timedelta(days=asked.days)
    )
    has_rolled = and_(Contract.auto_renews, Contract.decision_on < today)
    rows = db.all(
        select(
            Contract.id, Contract.client_id, Contract.title, Contract.starts_on, Contract.ends_on,
            Contract.notice_days, Contract.auto_renews,
        )
        .join(Client, Client.id == Contract.client_id)
        .where(~Contract.is_deleted, Contract.status == ContractStatus.ACTIVE, *asked.clients)
        .where(or_(is_near, has_rolled))
    )  # fmt: skip
    for row in rows:
        for on in {first, today}:
            term = current_term(row.starts_on, row.ends_on, row.notice_days, row.auto_renews, on)
            if term.decision_on is None:
                continue
            facts = {"contract": row.title, "decision_on": term.decision_on.isoformat()}
            since = start_of_day(term.decision_on - timedelta(days=asked.days))
            ended = start_of_day(term.decision_on + timedelta(days=1))
            yield Match(ClientId(row.client_id), since, facts, row.id.hex, ended)


def say_new_contract(facts: Facts) -> str:
    """Say which contract began."""
    return tr(
        "“{contract}” begins on {day}",
        contract=text_of(facts, "contract"), day=day_said(facts, "starts_on"),
    )  # fmt: skip


def say_renewal(facts: Facts) -> str:
    """Say which contract is to be decided on, and by when."""
    return tr(
        "“{contract}”: the renewal is decided by {day}",
        contract=text_of(facts, "contract"), day=day_said(facts, "decision_on"),
    )  # fmt: skip


NEW_CONTRACT: Final = Trigger(find_new_contract, say_new_contract, days=14)
RENEWAL: Final = Trigger(find_renewal, say_renewal, days=90)
