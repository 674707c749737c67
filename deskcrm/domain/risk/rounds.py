"""The rounds that keep scores and flags true: after each write of whom it touched, daily of all.

A round is a job without a window: it asks a little, writes a little, and goes on, so that neither
a person nor a colleague's change has to wait for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.commands import count_gone
from deskcrm.domain.health import score
from deskcrm.domain.health.scoring import points_at
from deskcrm.domain.risk.commands import RiskEntry, enter_risk, leave_risk
from deskcrm.domain.risk.everybody import begin_everybody, is_new_day, score_everybody
from deskcrm.domain.risk.flagging import exit_line
from deskcrm.domain.risk.judging import judge_books, keep_lines
from deskcrm.domain.risk.model import HealthSnapshot
from deskcrm.domain.risk.queries import list_trends
from deskcrm.domain.risk.scoring import (
    keep_history,
    model_in_force,
    score_clients,
    score_stale,
)
from deskcrm.domain.risk.signals import list_customers
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks

AT_ONCE: Final = 250
"""Clients that are scored, flagged or let go between two breaths."""
IN_ALL_AT_ONCE: Final = 5_000
"""Clients in one query where each query puts up more first: on a server, and in the past."""
LOOKS_BACK: Final = 12
"""Weeks of which a trend is worked out where none was kept: on a new device, in a sample."""
SMALL: Final = 2_000
"""Clients for which the weeks before are worked out within a minute."""
_HEALTH: Final = Base.metadata.tables["client_health"]


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to."""

    scored: int = 0
    entered: int = 0
    left: int = 0


def go_round(job: Job, store: Store, *, looks_back: bool = False) -> Round:
    """Score whom it is time to score, then say who comes onto the list and who goes.

    ``looks_back``: where no trend is kept yet, the weeks before are worked out as well; of a book
    that is not too large before it is judged, so that not everybody is at risk since today.
    """
    is_first_today = store.ask(is_new_day)
    if is_first_today:
        store.do(count_gone, owner_id=UserId(store.actor))  # who is gone is not at risk any more
    scored = score_everybody(job, store) + _score_stale(job, store)
    if not scored and not is_first_today:
        return Round()
    is_beginning = looks_back and bool(store.ask(missing_weeks))
    is_small = is_beginning and len(store.ask(list_customers)) <= SMALL
    if is_small:
        look_back(job, store)
    entered, left = evaluate_books(store, dates_back=is_small)
    if is_beginning and not is_small:
        look_back(job, store)
    return Round(scored, entered, left)


def _score_stale(job: Job, store: Store) -> int:
    scored = 0
    while some := store.do(score_stale, limit=AT_ONCE).value:
        job.check_cancelled()
        scored += some
        if some < AT_ONCE:
            break
    return scored


def judge_all(job: Job, store: Store) -> Round:
    """Score all clients anew and look through all books: what a server does, which notes nothing.

    Every piece is looked at as of the moment of its own, so that nobody's push waits for all.
    """
    store.do(begin_everybody)
    scored = score_everybody(job, store, at_once=IN_ALL_AT_ONCE)
    job.check_cancelled()
    entered, left = evaluate_books(store)
    return Round(scored, entered, left)


# Flags.


def evaluate_books(store: Store, *, dates_back: bool = False) -> tuple[int, int]:
    """Look through the books that are this device's to judge; gives how many came and went.

    ``dates_back``: who enters does so as of the week from which it has been over the exit line.
    """
    entered = left = 0
    books = store.ask(judge_books)
    for found in books.values():
        for some in in_chunks(found.enter, AT_ONCE):
            entries = store.ask(_entries, [(one.client_id, cause) for one, cause in some])
            if dates_back:
                entries = store.ask(_dated_back, entries, exit_line(found.line))
            entered += store.do(enter_risk, entries).value
        for gone in in_chunks(found.leave, AT_ONCE):
            left += store.do(leave_risk, gone).value
    store.do(keep_lines, books)
    return entered, left


def _entries(db: Reader, causes: Sequence[tuple[ClientId, Any]]) -> list[RiskEntry]:
    model = model_in_force(db)
    by_client = dict(causes)
    found = []
    for some in in_chunks(by_client, 500):
        h = _HEALTH.c
        for client_id, signals in db.all(
            select(h.client_id, h.signals).where(h.client_id.in_(some))
        ):
            whole = score(signals, model)
            points = {one.name: one.points for one in whole.top(8)}
            found.append(
                RiskEntry(
                    client_id, by_client[client_id], whole.probability, whole.coverage, points
                )
            )
    return found


def _dated_back(db: Reader, entries: Sequence[RiskEntry], leave: float) -> list[RiskEntry]:
    """Let clients enter as of the first of the last weeks through which they were over a line."""
    trends, line = list_trends(db, [one.client_id for one in entries]), points_at(leave)
    found = []
    for entry in entries:
        weeks = 0
        for points in reversed(trends.get(entry.client_id, ())[:-1]):
            if points is None or points < line:
                break
            weeks += 1
        found.append(replace(entry, since=db.now - timedelta(weeks=weeks)))
    return found


# Trends of weeks that nobody kept.


def look_back(job: Job, store: Store) -> int:
    """Work out the scores of earlier weeks from what was recorded by then, where none is kept."""
    written = 0
    for moment in store.ask(missing_weeks):
        today = set(store.ask(list_customers))
        # Of an import nobody was there: then there is nothing to look at, piece by piece.
        clients = [one for one in store.ask(list_customers, moment=moment) if one in today]
        for some in in_chunks(clients, IN_ALL_AT_ONCE):
            job.check_cancelled()
            for scores in in_chunks(store.ask(score_clients, some, moment=moment)):
                written += store.do(keep_history, scores).value
    return written


def missing_weeks(db: Reader) -> list[datetime]:
    """Give the ends of the last weeks, the oldest first, if no score older than today's is kept."""
    today = day_of(db.now)
    oldest = db.scalar(select(HealthSnapshot.day).order_by(HealthSnapshot.day).limit(1))
    if oldest is not None and oldest < today:
        return []
    return [db.now - timedelta(weeks=week) for week in range(LOOKS_BACK, 0, -1)]
