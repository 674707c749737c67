"""A client's timeline with its filter, and the note field at its head."""

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import mark_seen
from deskcrm.domain.interactions.timeline import get_last_seen
from deskcrm.domain.interactions.windowed import count_entries, page_entries
from deskcrm.ui.interactions.composer import Composer
from deskcrm.ui.interactions.entry import as_entry
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.timeline import Timeline

_SHELVES: Final[tuple[frozenset[Channel], ...]] = (
    frozenset(),
    frozenset({Channel.CALL}),
    frozenset({Channel.EMAIL}),
    frozenset({Channel.CHAT, Channel.SOCIAL, Channel.PORTAL}),
    frozenset({Channel.MEETING, Channel.VIDEO, Channel.VISIT}),
    frozenset({Channel.NOTE}),
)


class Stream(QWidget):
    """``show_client`` shows one; ``reload`` asks again where it stands."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.client: ClientId | None = None
        self.composer = Composer(desk)
        names = [
            tr("All"),
            of(Channel.CALL),
            of(Channel.EMAIL),
            of(Channel.CHAT),
            of(Channel.MEETING),
            of(Channel.NOTE),
        ]
        self.timeline = Timeline(
            desk, as_entry, count_entries, page_entries, name=tr("What happened")
        )
        self.pane = Pane(self.timeline)
        self.shelf = parts.tabs(names, tr("Which channels"), self._choose)
        self.timeline.rows.counted.connect(self._on_counted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.composer)
        layout.addWidget(self.shelf)
        layout.addWidget(parts.line())
        layout.addWidget(self.pane, 1)

    def show_client(self, client_id: ClientId) -> None:
        """Show a client's timeline from its top, and note that it was looked at."""
        is_other = client_id != self.client
        if is_other:
            self._note_seen()
            self.client = client_id
            self.composer.show_client(client_id)
            self.desk.ask((self, "seen"), get_last_seen, client_id).then(self.timeline.set_looked)
        self.reload()

    def reload(self) -> None:
        """Ask again."""
        if self.client is not None:
            channels = _SHELVES[max(0, self.shelf.currentIndex())]
            self.timeline.reload(client_id=self.client, channels=channels)

    def leave(self) -> None:
        """Note that the page was looked at, now that it is left."""
        self._note_seen()

    def _note_seen(self) -> None:
        if self.client is not None:
            self.desk.do(mark_seen, self.client)

    def _choose(self, _index: int) -> None:
        if hasattr(self, "timeline"):
            self.reload()

    def _on_counted(self, total: int) -> None:
        if total:
            self.pane.show_content()
        else:
            why = tr("Log a call, a meeting or a note above: it is kept here, in order.")
            self.pane.show_empty(Empty(tr("Nothing happened here yet"), why, "history"))
