"""The store: one writer, a few readers, and every write a command that leaves a log."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.base import clock as clocks
from deskcrm.base.clock import Clock
from deskcrm.base.errors import UserError
from deskcrm.base.garbage import seldom_collected
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import derived, ledger, migrate, rewriting, undo
from deskcrm.store.changes import Recorder
from deskcrm.store.commands import Command
from deskcrm.store.engine import Database, StoreStopped, in_words
from deskcrm.store.numbering import number_step
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.undo import LeftAlone
from deskcrm.store.work import Work, guard, recording

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Elsewhere = Callable[[Job, str, int], None]
"""Is given a hash and a size; tells the job how far it is, and raises UserError in words."""


@dataclass(frozen=True, slots=True)
class Done(Generic[R_co]):
    """What a command answers, said only after its transaction is on the disk.

    ``step`` is the number of its step in the log, None if it touched no record; ``label`` is the
    English label (translate it where it is shown); ``tables`` names what it touched.
    """

    value: R_co
    step: int | None
    label: str
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo or a redo."""

    step: int
    """The step that was put back."""
    label: str
    left_alone: tuple[LeftAlone, ...]
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Arrived(Generic[R_co]):
    """What came from the other end: an answer, and what the rows that came belong to."""

    value: R_co
    touched: Collection[derived.Touched] = ()
    tables: Collection[str] = ()


class Store:
    """A database that is open. Safe to use from any thread: writes wait for one another."""

    def __init__(self, database: Database, *, clock: Clock = clocks.now) -> None:
        self.database = database
        self.clock = clock
        self.listeners: list[Callable[[Done[object]], None]] = []
        """Called after each write, in the thread that wrote."""
        self._writing = threading.RLock()
        self._stopped = False
        self.writes = 0
        """How often was written since it was opened: while it stands, records are as they were.

        By this process: of a server's database others write too.
        """
        guard(database.writer)
        guard(database.readers)
        self.device: UUID
        self.actor: UUID = WORKSPACE
        self.elsewhere: Elsewhere | None = None
        """Fetches contents that are not on this device, while there is a server to ask."""
        self.orders = False
        """Whether this is a server's database, which numbers what is written for all others.

        It keeps nothing derived: every workstation makes that for itself.
        """

    @classmethod
    def open(
        cls,
        database: Database,
        *,
        backup: Callable[[], object] = lambda: None,
        clock: Clock = clocks.now,
        job: Job | None = None,
    ) -> "Store":
        """Open a database, brought to the newest schema; ``backup`` runs before a migration.

        A ``job`` is told when the index and the summaries have to be made anew, which is long.
        """
        store = cls(database, clock=clock)
        with in_words(), database.writer.begin() as connection:
            migrate.bring_up_to_date(connection, before=backup)
            store.orders = ledger.is_server(connection)
            if not store.orders and derived.is_stale(connection):
                text, heard = tr("Making the search index and the summaries anew"), job or Job()
                derived.refresh(
                    connection, tell=lambda done, total: heard.progress(done, total, text)
                )
            store.device = own_device(connection)
            user = derived.read_meta(connection, "user")
            store.actor = UUID(user) if user else WORKSPACE
        return store

    @classmethod
    def beside(cls, database: Database) -> "Store":
        """Join a database that another process has open, only to ask: it is left as it is."""
        store = cls(database)
        with in_words(), database.readers.begin() as connection:
            if migrate.revision_of(connection) != migrate.known_revisions()[-1]:
                raise UserError(
                    tr("The running DeskCRM is of another version."), tr("Close it and try again.")
                )
            store.device = UUID(derived.read_meta(connection, "device"))
            store.actor = UUID(derived.read_meta(connection, "user") or str(WORKSPACE))
        return store

    def close(self) -> None:
        """Close the database; waits for a write that is under way."""
        with self._writing:
            self.database.close()

    def sign_in(self, user: UUID) -> None:
        """Make a user the one who acts from now on, on this device."""
        with self._writing, in_words(), self.database.writer.begin() as connection:
            derived.write_meta(connection, "user", str(user))
        self.actor = user

    def do(self, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Done[R]:
        """Run a command in a transaction of its own; returns when it is durable.

        Raises UserError in words, with nothing changed; any other error is a bug, also with
        nothing changed.
        """

        def run(work: Work) -> R:
            return command(work, *args, **kwargs)

        return self._write(run, command.id, command.label, command.kind)

    def rehearse(self, run: Callable[[Work], R]) -> R:
        """Do what a command would, look at what comes of it, and take all of it back."""
        with self._writing, in_words(), self.database.writer.connect() as connection:
            self._check_running()
            transaction = connection.begin()
            try:
                connection.info["recording"] = 0
                return run(self._work(connection, "", ""))
            finally:
                transaction.rollback()

    def ask(
        self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a query on one consistent view of the database."""
        with in_words(), self.database.readers.begin() as connection:
            reader = Reader(connection, actor=self.actor, device=self.device, clock=self.clock)
            return query(reader, *args, **kwargs)

    def reread(
        self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a query on what was just written, where it was written.

        Its pages are at hand there; to read all of a large step elsewhere costs 64 MB more.
        """
        with self._writing, in_words(), self.database.writer.begin() as connection:
            reader = Reader(connection, actor=self.actor, device=self.device, clock=self.clock)
            return query(reader, *args, **kwargs)

    def undo(self, step: int | None = None, *, job: Job | None = None) -> Undone:
        """Put back a step: the newest own one, or the one named; UserError if there is none.

        A ``job`` is told how far a large one is; cancelled, it leaves everything as it was.
        """
        nothing = tr("There is nothing to undo.")
        return self._reverse(step, undo.last_undoable, "undo", nothing, job or Job())

    def redo(self, *, job: Job | None = None) -> Undone:
        """Take back the newest undo, unless something new was done since."""
        nothing = tr("There is nothing to redo.")
        return self._reverse(None, undo.last_redoable, "redo", nothing, job or Job())

    def rewrite(self) -> bool:
        """Write the file anew after something was erased; tells whether nothing of it is left.

        Nobody else writes meanwhile: seconds, of a very large workspace a minute.
        """
        with self._writing, in_words():
            self._check_running()
            return rewriting.rewrite(self.database)

    def absorb(self, take: Callable[[Connection], Arrived[R]]) -> Done[R]:
        """Write what comes from the other end of sync, in one transaction, leaving no step.

        Derived rows follow what ``take`` says it touched, and whoever listens hears of it.
        """
        with self._writing:
            self._check_running()
            try:
                with in_words(), self.database.writer.begin() as connection:
                    with recording(connection):
                        arrived = take(connection)
                    if not self.orders:
                        derived.rebuild_touched(connection, arrived.touched)
            except StoreStopped:
                self._stopped = True
                raise
            self.writes += 1
        done = Done(arrived.value, None, "", frozenset(arrived.tables))
        if arrived.tables:
            self._tell(done)
        return done

    @seldom_collected()
    def _reverse(
        self, step: int | None, find: Callable[..., int | None], kind: str, nothing: str, job: Job
    ) -> Undone:
        def run(work: Work) -> undo.Reversal:
            if step is not None:
                return undo.reverse(work, undo.read_step(work.connection, step), job)
            passed_over: list[LeftAlone] = []
            number = None
            while True:
                number = find(work.connection, device=self.device, actor=self.actor, before=number)
                if number is None:
                    raise UserError(nothing)
                try:
                    reversal = undo.reverse(work, undo.read_step(work.connection, number), job)
                except undo.NothingLeft as empty:
                    # Everything in it was changed since: the one before it is meant.
                    passed_over += empty.left_alone
                else:
                    reversal.left_alone[:0] = passed_over
                    return reversal

        done = self._write(run, f"log.{kind}", "")
        back = done.value
        return Undone(back.step, back.label, tuple(back.left_alone), done.tables)

    def _write(
        self, run: Callable[[Work], R], command_id: str, label: str, kind: str = "do"
    ) -> Done[R]:
        with self._writing:
            self._check_running()
            try:
                with in_words(), self.database.writer.begin() as connection:
                    connection.info["recording"] = 0
                    if self.orders:
                        ledger.read_head(connection, lock=True)
                    work = self._work(connection, command_id, label)
                    work.recorder.kind = kind
                    value = run(work)
                    step = work.finish()
                    if self.orders:
                        number_step(connection, step)
                    elif work.refills_derived:
                        derived.refresh(connection, everything=True)
                    else:
                        derived.rebuild_touched(connection, work.recorder.touched)
            except StoreStopped:
                self._stopped = True
                raise
            self.writes += 1
            done = Done(value, step, work.recorder.label, frozenset(work.recorder.tables))
        self._tell(done)
        return done

    def _tell(self, done: Done[R]) -> None:
        for listener in tuple(self.listeners):
            listener(done)

    def _work(self, connection: Connection, command_id: str, label: str) -> Work:
        recorder = Recorder(connection, self.device, self.actor, self.clock(), command_id, label)
        recorder.orders = self.orders
        return Work(connection, recorder, actor=self.actor, device=self.device, clock=self.clock)

    def _check_running(self) -> None:
        if self._stopped:
            raise StoreStopped(
                tr("DeskCRM stopped writing after the disk failed."),
                tr("What you typed is kept. Check the disk, then start DeskCRM again."),
            )


def own_device(connection: Connection) -> UUID:
    """Give the number of this database as a device; it is made the first time."""
    noted = derived.read_meta(connection, "device")
    if noted is None:
        noted = str(new_id())
        derived.write_meta(connection, "device", noted)
    return UUID(noted)
