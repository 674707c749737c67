"""The arithmetic of learning: weights near what was believed, as loose as foretells best.

It needs numpy: :func:`deskcrm.domain.health.fit` imports it when it is asked to learn.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deskcrm.domain.health.features import Feature
from deskcrm.domain.health.fitting import LOOSENESS
from deskcrm.domain.health.model import WIDEST_BASE, Model
from deskcrm.domain.health.newton import Array, Problem, solve

Places = NDArray[np.intp]
_CUTS: Final = (0.5, 0.65, 0.8)
"""Shares of the rows, by time: what lies between two is foretold from all before the first."""
FEWEST_FORETOLD: Final = 5
"""With fewer clients leaving among what is foretold, k stays at its least."""


@dataclass(frozen=True, slots=True)
class History:
    """Rows as columns, centred at the references, in order of time; what became of each."""

    columns: Array
    outcomes: Array
    times: Array


def learn(
    rows: Sequence[Mapping[str, float | None]],
    churned: Sequence[bool],
    prior: Model,
    times: Sequence[float] | None,
    embargo: float,
    k: float | None,
) -> Model:
    """Learn a model from rows of which some left and some stayed."""
    prior = replace(prior, features=tuple(_referenced(rows, f) for f in prior.features))
    history = _history(rows, churned, times, prior.features)
    chosen = _looseness(history, prior, embargo) if k is None else k
    weights = _solved(history.columns, history.outcomes, prior, chosen).tolist()
    learned = replace(
        prior,
        coefficients=tuple(b + 0.0 for b in weights[:-1]),  # never −0
        intercept=weights[-1],
        base_rate=float(history.outcomes.mean()),
        looseness=chosen,
    )
    return learned.with_own_version("learned")


def _column(rows: Sequence[Mapping[str, float | None]], feature: Feature) -> Array:
    """Give the values of one feature as they count; NaN where they are unknown."""
    name = feature.name
    raw = [math.nan if (value := row.get(name)) is None else value for row in rows]
    values = np.array(raw, dtype=float)
    values[~np.isfinite(values)] = math.nan
    counted: Array = np.clip(values, feature.low, feature.high)
    return counted


def _referenced(rows: Sequence[Mapping[str, float | None]], feature: Feature) -> Feature:
    if feature.reference is not None:
        return feature
    known = _column(rows, feature)
    known = known[~np.isnan(known)]
    return replace(feature, reference=float(known.mean()) if len(known) else 0.0)


def _history(
    rows: Sequence[Mapping[str, float | None]],
    churned: Sequence[bool],
    times: Sequence[float] | None,
    features: Sequence[Feature],
) -> History:
    columns = np.ones((len(rows), len(features) + 1))
    for number, feature in enumerate(features):
        columns[:, number] = _column(rows, feature) - (feature.reference or 0.0)
    columns[np.isnan(columns)] = 0.0  # what is unknown adds nothing
    when = np.arange(len(rows), dtype=float) if times is None else np.array(times, dtype=float)
    order = np.argsort(when, kind="stable")
    return History(columns[order], np.array(churned, dtype=float)[order], when[order])


def _solved(columns: Array, outcomes: Array, prior: Model, k: float) -> Array:
    features = prior.features
    low = [0.0 if f.sign > 0 else -f.limit for f in features]
    high = [0.0 if f.sign < 0 else f.limit for f in features]
    problem = Problem(
        columns,
        outcomes,
        np.array([*(f.prior for f in features), 0.0]),
        np.array([*(1 / (k * f.spread) ** 2 for f in features), 0.0]),
        np.array([*low, -WIDEST_BASE]),
        np.array([*high, WIDEST_BASE]),
    )
    return solve(problem, np.array([*(f.prior for f in features), prior.intercept]))


def _looseness(history: History, prior: Model, embargo: float) -> float:
    """Choose the k that foretells later rows best from earlier ones; of equals the least."""
    parts = list(_forward(history, embargo))
    if sum(float(history.outcomes[after].sum()) for _, after in parts) < FEWEST_FORETOLD:
        return LOOSENESS[0]
    return min(LOOSENESS, key=lambda k: _misfit(history, prior, parts, k))


def _forward(history: History, embargo: float) -> Iterator[tuple[Places, Places]]:
    """Give pairs of what is learned from and what is foretold, forward in time."""
    cuts = [history.times[int(len(history.times) * share)] for share in _CUTS]
    for start, end in pairwise([*cuts, math.inf]):
        before = np.flatnonzero(history.times < start - embargo)
        after = np.flatnonzero((history.times >= start) & (history.times < end))
        if len(after) and 0 < history.outcomes[before].sum() < len(before):
            yield before, after


def _misfit(
    history: History, prior: Model, parts: Sequence[tuple[Places, Places]], k: float
) -> float:
    """Give the log loss of everything that is foretold with this k."""
    total = 0.0
    for before, after in parts:
        weights = _solved(history.columns[before], history.outcomes[before], prior, k)
        log_odds = history.columns[after] @ weights
        total += float(np.logaddexp(0, log_odds).sum() - history.outcomes[after] @ log_odds)
    return total
