"""The sync page: how it stands, what waits, what came, what was refused and why."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.conflicts.steps import Shelf, StepRow, count_steps, page_steps
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sync import actions
from deskcrm.ui.sync.cards import StandingCard, TroubleCard
from deskcrm.ui.sync.record import StepRecord
from deskcrm.ui.sync.standing import Standing

SHELVES: Final = (Shelf.WAITING, Shelf.CAME, Shelf.REFUSED, Shelf.LET_GO)


def _chips(row: StepRow) -> Sequence[Chip]:
    rest = (Chip(ntr("{n} more", "{n} more", row.rest)),) if row.rest else ()
    return (*_reason_chip(row), *rest)


def _reason_chip(row: StepRow) -> Sequence[Chip]:
    if not row.refusal:
        return ()
    said = {
        "rights": ptr("refusal", "No right"),
        "author": ptr("refusal", "Another’s name"),
        "gone": ptr("refusal", "Gone"),
        "invalid": ptr("refusal", "Invalid value"),
        "unknown": ptr("refusal", "Unknown change"),
    }
    return (Chip(said.get(row.refusal, ptr("refusal", "Refused")), Tone.WARNING, "warning"),)


class SyncScreen(ListDetail[StepRow]):
    """Steps on four shelves, under a card that says how it all stands."""

    place = "sync"
    title = "Sync"
    icon = "sync"
    yields_when_empty = True
    count_query = staticmethod(count_steps)
    page_query = staticmethod(page_steps)

    def __init__(self, desk: Desk, standing: Standing, parent: QWidget | None = None) -> None:
        self.standing = standing
        self.shelf = Segments(self._shelf_names(), tr("Which steps"))
        self.card = StandingCard(standing, self.run)
        self.trouble = TroubleCard(standing, self.run)
        self.offer = Pane(QWidget())
        super().__init__(desk, parent)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.under_head.addWidget(self.shelf)
        for button in actions.bulk_buttons(self):
            self.bulk.add(button)
        standing.changed.connect(self._refresh)
        # What came or was refused is told by the exchange, which writes no step.
        standing.exchanged.connect(self.load_soon)
        self._refresh()

    def _lay_out(self) -> None:
        super()._lay_out()
        self.total.hide()
        outer = self.layout()
        assert isinstance(outer, QVBoxLayout)
        outer.setSpacing(0)
        top = parts.surface("panel")
        top.setLayout(parts.column(self.card, self.trouble, parts.line(), spacing=0))
        outer.insertWidget(0, top)
        outer.insertWidget(1, self.offer, 1)
        outer.setStretch(2, 1)

    def _hear(self, tables: frozenset[str]) -> None:
        # Whatever is written here is a step that waits.
        self.load_soon()

    def run(self, action_id: str) -> None:
        """Do one of the actions of sync, here or everywhere."""
        actions.run(self, action_id)

    @property
    def shelf_name(self) -> Shelf:
        """The shelf that is seen."""
        return SHELVES[self.shelf.currentIndex()]

    def columns(self) -> Sequence[Column[StepRow]]:
        return [
            Column(
                tr("Change"),
                lambda row: row.label,
                under=lambda row: row.thing,
                chips=_chips,
                stretch=True,
                strong=True,
            ),
            Column(
                tr("When"),
                lambda row: dates.ago(row.at),
                under=lambda row: row.actor,
                tooltip=lambda row: dates.full(row.at),
                width=160,
                muted=True,
                hide_below=340,
            ),
        ]

    def filters(self) -> dict[str, Any]:
        return {"shelf": self.shelf_name}

    def build_record(self) -> QWidget:
        self.record = StepRecord(self)
        return self.record

    def show_row(self, row: StepRow) -> None:
        self.record.show_step(row)

    def arrive(self, *, shelf: str = "", **where: Any) -> None:
        """Show a shelf; without one, what was refused if anything was."""
        if shelf:
            self.shelf.setCurrentIndex(SHELVES.index(Shelf(shelf)))
        elif self.standing.counts.refused:
            self.shelf.setCurrentIndex(SHELVES.index(Shelf.REFUSED))

    def panes(self) -> list[QWidget]:
        return [self.table, self.record, self.card] if self.table.isVisible() else [self]

    def empty(self) -> Empty:
        said = {
            Shelf.WAITING: Empty(
                tr("Nothing waits"), tr("All that you wrote is with the server."), "done"
            ),
            Shelf.CAME: Empty(
                tr("Nothing has come yet"),
                tr("What your colleagues change shows up here, newest first."),
                "download",
            ),
            Shelf.REFUSED: Empty(
                tr("Nothing was refused"),
                tr("A change that the server does not take would be kept here, with the reason."),
                "check",
            ),
            Shelf.LET_GO: Empty(
                tr("Nothing was let go"),
                tr("Refused changes that you have dealt with are kept here."),
                "inbox",
            ),
        }
        return said[self.shelf_name]

    def _shelf_names(self) -> list[str]:
        return [
            ptr("Sync shelf", "Waiting"),
            ptr("Sync shelf", "Came"),
            ptr("Sync shelf", "Refused"),
            ptr("Sync shelf", "Let go"),
        ]

    def _refresh(self) -> None:
        self.card.refresh()
        self.trouble.refresh()
        names, counts = self._shelf_names(), self.standing.counts
        for at, count in ((0, counts.waiting), (2, counts.refused)):
            said = f"{names[at]} {dates.number(count)}" if count else names[at]
            if self.shelf.tabText(at) != said:
                self.shelf.setTabText(at, said)
        alone = self.standing.state == "off" and not counts.refused
        if alone and (self.offer.isHidden() or self.offer.is_showing_content):
            self.offer.show_empty(self._offer())
        was_alone = self.splitter.isHidden()
        self.offer.setVisible(alone)
        self.splitter.setVisible(not alone)
        if was_alone and not alone and self.isVisible():
            # The button that had the focus is gone.
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        # The offer below has the same button.
        self.card.join.setVisible(self.standing.state == "off" and not alone)

    def _offer(self) -> Empty:
        return Empty(
            tr("This workspace is on its own"),
            tr(
                "Connect it to your team’s server: what you wrote goes there, what your colleagues"
                " wrote comes here. While the server is out of reach you go on working."
            ),
            "team",
            tr("Connect…"),
            lambda: self.run("sync.connect"),
        )
