"""How sync stands, put together from the line to the server and from the log; always true."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from deskcrm.base.words import ntr, tr
from deskcrm.domain.conflicts.steps import Shelf, count_steps
from deskcrm.store.reader import Reader
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sync.link import Link

if TYPE_CHECKING:
    from deskcrm.sync.credentials import Login
    from deskcrm.sync.station.lease import Lease
    from deskcrm.sync.station.status import Status

_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What the log says: steps on their way, and steps that were refused."""

    waiting: int = 0
    refused: int = 0


def count_both(db: Reader) -> Counts:
    """Count what waits and what was refused."""
    waiting, refused = (count_steps(db, shelf=each) for each in (Shelf.WAITING, Shelf.REFUSED))
    return Counts(waiting, refused)


class Standing(QObject):
    """Tells whoever shows it that something changed, on the main thread."""

    changed = Signal()
    exchanged = Signal()
    """An exchange has come about, or failed: what it may have changed is worth asking again."""
    _heard = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.link: Link | None = None
        self.counts = Counts()
        self.lease: Lease | None = None
        self._last: object = None
        self._is_counted = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._count)
        # "3 min ago" grows old by itself.
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)
        desk.touched.connect(self._on_touched)

    def follow(self, link: Link) -> None:
        """Show this line from now on."""
        self.link = link
        link.listeners.append(self._heard.emit)
        self._on_heard()

    @property
    def login(self) -> "Login | None":
        """Who is signed in where."""
        return self.link.login if self.link is not None else None

    @property
    def status(self) -> "Status | None":
        """How the exchange stands; None where nobody is signed in."""
        return self.link.status if self.link is not None and self.login is not None else None

    @property
    def state(self) -> str:
        """The word for how it stands: one of the exchange's own, or "off"."""
        return self.status.state.value if self.status is not None else "off"

    @property
    def trouble(self) -> str:
        """The word for what is in the way, or ""."""
        status = self.status
        return status.trouble.value if status is not None and status.trouble is not None else ""

    @property
    def is_locked_out(self) -> bool:
        """Whether the server has proven that it locked this device out."""
        return self.link is not None and self.link.is_locked_out

    @property
    def last_exchange(self) -> datetime | None:
        """When something was last exchanged."""
        return self.link.last_exchange if self.link is not None else None

    def _on_minute(self) -> None:
        self.lease = self.link.lease() if self.link is not None else None
        self.changed.emit()

    def _on_heard(self) -> None:
        state = (self.state, self.trouble, self.last_exchange)
        if state != self._last:
            self._last = state
            self.exchanged.emit()
        self._soon.start()
        self._on_minute()

    def _on_touched(self, _tables: frozenset[str]) -> None:
        self._soon.start()

    def _count(self) -> None:
        self.desk.ask(self, count_both).then(self._take)

    def _take(self, counts: Counts) -> None:
        more = counts.refused - self.counts.refused if self._is_counted else 0
        self._is_counted = True
        if counts != self.counts:
            self.counts = counts
            self.changed.emit()
        if more > 0:
            self.say_refused(more)

    def say_refused(self, count: int) -> None:
        """Tell that so many changes were refused, with the way to them."""
        self.desk.tell(
            ntr("The server refused {n} change", "The server refused {n} changes", count),
            detail=tr("Nothing is lost: what you wrote is kept, with the reason."),
            tone=Tone.WARNING,
            more=lambda: self.desk.go("sync", shelf=Shelf.REFUSED.value),
        )
