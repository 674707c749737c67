"""Goes the round of playbooks while one works: what is to begin begins, what is due comes up."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from deskcrm.base.words import ntr
from deskcrm.domain.playbooks.plays import advance_play, begin_playbook, note_segments
from deskcrm.domain.playbooks.rounds import Due, list_due, whose_book
from deskcrm.domain.users.model import UserId
from deskcrm.ui.kit.desk import Desk

_EVERY_MS: Final = 3_600_000
_SOON_MS: Final = 60_000
_WATCHES: Final = frozenset(
    {
        "client", "client_tag", "contact", "contract", "interaction", "play", "play_step",
        "playbook", "risk_flag", "task", "ticket_message", "touch_policy", "touch_rhythm",
    }
)  # fmt: skip
"""What a reason may come of, or a step that is over."""


class PlayRounds(QObject):
    """Looks once an hour, and soon after something was changed; each start is its own step."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._timer.timeout.connect(self.look)
        # Over a hundred thousand clients a round takes seconds: soon, one's own are enough.
        self._soon.timeout.connect(lambda: self._note(UserId(desk.store.actor)))
        desk.touched.connect(self._hear)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Ask what is due, and do it."""
        self._desk.ask((self, "whose"), whose_book).then(self._note)

    def _note(self, owner_id: UserId | None) -> None:
        noted = self._desk.do(note_segments, owner_id=owner_id)
        noted.then(lambda _: self._ask(owner_id))

    def _ask(self, owner_id: UserId | None) -> None:
        self._desk.ask((self, "due"), list_due, owner_id=owner_id).then(self._do)

    def _do(self, due: Due) -> None:
        for start in due.starts:
            self._desk.do(begin_playbook, start)
        for play_id in due.plays:
            self._desk.do(advance_play, play_id)
        if due.starts:
            n = len(due.starts)
            self._desk.tell(ntr("{n} playbook began", "{n} playbooks began", n))

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & _WATCHES and not self._soon.isActive():
            self._soon.start()
