"""The back-test: weights to move on the left, what they would have done on the right, at once."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.backtests.book import BookRow, book_under, count_bands
from deskcrm.domain.backtests.gathering import Gathered, gather
from deskcrm.domain.backtests.guards import Alarm, alarm_of_whole, alarms_of_signals
from deskcrm.domain.backtests.learning import Learned
from deskcrm.domain.backtests.replay import Replay, Result
from deskcrm.domain.health.model import SCORECARD, Model
from deskcrm.domain.health.queries import WeightsInForce, get_weights
from deskcrm.domain.users.model import OVERSEERS
from deskcrm.domain.users.queries import UserRow, get_me
from deskcrm.store.reader import Reader
from deskcrm.ui.backtests import actions  # noqa: F401 - declares what can be done here
from deskcrm.ui.backtests.charts import TONES, BookStrip
from deskcrm.ui.backtests.figures import FiguresPage
from deskcrm.ui.backtests.lists import book_list, named_list, named_rows
from deskcrm.ui.backtests.weights import Weights
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.actions import ALL_ACTIONS
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.segments import Segments

_WIDTH: Final = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one set of weights gives, ready to be shown."""

    model: Model
    result: Result
    book: list[BookRow]
    alarms: tuple[Alarm, ...]


class BacktestScreen(Screen):
    """Gathers the months once; then every weight that moves is replayed on a reading thread."""

    place = "backtests"
    title = "Back-test"
    icon = "target"
    watches = frozenset({"health_model"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.gathered: Gathered | None = None
        self.in_force: WeightsInForce | None = None
        self.learned: Learned | None = None
        self.may_keep = False
        self._replay = Replay(())
        self._leaks: tuple[Alarm, ...] = ()
        self._is_drawing = self._is_behind = False
        super().__init__(desk, parent)
        self.weights = Weights()
        self.weights.moved.connect(self.redraw)
        self.strip = BookStrip()
        self.legend = parts.label("", "muted", wrap=True)
        self.figures = FiguresPage()
        self.book = book_list(desk)
        self.hits = named_list(desk, tr("Hits"))
        self.misses = named_list(desk, tr("Misses"), is_miss=True)
        self.false_alarms = named_list(desk, tr("False alarms"))
        self.shelf = Segments(self._shelf_names(), tr("What the replay shows"), self._turn)
        self.pages = QStackedWidget()
        for page in (self.figures, self.book, self.hits, self.misses, self.false_alarms):
            self.pages.addWidget(page)
        self._lay_out()

    def _lay_out(self) -> None:
        self.said = parts.ElidedLabel("", "muted")
        self.buttons = {
            name: parts.button(tr(ALL_ACTIONS[name].label), partial(self.run, name))
            for name in ("backtests.learn", "backtests.start_over", "backtests.keep")
        }
        self.buttons["backtests.keep"].setProperty("look", "primary")
        title = parts.column(parts.label(tr(self.title), "display"), self.said, spacing=2)
        head = parts.row(title, margins=(16, 16, 24, 12))
        left = parts.surface("panel")
        left.setFixedWidth(_WIDTH)
        heading = parts.label(tr("Points of each signal"), "heading")
        heading.setContentsMargins(16, 12, 16, 0)
        deeds = parts.column(*self.buttons.values(), margins=16)
        left.setLayout(parts.column(heading, self.weights, parts.line(), deeds, spacing=0))
        right = QWidget()
        top = parts.column(self.strip, self.legend, self.shelf, margins=(24, 12, 24, 4))
        inner = parts.column(top, self.pages, spacing=0)
        inner.setStretch(1, 1)
        right.setLayout(inner)
        body = QWidget()
        body.setLayout(parts.row(left, parts.line(vertical=True), right, spacing=0))
        self.pane = Pane(body)
        self.setLayout(parts.column(head, parts.line(), self.pane, spacing=0))
        self._allow()

    @property
    def is_moved(self) -> bool:
        """Whether the weights are other than those in force."""
        return self.in_force is not None and self.weights.model != self.in_force.model

    def run(self, action_id: str) -> None:
        """Do one of the actions of this place, if it makes sense now."""
        found = ALL_ACTIONS[action_id]
        if found.can_run(self):
            found.run(self)

    def load(self) -> None:
        self.desk.ask((self, "me"), get_me).then(self._know_me)
        self.desk.ask((self, "weights"), get_weights).then(self._show_in_force)
        if self.gathered is None:
            self.gather()

    def gather(self) -> None:
        """Replay the months from what the workspace holds now."""
        if self.gathered is None:
            self.pane.show_loading()
        errand = self.desk.start(gather, self.desk.store)
        errand.owned_by(self).then(self._take).failed(self._refuse)

    def redraw(self) -> None:
        """Replay under the weights as they are set; while one is drawn, only the latest waits."""
        self._allow()
        if self._is_drawing:
            self._is_behind = True
        elif self.gathered is not None:
            self._is_drawing = True
            self.desk.ask((self, "drawn"), self._draw, self.weights.model).then(self._show)

    def panes(self) -> list[QWidget]:
        return [self.weights, self.pages]

    def _know_me(self, me: UserRow | None) -> None:
        self.may_keep = me is not None and me.role in OVERSEERS
        self._allow()

    def _show_in_force(self, found: WeightsInForce) -> None:
        self.in_force = found
        self.weights.show_model(found.model)
        self.redraw()

    def _take(self, found: Gathered) -> None:
        self.gathered = found
        self._replay = Replay(found.cases)
        self._leaks = alarms_of_signals(found.cases, tuple(SCORECARD.terms))
        self.redraw()

    def _refuse(self, error: BaseException) -> None:
        self.pane.show_error(error, self.gather)

    def _draw(self, _db: Reader, model: Model) -> Drawn:
        """Work one set of weights out; never two at once, for the replay keeps its columns."""
        assert self.gathered is not None
        result = self._replay.measure(model)
        book = book_under(self.gathered.book, self.gathered.names, model)
        return Drawn(model, result, book, (*self._leaks, *alarm_of_whole(result.auc)))

    def _show(self, drawn: Drawn) -> None:
        self._is_drawing = False
        if self._is_behind:
            self._is_behind = False
            self.redraw()
        assert self.gathered is not None
        found, names = drawn.result, self.gathered.names
        self.said.setText(self._in_force_words())
        self._show_book(drawn)
        self.figures.show_result(found, drawn.alarms, drawn.model)
        nobody = tr("Nobody")
        self.hits.show_rows(
            named_rows(found.hits, names),
            Empty(nobody, tr("No client that left had been named."), "target"),
        )
        self.misses.show_rows(
            named_rows(found.misses, names),
            Empty(nobody, tr("Every client that left had been named."), "check"),
        )
        self.false_alarms.show_rows(
            named_rows(found.false_alarms, names),
            Empty(nobody, tr("No client that stayed had been named."), "check"),
        )
        counts = (0, len(drawn.book), len(found.hits), len(found.misses), len(found.false_alarms))
        for at, (name, count) in enumerate(zip(self._shelf_names(), counts, strict=True)):
            self.shelf.setTabText(at, f"{name} {dates.number(count)}" if at else name)
        self.pane.show_content()

    def _show_book(self, drawn: Drawn) -> None:
        bands = count_bands(drawn.book)
        self.strip.show_counts(bands)
        said = [f"{of(band)}: {dates.number(bands[band])}" for band in TONES if bands[band]]
        self.legend.setText(" · ".join([tr("The book today"), *said]))
        self.strip.setAccessibleName(" · ".join(said))
        self.book.show_rows(
            drawn.book, Empty(tr("No clients"), tr("There is nobody to score yet."), "clients")
        )

    def _in_force_words(self) -> str:
        if self.is_moved:
            return tr("Weights are being tried; nothing changes for anybody until they are kept.")
        if self.in_force is None or self.in_force.origin is None:
            return tr("The starting rules hold. Move a weight to see what it would have done.")
        return tr("The team’s own weights hold: {origin}.", origin=of(self.in_force.origin).lower())

    def _allow(self) -> None:
        for name, button in self.buttons.items():
            button.setEnabled(ALL_ACTIONS[name].can_run(self))

    def _turn(self, at: int) -> None:
        self.pages.setCurrentIndex(at)

    def _shelf_names(self) -> list[str]:
        return [
            tr("Figures"), tr("The book today"), tr("Hits"), tr("Misses"), tr("False alarms"),
        ]  # fmt: skip
