"""The Desk: the six things a screen can ask for, and nothing else."""

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, overload
from weakref import WeakSet, WeakValueDictionary

from PySide6.QtCore import QObject, Qt, Signal

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.settings import Setting
from deskcrm.base.words import past, tr
from deskcrm.store.commands import Command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Done, Store, Undone
from deskcrm.ui.kit import crash
from deskcrm.ui.kit.tasks import Answer, Lane, Tasks, is_alive
from deskcrm.ui.kit.tokens import Tone

P = ParamSpec("P")
T = TypeVar("T")
V = TypeVar("V", str, int, bool, float)
log = logging.getLogger(__name__)

Owner = QObject | tuple[QObject, Hashable]


@dataclass(frozen=True, slots=True)
class Told:
    """Something said to the person in passing."""

    text: str
    detail: str = ""
    undo_step: int | None = None
    tone: Tone = Tone.NEUTRAL
    more: Callable[[], object] | None = field(default=None, compare=False)
    """Shows the whole of what this says in short."""
    more_words: str = ""
    """What its button says; else Details."""
    took_back: int | None = None
    """The step that is not done any more: nothing need offer to take it back."""


class SettingsKeeper(Protocol):
    """Where settings are kept; given by the program."""

    def read(self, setting: Setting[V]) -> V:
        """Give the value in force."""

    def write(self, setting: Setting[V], value: V) -> None:
        """Keep a value."""


class KeptInMemory:
    """Settings of a program that keeps none: screenshots and tests."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def read(self, setting: Setting[V]) -> V:
        """Give the value in force."""
        value: V = self._values.get(setting.key, setting.default)
        return value

    def write(self, setting: Setting[V], value: V) -> None:
        """Keep a value until the program ends."""
        self._values[setting.key] = value


class Deed(Answer[Done[T]]):
    """A command under way; its answer is a Done."""

    def __init__(self, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self.says: str | None = None

    def tell(self, text: str = "") -> Self:
        """Toast it with Undo when it is done: this text, or that the command was done."""
        self.says = text
        return self


class Errand(Answer[T]):
    """A job under way."""

    def __init__(self, job: Job, owner: QObject | None = None) -> None:
        super().__init__(owner)
        self._job = job
        self.label = ""

    def cancel(self) -> None:
        """Ask the job to stop at its next step; then ``failed`` gets Cancelled."""
        self._job.cancel()


class Desk(QObject):
    """What a screen is given.

    ``do`` a command · ``ask`` a query · ``start`` a job · ``go`` to another place · ``tell``
    something in a toast · ``setting``. A seventh verb needs a decision record.

    The shell listens to the signals: ``went`` (place, where), ``told`` (Told), ``crashed``
    (report), ``progressed`` (Errand, done, total, text). Screens hear ``touched`` (tables).
    """

    went = Signal(str, dict)
    told = Signal(object)
    crashed = Signal(str)
    progressed = Signal(object, int, int, str)
    touched = Signal(object)
    set_to = Signal(str)
    """A setting was changed: its key."""
    _wrote = Signal(object)

    def __init__(
        self, store: Store, tasks: Tasks | None = None, settings: SettingsKeeper | None = None
    ) -> None:
        super().__init__()
        self.store = store
        self.tasks = tasks or Tasks()
        self.tasks.on_error = self.complain
        self._settings: SettingsKeeper = settings or KeptInMemory()
        self._latest: WeakValueDictionary[tuple[int, Hashable], Answer[Any]] = WeakValueDictionary()
        self._errands: WeakSet[Errand[Any]] = WeakSet()
        # A write is heard in the thread that wrote; the screens hear of it in this one.
        self._wrote.connect(self.touched, Qt.ConnectionType.QueuedConnection)
        store.listeners.append(self._hear)

    def do(self, command: Command[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Deed[T]:
        """Run a command; commands run one after another. ``.tell()`` toasts it with Undo."""
        deed: Deed[T] = Deed()
        self.tasks.begin(deed, Lane.WRITE, lambda: self.store.do(command, *args, **kwargs))
        deed.then(lambda done: self._announce(deed, done))
        return deed

    def ask(
        self,
        owner: Owner,
        query: Callable[Concatenate[Reader, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer[T]:
        """Run a query for a widget.

        A newer ask of the same query by the same owner supersedes an older one, whose answer
        is dropped. To have several at once, or one place for several queries, give
        ``(owner, key)``: then only the same key supersedes.
        """
        widget, key = owner if isinstance(owner, tuple) else (owner, query)
        answer: Answer[T] = Answer(widget)
        slot = (id(widget), key)
        older = self._latest.get(slot)
        if older is not None:
            older.drop()
        self._latest[slot] = answer
        self.tasks.begin(answer, Lane.READ, lambda: self.store.ask(query, *args, **kwargs))
        return answer

    def start(
        self, job: Callable[Concatenate[Job, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Errand[T]:
        """Start something long; progress is shown by the shell, ``.cancel()`` stops it."""
        return self.work(Lane.JOB, lambda given: job(given, *args, **kwargs))

    def end(self) -> None:
        """Stop every job and wait for what is being written: the program ends."""
        for errand in tuple(self._errands):
            errand.cancel()
        self.tasks.shutdown()

    def go(self, place: str, /, **where: object) -> None:
        """Go to another place: ``desk.go("clients", client=client_id)``."""
        self.went.emit(place, where)

    def tell(
        self,
        text: str,
        undo_step: int | None = None,
        detail: str = "",
        tone: Tone = Tone.NEUTRAL,
        more: Callable[[], object] | None = None,
        more_words: str = "",
    ) -> None:
        """Say something in a toast: with Undo when a step is given, with a button for ``more``."""
        self.told.emit(Told(text, detail, undo_step, tone, more, more_words))

    @overload
    def setting(self, setting: Setting[V], /) -> V: ...
    @overload
    def setting(self, setting: Setting[V], value: V, /) -> V: ...
    def setting(self, setting: Setting[V], value: V | None = None, /) -> V:
        """Give a setting's value; with a second argument, set it."""
        if value is not None:
            self._settings.write(setting, value)
            self.set_to.emit(setting.key)
            return value
        return self._settings.read(setting)

    # What follows is the kit's own; screens have no use for it.

    def work(self, lane: Lane, job: Callable[[Job], T]) -> Errand[T]:
        """Start something that may be long, in a lane."""
        given = Job()
        errand: Errand[T] = Errand(given)
        self._errands.add(errand)
        given.on_progress = lambda done, total, text: self.progressed.emit(
            errand, done, total, text
        )
        self.tasks.begin(errand, lane, lambda: job(given))
        return errand

    def complain(self, error: BaseException) -> None:
        """Say an error that nobody else took: in words, or as a bug."""
        if isinstance(error, UserError):
            self.tell(error.title, detail=error.detail, tone=Tone.WARNING)
        elif not isinstance(error, Cancelled):
            text = crash.report(error)
            log.error("%s", text)
            self.crashed.emit(text)

    def _announce(self, deed: Deed[T], done: Done[T]) -> None:
        if deed.says is not None:
            text = deed.says or past(done.label)
            self.tell(text, undo_step=done.step, tone=Tone.OK)

    def _hear(self, done: Done[object]) -> None:
        if is_alive(self):
            self._wrote.emit(done.tables)


def undo(desk: Desk, step: int | None = None) -> Answer[Undone]:
    """Take back the last own step, or the one named, and say what was taken back."""
    answer = desk.work(Lane.WRITE, lambda job: desk.store.undo(step, job=job))
    return answer.then(lambda undone: _say_undone(desk, undone, tr("Undone: {label}")))


def redo(desk: Desk) -> Answer[Undone]:
    """Put back what was undone last, and say so."""
    answer = desk.work(Lane.WRITE, lambda job: desk.store.redo(job=job))
    return answer.then(lambda undone: _say_undone(desk, undone, tr("Redone: {label}")))


def _say_undone(desk: Desk, undone: Undone, said: str) -> None:
    detail = ""
    if undone.left_alone:
        detail = tr("What somebody changed since was left alone.")
    text = said.format(label=tr(undone.label))
    desk.told.emit(Told(text, detail, took_back=undone.step))
