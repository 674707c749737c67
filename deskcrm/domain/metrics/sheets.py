"""A report as tables to take away: the figures, how they went, the load, and rows behind one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.metrics.catalogue import MEANINGS, formula_of
from deskcrm.domain.metrics.figures import Figure, Unit
from deskcrm.domain.metrics.report import Measured, Report
from deskcrm.domain.metrics.rows import FigureRows
from deskcrm.domain.metrics.words import title_of
from deskcrm.domain.tickets.line_times import line_words


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its unit."""

    value: float
    unit: Unit


Cell = str | date | datetime | Amount | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets_of(report: Report) -> list[Sheet]:
    """Give the tables of a report."""
    return [_figures(report), _trends(report), _people(report), _lines(report)]


def unit_words(unit: Unit, currency: str = "") -> str:
    """Say what numbers in a file count in: durations are written in hours, money in whole units."""
    return {
        Unit.COUNT: "",
        Unit.PERCENT: "%",
        Unit.POINTS: tr("points"),
        Unit.SCALE_OF_7: tr("of 7"),
        Unit.SECONDS: tr("hours"),
        Unit.MONEY: currency,
    }[unit]


def _amount(value: float | None, unit: Unit) -> Amount | None:
    return None if value is None else Amount(value, unit)


def _figures(report: Report) -> Sheet:
    header = (
        tr("Metric"), tr("Value"), tr("Unit"), "n", tr("From"), tr("To"), tr("Period before"),
        tr("First day"), tr("Last day"), tr("Formula"), tr("Source"),
    )  # fmt: skip
    return Sheet(tr("Figures"), header, tuple(_figure(report, one) for one in report.measured))


def _figure(report: Report, one: Measured) -> tuple[Cell, ...]:
    figure, before = one.figure, one.before
    low, high = figure.interval or (None, None)
    return (
        title_of(one.metric),
        _amount(figure.value, figure.unit),
        unit_words(figure.unit, figure.currency),
        Amount(figure.n, Unit.COUNT),
        _amount(low, figure.unit),
        _amount(high, figure.unit),
        None if before is None else _amount(before.value, before.unit),
        report.period.first,
        report.period.last,
        formula_of(one.metric),
        MEANINGS[one.metric].source,
    )


def _trends(report: Report) -> Sheet:
    longest = max((one.trend for one in report.measured), key=len, default=())
    days = [figure.period.first for figure in longest if figure.period is not None]
    header = (tr("Metric"), tr("Unit"), *(day.isoformat() for day in days))
    return Sheet(tr("Trend"), header, tuple(_trend(one, len(days)) for one in report.measured))


def _trend(one: Measured, length: int) -> tuple[Cell, ...]:
    figure = one.figure
    values = [_amount(each.value, each.unit) for each in one.trend]
    missing: list[Amount | None] = [None] * (length - len(values))
    unit = unit_words(figure.unit, figure.currency)
    return (title_of(one.metric, figure.currency), unit, *missing, *values)


def _people(report: Report) -> Sheet:
    header = (
        tr("Person"), ptr("of tickets", "Opened"), tr("Solved"), ptr("of tickets", "Open"),
        tr("First response, hours"), tr("First response in time, %"),
    )  # fmt: skip
    rows = [
        (one.name or tr("Nobody"), *map(_value, (one.opened, one.solved, one.backlog)),
         _value(one.first_response), _value(one.in_time))
        for one in report.people
    ]  # fmt: skip
    return Sheet(tr("People"), header, tuple(rows))


def _value(figure: Figure) -> Amount | None:
    return _amount(figure.value, figure.unit)


def _lines(report: Report) -> Sheet:
    header = (tr("Line"), tr("Came"), tr("Left"), ptr("of tickets", "Open"), tr("Stay, hours"))
    rows = [
        (line_words(one.line), *(Amount(n, Unit.COUNT) for n in (one.came, one.left, one.backlog)),
         _value(one.stay))
        for one in report.lines
    ]  # fmt: skip
    return Sheet(tr("Lines"), header, tuple(rows))


def rows_sheet(one: Measured, found: FigureRows) -> Sheet:
    """Give the rows behind a figure as a table."""
    header = (
        tr("Client"), tr("Ticket"), tr("Subject"), tr("Date"), tr("Counts as"), tr("Before"),
        tr("Value"), tr("By phone"),
    )  # fmt: skip
    unit = found.unit or Unit.COUNT
    rows = [
        (
            row.client,
            "" if row.number is None else f"#{row.number}",
            row.title,
            row.at,
            of(row.mark),
            _amount(row.before, unit),
            _amount(row.value, unit),
            tr("yes") if row.is_by_phone else "",
        )
        for row in found.rows
    ]
    return Sheet(title_of(one.metric, one.figure.currency), header, tuple(rows))


_SCALES: Final = {Unit.SECONDS: 3_600, Unit.MONEY: 100}


def plain_number(amount: Amount) -> float:
    """Give a number as a file holds it: hours, and whole units of money."""
    return amount.value / _SCALES.get(amount.unit, 1)


class Written(Protocol):
    """A table to be written; its rows are asked for once, and may stream."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def header(self) -> Sequence[str]:
        """The names of its columns."""

    @property
    def rows(self) -> Iterable[Sequence[Cell]]:
        """Its rows."""


def rows_of(sheets: Iterable[Written]) -> Iterator[Sequence[Cell]]:
    """Give several tables as one, each under its name."""
    for number, sheet in enumerate(sheets):
        if number:
            yield ()
        yield (sheet.name,)
        yield sheet.header
        yield from sheet.rows
