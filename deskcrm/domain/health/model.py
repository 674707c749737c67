"""A model: features and what each weighs. The scorecard is one, and so is what a team learns."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from deskcrm.domain.health.features import BASE_PRIOR, BUILT_IN, Feature

POINTS: Final = 10 / math.log(2)
"""Points of one unit of log-odds: ten points double the odds."""
TYPICAL_RATE: Final = 0.03
"""Share of a book that leaves within 90 days, until the team's own is known: 11 % a year."""
WIDEST_BASE: Final = 20.0
"""Log-odds beyond which a base is absurd: one in half a thousand million."""


class Term(NamedTuple):
    """A feature with its weight, ready for the arithmetic."""

    name: str
    per_unit: float
    low: float
    high: float
    reference: float
    weight: float


@dataclass(frozen=True)
class Model:
    """log-odds = intercept + Σ coefficient · (value − reference), over features that are known."""

    features: tuple[Feature, ...]
    coefficients: tuple[float, ...]
    intercept: float
    version: str
    base_rate: float = TYPICAL_RATE
    """Share that left, in what it was learned from."""
    looseness: float | None = None
    """The k by which it was let away from its prior; None for one that was not learned."""

    def __post_init__(self) -> None:
        if len(self.features) != len(self.coefficients):
            raise ValueError("a model has one coefficient for each of its features")
        if len({feature.name for feature in self.features}) != len(self.features):
            raise ValueError("two features of a model share a name")

    @classmethod
    def neutral(cls, features: Sequence[str]) -> "Model":
        """Make a model that believes nothing beforehand: priors of 0, either sign."""
        made = tuple(Feature(name, name, reference=None) for name in features)
        return cls(made, (0.0,) * len(made), 0.0, "neutral")

    @cached_property
    def weights(self) -> dict[str, float]:
        """The coefficient of each feature by its name."""
        return {f.name: b for f, b in zip(self.features, self.coefficients, strict=True)}

    @cached_property
    def by_name(self) -> dict[str, Feature]:
        """The features by their names."""
        return {feature.name: feature for feature in self.features}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The features with their weights, by name; where nothing weighs, all weigh the same."""
        is_empty = not any(self.coefficients)
        return {
            f.name: Term(
                f.name, b * POINTS, f.low, f.high, f.reference or 0.0, 1.0 if is_empty else abs(b)
            )
            for f, b in zip(self.features, self.coefficients, strict=True)
        }

    @cached_property
    def whole_weight(self) -> float:
        """What all features weigh together."""
        return sum(term.weight for term in self.terms.values())

    def with_weights(self, weights: Mapping[str, float]) -> "Model":
        """Give the same model with some coefficients changed, as by moving a slider."""
        changed = tuple(weights.get(name, b) for name, b in self.weights.items())
        return replace(self, coefficients=changed).with_own_version("tried")

    def with_own_version(self, kind: str) -> "Model":
        """Name the model by what is in it, so that two devices never give one name to two."""
        whole = repr((self.intercept, [(f, b) for f, b in self.weights.items()], self.references))
        digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
        return replace(self, version=f"{kind}-{digest}")

    @property
    def references(self) -> list[float | None]:
        """The reference of each feature."""
        return [feature.reference for feature in self.features]

    def is_sound(self) -> bool:
        """Tell whether every coefficient is a number, keeps its sign and can be believed."""
        if not (math.isfinite(self.intercept) and abs(self.intercept) <= WIDEST_BASE):
            return False
        if not 0 <= self.base_rate <= 1:
            return False
        return all(
            math.isfinite(b) and b * f.sign >= 0 and abs(b) <= f.limit
            for f, b in zip(self.features, self.coefficients, strict=True)
        )


SCORECARD: Final = Model(
    BUILT_IN, tuple(feature.prior for feature in BUILT_IN), BASE_PRIOR, "scorecard-1"
)
"""What holds on the first day, with no history at all."""


def sound(model: Model | None) -> Model:
    """Give the model if it can be believed, else the scorecard."""
    return model if model is not None and model.is_sound() else SCORECARD
