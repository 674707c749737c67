"""The line of an open profile to its server: begun when the window stands, ended with it."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from deskcrm.base import clock
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store.backup import Reason, make_backup
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.opening import Opened
from deskcrm.store.store import Arrived
from deskcrm.sync import connecting
from deskcrm.sync.credentials import Credentials, Login
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station import answers
from deskcrm.sync.station.contents import Wanted
from deskcrm.sync.station.lease import Lease, LeaseClock
from deskcrm.sync.station.loop import SyncLoop
from deskcrm.sync.station.status import Status, explain
from deskcrm.sync.transport import Transport, check_url
from deskcrm.ui.sync.files import wanted_ahead

_KEY: Final = "exchanged_at"
_OFTEN: Final = timedelta(minutes=1)
"""How exactly the last exchange is remembered for the next start."""


class Line:
    """Keeps a loop running while somebody is signed in. Safe to use from any thread."""

    def __init__(self, opened: Opened) -> None:
        self.listeners: list[Callable[[], object]] = []
        self._opened = opened
        self._store = opened.store
        self._credentials = Credentials.of(opened.store, opened.profile)
        self._changing = threading.Lock()
        self._loop: SyncLoop | None = None
        self._way: Transport | None = None
        self._login = self._credentials.login()
        self._is_locked_out = False
        self._lease = LeaseClock(opened.store)
        noted = self._store.ask(lambda db: read_meta(db.connection, _KEY))
        self._noted = datetime.fromisoformat(noted) if noted else None

    @property
    def login(self) -> Login | None:
        """Who is signed in where."""
        return self._login

    @property
    def status(self) -> Status | None:
        """How the exchange stands."""
        loop = self._loop
        return loop.status if loop is not None else None

    @property
    def last_exchange(self) -> datetime | None:
        """When something was last exchanged, also by an earlier run of the program."""
        status = self.status
        return (status.last_exchange if status is not None else None) or self._noted

    @property
    def is_locked_out(self) -> bool:
        """Whether the server has proven that it locked this device out: the copy must go."""
        status = self.status
        return self._is_locked_out or (status is not None and status.trouble is Trouble.WIPE)

    def lease(self) -> Lease | None:
        """Give how long the copy may still be used without the server; None without one."""
        return self._lease.look()

    def begin(self) -> None:
        """Exchange from now on, if somebody is signed in."""
        with self._changing:
            if self._login is None or self._loop is not None:
                return
            peer = connecting.reach(self._store, self._credentials)
            loop = SyncLoop(self._store, peer, wanted=wanted_ahead)
            loop.listeners.append(self._hear)
            self._loop = loop
            self._store.elsewhere = self.fetch
            loop.start()
        self._tell()

    def end(self) -> None:
        """Exchange no more; harmless when nothing is exchanged."""
        with self._changing:
            loop, self._loop = self._loop, None
            self._store.elsewhere = None
        if loop is not None:
            loop.close()

    def connect(self, job: Job, url: str, name: str, password: str) -> None:
        """Sign in and begin to exchange; raises SyncError or UserError."""
        entry = connecting.Entry(check_url(url), name, password)
        opened = self._opened
        self.end()
        try:
            connecting.connect(
                self._store,
                self._credentials,
                entry,
                backup=lambda: make_backup(
                    opened.profile, opened.key, Reason.SYNC, now=clock.now()
                ),
                on_way=self._begin_way,
            )
            self._note(clock.now())
        except SyncError as error:
            self._is_locked_out = error.trouble is Trouble.WIPE
            if job.is_cancelled:
                if self._login is None:
                    self._credentials.forget()
                raise Cancelled from error
            # Signed in, but cut off before everything was exchanged: the loop goes on with it.
            if self._credentials.login() == self._login:
                raise
        finally:
            self._way = None
            self._login = self._credentials.login()
            self.begin()
            self._tell()

    def give_up(self) -> None:
        """Cut off a sign-in that is under way."""
        if self._way is not None:
            self._way.close()

    def _begin_way(self, transport: Transport) -> None:
        self._way = transport

    def sign_out(self, job: Job) -> None:
        """End the exchange and forget the sign-in; everything stays here."""
        self.end()
        try:
            connecting.disconnect(self._store, self._credentials)
        except SyncError:
            self._is_locked_out = True
        self._login = None
        self._tell()

    def sync_now(self) -> None:
        """Exchange at once, also after a trouble that a person has seen to."""
        if self._loop is not None:
            self._loop.resume()

    def pause(self) -> None:
        """Exchange nothing until told to go on."""
        if self._loop is not None:
            self._loop.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._loop is not None:
            self._loop.resume()

    def allow_deletion(self) -> None:
        """Let a large deletion pass, once."""
        answers.allow_deletion(self._store)
        self.sync_now()

    def keep_deleted(self) -> None:
        """Keep what the server wants to delete, and offer it back."""
        answers.keep_deleted(self._store)
        self.sync_now()

    def fetch(self, job: Job, sha256: str, size: int) -> None:
        """Fetch contents that somebody waits for; raises UserError in words."""

        def told(done: int) -> None:
            job.progress(done, size, tr("Fetching the file"))

        loop = self._loop
        try:
            if loop is None:
                raise SyncError(Trouble.OFFLINE, "closing")
            loop.fetch(Wanted(sha256, size), told)
        except SyncError as error:
            if error.trouble is Trouble.OFFLINE:
                raise UserError(
                    tr("The file is not on this device, and the server cannot be reached."),
                    tr("Open it again when there is a network: what came so far is kept."),
                ) from error
            raise explain(error) from error

    def _hear(self, status: Status) -> None:
        at = status.last_exchange
        if at is not None and (self._noted is None or at - self._noted > _OFTEN):
            self._note(at)
        self._tell()

    def _note(self, at: datetime) -> None:
        def take(connection: Connection) -> Arrived[None]:
            write_meta(connection, _KEY, at.isoformat())
            return Arrived(None)

        self._store.absorb(take)
        self._noted = at

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()
