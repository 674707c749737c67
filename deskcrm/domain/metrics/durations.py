"""How long things take, while some of them still go on: the median after Kaplan and Meier.

The mean of what has ended is too short: what takes long has not ended yet. Whatever goes on is
known to take longer than until now, and that much is used ("censored").
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from deskcrm.domain.metrics.figures import Z95, Figure, Unit, no_data

Span = tuple[float, bool]
"""How long something took, in seconds, and whether it ended; else it took at least so long."""
_SECONDS: Final = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the curve: so much of everything goes on beyond this moment.

    ``greenwood`` is the sum in Greenwood's formula (1926): the variance over the square.
    """

    seconds: float
    going_on: float
    greenwood: float

    def bound(self, z: float) -> float:
        """Give the bound so many standard errors below, on the scale of log(−log)."""
        if not 0 < self.going_on < 1:
            return self.going_on
        spread = math.sqrt(self.greenwood) / abs(math.log(self.going_on))
        return float(self.going_on ** math.exp(z * spread))


def kaplan_meier(spans: Iterable[Span]) -> Iterator[Step]:
    """The curve after Kaplan and Meier (1958): a step wherever something ended.

    Of what ends and what is censored at one moment the ends come first.
    """
    ordered = sorted(spans)
    at_risk, going_on, greenwood = len(ordered), 1.0, 0.0
    for seconds, group in groupby(ordered, key=_SECONDS):
        ends = [is_ended for _, is_ended in group]
        if ended := sum(ends):
            going_on *= 1 - ended / at_risk
            if at_risk > ended:
                greenwood += ended / (at_risk * (at_risk - ended))
            yield Step(seconds, going_on, greenwood)
        at_risk -= len(ends)


def median_time(spans: Iterable[Span]) -> Figure:
    """The median in seconds: the first moment beyond which no more than half go on.

    No data where more than half go on still. The interval is that of Brookmeyer and Crowley
    (1982) on the scale of log(−log): the moments at which the curve may be at one half.
    """
    listed = list(spans)
    low = middle = high = None
    for step in kaplan_meier(listed):
        if low is None and step.bound(Z95) <= 0.5:
            low = step.seconds
        if middle is None and step.going_on <= 0.5:
            middle = step.seconds
        if middle is not None and step.bound(-Z95) <= 0.5:
            high = step.seconds
            break
    if middle is None or low is None:
        return no_data(Unit.SECONDS, len(listed))
    return Figure(middle, Unit.SECONDS, len(listed), (low, high))
