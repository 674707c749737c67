"""How long things take, while some of them still go on: the median after Kaplan and Meier.

The mean of what has ended is too short: what takes long has not ended yet. Whatever goes on is
known to take longer than until now, and that much is used ("censored").
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from deskcrm.domain.metrics.figures import Z95, Figure, Unit, no_data


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """How long something took, in seconds; not ended: it goes on, and took at least so long."""

    seconds: float
    is_ended: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the curve: so much of everything goes on beyond this moment.

    ``greenwood`` is the sum in Greenwood's formula (1926): the variance over the square.
    """

    seconds: float
    going_on: float
    greenwood: float


def kaplan_meier(spans: Iterable[Span]) -> list[Step]:
    """The curve after Kaplan and Meier (1958): a step wherever something ended.

    Of what ends and what is censored at one moment the ends come first.
    """
    ordered = sorted(spans, key=_seconds)
    steps: list[Step] = []
    at_risk, going_on, greenwood = len(ordered), 1.0, 0.0
    for seconds, group in groupby(ordered, key=_seconds):
        ends = [one.is_ended for one in group]
        ended = sum(ends)
        if ended:
            going_on *= 1 - ended / at_risk
            if at_risk > ended:
                greenwood += ended / (at_risk * (at_risk - ended))
            steps.append(Step(seconds, going_on, greenwood))
        at_risk -= len(ends)
    return steps


def median_time(spans: Iterable[Span]) -> Figure:
    """The median in seconds: the first moment beyond which no more than half go on.

    No data where more than half go on still. The interval is that of Brookmeyer and Crowley
    (1982) on the scale of log(−log): the moments at which the curve may be at one half.
    """
    listed = list(spans)
    steps = kaplan_meier(listed)
    middle = next((one.seconds for one in steps if one.going_on <= 0.5), None)
    if middle is None:
        return no_data(Unit.SECONDS, len(listed))
    low = next(one.seconds for one in steps if _bound(one, Z95) <= 0.5)
    high = next((one.seconds for one in steps if _bound(one, -Z95) <= 0.5), None)
    return Figure(middle, Unit.SECONDS, len(listed), (low, high))


def _seconds(span: Span) -> float:
    return span.seconds


def _bound(step: Step, z: float) -> float:
    """Give the bound of the curve at a step: the lower one for a positive z."""
    if not 0 < step.going_on < 1:
        return step.going_on
    spread = math.sqrt(step.greenwood) / abs(math.log(step.going_on))
    return float(step.going_on ** math.exp(z * spread))
