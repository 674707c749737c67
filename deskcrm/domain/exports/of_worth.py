"""What clients are worth to us and what may be lost, as it is taken out."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import func, select

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.exports.views import (
    AT_ONCE,
    Column,
    View,
    ViewName,
    always,
    column,
    money,
    paged,
    percent,
)
from deskcrm.domain.imports.fields import ImportField as F
from deskcrm.domain.renewals import lines
from deskcrm.domain.renewals.lines import Asked, count_lines, page_lines
from deskcrm.domain.risk.queries import Health, RiskRow, count_risk, page_risk
from deskcrm.domain.risk.words import cause_sentence, why
from deskcrm.store.reader import Reader

_LIVING: Final = (~Contract.is_deleted, ~Client.is_deleted)


def contract_rows(db: Reader) -> Iterator[Any]:
    """Give the contracts of all clients, by client."""
    c = Contract
    asked = (
        select(
            c.id, c.title, c.value_minor, c.currency, c.billing_period, c.starts_on, c.ends_on,
            c.notice_days, c.auto_renews, c.status, c.decision_on, c.ended_on, c.notes,
            Client.name.label("client"),
        )
        .join(Client, Client.id == c.client_id)
        .where(*_LIVING)
        .order_by(Client.sort_name, c.starts_on, c.id)
    )  # fmt: skip
    yield from db.execute(asked.execution_options(yield_per=AT_ONCE))


def count_contracts(db: Reader) -> int:
    """Count the contracts of all clients."""
    asked = select(func.count()).select_from(Contract).join(Client, Client.id == Contract.client_id)
    return db.scalar(asked.where(*_LIVING)) or 0


def _of_health(value: Callable[[Health], Any]) -> Callable[[RiskRow], Any]:
    return lambda row: None if row.health is None else value(row.health)


def _why(row: RiskRow) -> str:
    return cause_sentence(row.cause) if row.health is None else why(row.health)


_ID: Final = column("id", lambda one: one.id, lambda: tr("ID"))
_CONTRACTS: Final = (
    column("client", lambda row: row.client, lambda: tr("Client")),
    column("contract", lambda row: row.title, F.CONTRACT),
    column("value", lambda row: money(row.value_minor), F.VALUE),
    column("currency", lambda row: row.currency, F.CURRENCY),
    column("period", lambda row: row.billing_period, F.PERIOD),
    column("starts_on", lambda row: row.starts_on, F.STARTS_ON),
    column("ends_on", lambda row: row.ends_on, F.ENDS_ON),
    column("notice_days", lambda row: row.notice_days, F.NOTICE_DAYS),
    column("auto_renews", lambda row: row.auto_renews, F.AUTO_RENEWS),
    column("status", lambda row: row.status, lambda: tr("Status")),
    column("decision_on", lambda row: row.decision_on),
    column("ended_on", lambda row: row.ended_on),
    column("notes", lambda row: row.notes, lambda: tr("Notes")),
    _ID,
)
_RISK: Final = (
    column("client", lambda row: row.client, lambda: tr("Client")),
    column("tier", lambda row: row.tier, F.TIER),
    column("owner", lambda row: row.owner, F.OWNER),
    column("why", _why, lambda: tr("Why")),
    column("risk", _of_health(lambda h: percent(h.score.probability)),
           lambda: tr("Risk of leaving")),
    column("points", _of_health(lambda h: round(h.score.points)), lambda: tr("Points")),
    column("annual_value", _of_health(lambda h: money(h.annual_value)), lambda: tr("A year")),
    column("currency", _of_health(lambda h: h.currency), F.CURRENCY),
    column("entered_at", lambda row: row.entered_at, lambda: tr("Since")),
    column("left_at", lambda row: row.left_at),
    column("quiet_until", lambda row: row.quiet_until),
    column("quiet_reason", lambda row: row.quiet_reason),
    _ID,
)  # fmt: skip
_RENEWALS: Final = (
    column("client", lambda one: one.client, lambda: tr("Client")),
    column("contract", lambda one: one.about.contract.title, F.CONTRACT),
    column("owner", lambda one: one.about.owner, F.OWNER),
    column("tier", lambda one: one.about.tier, F.TIER),
    column("decision_on", lambda one: one.about.contract.decision_on),
    column("ends_on", lambda one: one.about.contract.ends_on, F.ENDS_ON),
    column("annual_value", lambda one: money(one.about.contract.annual_value_minor),
           lambda: tr("A year")),
    column("currency", lambda one: one.about.contract.currency, F.CURRENCY),
    column("risk", lambda one: percent(one.about.automated.leaving), lambda: tr("Risk of leaving")),
    column("automated", lambda one: money(one.about.automated.annual_minor),
           lambda: tr("Automated forecast")),
    column("manager", lambda one: money(one.about.manager and one.about.manager.annual_minor),
           lambda: tr("Manager’s forecast")),
    column("final", lambda one: money(one.about.final and one.about.final.annual_minor),
           lambda: tr("Final forecast")),
    _ID,
)  # fmt: skip
_OPPORTUNITIES: Final = (
    column("client", lambda one: one.client, lambda: tr("Client")),
    column("title", lambda one: one.about.title, lambda: tr("Opportunity")),
    column("kind", lambda one: one.about.kind),
    column("stage", lambda one: one.about.stage),
    column("value", lambda one: money(one.about.value_minor), F.VALUE),
    column("currency", lambda one: one.about.currency, F.CURRENCY),
    column("owner", lambda one: one.about.owner, F.OWNER),
    column("next_step", lambda one: one.about.next_step),
    column("next_on", lambda one: one.about.next_on, lambda: tr("Day of the next step")),
    column("closed_on", lambda one: one.about.closed_on),
    column("reason", lambda one: one.about.reason),
    column("notes", lambda one: one.about.notes, lambda: tr("Notes")),
    _ID,
)
_PROMISES: Final = (
    column("client", lambda one: one.client, lambda: tr("Client")),
    column("contact", lambda one: one.about.contact, F.PERSON),
    column("text", lambda one: one.about.text, lambda: tr("Promise")),
    column("due_on", lambda one: one.about.due_on),
    column("state", lambda one: one.about.state, F.STATE),
    column("made_by", lambda one: one.about.maker),
    column("made_at", lambda one: one.about.made_at),
    column("settled_at", lambda one: one.about.settled_at),
    column("note", lambda one: one.about.note),
    column("is_overdue", lambda one: one.about.is_overdue, lambda: tr("Overdue")),
    _ID,
)


def _of(view: lines.View, name: ViewName, columns: tuple[Column, ...]) -> View:
    """Declare one of the four lists of the Renewals screen; without filters all of it."""
    everything, rows = Asked(view), paged(page_lines)
    return View(
        name,
        lambda db, asked=everything: count_lines(db, asked=asked),
        lambda db, asked=everything, **order: rows(db, asked=asked, **order),
        always(columns),
    )


VIEWS: Final = (
    View(ViewName.CONTRACTS, count_contracts, contract_rows, always(_CONTRACTS)),
    View(ViewName.RISK, count_risk, paged(page_risk), always(_RISK)),
    _of(lines.View.TO_DECIDE, ViewName.RENEWALS, _RENEWALS),
    _of(lines.View.OPPORTUNITIES, ViewName.OPPORTUNITIES, _OPPORTUNITIES),
    _of(lines.View.PROMISES, ViewName.PROMISES, _PROMISES),
)
