"""What counts as a sign of growth: pure rules over what is known of a client."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

NEAR: Final = 0.85
"""Of the limit, on a usual day."""
USUAL_DAYS: Final = 10
"""Fewer working days than this tell nothing usual."""
GROWTH: Final = 1.2
"""The last four weeks over the twelve before, by the day."""
RECENT_WEEKS: Final = 4
FORMER_WEEKS: Final = 12
_RECENT_DAYS: Final = 14
_FORMER_DAYS: Final = 40
TEAM: Final = 3
"""New contacts that make a team."""
TEAM_WITHIN: Final = 60
SETTLED_AFTER: Final = 180
"""Days: the people of a new client are all new."""
ASKED_WITHIN: Final = 90
SMALL: Final = 0.5
"""Of the median of clients like it."""
ALIKE: Final = 8
"""Clients needed for a median that means something."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What was found, what it was held against, and the first over the second."""

    found: float
    against: float

    @property
    def share(self) -> float:
        """How much of the other it is."""
        return self.found / self.against


def near_limit(values: Sequence[float], ceiling: float | None) -> Measure | None:
    """Give a usual working day and the limit, where the first comes near the second."""
    if ceiling is None or ceiling <= 0 or len(values) < USUAL_DAYS:
        return None
    measure = Measure(median(values), ceiling)
    return measure if measure.share >= NEAR else None


def growing(recent: tuple[float, int], former: tuple[float, int]) -> Measure | None:
    """Give the use of a day lately and before, where it grew; each is a sum and its days."""
    if recent[1] < _RECENT_DAYS or former[1] < _FORMER_DAYS or former[0] <= 0:
        return None
    measure = Measure(recent[0] / recent[1], former[0] / former[1])
    return measure if measure.share >= GROWTH else None


def small(worth: int, of_alike: Sequence[int]) -> Measure | None:
    """Give a client's value and the median of those like it, where it is far below."""
    if worth <= 0 or len(of_alike) < ALIKE:
        return None
    measure = Measure(float(worth), float(median(of_alike)))
    return measure if measure.share < SMALL else None
