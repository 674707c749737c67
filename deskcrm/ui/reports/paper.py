"""A report on paper: every figure with its n, its change and its formula."""

from collections.abc import Iterator
from itertools import groupby

from deskcrm.base.words import of, tr
from deskcrm.domain.metrics.catalogue import MEANINGS, formula_of
from deskcrm.domain.metrics.report import Measured, Report
from deskcrm.domain.metrics.words import (
    change_words,
    figure_words,
    interval_words,
    period_words,
    title_of,
)
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.ui.kit import dates


def paragraphs(report: Report) -> Iterator[tuple[str, str]]:
    """Give the paragraphs of a report."""
    yield "title", tr("Report: {period}", period=period_words(report.period))
    yield "small", tr("As of {when}", when=dates.full(report.as_of))
    for group, measured in groupby(report.measured, lambda one: MEANINGS[one.metric].group):
        yield "head", of(group)
        for one in measured:
            yield from _figure(one)
    yield from _load(report)


def _figure(one: Measured) -> Iterator[tuple[str, str]]:
    figure, change = one.figure, one.change
    words = figure_words(figure, dates.money)
    yield "strong", f"{title_of(one.metric, figure.currency)}: {words}"
    said = [f"n = {dates.number(figure.n)}", interval_words(figure, dates.money)]
    if change is not None:
        risen = change_words(change, figure, dates.money)
        said.append(tr("against the period before: {change}", change=risen))
    yield "text", " · ".join(part for part in said if part)
    yield "small", formula_of(one.metric)


def _load(report: Report) -> Iterator[tuple[str, str]]:
    yield "head", tr("Load")
    for person in report.people:
        yield (
            "text",
            tr(
                "{name}: {opened} opened, {solved} solved, {open} open, first response {time}",
                name=person.name or tr("Nobody"),
                opened=person.opened.n,
                solved=person.solved.n,
                open=person.backlog.n,
                time=figure_words(person.first_response),
            ),
        )
    for line in report.lines:
        yield (
            "text",
            tr(
                "{name}: {came} came, {left} left, {open} open, stay {time}",
                name=line_words(line.line),
                came=line.came,
                left=line.left,
                open=line.backlog,
                time=figure_words(line.stay),
            ),
        )
