"""Adds clients by the million: many steps of a bounded size, each logged like any other.

What is derived (the search index, summaries) is made once at the end. It is marked as stale
before the first step, so that a run that is cut short leaves a workspace that mends itself when
it is opened. Each step can be undone; all of them are taken back by removing the sample.
"""

from contextlib import closing
from random import Random
from typing import Final

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.sample import profiles
from deskcrm.domain.sample.commands import MOST, add_sample, check_wish
from deskcrm.domain.sample.crowd import ORDER, Crowd
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.staff import make_staff
from deskcrm.domain.sample.workspace import LANGUAGES
from deskcrm.domain.tickets.numbers import take_numbers
from deskcrm.domain.users.model import User, UserId
from deskcrm.store import derived
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work

A_STEP: Final = 20_000
"""Clients in one step of the log: some 200,000 rows, which a computer of today holds easily."""
_AT_ONCE: Final = 2_000
_CACHE: Final = 256 * 1024


def fill_workspace(
    job: Job, store: Store, *, clients: int = 60, seed: int = 7, language: str = "both"
) -> int:
    """Fill a workspace with made-up clients, with every story or in bulk; gives the records."""
    check_wish(clients, language)
    if clients <= MOST:
        job.progress(0, clients, tr("Making up clients"))
        return store.do(add_sample, clients=clients, seed=seed, language=language).value
    text = tr("Making up clients")
    crowd, count = store.do(add_team, seed=seed, language=language).value
    for done in range(0, clients, A_STEP):
        job.progress(done, clients, text)
        count += store.do(add_clients, crowd, count=min(A_STEP, clients - done)).value
    job.progress(clients, clients, tr("Making the search index"))
    store.do(refresh_derived)
    _shrink_log(store)
    return count


def _set_cache(work: Work, kilobytes: int) -> None:
    """Size the writer's cache, till the store is closed: random places of indexes are touched."""
    if work.is_sqlite:
        work.connection.exec_driver_sql(f"PRAGMA cache_size = -{kilobytes}")


def _shrink_log(store: Store) -> None:
    """Empty SQLite's write-ahead log, which would lie beside the file, as large again, for good."""
    if store.database.is_sqlite:
        with closing(store.database.readers.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


@command("sample.add_team", "Add sample team")
def add_team(work: Work, *, seed: int, language: str) -> tuple[Crowd, int]:
    """Add the colleagues and tags of a large sample; gives what makes its clients."""
    for name in derived.ALL_DERIVED:
        derived.write_meta(work.connection, f"derived.{name}", "stale")
    work.recorder.keeps_touched = False
    _set_cache(work, _CACHE)
    me, languages = work.find(User, work.actor), LANGUAGES[language]
    my_name = me.name if me else ""
    staff, records = make_staff(UserId(work.actor), my_name, languages, Random(f"team {seed}"))
    phrases = grammar(languages[0])
    shelf = profiles.make_shelf((phrases.lines("tag"), phrases.lines("field")))
    for record in (*records, *shelf.tags, *shelf.fields):
        work.add(record)
    crowd = Crowd(seed, language, staff, shelf.tags, work.now)
    return crowd, len(records) + len(shelf.tags) + len(shelf.fields)


@command("sample.add_clients", "Add sample clients")
def add_clients(work: Work, crowd: Crowd, *, count: int) -> int:
    """Add so many clients of a large sample; gives how many records."""
    work.recorder.keeps_touched = False
    numbers = take_numbers(work, count)
    records = 0
    for done in range(0, count, _AT_ONCE):
        rows = crowd.make(min(_AT_ONCE, count - done), numbers)
        for model in ORDER:
            records += work.insert_many(model, rows[model])
    return records


@command("sample.refresh", "Make the search index")
def refresh_derived(work: Work) -> None:
    """Make again what is derived from the records."""
    work.refills_derived = True
