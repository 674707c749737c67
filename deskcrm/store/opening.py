"""Opens a profile from its lock to its store, and closes it in the other order."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from deskcrm.base import clock as clocks
from deskcrm.base.clock import Clock
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import erased
from deskcrm.store.backup import Reason, make_backup
from deskcrm.store.damage import check_before_opening
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Key, create_key, open_key
from deskcrm.store.profile import AlreadyOpen, Hold, Profile
from deskcrm.store.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile that is open; ``recovery_code`` only where it was made just now."""

    profile: Profile
    hold: Hold
    key: Key
    store: Store
    recovery_code: str | None = None


@contextmanager
def open_profile(
    profile: Profile,
    *,
    passphrase: str | None = None,
    create: bool = False,
    clock: Clock = clocks.now,
) -> Iterator[Opened]:
    """Open a profile for this process alone; ``create`` sets up a new one where there is none.

    Raises AlreadyOpen, Locked, DamagedFile, NewerSchema: each says what to do next. The features
    must be imported before, so that their derived rows are kept.
    """
    if not create and not profile.exists():
        raise UserError(
            tr("There is no workspace in {folder}.", folder=profile.folder),
            tr("Start DeskCRM to set one up, or name another folder with --profile."),
        )
    with ExitStack() as stack:
        hold = stack.enter_context(profile.acquire())
        code = None
        if profile.exists():
            key = open_key(profile, passphrase=passphrase)
            check_before_opening(profile, key)
        else:
            key, code = create_key(profile, passphrase=passphrase)
        store = open_store(profile, key, clock=clock)
        stack.callback(store.close)
        yield Opened(profile, hold, key, store, code)


def open_store(
    profile: Profile, key: Key, *, clock: Clock = clocks.now, job: Job | None = None
) -> Store:
    """Open the store of a profile that this process holds; a backup comes before a migration."""
    store = Store.open(
        open_sqlite(profile.database, key.raw),
        backup=lambda: make_backup(profile, key, Reason.MIGRATION, now=clock()),
        clock=clock,
        job=job,
    )
    erased.apply(profile, store)
    return store


@contextmanager
def read_profile(profile: Profile, *, passphrase: str | None = None) -> Iterator[Store]:
    """Open a profile to ask it things, also beside a running program, which goes on writing."""
    try:
        with open_profile(profile, passphrase=passphrase) as opened:
            yield opened.store
            return
    except AlreadyOpen:
        key = open_key(profile, passphrase=passphrase)
    store = Store.beside(open_sqlite(profile.database, key.raw))
    try:
        yield store
    finally:
        store.close()
