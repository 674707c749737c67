"""The rounds that keep scores and flags true: after each write of whom it touched, daily of all.

A round is a job without a window: it asks a little, writes a little, and goes on, so that neither
a person nor a colleague's change has to wait for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true, update

from deskcrm.base.jobs import Job
from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.commands import count_gone
from deskcrm.domain.health import score
from deskcrm.domain.health.scoring import points_at
from deskcrm.domain.rights.matrix import CREATE, Reach, reach_of
from deskcrm.domain.risk.commands import RiskEntry, enter_risk, leave_risk
from deskcrm.domain.risk.everybody import begin_everybody, is_new_day, score_everybody
from deskcrm.domain.risk.flagging import Evaluated, Standing, evaluate, exit_line
from deskcrm.domain.risk.model import HealthSnapshot
from deskcrm.domain.risk.queries import list_trends
from deskcrm.domain.risk.scoring import (
    keep_history,
    model_in_force,
    score_clients,
    score_stale,
)
from deskcrm.domain.risk.settings import CAPACITY_PERCENT
from deskcrm.domain.risk.signals import EXCHANGED_AT, list_customers
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.commands import command
from deskcrm.store.derived import read_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

AT_ONCE: Final = 250
"""Clients that were written to and are scored between two breaths."""
IN_ALL_AT_ONCE: Final = 5_000
"""Clients that a server looks at in one query: before each it works out when tickets are due."""
LOOKS_BACK: Final = 12
"""Weeks of which a trend is worked out where none was kept: on a new device, in a sample."""
SMALL: Final = 2_000
"""Clients for which the weeks before are worked out within a minute."""
_HEALTH: Final = Base.metadata.tables["client_health"]
_FLAG: Final = Base.metadata.tables["risk_flag"]
_LEADERS: Final = (UserRole.ADMINISTRATOR, UserRole.LEAD)


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
    for found in store.ask(judge_books):
        if found.enter:
            entries = store.ask(_entries, [(one.client_id, cause) for one, cause in found.enter])
            if dates_back:
                entries = store.ask(_dated_back, entries, exit_line(found.line))
            entered += store.do(enter_risk, entries).value
        if found.leave:
            left += store.do(leave_risk, found.leave).value
        store.do(keep_lines, found)
    return entered, left


def judge_books(db: Reader) -> list[Evaluated]:
    """Evaluate each book that is this device's to judge."""
    kept = list_set(db)
    percent = CAPACITY_PERCENT.read(kept.get(CAPACITY_PERCENT.key))
    base_rate, today = model_in_force(db).base_rate, day_of(db.now)
    books: dict[UUID | None, list[Standing]] = {}
    for owner, standing in _standings(db, own_books(db)):
        books.setdefault(owner, []).append(standing)
    return [
        evaluate(book, percent=percent, base_rate=base_rate, today=today) for book in books.values()
    ]


def own_books(db: Reader) -> ColumnElement[bool]:
    """Select the clients whose books this device judges: all while it is alone, else its own.

    Of one who is away the substitute's does, and of clients that nobody owns those of whoever
    leads. A colleague who sees fewer records must not take off what the owner's device put on.
    """
    row = db.first(select(User.role).where(User.id == db.actor, ~User.is_deleted))
    role = UserRole.ADMINISTRATOR if row is None else row[0]
    if reach_of("risk_flag", CREATE, role) is Reach.NOTHING:
        return false()
    if read_meta(db.connection, EXCHANGED_AT) is None:
        return true()
    own = Client.owner_id.in_([db.actor, *(one.user_id for one in list_stood_in_for(db))])
    return or_(own, Client.owner_id.is_(None)) if role in _LEADERS else own


def _standings(db: Reader, which: ColumnElement[bool]) -> list[tuple[UUID | None, Standing]]:
    h, f = _HEALTH.c, _FLAG.c
    rows = db.all(
        select(
            Client.owner_id, h.client_id, h.probability, h.coverage, h.cause, f.id, h.below_since
        )
        .select_from(_HEALTH)
        .join(Client, Client.id == h.client_id)
        .outerjoin(_FLAG, (f.client_id == h.client_id) & f.left_at.is_(None) & ~f.is_deleted)
        .where(~Client.is_deleted, which)
    )
    gone = db.all(
        select(Client.owner_id, f.client_id)
        .join(Client, Client.id == f.client_id)
        .outerjoin(_HEALTH, h.client_id == f.client_id)
        .where(f.left_at.is_(None), ~f.is_deleted, h.client_id.is_(None), ~Client.is_deleted, which)
    )
    # Who is no customer any more has no score, and nothing to be at risk of.
    return [
        *(
            (row[0], Standing(row[1], row[2], row[3], row[4], row[5] is not None, row[6]))
            for row in rows
        ),
        *((row[0], Standing(row[1], 0.0, 0.0, None, True, date.min)) for row in gone),
    ]


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


@command("risk.keep_lines", "Keep lines of risk", is_automatic=True)
def keep_lines(work: Work, found: Evaluated) -> None:
    """Keep on this device at which line a book's clients enter, and who is under the exit line."""
    today = day_of(work.now)
    for clients, since in ((found.below, today), ((*found.above, *found.leave), None)):
        for some in in_chunks(clients):
            work.execute(
                update(_HEALTH).where(_HEALTH.c.client_id.in_(some)).values(below_since=since)
            )
    for some in in_chunks(found.book):
        differs = _HEALTH.c.line.is_distinct_from(found.line)
        work.execute(
            update(_HEALTH).where(_HEALTH.c.client_id.in_(some), differs).values(line=found.line)
        )


# Trends of weeks that nobody kept.


def look_back(job: Job, store: Store) -> int:
    """Work out the scores of earlier weeks from what was recorded by then, where none is kept."""
    written = 0
    for moment in store.ask(missing_weeks):
        clients = store.ask(list_customers)
        for some in in_chunks(clients, 1_000):
            job.check_cancelled()
            scores = store.ask(score_clients, some, moment=moment)
            written += store.do(keep_history, scores).value
    return written


def missing_weeks(db: Reader) -> list[datetime]:
    """Give the ends of the last weeks, the oldest first, if no score older than today's is kept."""
    today = day_of(db.now)
    oldest = db.scalar(select(HealthSnapshot.day).order_by(HealthSnapshot.day).limit(1))
    if oldest is not None and oldest < today:
        return []
    return [db.now - timedelta(weeks=week) for week in range(LOOKS_BACK, 0, -1)]
