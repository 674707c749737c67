"""A client's timeline with its filter, and the note field at its head."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

import deskcrm.ui.interactions.actions  # noqa: F401 - declares what can be done with an entry
from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel, InteractionId
from deskcrm.domain.interactions.commands import mark_seen
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.timeline import (
    EntryKind,
    count_timeline,
    count_years,
    get_last_seen,
    list_timeline_years,
)
from deskcrm.domain.interactions.windowed import count_entries, page_entries
from deskcrm.store.reader import Reader
from deskcrm.ui.interactions.composer import Composer
from deskcrm.ui.interactions.entry import as_entry
from deskcrm.ui.interactions.item import ItemCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import Bound
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.timeline import Timeline

_SHELVES: Final[tuple[frozenset[Channel], ...]] = (
    frozenset(),
    frozenset({Channel.CALL}),
    frozenset({Channel.EMAIL}),
    frozenset({Channel.CHAT, Channel.SOCIAL, Channel.PORTAL}),
    frozenset({Channel.MEETING, Channel.VIDEO, Channel.VISIT}),
    frozenset({Channel.NOTE}),
)
_BEGINNING: Final = 3
_LEAST: Final = 60
"""Shorter, a word is found only as a whole."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the timeline, and the number of the entry with which it begins from above."""

    year: int
    count: int
    first: int


def list_years(
    db: Reader, client_id: ClientId, channels: frozenset[Channel], said: str = ""
) -> list[Year]:
    """List the years in which something was said, the latest first, with where each begins."""
    counted = count_years(db, client_id, channels=channels, said=said)
    # The numbers that are shown are of all interactions, whatever is filtered.
    own = [(year, n) for kind, year, n in counted if kind is EntryKind.INTERACTION]
    if channels or said:
        own = list_timeline_years(db, client_id)
    return [
        Year(year, count, sum(number for _, other, number in counted if other > year))
        for year, count in sorted(own, reverse=True)
    ]


def number_at(db: Reader, client_id: ClientId, at: datetime) -> int:
    """Give the number of the entry at a moment, counted from the newest."""
    return max(0, count_timeline(db, client_id, since=at) - 1)


class Stream(QWidget):
    """``show_client`` shows one; ``reload`` asks again where it stands."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.client: ClientId | None = None
        self.composer = Composer(desk, self.leave_composer)
        self._years: list[Year] = []
        self.timeline = Timeline(
            desk, as_entry, count_entries, page_entries, name=tr("What happened")
        )
        self.timeline.setProperty("surface", "panel")
        self.pane = Pane(self.timeline)
        self.pane.setMinimumHeight(_LEAST)  # in a low window it yields, and not the composer
        self.shelf = Segments(_shelf_names(), tr("Which channels"), self._choose)
        self.search = parts.search_line(tr("Find in this story"), lambda _: self.reload())
        self.search.setClearButtonEnabled(False)  # the cross beside it does that and more
        self.find_button = parts.icon_button("search", tr("Find in this story"), self.begin_finding)
        self.finding = QWidget()
        self.years = ComboBox(tr("Go to a year"))
        self.years.activated.connect(self._go_to_year)
        self.bound = Bound(self, "timeline")
        self.timeline.rows.counted.connect(self._on_counted)
        self.timeline.opened.connect(self.open_entry)
        self.timeline.menu_wanted.connect(self._open_menu)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.composer)
        head = parts.row(margins=(20, 0, 12, 6))
        head.addWidget(self.shelf, 1, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.years)
        head.addWidget(self.find_button)
        layout.addLayout(head)
        stop = parts.icon_button("close", tr("Stop finding"), self.stop_finding)
        self.finding.setLayout(parts.row(self.search, stop, spacing=4, margins=(20, 0, 12, 8)))
        self.finding.hide()
        escape = QShortcut(QKeySequence("Escape"), self.finding)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.stop_finding)
        layout.addWidget(self.finding)
        layout.addWidget(parts.line())
        layout.addWidget(self.pane, 1)

    def show_client(self, client_id: ClientId) -> None:
        """Show a client's timeline from its top, and note that it was looked at."""
        is_other = client_id != self.client
        if is_other:
            self._note_seen()
            self.client = None  # or letting the words go would ask for the client that is left
            self._forget_said()
            self.client = client_id
            self.composer.show_client(client_id)
            self.desk.ask((self, "seen"), get_last_seen, client_id).then(self.timeline.set_looked)
        self.reload()

    def reload(self) -> None:
        """Ask again."""
        if self.client is None:
            return
        channels, said = self._channels(), self._said()
        self.timeline.reload(client_id=self.client, channels=channels, said=said)
        years = self.desk.ask((self, "years"), list_years, self.client, channels, said)
        years.then(self._show_years)

    def leave(self) -> None:
        """Note that the page was looked at, now that it is left."""
        self._note_seen()

    def leave_composer(self) -> None:
        """Put the focus from the note field into the timeline."""
        target = self.timeline if self.pane.is_showing_content else self.shelf
        target.setFocus()

    def begin_finding(self) -> None:
        """Ask what to look for in the story of this client."""
        self.finding.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def stop_finding(self) -> None:
        """Show all of the story again, and put the focus into it."""
        self._forget_said()
        self.leave_composer()

    def open_entry(self, entry: TimelineEntry) -> None:
        """Show an entry in full."""
        ItemCard(self.desk, self, entry)

    def open_interaction(self, interaction_id: InteractionId) -> None:
        """Show an interaction in full, wherever it stands."""
        ItemCard.of_interaction(self.desk, self, interaction_id)

    def go_to_moment(self, at: datetime) -> None:
        """Go to the entry at a moment, whatever is filtered now."""
        if self.client is None:
            return
        self.show_all()
        found = self.desk.ask((self, "place"), number_at, self.client, at)
        found.then(self._go_to_number)

    def _go_to_number(self, number: int) -> None:
        self.timeline.go_to(number)
        self.timeline.setFocus()

    def _channels(self) -> frozenset[Channel]:
        return _SHELVES[max(0, self.shelf.currentIndex())]

    def _said(self) -> str:
        return self.search.text().strip()

    def _forget_said(self) -> None:
        self.search.setText("")
        self.finding.hide()

    def _note_seen(self) -> None:
        if self.client is not None:
            self.desk.do(mark_seen, self.client)

    def _choose(self, _index: int) -> None:
        if hasattr(self, "timeline"):
            self.reload()

    def _show_years(self, years: list[Year]) -> None:
        self._years = years
        self.years.clear()
        self.years.addItem(tr("Year"))
        for one in years:
            said = ntr("{n} item", "{n} items", one.count)
            self.years.addItem(tr("{year} · {items}", year=one.year, items=said))
        self.years.setVisible(len(years) > 1)

    def _go_to_year(self, index: int) -> None:
        if 0 < index <= len(self._years):
            self._go_to_number(self._years[index - 1].first)
            self.years.setCurrentIndex(0)  # a way to go, and not what is shown: one scrolls on

    def _open_menu(self, at: QPoint) -> None:
        if self.timeline.current() is not None:
            self.bound.menu().popup(at)

    def _on_counted(self, total: int) -> None:
        if total:
            self.pane.show_content()
        elif self._said():
            title, why = tr("Nothing here"), tr("Nothing in this story says that. Try fewer words.")
            if len(self._said()) < _BEGINNING:
                title = tr("Keep typing")
                why = tr("A word is found by its beginning once there are three letters.")
            self.pane.show_empty(Empty(title, why, "search", tr("Show all"), self.show_all))
        elif self.shelf.currentIndex() > 0:
            why = tr("Other channels may have something.")
            self.pane.show_empty(
                Empty(tr("Nothing here"), why, "history", tr("Show all"), self.show_all)
            )
        else:
            why = tr("Log a call, a meeting or a note above: it is kept here, in order.")
            self.pane.show_empty(Empty(tr("Nothing happened here yet"), why, "history"))

    def show_all(self) -> None:
        """Show all channels again, whatever is said there."""
        self._forget_said()
        self.shelf.setCurrentIndex(0)


def _shelf_names() -> list[str]:
    return [
        tr("All"),
        tr("Calls"),
        ptr("What happened", "Emails"),
        tr("Chats"),
        tr("Meetings"),
        tr("Notes"),
    ]
