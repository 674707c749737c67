"""Who comes onto the list of clients at risk and who goes, from scores alone: pure arithmetic."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health import ENOUGH
from deskcrm.domain.health.evidence import RAISED_FROM
from deskcrm.domain.risk.model import RiskCause

EXIT_SHARE: Final = 0.7
"""Of the line at which clients enter; under it a flag goes, or it would come and go daily."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A client of a book as its score stands."""

    client_id: ClientId
    probability: float
    coverage: float
    cause: RiskCause | None = None
    """What lists it whatever its score."""
    is_flagged: bool = False
    below_since: date | None = None
    """Since which evaluation it has been under the line at which it goes."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation of a book came to."""

    line: float
    enter: tuple[tuple[Standing, RiskCause], ...]
    leave: tuple[ClientId, ...]
    below: tuple[ClientId, ...]
    """Flagged clients that were found under the exit line for the first time."""
    above: tuple[ClientId, ...]
    """Flagged clients that came up over it again."""


def entry_line(probabilities: Iterable[float], percent: int, base_rate: float) -> float:
    """Give the probability from which clients enter.

    At most so many per cent of the book are over it, one at least, and none that is not half as
    likely again to leave as is usual.
    """
    ordered = sorted(probabilities, reverse=True)
    least = RAISED_FROM * base_rate
    if not ordered:
        return least
    seats = max(math.ceil(len(ordered) * percent / 100), 1)
    return max(ordered[min(seats, len(ordered)) - 1], least)


def exit_line(entry: float) -> float:
    """Give the probability under which a flag goes."""
    return EXIT_SHARE * entry


def evaluate(book: Iterable[Standing], *, line: float, today: date) -> Evaluated:
    """Say who of a book enters and who leaves; to leave takes two evaluations, on two days.

    Of whom too little is known nothing is said by score. Whoever is neither flagged nor listed for
    a cause nor over the line may be missing from what is given: nothing comes of them.
    """
    enter: list[tuple[Standing, RiskCause]] = []
    leave, below, above = [], [], []
    for one in book:
        if not one.is_flagged:
            if one.cause or (one.coverage >= ENOUGH and one.probability >= line):
                enter.append((one, one.cause or RiskCause.SCORE))
        elif one.cause is not None or one.probability >= exit_line(line):
            if one.below_since is not None:
                above.append(one.client_id)
        elif one.below_since is None:
            below.append(one.client_id)
        elif one.below_since < today:
            leave.append(one.client_id)
    return Evaluated(line, tuple(enter), tuple(leave), tuple(below), tuple(above))
