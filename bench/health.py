"""What the health score foretells in worlds whose truth is known; the time of learning and replay.

AUC × 1,000 for 90 days ahead: the ceiling is what could be foretold at best, the scorecard what
holds on the first day; what is learned is anchored at the scorecard or is plain logistic
regression. Each figure is the median over worlds.
"""

import random
import statistics
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import numpy as np

from bench.health_world import Seen, World, make_world, see
from bench.lines import Line, line, repeated, timed, timed_in_window
from deskcrm.domain.backtests.book import book_under
from deskcrm.domain.backtests.measures import auc
from deskcrm.domain.backtests.observations import Case
from deskcrm.domain.backtests.replay import Replay
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import add_months
from deskcrm.domain.health import BUILT_IN, SCORECARD, Feature, Model, Signal, fit
from deskcrm.domain.health.scoring import points_of

WORLDS: Final = 6
TESTED: Final = 12_000
SAMPLES: Final = {50: 6, 200: 3, 1_000: 1, 5_000: 1}
"""So many teams of each size learn in each world; a small one has luck or not."""
ROWS: Final = 100_000
BOOK: Final = 2_000
MONTHS: Final = 24
FITS: Final = 5

Figures = dict[tuple[str, int], list[float]]


def run(clients: int) -> list[Line]:
    """Measure what is foretold, then the time of learning."""
    del clients  # the sizes are its own
    return [*measure_worlds(range(WORLDS)), *_times(), *_moved_weight()]


def measure_worlds(seeds: Sequence[int]) -> list[Line]:
    """Give the AUC of the ceiling, the scorecard and what is learned, by size of the team."""
    found: Figures = {}
    for seed in seeds:
        rng = random.Random(seed)
        world = make_world(rng)
        tested = see(world, rng, TESTED, quarters=1)
        _note(found, "ceiling", 0, auc([world.log_odds(r) for r in tested.rows], tested.churned))
        _note(found, "scorecard", 0, _auc_of(SCORECARD, tested))
        for size, samples in SAMPLES.items():
            _learn(found, world, rng, tested, size, samples)
    return [
        line(f"AUC × 1,000, {name}", size, figures, unit="higher is better")
        for (name, size), figures in found.items()
    ]


def _learn(
    found: Figures, world: World, rng: random.Random, tested: Seen, size: int, samples: int
) -> None:
    anchored, plain = [], []
    for _ in range(samples):
        seen = see(world, rng, size)
        learned = fit(seen.rows, seen.churned, SCORECARD, times=seen.times)
        anchored.append(_auc_of(learned, tested))
        unanchored = fit(seen.rows, seen.churned, _plain(), times=seen.times, k=1_000)
        plain.append(_auc_of(unanchored, tested))
    _note(found, "anchored", size, statistics.mean(anchored))
    _note(found, "plain logistic", size, statistics.mean(plain))


def _plain() -> Model:
    """A model that believes nothing and is held by nothing: plain logistic regression."""
    features = tuple(Feature(f.name, f.label, low=f.low, high=f.high) for f in BUILT_IN)
    return Model(features, (0.0,) * len(features), -3.0, "plain")


def _auc_of(model: Model, tested: Seen) -> float:
    found = auc([points_of(row, model) for row in tested.rows], tested.churned)
    assert found is not None  # of thousands some leave
    return found


def _note(found: Figures, name: str, size: int, figure: float | None) -> None:
    assert figure is not None
    found.setdefault((name, size), []).append(figure * 1_000)


def _times() -> list[Line]:
    """Time one fit of 100,000 rows, beside as many bare products of matrices as it has steps."""
    rng = random.Random(0)
    seen = see(make_world(rng), rng, ROWS, quarters=1)
    one = partial(fit, seen.rows, seen.churned, SCORECARD)  # in the order of the rows
    whole = [timed(one) for _ in range(FITS)]
    single = [timed(partial(one, k=1.0)) for _ in range(FITS)]
    floor = [timed(_products) for _ in range(FITS)]
    name = f"{ROWS:,} × {len(BUILT_IN) + 1}"
    return [
        line(f"fit {name}, k given", ROWS, single, budget=1_000, at="median", floor=floor),
        line(f"fit {name}, k chosen", ROWS, whole, floor=floor),
    ]


def _products() -> None:
    """Do what no fit can do without: seven products of 100,000 × 17 with themselves."""
    columns = np.ones((ROWS, len(BUILT_IN) + 1))
    for _ in range(7):
        columns.T @ columns


def _moved_weight() -> list[Line]:
    """Time what the back-test does when a weight moves, beside sorting as many numbers."""
    cases, rng = _months(), random.Random(1)
    replay = Replay(cases)
    book = {case.client_id: case.signals for case in cases[-BOOK:]}
    names = dict.fromkeys(book, "Somebody")

    def move() -> None:
        model = SCORECARD.with_weights({Signal.SILENCE: rng.random()})
        replay.measure(model)
        book_under(book, names, model)

    floor = repeated(lambda: sorted(rng.random() for _ in cases), 20)
    name = f"a weight moved, {MONTHS} months"
    move()
    return [line(name, BOOK, [timed_in_window(move) for _ in range(200)], budget=150, floor=floor)]


def _months() -> list[Case]:
    rng = random.Random(0)
    world = make_world(rng)
    cases = []
    for back in range(MONTHS, 0, -1):
        day = add_months(date(2026, 11, 1), -back)
        seen = see(world, rng, BOOK, quarters=1)
        for number, (row, left) in enumerate(zip(seen.rows, seen.churned, strict=True)):
            noticed = day + timedelta(days=50) if left else None
            cases.append(Case(ClientId(UUID(int=number)), day, row, noticed, left))
    return cases
