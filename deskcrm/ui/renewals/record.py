"""One row of the Renewals screen in full, with what is known around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.worth import StepRow, list_steps
from deskcrm.domain.opportunities.queries import OpportunityRow
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.ledger import Ledger, get_ledger
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.lines import Line
from deskcrm.domain.renewals.queries import Call, RenewalDeal
from deskcrm.domain.usage.queries import UsageSeries, list_usage
from deskcrm.store.reader import Reader
from deskcrm.ui.contracts.deeds import decision_words, value_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.sparkline import Sparkline
from deskcrm.ui.renewals import actions, closing, words

if TYPE_CHECKING:
    from deskcrm.ui.renewals.screen import RenewalsScreen

_MOST_STEPS: Final = 6
_CAPTION: Final = 128


@dataclass(frozen=True, slots=True)
class Around:
    """How the client uses us, what became of its contracts, and how we kept our word."""

    usage: Sequence[UsageSeries]
    steps: Sequence[StepRow]
    ledger: Ledger


def get_around(db: Reader, client_id: ClientId) -> Around:
    """Gather what is known of a client that matters to a renewal."""
    return Around(
        list_usage(db, client_id),
        list_steps(db, client_id=client_id)[:_MOST_STEPS],
        get_ledger(db, client_id=client_id),
    )


class GrowthRecord(QScrollArea):
    """Built anew for each row; its buttons are the screen's actions."""

    def __init__(self, screen: "RenewalsScreen") -> None:
        super().__init__()
        self.screen_ = screen
        inside = parts.Page()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(24, 20, 24, 24)
        self.column.setSpacing(8)
        self.around = QVBoxLayout()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
        self.setAccessibleName(tr("Details"))

    def show_line(self, line: Line) -> None:
        """Show a row; what is known around it follows."""
        parts.clear(self.column)
        about = line.about
        if isinstance(about, RenewalDeal):
            self._show_deal(about)
        elif isinstance(about, OpportunityRow):
            self._show_opportunity(about)
        elif isinstance(about, GrowthSignal):
            self._show_signal(about)
        else:
            self._show_promise(about)
        self.around = QVBoxLayout()
        self.around.setSpacing(6)
        self.column.addLayout(self.around)
        self.column.addStretch(1)
        asked = self.screen_.desk.ask(self, get_around, line.client_id)
        asked.then(partial(self._show_around, self.around))

    def _head(self, title: str, client: str, client_id: ClientId, chips: Sequence[Chip]) -> None:
        self.column.addWidget(parts.label(title, "display", wrap=True, select=True))
        go = partial(self.screen_.desk.go, "clients", client=client_id)
        hint = tr("Open {name}", name=client)
        said = tr("Open client") if title == client else client  # the name is not said twice
        link = ElidedButton(said, go, icon="clients", name=hint)
        self.column.addLayout(parts.flush(link))
        if chips:
            row = ChipRow()
            row.set_chips(list(chips))
            self.column.addWidget(row)

    def _deeds(self, *made: tuple[str, str, Callable[[Any], object]]) -> None:
        self.column.addSpacing(4)
        self.column.addWidget(DeedBar(self.screen_, *made))
        self.column.addWidget(parts.line())

    def _facts(self, *facts: tuple[str, str]) -> None:
        for name, said in facts:
            if said:
                caption = parts.label(name, "muted")
                caption.setFixedWidth(_CAPTION)
                line = parts.row()
                value = parts.label(said, wrap=True, select=True)
                for each, share in ((caption, 0), (value, 1)):
                    line.addWidget(each, share, Qt.AlignmentFlag.AlignTop)
                self.column.addLayout(line)

    def _show_deal(self, deal: RenewalDeal) -> None:
        contract = deal.contract
        when = dates.due(contract.decision_on) if contract.decision_on is not None else ""
        chip = Chip(when, words.horizon_tone(deal.horizon), "calendar")
        self._head(contract.title, deal.client, contract.client_id, [chip, Chip(of(deal.tier))])
        self._deeds(
            (tr("Renewed…"), "check", closing.renewed),
            (tr("Lost…"), "close", closing.lost),
            (tr("Manager’s call…"), "person", closing.manager_call),
            (tr("Final call…"), "flag", closing.final_call),
            (tr("Change value…"), "money", closing.revalue),
        )
        self._facts(
            (tr("Decision"), decision_words(contract)),
            (tr("Amount"), value_words(contract)),
            (tr("Status"), of(contract.status)),
            (tr("Owner"), deal.owner or tr("Nobody")),
            (tr("Notes"), contract.notes),
        )
        self._section(tr("Forecast"))
        self._show_calls(deal)

    def _show_calls(self, deal: RenewalDeal) -> None:
        """Lay the three forecasts side by side, and under them on what each rests."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        automated, why = deal.automated, words.why_automated(deal.automated)
        goes_on = Chip(words.goes_on_words(automated))
        calls = [
            (tr("Automated"), goes_on, automated.annual_minor, why),
            (tr("Manager’s"), *_called(deal.manager)),
            (tr("Final"), *_called(deal.final)),
        ]
        for at, (name, chip, minor, _) in enumerate(calls):
            row = ChipRow()
            row.set_chips([chip])
            money = "—" if minor is None else _rounded(minor, deal.contract.currency)
            cells = (parts.label(name, "caption"), row, parts.label(money, "strong"))
            for line, cell in enumerate(cells):
                grid.addWidget(cell, line, at, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(at, 1)
        self.column.addLayout(grid)
        self._facts(*((name, said) for name, _, _, said in calls))

    def _show_opportunity(self, row: OpportunityRow) -> None:
        chips = [words.stage_chip(row.stage), Chip(of(row.kind))]
        self._head(row.title, row.client, row.client_id, chips)
        self._deeds(
            (tr("Move on…"), "chevron-right", actions.move),
            (tr("Edit…"), "edit", actions.edit),
        )
        closed = dates.day(row.closed_on, year=True) if row.closed_on is not None else ""
        self._facts(
            (tr("A year"), dates.money(row.value_minor, row.currency) if row.value_minor else ""),
            (tr("Next step"), row.next_step),
            (ptr("Deadline", "By"), dates.due(row.next_on) if row.next_on is not None else ""),
            (tr("Owner"), row.owner or tr("Nobody")),
            (tr("From the signal"), of(row.source) if row.source is not None else ""),
            (tr("Closed"), closed),
            (tr("Why"), of(row.reason) if row.reason is not None else ""),
            (tr("Notes"), row.notes),
        )

    def _show_signal(self, sign: GrowthSignal) -> None:
        self._head(sign.client, sign.client, sign.client_id, [words.signal_chip(sign.kind)])
        self._deeds(
            (tr("Make an opportunity…"), "target", actions.take_up),
            (tr("Dismiss…"), "close", actions.dismiss),
        )
        self.column.addWidget(parts.label(words.signal_words(sign), wrap=True, select=True))
        self._facts((tr("Owner"), sign.owner or tr("Nobody")))

    def _show_promise(self, row: PromiseRow) -> None:
        self._head(row.text, row.client, row.client_id, [words.promise_chip(row)])
        if row.settled_at is None:
            self._deeds(
                (tr("Promise kept"), "check", actions.kept),
                (tr("Promise broken"), "close", actions.broken),
                (tr("Another day…"), "calendar", actions.another_day),
            )
        due = tr("no date")
        if row.due_on is not None:
            due = dates.due(row.due_on) if row.settled_at is None else _said(row.due_on)
        self._facts(
            (ptr("Deadline", "By"), due),
            (tr("To"), row.contact),
            (tr("Promised by"), row.maker),
            (tr("Promised on"), dates.full(row.made_at)),
            (tr("Settled"), dates.full(row.settled_at) if row.settled_at is not None else ""),
            (tr("Note"), row.note),
        )

    def _section(self, name: str, under: QVBoxLayout | None = None) -> None:
        column = self.column if under is None else under
        column.addSpacing(10)
        column.addWidget(parts.label(name, "caption"))

    def _show_around(self, under: QVBoxLayout, around: Around) -> None:
        if under is not self.around:
            return
        parts.clear(under)
        if around.usage:
            self._section(tr("Usage"), under)
        for widget in usage_lines(around.usage):
            under.addWidget(widget)
        if around.ledger.share_kept is not None or around.ledger.open:
            self._section(tr("Our promises to this client"), under)
            under.addWidget(parts.label(words.ledger_words(around.ledger), wrap=True))
        if around.steps:
            self._section(tr("What became of its contracts"), under)
        for step in around.steps:
            under.addWidget(parts.label(step_words(step), wrap=True))


def _called(call: Call | None) -> tuple[Chip, int | None, str]:
    """Give what somebody called, or that nobody has."""
    if call is None:
        return Chip(tr("Not called yet")), None, ""
    return words.call_chip(call.call), call.annual_minor, call.note


def _rounded(minor: int, currency: str) -> str:
    return dates.money(round(minor / 100) * 100, currency)


def usage_lines(usage: Sequence[UsageSeries]) -> list[QWidget]:
    """Show each metric as a line by weeks, with the same in words under it."""
    made: list[QWidget] = []
    for series in usage:
        said = words.usage_words(series)
        line = Sparkline()
        line.show_values(words.weekly(series), said, line=series.ceiling)
        made += [line, parts.label(said, "muted", wrap=True)]
    return made


def step_words(step: StepRow) -> str:
    """Say what became of a contract, when, for how much, and why."""
    value = tr(
        "{before} → {after} a year",
        before=dates.money(step.before_minor, step.currency),
        after=dates.money(step.after_minor, step.currency),
    )
    if step.before_minor == step.after_minor:
        value = tr("{value} a year", value=dates.money(step.after_minor, step.currency))
    why = of(step.reason) if step.reason is not None else ""
    said = (_said(step.effective_on), step.title, of(step.kind), value, why, step.words)
    return " · ".join(filter(None, said))


def _said(day: Any) -> str:
    return dates.day(day, year=True)
