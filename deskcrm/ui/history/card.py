"""The history of one client on a card: who changed what, and a way back from each step."""

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.client_merges.queries import list_story
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.conflicts.queries import count_conflicts
from deskcrm.store.history import HistoryEntry
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at

PAGE = 40


class HistoryCard(Overlay):
    """Opens itself over the window; reads on as far as it is asked to."""

    def __init__(self, desk: Desk, over: QWidget, subject: UUID, name: str) -> None:
        super().__init__(over.window(), width=720, top=0.06)
        self.desk = desk
        self._subject = subject
        self._last: int | None = None
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        self.more = parts.button(tr("Show more"), self._ask, look="link")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        self._inside = QWidget()
        more = parts.flush(self.more)
        self._inside.setLayout(parts.column(self.column, more, None, margins=(24, 8, 24, 24)))
        heading = parts.label(tr("History of {name}", name=name), "heading")
        self.conflicts = parts.button("", self._go_to_conflicts, look="link")
        self.conflicts.hide()
        self._head = parts.row(heading, None, self.conflicts, close, margins=(24, 16, 16, 0))
        self.card.setLayout(parts.column(self._head, Scroll(self._inside), spacing=4))
        self.closed.connect(self.deleteLater)
        self.open_card()
        self._ask()
        desk.ask(self, count_conflicts, subject=subject).then(self._offer_conflicts)

    def height_wanted(self) -> int:
        """Tall enough for all of it, where the window has room."""
        return height_at(self._inside, self._width) + self._head.sizeHint().height() + 8

    def _offer_conflicts(self, count: int) -> None:
        said = ntr("{n} conflict waits for a decision", "{n} conflicts wait for a decision", count)
        self.conflicts.setText(said)
        self.conflicts.setAccessibleName(said)
        self.conflicts.setVisible(count > 0)

    def _go_to_conflicts(self) -> None:
        self.close_card()
        self.desk.go("conflicts", subject=self._subject)

    def _ask(self) -> None:
        client = ClientId(self._subject)
        asked = self.desk.ask(self, list_story, client, limit=PAGE, before=self._last)
        asked.then(self._show)

    def _show(self, entries: list[HistoryEntry]) -> None:
        for entry in entries:
            self.column.addWidget(self._entry(entry))
        self.more.setVisible(len(entries) == PAGE)
        if entries:
            self._last = entries[-1].step
        self.relayout()

    def _entry(self, entry: HistoryEntry) -> QWidget:
        line = QWidget()
        label = tr("{label} (undone)", label=entry.label) if entry.is_undone else entry.label
        who = tr("{actor}, {when}", actor=entry.actor, when=dates.full(entry.at))
        back = parts.icon_button("undo", tr("Undo: {label}", label=entry.label))
        back.clicked.connect(partial(self._undo, entry.step))
        # Where there is no way back, or none any more, the line stands as the others do.
        keeping = back.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        back.setSizePolicy(keeping)
        back.setHidden(not entry.can_undo)
        head = parts.row(parts.label(label, "strong", wrap=True), parts.label(who, "faint"), back)
        head.setStretch(0, 1)
        body = parts.column(head, spacing=2)
        for said in entry.lines:
            body.addWidget(parts.label(said, "muted", wrap=True))
        line.setLayout(body)
        return line

    def _undo(self, step: int, _checked: bool = False) -> None:
        undo(self.desk, step)
        self.close_card()
