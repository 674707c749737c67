"""All clients scored anew, once a day and under other weights: read aside, written where it moved.

Reading and arithmetic hold nobody up; what is written is short, and nothing is where nothing moved.
A client that is written to meanwhile is noted as stale by that write, left out here and scored
after. What is cut short is begun again by the next round, which finds written what was written.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, exists, select

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.risk.model import ClientHealth, health_stale
from deskcrm.domain.risk.scoring import Scored, keep_scores, list_moved, score_run
from deskcrm.domain.risk.signals import IS_CUSTOMER, list_customers
from deskcrm.domain.risk.stale import SCORED_ON
from deskcrm.store.commands import command
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

AT_ONCE: Final = 2_000
"""Clients that are in memory at a time."""
KEPT_AT_ONCE: Final = 1_000
"""Scores that are written while others wait."""


def score_everybody(job: Job, store: Store, *, at_once: int = AT_ONCE) -> int:
    """Score all that are with us, if it is time to; gives how many."""
    scored = 0
    while store.ask(is_new_day):
        begun = store.do(begin_everybody).value
        customers = store.ask(list_customers)
        for some in in_chunks(customers, at_once):
            job.check_cancelled()
            for moved in in_chunks(store.ask(score_some, some), KEPT_AT_ONCE):
                store.do(keep_some, moved, begun)
        store.do(end_everybody, store.ask(_list_gone), begun)
        scored = len(customers)
    return scored


def is_new_day(db: Reader) -> bool:
    """Tell whether all were last scored on another day, or are to be scored again."""
    return read_meta(db.connection, SCORED_ON) != day_of(db.now).isoformat()


@command("risk.begin_everybody", "Begin to score all clients anew", is_automatic=True)
def begin_everybody(work: Work) -> str:
    """Forget who is stale, as everybody will be scored; gives the mark of this beginning."""
    begun = f"begun {day_of(work.now).isoformat()}"
    work.execute(delete(health_stale))
    write_meta(work.connection, SCORED_ON, begun)
    return begun


def score_some(db: Reader, some: Sequence[ClientId]) -> list[Scored]:
    """Score clients that are with us; gives those that are not as they are kept."""
    return list_moved(db, score_run(db, some))


@command("risk.keep_some", "Score clients anew", is_automatic=True)
def keep_some(work: Work, moved: Sequence[Scored], begun: str) -> int:
    """Keep scores of clients that nothing was written to since; gives how many."""
    if read_meta(work.connection, SCORED_ON) != begun:
        return 0  # the weights are others now: all is begun again
    stale = health_stale.c.client_id
    touched: set[Any] = set()
    for some in in_chunks([one.client_id for one in moved]):
        touched.update(work.scalars(select(stale).where(stale.in_(some))))
    kept = [one for one in moved if one.client_id not in touched]
    keep_scores(work, kept)
    return len(kept)


def _list_gone(db: Reader) -> list[ClientId]:
    is_here = exists().where(Client.id == ClientHealth.client_id, IS_CUSTOMER)
    return [ClientId(one) for one in db.scalars(select(ClientHealth.client_id).where(~is_here))]


@command("risk.end_everybody", "Score all clients anew", is_automatic=True)
def end_everybody(work: Work, gone: Sequence[ClientId], begun: str) -> None:
    """Let go of the scores of who is gone, and note the day on which all were scored."""
    if read_meta(work.connection, SCORED_ON) != begun:
        return
    for some in in_chunks(gone):
        work.execute(delete(ClientHealth).where(ClientHealth.client_id.in_(some)))
    write_meta(work.connection, SCORED_ON, begun.removeprefix("begun "))
    work.recorder.tables.add("client_health")
