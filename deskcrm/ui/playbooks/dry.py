"""The card that tells who would match a playbook now, and who over the last 90 days."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.playbooks.matching import DryRow, DryRun, Terms, dry_run
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.queries import PlaybookRow
from deskcrm.domain.views.filters import Filter
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.pane import Pane
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.tickets.shapes import Link

_SHOWN = 50


def terms_from(trigger: TriggerKind, days: Any, asked: Filter, row: PlaybookRow | None) -> Terms:
    """Read what a playbook begins with from what is being written."""
    count = int(days) if str(days).strip().isdigit() else 0
    if row is None:
        return Terms(trigger, count, asked)
    return Terms(trigger, count, asked, row.counts_from, row.rest_days, row.id)


class DryRunCard(Overlay):
    """Opens itself over the window; nothing is done."""

    def __init__(self, desk: Desk, over: QWidget, name: str, terms: Terms) -> None:
        super().__init__(over.window(), width=620, top=0.1)
        self.desk = desk
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        inside = parts.Page()
        inside.setLayout(parts.column(self.lines, None, margins=(24, 4, 24, 24)))
        self.pane = Pane(Scroll(inside))
        head = parts.row(parts.label(tr("Who would match?"), "heading"), None, spacing=8)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        said = tr("“{name}”: nothing is done here, only looked up.", name=name)
        top = parts.column(
            head, parts.label(said, "muted", wrap=True), spacing=4, margins=(24, 20, 20, 8)
        )
        column = parts.column(top, spacing=0)
        column.addWidget(self.pane, 1)
        self.card.setLayout(column)
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.pane.show_loading()
        asked = desk.ask(self, dry_run, terms)
        asked.then(self._show).refused(lambda error: self.pane.show_error(error, self.close_card))

    def height_wanted(self) -> int:
        """As tall as a list is looked at with ease."""
        return 540

    def _show(self, found: DryRun) -> None:
        now = ntr("{n} client matches now", "{n} clients match now", found.now_count)
        starts = ntr("begins for {n} of them", "begins for {n} of them", found.would_start)
        if found.now_count and not found.would_start:
            starts = tr("begins for none of them")
        self._head(tr("{now}; it {begins}", now=now, begins=starts) if found.now_count else now)
        if found.would_start < found.now_count:
            self._say(
                tr(
                    "It does not begin where it runs already, ran for the same reason or rests,"
                    " nor where the reason is older than the playbook."
                )
            )
        self._list(found.now, found.now_count)
        self.lines.addSpacing(12)
        if found.knows_past:
            times = ntr("{n} time", "{n} times", found.past_count)
            clients = ntr("at {n} client", "at {n} clients", found.past_clients)
            self._head(
                tr("Over the last 90 days: {times}, {clients}", times=times, clients=clients)
            )
            self._list(found.past, found.past_count)
        else:
            self._head(tr("Over the last 90 days"))
            self._say(tr("Nothing records when a client came to match: that is known from now on."))
        self.pane.show_content()

    def _head(self, text: str) -> None:
        self.lines.addWidget(parts.label(text, "strong", wrap=True))

    def _say(self, text: str) -> None:
        self.lines.addWidget(parts.label(text, "muted", wrap=True))

    def _list(self, rows: Sequence[DryRow], count: int) -> None:
        if not rows:
            self._say(tr("Nobody."))
        for row in rows[:_SHOWN]:
            go = Link(row.client, partial(self._go, row))
            go.setProperty("flush", True)
            day = dates.unbroken(dates.day(row.since.astimezone().date()))
            said = [row.reason, ptr("Playbook match", "since {day}", day=day)]
            if row.owner:
                said.append(dates.unbroken(row.owner))
            self.lines.addLayout(
                parts.column(go, parts.label("\u00a0· ".join(said), "muted", wrap=True), spacing=1)
            )
        if count > _SHOWN:
            self._say(tr("and {n} more", n=count - _SHOWN))

    def _go(self, row: DryRow) -> None:
        self.close_card()
        self.desk.go("clients", client=row.client_id)
