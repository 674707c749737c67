"""What the screens need of the exchange in the background; the program gives the real one."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from deskcrm.base.jobs import Job

if TYPE_CHECKING:
    from deskcrm.sync.credentials import Login
    from deskcrm.sync.station.lease import Lease
    from deskcrm.sync.station.status import Status

# What speaks to the network is heavy, and most starts need none of it before the first paint:
# here and in whatever is shown at once, states and troubles are compared by their words.


class Link(Protocol):
    """A profile's line to its server, or the lack of one."""

    listeners: list[Callable[[], object]]
    """Called in any thread whenever something here has changed."""

    @property
    def login(self) -> "Login | None":
        """Who is signed in where; None while the profile is on its own."""
        ...

    @property
    def status(self) -> "Status | None":
        """How the exchange stands; None while there is none."""
        ...

    @property
    def last_exchange(self) -> datetime | None:
        """When something was last exchanged, also by an earlier run of the program."""
        ...

    @property
    def is_locked_out(self) -> bool:
        """Whether the server has proven that it locked this device out: the copy must go."""
        ...

    def lease(self) -> "Lease | None":
        """Give how long the copy may still be used without the server; None without one."""
        ...

    def connect(self, job: Job, url: str, name: str, password: str) -> None:
        """Sign in and begin to exchange; raises SyncError or UserError with nothing changed."""
        ...

    def give_up(self) -> None:
        """Cut off a sign-in that is under way: cancel its job first."""
        ...

    def sign_out(self, job: Job) -> None:
        """End the exchange and forget the sign-in; everything stays here."""
        ...

    def sync_now(self) -> None:
        """Exchange at once."""
        ...

    def pause(self) -> None:
        """Exchange nothing until told to go on."""
        ...

    def resume(self) -> None:
        """Go on after a pause."""
        ...

    def allow_deletion(self) -> None:
        """Let a large deletion pass, once."""
        ...

    def keep_deleted(self) -> None:
        """Keep what the server wants to delete, and offer it back."""
        ...
