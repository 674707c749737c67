"""Who has how much: a table of people, or of the lines of support, with bars above it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.metrics.figures import Figure
from deskcrm.domain.metrics.report import Report
from deskcrm.domain.metrics.words import figure_words, period_words
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.bars import Bar, Bars
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.table import Table
from deskcrm.ui.reports.lines import PEOPLE, ReportLine, title_words


@dataclass(frozen=True, slots=True)
class LoadLine:
    """What a person or a line has: how many came, were done and are open; how long, how well."""

    id: int
    name: str
    came: int
    done: int
    open: int
    time: Figure
    in_time: Figure | None = None


def loads_of(line: ReportLine) -> list[LoadLine]:
    """Give the lines of one of the two tables."""
    report = line.report
    return _people(report) if line.id == PEOPLE else _support_lines(report)


def _people(report: Report) -> list[LoadLine]:
    return [
        LoadLine(
            number, one.name or tr("Nobody"), one.opened.n, one.solved.n, one.backlog.n,
            one.first_response, one.in_time,
        )
        for number, one in enumerate(report.people)
    ]  # fmt: skip


def _support_lines(report: Report) -> list[LoadLine]:
    return [
        LoadLine(number, line_words(one.line), one.came, one.left, one.backlog, one.stay)
        for number, one in enumerate(report.lines)
    ]


def count_loads(db: Reader, *, lines: Sequence[LoadLine]) -> int:
    """Count what was worked out already."""
    return len(lines)


def page_loads(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool, lines: Sequence[LoadLine]
) -> Sequence[LoadLine]:
    """Give what was worked out already."""
    return lines[offset : offset + limit]


class LoadRecord(QWidget):
    """The table, and how many are open with whom; ``whose`` and ``time`` head two columns."""

    def __init__(self, desk: Desk, whose: str, time: str) -> None:
        super().__init__()
        self.title = parts.label("", "heading")
        self.facts = parts.label("", "muted", wrap=True)
        self.bars = Bars(height=130)
        self.table: Table[LoadLine] = Table(
            desk, _columns(whose, time), count_loads, page_loads, name=tr("Who has how much")
        )
        head = parts.column(self.title, self.facts, spacing=4, margins=(24, 20, 24, 8))
        bars = parts.column(
            parts.label(tr("Open at the end of the period"), "strong"), self.bars, spacing=4,
            margins=(24, 0, 24, 8),
        )  # fmt: skip
        outer = parts.column(head, bars, self.table, spacing=0)
        outer.setStretch(2, 1)
        self.setLayout(outer)

    def show_line(self, line: ReportLine) -> None:
        """Show one of the two tables."""
        self.title.setText(title_words(line))
        about = (
            tr("Tickets by who has them now.")
            if line.id == PEOPLE
            else tr("What came to each line, what left it, and how long it stays there while open.")
        )
        self.facts.setText(f"{period_words(line.report.period)} · {about}")
        loads = loads_of(line)
        names = short_names([one.name for one in loads]) if line.id == PEOPLE else None
        self.bars.show_bars(
            [
                Bar(names[at] if names else one.name, one.open, str(one.open), _said(one), True)
                for at, one in enumerate(loads)
            ],
            tr("Open at the end of the period"),
        )
        self.table.reload(lines=tuple(loads))


def short_names(names: Sequence[str]) -> list[str]:
    """Name people by the first name alone; of those that share it, by the last one’s letter too."""
    words = [name.split() or [name] for name in names]
    firsts = Counter(one[0] for one in words)
    return [
        f"{one[0]} {one[-1][0]}." if firsts[one[0]] > 1 and len(one) > 1 else one[0]
        for one in words
    ]


def _said(one: LoadLine) -> str:
    return tr("{name}: {count}", name=one.name, count=ntr("{n} open", "{n} open", one.open))


def _columns(whose: str, time: str) -> list[Column[LoadLine]]:
    return [
        Column(whose, lambda one: one.name, stretch=True, strong=True),
        Column(tr("Came"), lambda one: dates.number(one.came), width=68, right=True),
        Column(tr("Done"), lambda one: dates.number(one.done), width=62, right=True),
        Column(ptr("of tickets", "Open"), lambda one: dates.number(one.open), width=74, right=True),
        Column(
            time, lambda one: figure_words(one.time), width=104, right=True, hide_below=420,
        ),
        Column(tr("In time"), _in_time, width=84, right=True, hide_below=560),
    ]  # fmt: skip


def _in_time(one: LoadLine) -> str:
    return "" if one.in_time is None else figure_words(one.in_time)
