"""Learns a team's own weights from its history, anchored at the prior model.

MAP logistic regression: a coefficient is believed to lie at N(b⁰, τ²), τ = k · (0.6·|b⁰| + 0.3),
and keeps its sign; the intercept is free. With no history it is the prior; as clients leave it
becomes the team's. k is the one that would have foretold the later rows best from the earlier ones.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from deskcrm.domain.health.features import Feature
from deskcrm.domain.health.model import WIDEST_BASE, Model
from deskcrm.domain.health.newton import Array, Problem, numpy, solve

LOOSENESS: Final = (0.25, 0.5, 1.0, 2.0, 5.0)
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


def fit(
    rows: Sequence[Mapping[str, float | None]],
    churned: Sequence[bool],
    prior: Model,
    *,
    times: Sequence[float] | None = None,
    embargo: float = 0.0,
    k: float | None = None,
) -> Model:
    """Learn a model of the prior's features from rows and whether each client left thereafter.

    Rows are in order of time, or ``times`` says when each was. What is foretold lies at least
    ``embargo`` (in the unit of times) after what it is foretold from. A value that is missing, None
    or no number counts as the feature's reference, as it does in a score; a reference that the
    prior leaves open becomes the mean of what is known. Where all stayed or all left there is
    nothing to tell apart, and the prior comes back.
    """
    if not len(rows) == len(churned) == len(times if times is not None else rows):
        raise ValueError("as many outcomes and times as rows")
    if len(set(map(bool, churned))) < 2:
        return prior
    np = numpy()
    prior = replace(prior, features=tuple(_referenced(np, rows, f) for f in prior.features))
    history = _history(np, rows, churned, times, prior.features)
    chosen = _looseness(np, history, prior, embargo) if k is None else k
    weights = _solved(np, history.columns, history.outcomes, prior, chosen).tolist()
    learned = replace(
        prior,
        coefficients=tuple(b + 0.0 for b in weights[:-1]),  # never −0
        intercept=weights[-1],
        base_rate=float(history.outcomes.mean()),
        looseness=chosen,
    )
    return learned.with_own_version("learned")


def _column(np: Any, rows: Sequence[Mapping[str, float | None]], feature: Feature) -> Array:
    """Give the values of one feature as they count; NaN where they are unknown."""
    name = feature.name
    raw = [math.nan if (value := row.get(name)) is None else value for row in rows]
    values = np.array(raw, dtype=float)
    values[~np.isfinite(values)] = math.nan
    return np.clip(values, feature.low, feature.high)


def _referenced(np: Any, rows: Sequence[Mapping[str, float | None]], feature: Feature) -> Feature:
    if feature.reference is not None:
        return feature
    known = _column(np, rows, feature)
    known = known[~np.isnan(known)]
    return replace(feature, reference=float(known.mean()) if len(known) else 0.0)


def _history(
    np: Any,
    rows: Sequence[Mapping[str, float | None]],
    churned: Sequence[bool],
    times: Sequence[float] | None,
    features: Sequence[Feature],
) -> History:
    columns = np.ones((len(rows), len(features) + 1))
    for number, feature in enumerate(features):
        columns[:, number] = _column(np, rows, feature) - (feature.reference or 0.0)
    columns[np.isnan(columns)] = 0.0  # what is unknown adds nothing
    when = np.arange(len(rows), dtype=float) if times is None else np.array(times, dtype=float)
    order = np.argsort(when, kind="stable")
    return History(columns[order], np.array(churned, dtype=float)[order], when[order])


def _solved(np: Any, columns: Array, outcomes: Array, prior: Model, k: float) -> Array:
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


def _looseness(np: Any, history: History, prior: Model, embargo: float) -> float:
    """Choose the k that foretells later rows best from earlier ones; of equals the least."""
    parts = list(_forward(np, history, embargo))
    if sum(float(history.outcomes[after].sum()) for _, after in parts) < FEWEST_FORETOLD:
        return LOOSENESS[0]
    return min(LOOSENESS, key=lambda k: _misfit(np, history, prior, parts, k))


def _forward(np: Any, history: History, embargo: float) -> Iterator[tuple[Array, Array]]:
    """Give pairs of what is learned from and what is foretold, forward in time."""
    cuts = [history.times[int(len(history.times) * share)] for share in _CUTS]
    for start, end in pairwise([*cuts, math.inf]):
        before = np.flatnonzero(history.times < start - embargo)
        after = np.flatnonzero((history.times >= start) & (history.times < end))
        if len(after) and 0 < history.outcomes[before].sum() < len(before):
            yield before, after


def _misfit(
    np: Any, history: History, prior: Model, parts: Sequence[tuple[Array, Array]], k: float
) -> float:
    """Give the log loss of everything that is foretold with this k."""
    total = 0.0
    for before, after in parts:
        weights = _solved(np, history.columns[before], history.outcomes[before], prior, k)
        log_odds = history.columns[after] @ weights
        total += float(np.logaddexp(0, log_odds).sum() - history.outcomes[after] @ log_odds)
    return total
