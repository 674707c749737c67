"""One figure in full: how it is worked out, how it went, and what it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.days import month_end
from deskcrm.domain.metrics.answers import ANSWERS
from deskcrm.domain.metrics.catalogue import MEANINGS, formula_of
from deskcrm.domain.metrics.figures import Figure, Period, Unit
from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing
from deskcrm.domain.metrics.report import Measured
from deskcrm.domain.metrics.rows import FigureRow, FigureRows, RowMark, list_rows
from deskcrm.domain.metrics.splitting import split_by_way
from deskcrm.domain.metrics.words import (
    figure_words,
    interval_words,
    period_words,
    title_of,
    value_words,
)
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.bars import Bar, Bars
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.reports.lines import change_chip

SHOWN: Final = 1_000
"""So many rows are listed; a file has all of them."""
_TONES: Final = {
    RowMark.GOES_ON: Tone.WARNING,
    RowMark.LATE: Tone.DANGER,
    RowMark.REOPENED: Tone.WARNING,
    RowMark.LEFT: Tone.DANGER,
    RowMark.SHRANK: Tone.WARNING,
    RowMark.GREW: Tone.OK,
    RowMark.IN_TIME: Tone.OK,
    RowMark.PROMOTER: Tone.OK,
    RowMark.DETRACTOR: Tone.DANGER,
}


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row behind a figure as the table has it, by its place."""

    id: int
    row: FigureRow
    unit: Unit | None
    currency: str


def count_rows(db: Reader, *, lines: Sequence[RowLine]) -> int:
    """Count rows that were read already."""
    return len(lines)


def page_rows(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool, lines: Sequence[RowLine]
) -> Sequence[RowLine]:
    """Give rows that were read already."""
    return lines[offset : offset + limit]


class FigureRecord(QWidget):
    """The arithmetic of a figure, or its rows, which open their ticket or client."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.measured: Measured | None = None
        self._narrowing = Narrowing()
        self.title = parts.label("", "heading", wrap=True)
        self.value = parts.label("", "display")
        self.value.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.chips = ChipRow()
        self.facts = parts.label("", "muted", wrap=True)
        self.views = Segments([tr("Arithmetic"), tr("Rows")], tr("What of the figure is shown"))
        self.views.currentChanged.connect(self._on_view)
        self.pages = QStackedWidget()
        self._build_arithmetic()
        self._build_rows()
        big = parts.row(self.value, self.chips, None, spacing=12)
        big.setStretch(1, 1_000)  # where there is no chip, the value stays where it is
        head = parts.column(
            self.title,
            big,
            self.facts,
            spacing=4,
            margins=(24, 20, 24, 8),
        )
        views = parts.column(self.views, margins=(24, 0, 24, 8))
        outer = parts.column(head, views, self.pages, spacing=0)
        outer.setStretch(2, 1)
        self.setLayout(outer)

    def show_figure(self, measured: Measured, narrowing: Narrowing) -> None:
        """Show another figure; its rows are read when they are looked at."""
        is_other = self.measured is None or self.measured.metric is not measured.metric
        self.measured, self._narrowing = measured, narrowing
        figure = measured.figure
        self.title.setText(title_of(measured.metric, figure.currency))
        self.value.setText(figure_words(figure, dates.money))
        chip = change_chip(measured)
        few = Chip(tr("Little data"), Tone.WARNING, "info") if figure.rests_on_few else None
        self.chips.set_chips([one for one in (chip, few) if one is not None])
        self.facts.setText(_facts(measured))
        self.formula.setText(formula_of(measured.metric))
        source = MEANINGS[measured.metric].source
        self.source.setText(tr("After {source}", source=source) if source else "")
        self.source.setVisible(bool(source))
        self._show_bars(measured)
        self._show_ways(measured)
        if is_other:
            self.views.setCurrentIndex(0)
        self._on_view(self.views.currentIndex())

    def _build_arithmetic(self) -> None:
        self.bars = Bars()
        self.went = parts.label(tr("How it went"), "strong")
        self.formula = parts.label("", wrap=True, select=True)
        self.source = parts.label("", "muted", wrap=True)
        self.ways_head = parts.label(tr("By way of answering"), "strong")
        self.ways = parts.label("", wrap=True)
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                parts.label(tr("How it is worked out"), "strong"),
                self.formula,
                self.source,
                12,
                self.ways_head,
                self.ways,
                12,
                self.went,
                self.bars,
                None,
                spacing=4,
                margins=(24, 4, 24, 24),
            )
        )
        self.pages.addWidget(Scroll(inside))

    def _build_rows(self) -> None:
        self.rows: Table[RowLine] = Table(
            self.desk, _columns(), count_rows, page_rows, name=tr("What the figure is made of")
        )
        self.rows.opened.connect(self.open_row)
        self.rows_pane = Pane(self.rows)
        self.cut = parts.label("", "muted")
        page = QWidget()
        inside = parts.column(
            parts.row(self.cut, margins=(24, 0, 24, 6)), self.rows_pane, spacing=0
        )
        inside.setStretch(1, 1)
        page.setLayout(inside)
        self.pages.addWidget(page)

    def open_row(self, line: RowLine) -> None:
        """Go to the ticket of a row, else to its client."""
        if line.row.ticket_id is not None:
            self.desk.go("tickets", ticket=line.row.ticket_id)
        else:
            self.desk.go("clients", client=line.row.client_id)

    def _show_bars(self, measured: Measured) -> None:
        has_trend = sum(one.is_known for one in measured.trend) > 1
        self.went.setVisible(has_trend)
        self.bars.setVisible(has_trend)
        periods = [one.period for one in measured.trend if one.period is not None]
        by_month = all(is_month(one) for one in periods)
        bars = [_bar(one, one is measured.figure, by_month) for one in measured.trend]
        self.bars.show_bars(bars, tr("{metric} over time", metric=of(measured.metric)))

    def _show_ways(self, measured: Measured) -> None:
        is_answered = measured.metric in ANSWERS
        self.ways_head.setVisible(is_answered)
        self.ways.setVisible(is_answered)
        period = measured.figure.period
        if is_answered and period is not None:
            self.ways.setText("")
            self.desk.ask(
                (self, "ways"), split_by_way, measured.metric, period, self._narrowing
            ).then(self._say_ways)

    def _say_ways(self, found: dict[AnswerWay, Figure]) -> None:
        said = [
            tr("{way}: {figure}, n = {n}", way=of(way), figure=figure_words(one), n=one.n)
            for way, one in found.items()
        ]
        self.ways.setText("\n".join(said))

    def _on_view(self, index: int) -> None:
        self.pages.setCurrentIndex(index)
        measured = self.measured
        if index and measured is not None and measured.figure.period is not None:
            self.rows_pane.show_loading()
            figure = measured.figure
            asked = self.desk.ask(
                (self, "rows"), list_rows, measured.metric, measured.figure.period,
                self._narrowing, currency=figure.currency, limit=SHOWN,
            )  # fmt: skip
            asked.then(self._show_rows).failed(
                lambda error: self.rows_pane.show_error(error, lambda: self._on_view(index))
            )

    def _show_rows(self, found: FigureRows) -> None:
        currency = self.measured.figure.currency if self.measured is not None else ""
        lines = [
            RowLine(number, row, found.unit, currency) for number, row in enumerate(found.rows)
        ]
        said = ntr("{n} row", "{n} rows", found.total)
        if found.total > len(lines):
            shown = dates.number(len(lines))
            said = tr("{rows}, of which {n} are shown; a file has all", rows=said, n=shown)
        self.cut.setText(said)
        if lines:
            self.rows_pane.show_content()
        else:
            self.rows_pane.show_empty(
                Empty(tr("Nothing counts"), tr("There was nothing of it in this period."), "search")
            )
        self.rows.reload(lines=tuple(lines))


def _facts(measured: Measured) -> str:
    figure, before = measured.figure, measured.before
    said = [f"n = {dates.number(figure.n)}"]
    if figure.period is not None:
        said.append(period_words(figure.period))
    interval = interval_words(figure, dates.money)
    if interval:
        said.append(interval)
    if before is not None:
        was = tr("before: {figure}", figure=figure_words(before, dates.money))
        said.append(dates.unbroken(was))
    return " · ".join(said)


def is_month(period: Period) -> bool:
    """Tell whether a period is one whole month."""
    return period.first.day == 1 and period.last == month_end(period.first)


def bar_label(period: Period, *, by_month: bool) -> str:
    """Name a period under a bar: by its month where all are months, else by its first day."""
    if by_month:
        # Qt's own pattern has the case of a day and month in Russian: «мая 26».
        short = QLocale.FormatType.ShortFormat
        month = dates.locale().standaloneMonthName(period.first.month, short)
        return f"{month} {period.first:%y}"
    return dates.day(period.first, year=False)


def _bar(figure: Figure, is_lit: bool, by_month: bool) -> Bar:
    assert figure.period is not None  # of a report
    words = figure_words(figure, dates.money)
    said = tr("{period}: {figure}, n = {n}", period=period_words(figure.period), figure=words,
              n=dates.number(figure.n))  # fmt: skip
    label = bar_label(figure.period, by_month=by_month)
    return Bar(label, figure.value, words if figure.is_known else "", said, is_lit)


def _columns() -> list[Column[RowLine]]:
    return [
        Column(
            tr("Client"), lambda line: line.row.client, under=_ticket, stretch=True, strong=True
        ),
        Column(tr("Counts as"), lambda _: "", chips=_mark, width=132, low_below=480),
        Column(tr("Value"), _value, under=_before, width=98, right=True),
        Column(tr("Date"), _date, width=104, muted=True, hide_below=560),
    ]


def _ticket(line: RowLine) -> str:
    row = line.row
    return f"#{row.number} {row.title}" if row.number is not None else ""


def _mark(line: RowLine) -> Sequence[Chip]:
    row = line.row
    mark = Chip(of(row.mark), _TONES.get(row.mark, Tone.NEUTRAL))
    return (mark, Chip(tr("by phone"), Tone.INFO, "phone")) if row.is_by_phone else (mark,)


def _value(line: RowLine) -> str:
    if line.row.value is None or line.unit is None:
        return ""
    return value_words(line.row.value, line.unit, line.currency, dates.money)


def _before(line: RowLine) -> str:
    if line.row.before is None or line.unit is None:
        return ""
    was = value_words(line.row.before, line.unit, line.currency, dates.money)
    return tr("before: {figure}", figure=was)


def _date(line: RowLine) -> str:
    at = line.row.at
    if at is None:
        return ""
    return dates.day(dates.local(at).date() if isinstance(at, datetime) else at)
