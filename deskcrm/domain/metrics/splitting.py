"""One figure of what clients answered, by the way in which they did."""

from dataclasses import replace

from deskcrm.domain.metrics.answers import answered
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Figure, Period
from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing
from deskcrm.store.reader import Reader


def split_by_way(
    db: Reader, metric: Metric, period: Period, narrowing: Narrowing
) -> dict[AnswerWay, Figure]:
    """Give a figure of all answers, of those in writing and of those on the phone."""
    return {
        way: answered(db, [period], replace(narrowing, answers=way))(period)[metric]
        for way in AnswerWay
    }
