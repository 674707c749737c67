"""Signals of the account: a drop in usage, late invoices, and notice that the client gave."""

import math
from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from deskcrm.domain.health import Signal
from deskcrm.domain.risk.reading import Facts, Reading, Trace, noon_of
from deskcrm.domain.usage.model import DAYS, week_of

RECENT_WEEKS: Final = 4
BEFORE_WEEKS: Final = 12
LARGEST_DROP: Final = 1.5
LATE: Final = 15
VERY_LATE: Final = 45

_TOTAL: Final = " + ".join(f"coalesce({day}, 0)" for day in DAYS)
_KNOWN: Final = " + ".join(f"CASE WHEN {day} IS NULL THEN 0 ELSE 1 END" for day in DAYS)
_USAGE: Final = f"""
SELECT client_id, id, metric, week_on, {_TOTAL}, {_KNOWN} FROM usage_week
WHERE client_id IN {{clients}} AND is_deleted = 0 AND week_on < ? AND week_on >= ?
ORDER BY week_on DESC
"""
_INVOICES: Final = """
SELECT client_id, id, state, due_on FROM invoice
WHERE client_id IN {clients} AND is_deleted = 0 AND state <> 'cancelled'
ORDER BY due_on
"""
_NOTICES: Final = """
SELECT client_id, id, noticed_on FROM departure
WHERE client_id IN {clients} AND is_deleted = 0 AND noticed_on IS NOT NULL
  AND left_on IS NULL AND returned_on IS NULL
"""


def read_accounts(reading: Reading) -> None:
    """Note what usage, invoices and notices say."""
    _note_usage(reading)
    _note_invoices(reading)
    for facts, (departure_id, noticed_on) in reading.rows(_NOTICES):
        facts.notices.append(
            reading.trace("departure", departure_id, noon_of(noticed_on), "notice")
        )


def _note_usage(reading: Reading) -> None:
    """Note the drop in whole weeks; of several metrics the mean of their drops.

    Whole weeks, or every weekend would be a drop.
    """
    now = week_of(reading.day)
    recent = (now - timedelta(weeks=RECENT_WEEKS)).isoformat()
    first = (now - timedelta(weeks=RECENT_WEEKS + BEFORE_WEEKS)).isoformat()
    sums: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0] * 4))
    found: dict[int, tuple[Facts, list[Trace]]] = {}
    for facts, (row_id, metric, week_on, total, known) in reading.rows(
        _USAGE, now.isoformat(), first
    ):
        of_metric = sums[id(facts)][metric]
        place = 0 if week_on >= recent else 2
        of_metric[place] += total
        of_metric[place + 1] += known
        traces = found.setdefault(id(facts), (facts, []))[1]
        if place == 0:
            traces.append(reading.trace("usage_week", row_id, noon_of(week_on), metric))
    for facts, traces in found.values():
        drops = [drop for one in sums[id(facts)].values() if (drop := _drop(*one)) is not None]
        if drops:
            drop = sum(drops) / len(drops)
            facts.note(Signal.USAGE_DROP, drop, traces if drop else [])


def _drop(recent: float, recent_days: float, before: float, before_days: float) -> float | None:
    """Give −ln of the share that is left, 0 to 1.5; None where either time is not known."""
    if not recent_days or not before_days or before <= 0:
        return None
    share = (recent / recent_days) / (before / before_days)
    return LARGEST_DROP if share <= 0 else min(max(-math.log(share), 0.0), LARGEST_DROP)


def _note_invoices(reading: Reading) -> None:
    for facts, (invoice_id, state, due_on) in reading.rows(_INVOICES):
        if facts.signals[Signal.INVOICE_LATE_15] is None:
            facts.note(Signal.INVOICE_LATE_15, 0.0)
            facts.note(Signal.INVOICE_LATE_45, 0.0)
        late = _days_late(state, due_on, reading.day)
        for signal, days in ((Signal.INVOICE_LATE_15, LATE), (Signal.INVOICE_LATE_45, VERY_LATE)):
            if late >= days:
                trace = reading.trace("invoice", invoice_id, noon_of(due_on), "late")
                facts.note(signal, 1.0, [*facts.traces.get(signal, ()), trace])


def _days_late(state: str, due_on: str, today: date) -> int:
    return (today - date.fromisoformat(due_on)).days if state == "open" else 0
