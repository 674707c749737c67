"""The workspace that a verb works with: opened to write, or asked beside a running program."""

from collections.abc import Iterator
from contextlib import contextmanager

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store


@contextmanager
def writing(profile: Profile) -> Iterator[Store]:
    """Open a workspace for this process alone; AlreadyOpen, in words, while the window is open."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import open_profile

    need(profile)
    with open_profile(profile) as opened:
        yield opened.store


@contextmanager
def asking(profile: Profile) -> Iterator[Store]:
    """Open a workspace to ask it things, also beside a running program.

    Readers of a write-ahead log never wait for the writer nor hold it up, so this is safe; the
    connection refuses to write.
    """
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import read_profile

    need(profile)
    with read_profile(profile) as store:
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
