"""Signals of what clients answered when they were asked: ratings and recommendations."""

from typing import Any, Final

from deskcrm.domain.health import Signal
from deskcrm.domain.risk.reading import DAY_MS, Facts, Reading

NPS_HALF_LIFE_WEEKS: Final = 26.0
FRESH_FOR_DAYS: Final = 365
"""Days after which an answer says nothing of today."""
LAST_DETRACTOR: Final = 6

# What is joined to the kind keeps the planner from its index, through the answers of all.
_ANSWERS: Final = """
SELECT a.client_id, a.kind, a.number, r.answered_at, r.id
FROM survey_answer a JOIN survey_response r ON r.id = a.response_id AND r.is_deleted = 0
WHERE a.client_id IN {clients} AND a.kind || '' IN ('nps', 'csat') AND a.is_deleted = 0
  AND a.number IS NOT NULL AND r.answered_at <= ?
ORDER BY r.answered_at, r.id
"""


def read_ratings(reading: Reading) -> None:
    """Note the latest answers against the client's own earlier ones."""
    answers: dict[int, tuple[Facts, dict[str, list[tuple[Any, ...]]]]] = {}
    for facts, (kind, number, at, response_id) in reading.rows(_ANSWERS, reading.at):
        kinds = answers.setdefault(id(facts), (facts, {"nps": [], "csat": []}))[1]
        kinds[kind].append((number, at, response_id))
    oldest = reading.at - FRESH_FOR_DAYS * DAY_MS
    for facts, kinds in answers.values():
        if kinds["csat"] and kinds["csat"][-1][1] > oldest:
            _note_csat(reading, facts, kinds["csat"])
        if kinds["nps"] and kinds["nps"][-1][1] > oldest:
            _note_nps(reading, facts, kinds["nps"])


def _note_csat(reading: Reading, facts: Facts, answers: list[tuple[Any, ...]]) -> None:
    """Note how far the last rating is below the mean of those before it."""
    (last, at, response_id), former = answers[-1], [one[0] for one in answers[:-1]]
    if not former:
        return
    below = max(sum(former) / len(former) - last, 0.0)
    behind = [reading.trace("survey_response", response_id, at, f"csat {last}")] if below else []
    facts.note(Signal.CSAT_BELOW_OWN, below, behind)


def _note_nps(reading: Reading, facts: Facts, answers: list[tuple[Any, ...]]) -> None:
    last, at, response_id = answers[-1]
    trace = reading.trace("survey_response", response_id, at, f"nps {last}", NPS_HALF_LIFE_WEEKS)
    is_detractor = last <= LAST_DETRACTOR
    behind = [trace] if is_detractor else []
    facts.note(Signal.DETRACTOR, trace.weight if is_detractor else 0.0, behind)
    if len(answers) < 2:
        return
    former, former_at, former_id = answers[-2]
    fall = max(former - last, 0) / 3 * trace.weight
    before = reading.trace("survey_response", former_id, former_at, f"nps {former}")
    facts.note(Signal.NPS_FALL, fall, [trace, before] if fall else [])
