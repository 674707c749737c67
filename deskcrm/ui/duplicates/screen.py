"""The pairs of clients that are likely one, the likeliest first, and each side by side."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from deskcrm.base.errors import Cancelled
from deskcrm.base.words import tr
from deskcrm.domain.client_merges.comparing import Comparison, Side, compare_clients
from deskcrm.domain.duplicates.reasons import learned_words
from deskcrm.domain.duplicates.scanning import (
    LikelyPair,
    Scan,
    count_pairs,
    page_pairs,
    scan_clients,
)
from deskcrm.ui.duplicates import actions
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk, Errand
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone

LEAST_OF: Final = (0.5, 0.85, 0.95)
_USUAL: Final = 1


class DuplicatesScreen(ListDetail[LikelyPair]):
    """Looks through all clients when it is first shown, and again when it is asked to."""

    place = "duplicates"
    title = "Duplicates"
    icon = "merge"
    watches = frozenset({"client", "client_merge", "distinct_pair"})
    count_query = staticmethod(count_pairs)
    page_query = staticmethod(page_pairs)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        names = [tr("from {share}", share=dates.percent(one)) for one in LEAST_OF]
        self.shelf = Segments(names, tr("How likely"))
        self.found: Scan | None = None
        self.errand: Errand[Scan] | None = None
        super().__init__(desk, parent)
        self.shelf.setCurrentIndex(_USUAL)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.again = parts.button(tr("Look again"), self.scan, icon="sync")
        self.halt = parts.button(tr("Stop"), self.stop, icon="close")
        self.halt.hide()
        self.progress = parts.label("", "muted", wrap=True)
        self.learned = parts.label("", "faint", wrap=True)
        self.learned.setContentsMargins(0, 6, 0, 0)
        self.head.addWidget(self.again)
        self.head.addWidget(self.halt)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.progress)
        self.under_head.addWidget(self.learned)
        self.progress.hide()
        self.learned.hide()
        desk.progressed.connect(self._progress)

    def columns(self) -> Sequence[Column[LikelyPair]]:
        return [
            Column(
                tr("Likely the same"),
                lambda row: row.one.name,
                under=lambda row: f"= {row.other.name}",
                tooltip=lambda row: row.reason,
                stretch=True,
                strong=True,
            ),
            Column(
                tr("Probability"),
                lambda row: "",
                chips=lambda row: [chip_of(row.probability)],
                width=110,
            ),
        ]

    def filters(self) -> dict[str, Any]:
        pairs = () if self.found is None else self.found.pairs
        return {"pairs": pairs, "at_least": LEAST_OF[max(0, self.shelf.currentIndex())]}

    def load(self) -> None:
        if self.found is None and self.errand is None:
            self.scan()
        else:
            super().load()

    def scan(self) -> None:
        """Look through all clients, beside whatever else is done."""
        if self.errand is not None:
            return
        self._show_going(is_going=True)
        self.errand = self.desk.start(scan_clients, self.desk.store)
        self.errand.owned_by(self).then(self._take).failed(self._failed)
        super().load()

    def stop(self) -> None:
        """Stop looking; what was found before stays."""
        if self.errand is not None:
            self.errand.cancel()

    def build_record(self) -> QWidget:
        self.record = PairRecord(self)
        return self.record

    def show_row(self, row: LikelyPair) -> None:
        self.record.show_pair(row)

    def empty(self) -> Empty:
        if self.errand is not None:
            return Empty(tr("Looking through all clients…"), icon="search")
        if self.found is None:
            return Empty(
                tr("Nothing was looked through yet."), tr("It takes a minute or less."), "search",
                tr("Look now"), self.scan,
            )  # fmt: skip
        return Empty(
            tr("No two clients look like one."),
            tr("Choose a lower probability to see more."),
            "check",
        )

    def _progress(self, errand: object, done: int, total: int, text: str) -> None:
        if errand is self.errand:
            share = f" {dates.percent(done / total)}" if total else ""
            self.progress.setText(text + share)

    def _take(self, found: Scan) -> None:
        self.errand, self.found = None, found
        self._show_going(is_going=False)
        self.learned.setText(learned_words(found.learned))
        self.learned.show()
        self.load()

    def _failed(self, error: BaseException) -> None:
        self.errand = None
        self._show_going(is_going=False)
        if not isinstance(error, Cancelled):
            self.desk.complain(error)
        if self.found is None:
            self.list_pane.show_empty(self.empty())

    def _show_going(self, *, is_going: bool) -> None:
        self.again.setVisible(not is_going)
        self.halt.setVisible(is_going)
        self.progress.setVisible(is_going)
        self.progress.setText(tr("Looking through all clients…"))


def chip_of(probability: float) -> Chip:
    """Say how likely it is."""
    # Nobody is certain: 99.97 is not a hundred.
    said = dates.percent(min(0.99, probability))
    if probability >= LEAST_OF[2]:
        return Chip(said, Tone.OK, "check")
    return Chip(said, Tone.WARNING if probability >= LEAST_OF[1] else Tone.NEUTRAL, "help")


class PairRecord(QWidget):
    """One pair side by side: in what they differ, what hangs on each, and what can be done."""

    def __init__(self, screen: DuplicatesScreen) -> None:
        super().__init__()
        self._desk = screen.desk
        self.heading = parts.label("", "heading", wrap=True)
        self.why = parts.label("", "muted", wrap=True)
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(10)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(2, 1)
        self.body = QWidget()
        self.body.setLayout(self.grid)
        buttons = parts.row(
            parts.button(tr("Merge…"), lambda: actions.merge(screen), look="primary", icon="merge"),
            parts.button(tr("Not the same"), lambda: actions.keep_apart(screen), icon="split"),
            None,
            spacing=8,
        )
        inside = QWidget()
        names = parts.column(self.heading, self.why, spacing=4)
        inside.setLayout(parts.column(names, buttons, self.body, None, spacing=16, margins=24))
        page = parts.surface("panel")
        page.setLayout(parts.column(Scroll(inside), margins=0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)

    def show_pair(self, row: LikelyPair) -> None:
        """Show a pair; what they differ in follows."""
        self.heading.setText(f"{row.one.name} = {row.other.name}")
        share = dates.percent(min(0.99, row.probability))
        self.why.setText(tr("{share} likely the same. {reason}", share=share, reason=row.reason))
        asked = self._desk.ask((self, "pair"), compare_clients, *row.id)
        # One that is gone since is gone from the list too, as soon as that is read again.
        asked.then(self._show).refused(lambda _error: parts.clear(self.grid))

    def _show(self, found: Comparison) -> None:
        parts.clear(self.grid)
        for column, side in enumerate((found.one, found.other), 1):
            link = ElidedButton(side.name, partial(self._open, side), lines=2)
            self.grid.addLayout(parts.flush(link), 0, column)
        lines = [(one.caption, one.one, one.other) for one in found.differences]
        lines.append((tr("What hangs on it"), _counts(found.one), _counts(found.other)))
        for at, (caption, *said) in enumerate(lines, 1):
            self.grid.addWidget(parts.label(caption, "caption", wrap=True), at, 0)
            for column, words in enumerate(said, 1):
                label = parts.label(words or "—", "" if words else "faint", wrap=True)
                self.grid.addWidget(label, at, column)

    def _open(self, side: Side) -> None:
        self._desk.go("clients", client=side.id, tab=True)


def _counts(side: Side) -> str:
    return "\u00a0· ".join(f"{name}:\u00a0{dates.number(count)}" for name, count in side.counts)
