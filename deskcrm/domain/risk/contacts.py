"""Signals of our contact with a client: silence, and outreach of ours without an answer."""

import math
from typing import Final

from deskcrm.domain.health import Signal
from deskcrm.domain.interactions.model import CONTACT_SQL, HEARD_SQL
from deskcrm.domain.risk.reading import DAY_MS, Facts, Reading, Trace
from deskcrm.domain.tickets.model import HEARD_SQL as WORD_SQL
from deskcrm.store.types import to_milliseconds

FEWEST_CONTACTS: Final = 3
"""Days with a contact below which no gap is usual."""
GAPS: Final = 12
"""Of the last so many gaps the usual one is the mean."""
SHORTEST_GAP: Final = 7.0
"""Days: who calls daily is not silent after a weekend."""

# A day on which a client was heard is one contact, however many calls it took.
_HEARD: Final = f"""
SELECT client_id, max(last_at), max(day), min(day), count(*) FROM (
  SELECT client_id, day, max(at) AS last_at,
    row_number() OVER (PARTITION BY client_id ORDER BY day DESC) AS place
  FROM (
    SELECT client_id, started_at AS at, started_at / {DAY_MS} AS day FROM interaction
    WHERE client_id IN {{clients}} AND is_deleted = 0 AND {CONTACT_SQL} AND {HEARD_SQL}
    UNION ALL
    SELECT client_id, sent_at, sent_at / {DAY_MS} FROM ticket_message
    WHERE client_id IN {{clients}} AND is_deleted = 0 AND {WORD_SQL}
  ) AS word WHERE at <= ? GROUP BY client_id, day
) AS heard WHERE place <= {GAPS + 1} GROUP BY client_id
"""
_OURS: Final = f"""
SELECT client_id, id, started_at FROM interaction
WHERE client_id IN {{clients}} AND is_deleted = 0 AND {CONTACT_SQL} AND NOT {HEARD_SQL}
  AND started_at <= ? AND started_at > ?
ORDER BY started_at DESC
"""
_ASKED_FOR_DAYS: Final = 365
"""Days after which an attempt of ours is no open question any more."""
_MOST_SILENT: Final = 3.0


def read_contacts(reading: Reading) -> None:
    """Note silence and unanswered outreach."""
    until = min(to_milliseconds(reading.heard_until), reading.at)
    for facts, (last, newest, oldest, days) in reading.rows(_HEARD, reading.at):
        facts.last_heard_ms = last
        if days >= FEWEST_CONTACTS:
            usual = max((newest - oldest) / (days - 1), SHORTEST_GAP)
            gap = max(until - last, 0) / DAY_MS
            facts.note(Signal.SILENCE, _doublings(gap / usual))
            facts.usual_gap_days = usual
    _note_unanswered(reading)


def _doublings(times: float) -> float:
    """Give how often the usual gap has doubled, 0 to 3."""
    return min(max(math.log2(times), 0.0), _MOST_SILENT) if times > 0 else 0.0


def _note_unanswered(reading: Reading) -> None:
    since = reading.at - _ASKED_FOR_DAYS * DAY_MS
    found: dict[int, tuple[Facts, list[Trace]]] = {}
    for facts, (row_id, at) in reading.rows(_OURS, reading.at, since):
        if at > (facts.last_heard_ms or 0):
            traces = found.setdefault(id(facts), (facts, []))[1]
            traces.append(reading.trace("interaction", row_id, at))
    for facts, traces in found.values():
        facts.note(Signal.OUTREACH_UNANSWERED, float(min(len(traces), 4)), traces)
