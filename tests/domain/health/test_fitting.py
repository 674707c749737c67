"""Learning: the weights another optimiser finds, signs kept, the prior where nothing is known."""

import math
import random
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from deskcrm.base.errors import UserError
from deskcrm.domain.health import SCORECARD, Feature, Model, fit, score
from deskcrm.domain.health.features import BUILT_IN
from deskcrm.domain.health.fitting import LOOSENESS
from tests.domain.health.cases import FULL

Rows = list[dict[str, float | None]]
LONGEST = 1e-6


def made_up(rng: random.Random) -> tuple[Rows, list[bool], Model, float]:
    """Make a problem up: the scorecard's signals or others, some unknown, some of one value."""
    features = BUILT_IN if rng.random() < 0.4 else own_features(rng)
    count = rng.choice([30, 100, 400])
    rows: Rows = []
    churned: list[bool] = []
    truth = [rng.gauss(f.prior, 1) for f in features]
    gaps = rng.choice([0.0, 0.0, 0.3])
    for _ in range(count):
        values = [rng.choice([0.0, 1.0, rng.uniform(-1, 5)]) for _ in features]
        odds = sum(b * v for b, v in zip(truth, values, strict=True)) - rng.uniform(0, 3)
        churned.append(rng.random() < 1 / (1 + math.exp(-max(min(odds, 30), -30))))
        known = [None if rng.random() < gaps else value for value in values]
        rows.append(dict(zip([f.name for f in features], known, strict=True)))
    churned[:2] = [True, False]
    prior = Model(tuple(features), tuple(f.prior for f in features), rng.gauss(-1, 1), "made up")
    return rows, churned, prior, rng.choice(LOOSENESS)


def own_features(rng: random.Random) -> tuple[Feature, ...]:
    return tuple(
        Feature(
            f"signal {n}",
            "A signal",
            prior=rng.choice([0.0, rng.gauss(0, 1)]),
            reference=rng.choice([None, 0.0, 1.0]),
        )
        for n in range(rng.randint(1, 12))
    )


def by_scipy(rows: Rows, churned: list[bool], prior: Model, k: float) -> list[float]:
    """Find the coefficients with scipy, from the formulas alone."""
    x = np.array([[standing(row[f.name], f, rows) for f in prior.features] for row in rows])
    x = np.hstack([x, np.ones((len(rows), 1))])
    y = np.array(churned, dtype=float)
    centre = np.array([f.prior for f in prior.features] + [0.0])
    tightness = np.array([(k * (0.6 * abs(f.prior) + 0.3)) ** -2 for f in prior.features] + [0.0])

    def loss(b: Any) -> tuple[float, Any]:
        eta = x @ b
        p = 1 / (1 + np.exp(-eta))
        value = np.logaddexp(0, eta).sum() - y @ eta + 0.5 * tightness @ (b - centre) ** 2
        return float(value), x.T @ (p - y) + tightness * (b - centre)

    bounds = [bound(f) for f in prior.features]
    options = {"maxiter": 50_000, "maxfun": 100_000, "ftol": 1e-16, "gtol": 1e-11, "maxcor": 30}
    start = np.zeros(len(centre))
    for _ in range(3):  # its line search gives up early; starting anew brings the last digits
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B",
            bounds=[*bounds, (-20.0, 20.0)], options=options,
        )  # fmt: skip
        start = found.x
    return [float(b) for b in start]


def standing(value: float | None, feature: Feature, rows: Rows) -> float:
    """Give a value within its limits over its reference; what is unknown stands for nothing."""
    if value is None:
        return 0.0
    reference = feature.reference
    if reference is None:
        known = [found for row in rows if (found := row[feature.name]) is not None]
        reference = math.fsum(known) / len(known)
    return min(max(value, feature.low), feature.high) - reference


def bound(feature: Feature) -> tuple[float | None, float | None]:
    limit = None if math.isinf(feature.limit) else feature.limit
    if feature.sign > 0:
        return 0.0, limit
    return (None if limit is None else -limit), 0.0 if feature.sign < 0 else limit


def farthest(found: Model, other: list[float]) -> float:
    ours = [*found.coefficients, found.intercept]
    return max(abs(a - b) for a, b in zip(ours, other, strict=True))


@pytest.mark.parametrize("seed", range(200 if FULL else 12))
def test_it_finds_the_weights_that_another_optimiser_finds(seed: int) -> None:
    rows, churned, prior, k = made_up(random.Random(seed))
    found = fit(rows, churned, prior, k=k)
    assert farthest(found, by_scipy(rows, churned, prior, k)) < LONGEST
    assert all(b * f.sign >= 0 for b, f in zip(found.coefficients, found.features, strict=True))


def test_another_k_finds_other_weights() -> None:
    """The control of the one above: the comparison sees a wrong k."""
    rows, churned, prior, _ = made_up(random.Random(1))
    assert farthest(fit(rows, churned, prior, k=1), by_scipy(rows, churned, prior, 0.5)) > LONGEST


def telling_rows(count: int = 400) -> tuple[Rows, list[bool]]:
    """Rows in which silence tells who leaves, and a late invoice tells the contrary."""
    rng = random.Random(7)
    rows: Rows = []
    churned = []
    for _ in range(count):
        leaves = rng.random() < 0.2
        late = 0.0 if leaves else float(rng.random() < 0.3)
        quiet = rng.uniform(1, 3) if leaves else rng.uniform(0, 2)
        rows.append({"silence": quiet, "invoice_late_15": late, "usage_drop": None})
        churned.append(leaves)
    return rows, churned


def test_it_learns_what_tells_and_keeps_the_signs() -> None:
    found = fit(*telling_rows(), SCORECARD)
    assert found.weights["silence"] > SCORECARD.weights["silence"]
    assert found.weights["invoice_late_15"] < SCORECARD.weights["invoice_late_15"]
    assert found.weights["invoice_late_15"] >= 0
    assert found.weights["usage_drop"] == pytest.approx(1.5)  # never seen, so as believed
    assert found.is_sound()
    assert found.looseness in LOOSENESS
    assert found.base_rate == pytest.approx(0.2, abs=0.05)
    assert found.version.startswith("learned-")


def test_without_history_it_is_the_prior() -> None:
    assert fit([], [], SCORECARD) is SCORECARD
    assert fit([{"silence": 2.0}], [False], SCORECARD) is SCORECARD
    assert fit([{"silence": 2.0}] * 3, [True] * 3, SCORECARD) is SCORECARD


def test_the_less_history_the_nearer_the_prior() -> None:
    few, many = (fit(*telling_rows(count), SCORECARD, k=1) for count in (20, 2_000))
    distance = [abs(one.weights["silence"] - 0.4) for one in (few, many)]
    assert distance[0] < distance[1]


def test_with_few_that_left_it_is_let_away_the_least() -> None:
    rows, churned = telling_rows()
    late = max(n for n, left in enumerate(churned) if left)
    assert fit(rows, [n == late for n in range(len(rows))], SCORECARD).looseness == LOOSENESS[0]


def test_other_signals_are_learned_from_a_neutral_prior() -> None:
    rng = random.Random(3)
    rows: Rows = [{"logins": rng.gauss(20, 5), "seats": None} for _ in range(600)]
    churned = [(row["logins"] or 0) < rng.gauss(15, 1) for row in rows]
    found = fit(rows, churned, Model.neutral(["logins", "seats"]))
    assert found.weights["logins"] < 0 and found.weights["seats"] == 0
    assert found.by_name["logins"].reference == pytest.approx(20, abs=1)
    unknown = score({}, found)
    usual = score({"logins": found.by_name["logins"].reference}, found)
    assert unknown.points == usual.points  # what is unknown stands for the usual
    assert score({"logins": 8.0}, found).probability > 0.5


def test_rows_in_another_order_with_their_times_are_the_same_history() -> None:
    rows, churned = telling_rows()
    order = random.Random(2).sample(range(len(rows)), len(rows))
    found = fit([rows[n] for n in order], [churned[n] for n in order], SCORECARD, times=order)
    assert found == fit(rows, churned, SCORECARD)


def test_what_is_foretold_lies_after_the_embargo() -> None:
    """With an embargo over everything nothing can be foretold, so k stays at its least."""
    rows, churned = telling_rows(2_000)
    free = fit(rows, churned, SCORECARD)
    held = fit(rows, churned, SCORECARD, times=list(range(2_000)), embargo=2_000)
    assert free.looseness != LOOSENESS[0] and held.looseness == LOOSENESS[0]


def test_it_refuses_rows_without_outcomes() -> None:
    with pytest.raises(ValueError, match="as many"):
        fit([{}], [], SCORECARD)
    with pytest.raises(ValueError, match="as many"):
        fit([{}], [True], SCORECARD, times=[])


def test_without_numpy_it_says_who_learns_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(UserError, match="numpy is missing"):
        fit(*telling_rows(10), replace(SCORECARD))
