"""How much may be said about a risk: by how many have left, and how far it is from usual."""

from enum import StrEnum
from typing import Final

from deskcrm.domain.health.model import TYPICAL_RATE
from deskcrm.domain.health.scoring import ENOUGH, Score


class Evidence(StrEnum):
    """On what a score rests, by how many clients the team has lost so far."""

    STARTING_RULES = "starting_rules"
    BANDS = "bands"
    NUMBERS = "numbers"


class Band(StrEnum):
    """How a risk is named where a number would claim too much."""

    NOT_ENOUGH_DATA = "not_enough_data"
    LOW_RISK = "low_risk"
    RAISED_RISK = "raised_risk"
    HIGH_RISK = "high_risk"


FEWEST_FOR_BANDS: Final = 10
FEWEST_FOR_NUMBERS: Final = 100
RAISED_FROM: Final = 1.5
"""Times the base rate from which a risk is raised: the line at which a client is flagged."""
HIGH_FROM: Final = 4.0
"""Times the base rate from which it is high."""


def evidence_of(churned: int) -> Evidence:
    """Say on what scores rest for a team that has lost so many clients."""
    if churned < FEWEST_FOR_BANDS:
        return Evidence.STARTING_RULES
    return Evidence.BANDS if churned < FEWEST_FOR_NUMBERS else Evidence.NUMBERS


def band_of(found: Score, base_rate: float | None = None) -> Band:
    """Name a risk against the base rate, the model's own if none is given."""
    usual = found.model.base_rate if base_rate is None else base_rate
    return band_of_figures(found.probability, found.coverage, usual)


def band_of_figures(probability: float, coverage: float, base_rate: float = TYPICAL_RATE) -> Band:
    """Name a risk of which no more is at hand than a list has."""
    if coverage < ENOUGH:
        return Band.NOT_ENOUGH_DATA
    if probability >= HIGH_FROM * base_rate:
        return Band.HIGH_RISK
    return Band.RAISED_RISK if probability >= RAISED_FROM * base_rate else Band.LOW_RISK
