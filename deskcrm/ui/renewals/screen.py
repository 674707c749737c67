"""What is to be renewed, what might grow, and how we keep our word."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.opportunities.model import SignalKind, Stage
from deskcrm.domain.opportunities.queries import OpportunityRow
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.ledger import PromiseShelf
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.forecast import Total
from deskcrm.domain.renewals.lines import (
    SHELVES,
    Asked,
    Line,
    Summary,
    View,
    count_lines,
    day_of_line,
    get_summary,
    page_lines,
    value_of,
)
from deskcrm.domain.renewals.queries import DAYS_AHEAD, Horizon, RenewalDeal
from deskcrm.domain.users.model import UserId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.renewals import actions, words
from deskcrm.ui.renewals.record import GrowthRecord
from deskcrm.ui.tickets.shapes import Setter, Share

NARROWEST: Final = 460
_EVERYBODY: Final = "everybody"
_VIEWS: Final = tuple(View)
_DATED: Final = "when"
"""The column of days and sums, which a sign of growth has none of."""


def view_names() -> list[str]:
    """Name the views, in order."""
    return [
        ptr("Renewals view", "To decide"),
        tr("Opportunities"),
        ptr("Renewals view", "Signals"),
        ptr("Renewals view", "Promises"),
    ]


def shelf_name(view: View, shelf: str) -> str:
    """Name a shelf of a view."""
    if not shelf:
        return ptr("Opportunity shelf", "Open") if view is View.OPPORTUNITIES else tr("All")
    if view is View.TO_DECIDE:
        days = DAYS_AHEAD.get(Horizon(shelf))
        return of(Horizon(shelf)) if days is None else ntr("{n} day", "{n} days", days)
    if view is View.OPPORTUNITIES:
        return _stages_named()[Stage(shelf)]
    kinds = {View.SIGNALS: SignalKind, View.PROMISES: PromiseShelf}
    return of(kinds[view](shelf))


def _stages_named() -> dict[Stage, str]:
    """Name the stages as shelves, of which each holds several."""
    return {
        Stage.NEW: ptr("Opportunity shelf", "New"),
        Stage.QUALIFIED: ptr("Opportunity shelf", "Qualified"),
        Stage.PROPOSED: ptr("Opportunity shelf", "Proposed"),
        Stage.WON: ptr("Opportunity shelf", "Won"),
        Stage.LOST: ptr("Opportunity shelf", "Lost"),
    }


def _under(line: Line) -> str:
    about = line.about
    if isinstance(about, RenewalDeal):
        return about.contract.title
    if isinstance(about, GrowthSignal):
        return words.signal_words(about)
    if isinstance(about, OpportunityRow):
        return " · ".join(filter(None, (about.title, about.next_step)))
    return " · ".join(filter(None, (about.text, about.maker)))


def _value(line: Line) -> str:
    value = value_of(line.about)
    if value is None or not value[0]:
        return ""
    return tr("{value} a year", value=dates.money(*value))


def _when(line: Line) -> list[Chip]:
    day, about = day_of_line(line.about), line.about
    if day is None:
        return []
    if isinstance(about, RenewalDeal):
        return [Chip(dates.due(day), words.horizon_tone(about.horizon), "calendar")]
    is_open = about.stage.is_open if isinstance(about, OpportunityRow) else _is_owed(about)
    tone = Tone.DANGER if is_open and day < dates.today() else Tone.NEUTRAL
    return [Chip(dates.due(day) if is_open else dates.day(day), tone, "calendar")]


def _is_owed(about: Any) -> bool:
    return isinstance(about, PromiseRow) and about.settled_at is None


class RenewalsScreen(ListDetail[Line]):
    """One list for four things that keep a client with us; each has a record of its own."""

    place = "renewals"
    title = "Renewals"
    icon = "contract"
    watches = frozenset(
        {
            "client",
            "contact",
            "contract",
            "contract_step",
            "opportunity",
            "promise",
            "renewal_forecast",
            "signal_dismissal",
            "ticket",
            "usage_week",
            "user",
        }
    )
    count_query = staticmethod(count_lines)
    page_query = staticmethod(page_lines)
    sort = "when"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search by client"), lambda _: self.load())
        self.views = Segments(view_names(), tr("What is looked at"))
        self.shelves = [
            Segments([shelf_name(view, shelf) for shelf in SHELVES[view]], tr("Which of them"))
            for view in _VIEWS
        ]
        self.whose = Setter(tr("Whose"), _people([]), lambda _: self.load())
        self.whose.show_value(_EVERYBODY)
        self.sums = QWidget()
        super().__init__(desk, parent)
        self._wire_shelves()
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.views)
        for shelves in self.shelves:
            self.under_head.addWidget(shelves)
        self.under_head.addLayout(parts.row(self.search, self.whose))
        self.under_head.addWidget(self.sums)
        self.head.addWidget(
            parts.button(tr("New opportunity…"), lambda: actions.add(self), icon="plus")
        )
        self.share = Share(self.splitter, 0.42, NARROWEST)
        self._show_shelves()

    def _wire_shelves(self) -> None:
        self.views.currentChanged.connect(self._on_view)
        for shelves in self.shelves:
            shelves.currentChanged.connect(lambda _: self.load())

    def _on_view(self, _at: int) -> None:
        self._show_shelves()
        self.table.clearSelection()
        self.load()

    def _show_shelves(self) -> None:
        for at, shelves in enumerate(self.shelves):
            shelves.setVisible(at == self.views.currentIndex())
        has_days = _VIEWS[self.views.currentIndex()] is not View.SIGNALS
        self.table.choose(frozenset({_DATED} if has_days else ()))

    def asked(self) -> Asked:
        """Give what is looked at."""
        view = _VIEWS[self.views.currentIndex()]
        shelf = SHELVES[view][self.shelves[self.views.currentIndex()].currentIndex()]
        chosen = self.whose.value()
        whose = None if chosen in (None, _EVERYBODY) else UserId(chosen)
        return Asked(view, shelf, whose, self.search.text().strip())

    def columns(self) -> Sequence[Column[Line]]:
        return [
            Column(
                tr("Client"),
                lambda line: line.client,
                under=_under,
                chips=lambda line: words.chips_of(line.about),
                tooltip=_under,
                sort="name",
                stretch=True,
                strong=True,
            ),
            Column(
                tr("When"),
                lambda line: "",
                under=_value,
                chips=_when,
                sort="when",
                width=144,
                key=_DATED,
            ),
        ]

    def filters(self) -> dict[str, Any]:
        return {"asked": self.asked()}

    def build_record(self) -> QWidget:
        self.record = GrowthRecord(self)
        return self.record

    def show_row(self, row: Line) -> None:
        self.record.show_line(row)

    def load(self) -> None:
        super().load()
        self.desk.ask((self, "sums"), get_summary, asked=self.asked()).then(self._show_sums)
        self.desk.ask((self, "people"), list_choosable).then(self._show_people)

    def _show_people(self, people: list[Choosable]) -> None:
        self.whose.set_options(_people(people))

    def _show_sums(self, summary: Summary) -> None:
        old = self.sums
        self.sums = _sums(summary)
        self.under_head.replaceWidget(old, self.sums)
        old.deleteLater()

    def empty(self) -> Empty:
        asked = self.asked()
        if asked.words or asked.whose is not None:
            return Empty(tr("Nothing matches."), tr("Try fewer words, or everybody’s."), "search")
        if asked.view is View.TO_DECIDE:
            why = tr("No contract in force has to be decided within 180 days.")
        elif asked.view is View.OPPORTUNITIES:
            why = tr("Make one of a sign of growth, or write down what a client asked for.")
        elif asked.view is View.SIGNALS:
            why = tr("No client comes near a limit, grows or asks for more. Usage comes by feeds.")
        else:
            why = tr("Promises are noted as you type what was said.")
        return Empty(tr("Nothing here now"), why, self.icon)

    def arrive(self, *, view: str = "", client: str = "", **where: Any) -> None:
        """Show one of the views, of one client if it is named."""
        if view:
            self.views.setCurrentIndex(_VIEWS.index(View(view)))
        if client:
            self.search.setText(client)


def _people(people: list[Choosable]) -> list[tuple[Any, str]]:
    return [(_EVERYBODY, tr("Everybody’s")), *((one.user.id, one.user.name) for one in people)]


def _sums(summary: Summary) -> QWidget:
    made = QWidget()
    if summary.totals:
        made.setLayout(_forecast(summary.totals))
    elif summary.worth:
        made.setLayout(parts.column(parts.label(words.worth_words(summary.worth), "muted")))
    elif summary.ledger is not None:
        said = words.ledger_words(summary.ledger)
        made.setLayout(parts.column(parts.label(said, "muted", wrap=True)))
    return made


def _forecast(totals: Sequence[Total]) -> QGridLayout:
    """Lay the three forecasts side by side, a line for each currency."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    heads = (
        (ptr("Forecast", "Now, a year"), tr("What these contracts bring in a year.")),
        (ptr("Forecast", "Automated"), tr("Each times the chance that it goes on.")),
        (ptr("Forecast", "Manager’s"), tr("Where nobody has called, the automated one counts.")),
        (ptr("Forecast", "Final"), tr("Where nothing is final, the manager’s counts.")),
    )
    for at, (name, hint) in enumerate(heads):
        caption = parts.label(name, "caption")
        parts.set_tooltip(caption, hint)
        grid.addWidget(caption, 0, at)
    for line, total in enumerate(totals, 1):
        minors = (total.now_minor, total.automated_minor, total.manager_minor, total.final_minor)
        for at, minor in enumerate(minors):
            said = dates.money(round(minor / 100) * 100, total.currency)
            grid.addWidget(parts.label(said, "" if at else "strong"), line, at)
    grid.setColumnStretch(len(heads), 1)
    return grid
