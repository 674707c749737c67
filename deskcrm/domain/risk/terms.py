"""Signals of the terms we are on: renewal, tenure, the champion, and promises of ours."""

import math
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from deskcrm.domain.contracts.model import (
    BillingPeriod,
    ContractStatus,
    annual_value,
    current_term,
)
from deskcrm.domain.health import Signal
from deskcrm.domain.risk.reading import Facts, Reading, Trace, noon_of

RENEWAL_WITHIN: Final = timedelta(days=90)
CHAMPION_HALF_LIFE_WEEKS: Final = 9.0
PROMISE_HALF_LIFE_WEEKS: Final = 6.0
MOST_BROKEN: Final = 3.0
_YEAR: Final = 365.25
_RUNNING: Final = frozenset({ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN})

_CONTRACTS: Final = """
SELECT client_id, id, status, value_minor, currency, billing_period, starts_on, ends_on,
  notice_days, auto_renews, notice_given_on, created_at
FROM contract WHERE client_id IN {clients} AND is_deleted = 0
"""
_SINCE: Final = "SELECT id, customer_since FROM client WHERE id IN {clients}"
_CHAMPIONS: Final = """
SELECT client_id, id, status, left_on FROM contact
WHERE client_id IN {clients} AND is_deleted = 0 AND role = 'champion'
ORDER BY status = 'left', coalesce(left_on, '')
"""
_BROKEN: Final = """
SELECT client_id, id, CASE state WHEN 'open' THEN NULL ELSE settled_at END, due_on FROM promise
WHERE client_id IN {clients} AND is_deleted = 0
  AND (state = 'broken' AND settled_at <= ? OR state = 'open' AND due_on < ?)
ORDER BY coalesce(due_on, '')
"""


def read_terms(reading: Reading) -> None:
    """Note what contracts, tenure, champions and promises say."""
    for facts, contract in reading.rows(_CONTRACTS):
        if contract[1] in _RUNNING:  # asked here: by an index of its own the query would read all
            _note_contract(reading, facts, contract)
    for facts, (since,) in reading.rows(_SINCE):
        _note_tenure(reading, facts, since)
    for facts, (contact_id, status, left_on) in reading.rows(_CHAMPIONS):
        _note_champion(reading, facts, contact_id, status, left_on)
    _note_broken(reading)


def _note_contract(reading: Reading, facts: Facts, row: tuple[Any, ...]) -> None:
    (contract_id, status, value, currency, period, starts_on, ends_on, notice_days, rolls,
     notice_on, created_at) = row  # fmt: skip
    contracts, minor = facts.values.get(currency, (0, 0))
    facts.values[currency] = contracts + 1, minor + annual_value(value, BillingPeriod(period))
    if status == "notice_given":
        at = noon_of(notice_on) if notice_on else created_at
        facts.notices.append(reading.trace("contract", contract_id, at, "notice"))
        return
    term = current_term(_day(starts_on), _day(ends_on), notice_days, bool(rolls), reading.day)
    if term.decision_on is None or (facts.decision_on and facts.decision_on <= term.decision_on):
        return
    facts.decision_on = term.decision_on
    is_due = term.decision_on - reading.day <= RENEWAL_WITHIN
    at = noon_of(term.decision_on.isoformat())
    behind = [reading.trace("contract", contract_id, at, "decision")] if is_due else []
    facts.note(Signal.RENEWAL_DUE, float(is_due), behind)


def _note_tenure(reading: Reading, facts: Facts, since: str | None) -> None:
    began = _day(since)
    if began is None or began > reading.day:
        return
    is_first, tenure = _tenure((reading.day - began).days)
    behind = [Trace("client", facts.client_id.bytes, reading.at, "since")]
    facts.note(Signal.FIRST_YEAR, is_first, behind)
    facts.note(Signal.TENURE, tenure, behind)


@lru_cache(8_192)
def _tenure(days: int) -> tuple[float, float]:
    """Tell whether it is the first year, and give the logarithm of the years."""
    years = days / _YEAR
    return float(years < 1), math.log(max(years, 1.0))


def _note_champion(
    reading: Reading, facts: Facts, contact_id: bytes, status: str, left_on: str | None
) -> None:
    """Note that the champion left; whoever is there still, or came after, makes up for it."""
    if status != "left":
        facts.note(Signal.CHAMPION_LEFT, 0.0)
    elif facts.signals[Signal.CHAMPION_LEFT] != 0.0:
        at = noon_of(left_on) if left_on else reading.at
        trace = reading.trace("contact", contact_id, at, "left", CHAMPION_HALF_LIFE_WEEKS)
        facts.note(Signal.CHAMPION_LEFT, trace.weight, [trace])


def _note_broken(reading: Reading) -> None:
    found: dict[int, tuple[Facts, list[Trace]]] = {}
    since = reading.since(PROMISE_HALF_LIFE_WEEKS)
    rows = reading.rows(_BROKEN, reading.at, reading.day.isoformat())
    for facts, (promise_id, settled_at, due_on) in rows:
        at = settled_at if settled_at is not None else noon_of(due_on)
        if at > since:
            what = "broken" if settled_at is not None else "overdue"
            trace = reading.trace("promise", promise_id, at, what, PROMISE_HALF_LIFE_WEEKS)
            found.setdefault(id(facts), (facts, []))[1].append(trace)
    for facts, traces in found.values():
        value = min(sum(one.weight for one in traces), MOST_BROKEN)
        facts.note(Signal.PROMISES_BROKEN, value, sorted(traces, key=lambda one: -one.weight))


@lru_cache(8_192)
def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
