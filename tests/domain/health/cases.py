"""Made-up models and clients for the properties of scores; a sample in the check, all in full."""

import math
import os
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
_features = st.builds(
    Feature,
    st.sampled_from([f"signal {n}" for n in range(12)]),
    st.just("A signal"),
    low=st.sampled_from([-math.inf, 0.0]),
    high=st.sampled_from([math.inf, 4.0, 1.5]),
    half_life_weeks=st.sampled_from([None, 6.0, 26.0]),
    reference=st.sampled_from([None, 0.0, 1.3]),
    fix=st.sampled_from([None, *Fix]),
    is_time=st.booleans(),
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Draw the scorecard, the scorecard with other weights, or a model of anything."""
    if draw(st.booleans()):
        weights = {f.name: draw(st.floats(0, 3)) * (f.sign or 1) for f in BUILT_IN}
        return draw(st.sampled_from([SCORECARD, SCORECARD.with_weights(weights)]))
    features = draw(st.lists(_features, max_size=12, unique_by=lambda one: one.name))
    return Model(tuple(features), tuple(draw(numbers) for _ in features), draw(numbers), "made up")


@st.composite
def signals_for(draw: st.DrawFn, model: Model) -> Signals:
    """Draw the signals of a client: ordinary, odd, unknown or missing."""
    ordinary = st.floats(0, 4) | numbers
    found = {name: draw(ordinary | odd) for name in model.terms}
    for name in draw(st.sets(st.sampled_from(sorted(found)), max_size=3) if found else st.just(())):
        del found[name]
    return found


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
