"""A short report to be told in the morning: how we did in the day, week or month before."""

from datetime import date, timedelta
from typing import Final

from deskcrm.base.words import of, tr
from deskcrm.domain.days import month_end
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Figure, Period
from deskcrm.domain.metrics.report import get_report
from deskcrm.domain.metrics.settings import Cadence
from deskcrm.domain.metrics.words import change_words, figure_words
from deskcrm.store.reader import Reader

_TOLD: Final = (
    Metric.OPENED_TICKETS,
    Metric.SOLVED_TICKETS,
    Metric.BACKLOG,
    Metric.FIRST_RESPONSE,
    Metric.FIRST_RESPONSE_IN_TIME,
    Metric.CUSTOMER_SATISFACTION,
    Metric.NET_PROMOTER_SCORE,
    Metric.LOGO_CHURN,
)


def digest_period(cadence: Cadence, today: date) -> Period | None:
    """Give the last period that is over; None where nothing is to be told."""
    if cadence is Cadence.DAILY:
        return Period(today, today).before
    if cadence is Cadence.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return Period(monday, monday + timedelta(days=6)).before
    if cadence is Cadence.MONTHLY:
        first = today.replace(day=1)
        return Period(first, month_end(first)).before
    return None


def get_digest(db: Reader, period: Period) -> list[str]:
    """Put the figures of a period into lines, each with its change; none if nothing is known."""
    report = get_report(db, period, steps=2)
    found = {one.metric: one for one in report.measured if not one.figure.currency}
    told = [found[metric] for metric in _TOLD if _says_something(found[metric].figure)]
    return [
        tr("{metric}: {figure}", metric=of(one.metric), figure=figure_words(one.figure))
        + (f" ({change_words(one.change, one.figure)})" if one.change else "")
        for one in told
    ]


def _says_something(figure: Figure) -> bool:
    return figure.is_known and figure.n > 0
