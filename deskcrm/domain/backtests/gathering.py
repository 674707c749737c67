"""Gathers how all clients stood on the first day of each month gone by, and how they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.backtests.observations import Case, Observation, cases_of, replay_days
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.health.scoring import Signals
from deskcrm.domain.risk.signals import list_customers, read_signals
from deskcrm.store.as_of import as_of
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.upsert import in_chunks

MONTHS: Final = 24
"""So far back a replay goes."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The months gone by, the book of today, and the names of all that are in either."""

    cases: tuple[Case, ...]
    book: Mapping[ClientId, Signals]
    names: Mapping[ClientId, str]
    today: date


def gather(job: Job, store: Store, *, months: int = MONTHS) -> Gathered:
    """Replay the months one by one; each is a query of its own, so that others can write."""
    today = day_of(store.clock())
    notices = store.ask(_notices)
    days = replay_days(today, months)
    found: list[Observation] = []
    for number, day in enumerate(days):
        job.progress(number, len(days) + 1, tr("Replaying months gone by"))
        found += store.ask(observe, day, notices)
    job.progress(len(days), len(days) + 1, tr("Replaying months gone by"))
    cases = cases_of(found, today)
    book = store.ask(_book)
    names = store.ask(_names)
    return Gathered(tuple(cases), book, names, today)


def observe(db: Reader, day: date, notices: Mapping[ClientId, Sequence[date]]) -> list[Observation]:
    """See all clients as they stood when a day began, from what had been recorded by then."""
    moment = datetime.combine(day, time(), UTC)
    clients = [*list_customers(db, moment=moment), *_gone_since(db, moment, day, notices)]
    facts = read_signals(db, clients, moment=moment)
    return [
        Observation(one, day, facts[one].signals, _next(notices.get(one, ()), day))
        for one in clients
        if one in facts
    ]


def _gone_since(
    db: Reader, moment: datetime, day: date, notices: Mapping[ClientId, Sequence[date]]
) -> list[ClientId]:
    """List clients that were with us then, though their rows came here as those of churned ones.

    An import, or a workstation that joined later, knows when they left and not that they stood
    otherwise before.
    """
    later = [one for one, days in notices.items() if max(days) >= day]
    with as_of(db, moment):
        return [
            ClientId(one)
            for some in in_chunks(later, 500)
            for one, since in db.all(
                select(Client.id, Client.customer_since)
                .where(Client.id.in_(some), Client.lifecycle == Lifecycle.CHURNED)
                .where(~Client.is_deleted)
            )
            if since is None or since <= day
        ]


def _next(notices: Sequence[date], day: date) -> date | None:
    """Give the first notice on or after a day."""
    return min((one for one in notices if one >= day), default=None)


def _notices(db: Reader) -> dict[ClientId, list[date]]:
    found: dict[ClientId, list[date]] = {}
    for row in list_departures(db):
        if row.happened_on is not None:
            found.setdefault(row.client_id, []).append(row.happened_on)
    return found


def _book(db: Reader) -> dict[ClientId, Signals]:
    return {one: facts.signals for one, facts in read_signals(db, list_customers(db)).items()}


def _names(db: Reader) -> dict[ClientId, str]:
    return {ClientId(one): name for one, name in db.all(select(Client.id, Client.name))}
