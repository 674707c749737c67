"""Made-up models and clients for the properties of scores; a sample in the check, all in full."""

import math
import os
import random
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from deskcrm.domain.health import BUILT_IN, SCORECARD, Feature, Fix, Model, Score, score
from deskcrm.domain.health.scoring import Signals

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
many = settings(
    max_examples=10_000 if FULL else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

numbers = st.floats(-50, 50)
odd = st.sampled_from([None, math.nan, math.inf, -math.inf, 1e300, -1e300, 0.0, -0.0, 1e-300])
value = st.floats(0, 4) | numbers | odd


def _one_of_each(rng: random.Random) -> list[Feature]:
    """Make features of every sort; drawing each part of each anew would take most of the time."""
    return [
        Feature(
            f"signal {n % 12}",
            "A signal",
            low=rng.choice([-math.inf, 0.0]),
            high=rng.choice([math.inf, 4.0, 1.5]),
            half_life_weeks=rng.choice([None, 6.0, 26.0]),
            reference=rng.choice([None, 0.0, 1.3]),
            fix=rng.choice([None, *Fix]),
            is_time=rng.random() < 0.3,
        )
        for n in range(240)
    ]


_features = st.lists(
    st.sampled_from(_one_of_each(random.Random(0))), max_size=9, unique_by=lambda one: one.name
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw the scorecard, the scorecard with other weights, or a model of anything."""
    if draw(st.booleans()):
        factor = draw(st.floats(0, 3))
        tried = {f.name: f.prior * factor for f in BUILT_IN[:: draw(st.integers(1, 4))]}
        return draw(st.sampled_from([SCORECARD, SCORECARD.with_weights(tried)]))
    features = tuple(draw(_features))
    weights = draw(st.lists(numbers, min_size=len(features), max_size=len(features)))
    return Model(features, tuple(weights), draw(numbers), "made up")


@st.composite
def signals_for(draw: st.DrawFn, model: Model) -> Signals:
    """Draw the signals of a client: ordinary, odd, unknown or missing."""
    names = list(model.terms)
    values = draw(st.lists(value, max_size=len(names)))
    start = draw(st.integers(0, max(len(names) - 1, 0)))
    return dict(zip([*names[start:], *names[:start]], values, strict=False))


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Draw a client's score under any model."""
    model = draw(models())
    return score(draw(signals_for(model)), model)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Score, Score]:
    """Draw the scores of a client at two moments, mostly under one model."""
    earlier = draw(models())
    later = draw(st.just(earlier) | models())
    return score(draw(signals_for(earlier)), earlier), score(draw(signals_for(later)), later)
