"""The lines of a report: a figure each, and who has how much; what the list shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.metrics.catalogue import AROUND_THE_CLOCK, MEANINGS
from deskcrm.domain.metrics.figures import Unit
from deskcrm.domain.metrics.report import Measured, Report
from deskcrm.domain.metrics.words import change_words, figure_words
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.tokens import Tone

PEOPLE = "people"
LINES = "lines"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of the list; without a figure it is one of the two tables of the load."""

    id: str
    report: Report
    measured: Measured | None = None


def lines_of(report: Report | None) -> list[ReportLine]:
    """Give the lines of a report, support first, the load after it."""
    if report is None:
        return []
    found = [ReportLine(_id(one), report, one) for one in report.measured]
    support = sum(one.measured.metric in _SUPPORT for one in found if one.measured is not None)
    load = [ReportLine(PEOPLE, report), ReportLine(LINES, report)]
    return [*found[:support], *load, *found[support:]]


_SUPPORT = frozenset(metric for metric, meaning in MEANINGS.items() if meaning.group == "support")


def _id(one: Measured) -> str:
    return " ".join(part for part in (one.metric.value, one.figure.currency) if part)


def count_lines(db: Reader, *, report: Report | None) -> int:
    """Count the lines of a report that was worked out already."""
    return len(lines_of(report))


def page_lines(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool, report: Report | None
) -> Sequence[ReportLine]:
    """Give the lines of a report that was worked out already."""
    return lines_of(report)[offset : offset + limit]


def title_words(line: ReportLine) -> str:
    """Name a line."""
    if line.measured is None:
        return tr("Load by person") if line.id == PEOPLE else tr("Load by line")
    metric = line.measured.metric
    return of(AROUND_THE_CLOCK.get(metric, metric))  # which of the two it is stands under it


def _under(line: ReportLine) -> str:
    if line.measured is None:
        return of(MEANINGS[line.report.measured[0].metric].group)
    meaning, figure = MEANINGS[line.measured.metric], line.measured.figure
    n = f"n = {dates.number(figure.n)}"
    if meaning.unit is Unit.SECONDS:  # what tells the two of a name apart must not be cut
        is_around = line.measured.metric in AROUND_THE_CLOCK
        return f"{tr('day and night') if is_around else tr('working time')} · {n}"
    about = figure.currency or of(meaning.group)
    return " · ".join(part for part in (meaning.short, about, n) if part)


def _figure(line: ReportLine) -> str:
    if line.measured is not None:
        return figure_words(line.measured.figure, dates.money)
    if line.id == PEOPLE:
        people = sum(one.user_id is not None for one in line.report.people)
        return ntr("{n} person", "{n} people", people)
    return ntr("{n} line", "{n} lines", len(line.report.lines))


def change_chip(one: Measured) -> Chip | None:
    """Say how a figure changed against the period before; better and worse have a tone."""
    change = one.change
    if change is None:
        return None
    good = change * MEANINGS[one.metric].good
    words = change_words(change, one.figure, dates.money)
    if words == tr("unchanged"):
        return Chip(words)
    tone = Tone.OK if good > 0 else Tone.WARNING if good < 0 else Tone.NEUTRAL
    return Chip(words, tone, "chevron-up" if change > 0 else "chevron-down")


def _change(line: ReportLine) -> Sequence[Chip]:
    chip = change_chip(line.measured) if line.measured is not None else None
    return (chip,) if chip is not None else ()


def _trend(line: ReportLine) -> Sequence[float | None]:
    trend = line.measured.trend if line.measured is not None else ()
    return [one.value for one in trend] if len(trend) > 1 else []


def _trend_words(line: ReportLine) -> str:
    """Say in words what the small line shows."""
    known = [one for one in (line.measured.trend if line.measured else ()) if one.is_known]
    if len(known) < 2:
        return ""
    first, last = (figure_words(one, dates.money) for one in (known[0], known[-1]))
    return tr("from {first} to {last}", first=first, last=last)


def columns() -> list[Column[ReportLine]]:
    """The columns of the list."""
    return [
        Column(tr("Metric"), title_words, under=_under, stretch=True, strong=True),
        Column(tr("Figure"), _figure, width=105, right=True),
        Column(tr("Change"), lambda _: "", chips=_change, width=132, hide_below=400),
        Column(tr("Trend"), _trend_words, trend=_trend, width=92, hide_below=480),
    ]
