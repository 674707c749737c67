"""The workspace that a verb works with: opened to write, or asked beside a running program."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store

if TYPE_CHECKING:
    from deskcrm.store.opening import Opened
    from deskcrm.sync.peer import SyncError


@contextmanager
def writing(profile: Profile) -> Iterator[Store]:
    """Open a workspace for this process alone; AlreadyOpen, in words, while the window is open.

    Raises LeaseEnded where a copy is locked until its person signs in again.
    """
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.station import lease

    need(profile)
    with open_profile(profile) as opened:
        lease.check(opened.store)
        yield opened.store


def give_up(opened: "Opened", error: "SyncError") -> UserError:
    """Say why an exchange did not come about; a workspace that was locked out is wiped first."""
    from deskcrm.store import keys
    from deskcrm.sync.peer import Trouble
    from deskcrm.sync.station import outbox
    from deskcrm.sync.station.status import explain

    if error.trouble is not Trouble.WIPE:
        return explain(error)
    unsent = opened.store.ask(lambda db: outbox.count_waiting(db.connection))
    opened.store.close()
    return keys.wipe(opened.profile, opened.key, unsent=unsent, now=clock.now())


@contextmanager
def asking(profile: Profile) -> Iterator[Store]:
    """Open a workspace to ask it things, also beside a running program.

    Readers of a write-ahead log never wait for the writer nor hold it up, so this is safe; the
    connection refuses to write.
    """
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import read_profile
    from deskcrm.sync.station import lease

    need(profile)
    with read_profile(profile) as store:
        lease.check(store, keeps=False)
        yield store


def need(profile: Profile) -> None:
    """Refuse, and say how to make one, where there is no workspace."""
    if not profile.exists():
        raise UserError(
            tr("There is no workspace in {folder}.", folder=profile.folder),
            tr(
                "Make one with “deskcrm new --name YOU”, or “deskcrm demo” for one with made-up"
                " clients; or name another folder with --profile."
            ),
        )
