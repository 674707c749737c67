"""``metrics``: how we do over a period, every figure with its formula and the rows behind it."""

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import of, tr
from deskcrm.cli.rows import write_json, write_line, write_table
from deskcrm.cli.workspace import asking

if TYPE_CHECKING:
    from deskcrm.domain.metrics.catalogue import Metric
    from deskcrm.domain.metrics.narrowing import Narrowing
    from deskcrm.domain.metrics.report import Measured, Report
    from deskcrm.domain.metrics.rows import FigureRow, FigureRows
    from deskcrm.store.reader import Reader


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="D",
        help=tr("the first day; else 29 days before the last"),
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="last", type=_day, metavar="D", help=tr("the last day; else today")
    )
    parser.add_argument("--team", metavar="NAME", help=tr("only what is a team’s"))
    parser.add_argument("--person", metavar="NAME", help=tr("only what is a person’s"))
    parser.add_argument(
        "--answers", choices=("all", "without_phone", "by_phone"), default="all",
        help=tr("which answers count"),
    )  # fmt: skip
    parser.add_argument("--rows", metavar="METRIC", help=tr("list the rows behind a figure"))
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the report of the period, or the rows behind one figure."""
    from deskcrm.domain.metrics.figures import Period
    from deskcrm.domain.metrics.report import get_report
    from deskcrm.domain.metrics.rows import list_rows

    last = options.last or clock.now().astimezone().date()
    period = Period(options.first or last - timedelta(days=29), last)
    if period.last < period.first:
        raise UserError(tr("The period ends before it begins."), tr("Check the two days."))
    metric = _metric(options.rows) if options.rows else None
    with asking(options.profile) as store:
        narrowing = store.ask(_narrowing, options)
        report = store.ask(get_report, period, narrowing)
        if metric is not None:
            for one in report.measured:
                if one.metric is metric:
                    currency = one.figure.currency
                    rows = store.ask(list_rows, metric, period, narrowing, currency=currency)
                    _write_rows(one, rows, options.json)
            return 0
    if options.json:
        write_json(_as_json(report))
    else:
        _write(report)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            tr("“{text}” is not a day; write it as 2026-03-31", text=text)
        ) from None


def _metric(text: str) -> "Metric":
    from deskcrm.domain.metrics.catalogue import Metric

    try:
        return Metric(text)
    except ValueError:
        raise UserError(
            tr("There is no metric “{name}”.", name=text),
            tr("There are: {names}.", names=", ".join(Metric)),
        ) from None


def _narrowing(db: "Reader", options: argparse.Namespace) -> "Narrowing":
    from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing
    from deskcrm.domain.teams.queries import list_teams
    from deskcrm.domain.users.queries import list_users

    teams = {one.name: one.id for one in list_teams(db)}
    people = {one.name: one.id for one in list_users(db, with_inactive=True)}
    return Narrowing(
        team_id=_found(options.team, teams),
        user_id=_found(options.person, people),
        answers=AnswerWay(options.answers),
    )


def _found(name: str | None, among: dict[str, Any]) -> Any:
    if name is None:
        return None
    if name not in among:
        raise UserError(
            tr("There is no “{name}”.", name=name),
            tr("There are: {names}.", names=", ".join(sorted(among)) or "–"),
        )
    return among[name]


def _as_json(report: "Report") -> dict[str, Any]:
    return {
        "from": report.period.first,
        "to": report.period.last,
        "as_of": report.as_of,
        "figures": [_figure(one) for one in report.measured],
        "people": report.people,
        "lines": report.lines,
    }


def _figure(one: "Measured") -> dict[str, Any]:
    from deskcrm.domain.metrics.catalogue import MEANINGS, formula_of

    figure = one.figure
    return {
        "metric": one.metric,
        "name": of(one.metric),
        "value": figure.value,
        "unit": figure.unit,
        "currency": figure.currency or None,
        "n": figure.n,
        "interval": figure.interval,
        "formula": formula_of(one.metric),
        "source": MEANINGS[one.metric].source or None,
        "trend": [
            {"from": was.period.first, "to": was.period.last, "value": was.value, "n": was.n}
            for was in one.trend
            if was.period is not None
        ],
    }


def _write(report: "Report") -> None:
    from deskcrm.domain.metrics.words import (
        change_words,
        figure_words,
        interval_words,
        period_words,
        title_of,
    )

    write_line(period_words(report.period))
    write_line("")
    rows = []
    for one in report.measured:
        figure, change = one.figure, one.change
        risen = "" if change is None else change_words(change, figure)
        title = title_of(one.metric, figure.currency)
        rows.append([title, figure_words(figure), risen, f"n={figure.n}", interval_words(figure)])
    write_table(rows)


def _write_rows(one: "Measured", found: "FigureRows", as_json: bool) -> None:
    from deskcrm.domain.metrics.words import figure_words, title_of

    if as_json:
        write_json({"figure": _figure(one), "total": found.total, "rows": found.rows})
        return
    write_line(f"{title_of(one.metric, one.figure.currency)}: {figure_words(one.figure)}")
    write_table([_row(row, one, found) for row in found.rows])


def _row(row: "FigureRow", one: "Measured", found: "FigureRows") -> list[str]:
    from deskcrm.domain.metrics.words import value_words

    name = f"#{row.number} {row.title}" if row.number is not None else ""
    value = (
        "" if row.value is None or found.unit is None
        else value_words(row.value, found.unit, one.figure.currency)
    )  # fmt: skip
    at = "" if row.at is None else f"{row.at:%Y-%m-%d}"
    return [at, row.client, name, of(row.mark), value]
