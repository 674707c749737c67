"""A line to a server that is not there: for the pictures and for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.sync.credentials import Login
from deskcrm.sync.peer import Trouble
from deskcrm.sync.station.lease import Lease
from deskcrm.sync.station.status import State, Status

URL: Final = "https://desk.example.com"


class PosedLink:
    """Says what it is told to say, and notes what it is asked for."""

    def __init__(self, name: str = "anna") -> None:
        self.listeners: list[Callable[[], object]] = []
        self.asked: list[Any] = []
        self.fails: BaseException | None = None
        self._name = name
        self._login: Login | None = None
        self._status = Status()
        self._lease: Lease | None = None

    @property
    def login(self) -> Login | None:
        """Who is signed in where."""
        return self._login

    @property
    def status(self) -> Status | None:
        """How the exchange stands."""
        return self._status if self._login is not None else None

    @property
    def last_exchange(self) -> datetime | None:
        """When something was last exchanged."""
        return self._status.last_exchange

    @property
    def is_locked_out(self) -> bool:
        """Whether the server has proven that it locked this device out."""
        return self.status is not None and self.status.trouble is Trouble.WIPE

    def lease(self) -> Lease | None:
        """Give what was posed."""
        return self._lease

    def pose_lease(self, *, days: int, left: timedelta) -> None:
        """Let so much of a lease be left."""
        self._lease = Lease(timedelta(days=days), left, clock.now())
        self._tell()

    def pose(self, **changes: Any) -> None:
        """Stand like this from now on, signed in."""
        if self._login is None:
            self._login = Login(URL, self._name, new_id(), new_id())
        self._status = replace(Status(last_exchange=self._status.last_exchange), **changes)
        self._tell()

    def connect(self, job: Job, url: str, name: str, password: str) -> None:
        """Sign in, unless it is to fail."""
        self.asked.append(("connect", url, name, password))
        if self.fails is not None:
            raise self.fails
        self._name = name
        self.pose()

    def give_up(self) -> None:
        """Note that it was asked."""
        self.asked.append("give_up")

    def sign_out(self, job: Job) -> None:
        """Be on one's own again."""
        self.asked.append("sign_out")
        self._login = None
        self._tell()

    def sync_now(self) -> None:
        """Note that it was asked."""
        self.asked.append("sync_now")

    def pause(self) -> None:
        """Rest."""
        self.asked.append("pause")
        self.pose(state=State.PAUSED)

    def resume(self) -> None:
        """Go on."""
        self.asked.append("resume")
        self.pose(state=State.IDLE)

    def allow_deletion(self) -> None:
        """Note that it was asked."""
        self.asked.append("allow_deletion")

    def keep_deleted(self) -> None:
        """Note that it was asked."""
        self.asked.append("keep_deleted")
        self.pose(state=State.IDLE)

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()
