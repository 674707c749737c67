"""Workspaces to measure in: made once for each size, kept in ``build/bench``."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.domain import all as _features  # noqa: F401 - their derived rows are kept
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.sample.bulk import fill_workspace
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.commands import command
from deskcrm.store.opening import open_profile
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.store.work import Work

ROOT: Final = Path(__file__).resolve().parent.parent / "build" / "bench"
PASSPHRASE: Final = "only for measuring"
BUSY: Final = 10_000
"""Interactions of the busiest client."""


def profile_of(clients: int) -> Profile:
    """Give a workspace of so many clients, made if it is not there."""
    profile = Profile(ROOT / str(clients))
    ready = profile.folder / "ready"
    if ready.exists():
        return profile
    shutil.rmtree(profile.folder, ignore_errors=True)
    profile.folder.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with open_profile(profile, passphrase=PASSPHRASE, create=True) as opened:
        store = opened.store
        store.sign_in(new_id())
        store.do(create_first_user, name="Anna Lebedeva")
        job = Job(lambda done, total, text: _say(start, done, total, text))
        count = fill_workspace(job, store, clients=clients, seed=1, language="both")
        took = time.perf_counter() - start
        store.do(make_busy)
        store.database.writer.dispose()
    ready.write_text(f"{count} {took:.1f}\n")
    return profile


def _say(start: float, done: int, total: int, text: str) -> None:
    took = time.perf_counter() - start
    print(f"  {took:7.1f} s  {text} {done:,} of {total:,}", file=sys.stderr, flush=True)


@contextmanager
def open_workspace(clients: int) -> Iterator[Store]:
    """Open a workspace of so many clients."""
    with open_profile(profile_of(clients), passphrase=PASSPHRASE) as opened:
        yield opened.store


def made_in(clients: int) -> tuple[int, float]:
    """Tell how many records a workspace holds, and in how many seconds they were made."""
    count, took = (profile_of(clients).folder / "ready").read_text().split()
    return int(count), float(took)


def busy_client(store: Store) -> ClientId:
    """Give the client with ten thousand interactions."""
    found = store.ask(lambda db: db.scalar(select(Client.id).where(Client.name == "Busy Ltd")))
    assert found is not None
    return ClientId(found)


@command("bench.make_busy", "Add a busy client")
def make_busy(work: Work) -> None:
    """Add a client with ten thousand interactions over ten years."""
    client = work.add(Client(name="Busy Ltd"))
    work.session.flush()
    step = timedelta(days=3650) / BUSY
    work.insert_many(
        Interaction,
        (
            {
                "client_id": client.id,
                "channel": list(Channel)[n % len(Channel)],
                "direction": Direction.OUTGOING if n % 2 else Direction.INCOMING,
                "started_at": work.now - step * n,
                "subject": f"Order {n}",
                "text": f"They asked about order {n}. We agreed on a date and on the price.",
                "logged_by": work.actor,
            }
            for n in range(BUSY)
        ),
    )
