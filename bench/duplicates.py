"""How many duplicates are found among records of which it is known, how many of those are none.

The seed is the last argument of ``python -m bench.duplicates [COUNT] [SEED]``, which prints them
at several thresholds; the floor is only reading the records and joining those that share a value.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median
from typing import Final

from bench.duplicates_world import World, make_world
from bench.lines import Line
from deskcrm.domain.duplicates import match
from deskcrm.domain.duplicates.matching import THRESHOLD

COUNT, SEED = 100_000, 1
UNSEEN: Final = (2, 3, 4, 5)
"""Seeds that no weight was ever chosen by: what is measured there is what a team meets."""
_UNSEEN_COUNT: Final = 10_000
_BUDGET_MS = 60_000.0


def measured(found: Iterable[tuple[int, int]], world: World) -> tuple[float, float]:
    """Give precision (of what was found, how much is true) and recall (of the true, how much)."""
    pairs = set(found)
    right = len(pairs & world.truth)
    return right / max(len(pairs), 1), right / max(len(world.truth), 1)


def run(_clients: int) -> list[Line]:
    """Measure a scan of 100,000 records."""
    world = make_world(COUNT, SEED)
    started = time.perf_counter()
    found = match(world.records)
    took = (time.perf_counter() - started) * 1_000
    precision, recall = measured(((one, other) for one, other, _ in found), world)
    size = len(world.records)
    return [
        Line("duplicates: scan", size, "ms", 1, took, took, took, at="worst", budget=_BUDGET_MS,
             floor=_floor(world)),
        *(
            Line(f"duplicates: {name}", size, "of 1", len(world.truth), value, value, value)
            for name, value in (("precision", precision), ("recall", recall))
        ),
        *_unseen(),
    ]  # fmt: skip


def _unseen() -> Iterator[Line]:
    """Measure on seeds that nothing was tuned by, in each language: median and worst."""
    figures: dict[tuple[str, str], list[float]] = defaultdict(list)
    for seed in UNSEEN:
        world = make_world(_UNSEEN_COUNT, seed)
        found = [(one, other) for one, other, _ in match(world.records)]
        for language in ("ru", "en"):
            pairs = world.of_language(language, found)
            part = replace(world, truth=frozenset(world.of_language(language, world.truth)))
            for name, value in zip(("precision", "recall"), measured(pairs, part), strict=True):
                figures[name, language].append(value)
    for (name, language), values in figures.items():
        middle, worst = median(values), min(values)
        yield Line(
            f"duplicates: {name}, unseen, {language}", _UNSEEN_COUNT, "of 1", len(values), middle,
            worst, worst,
        )  # fmt: skip


def _floor(world: World) -> float:
    """Tell how long joining by equal values takes, which finds no slip at all."""
    started = time.perf_counter()
    for field in ("name", "phone", "email"):
        seen: dict[str, list[int]] = {}
        for at, record in enumerate(world.records):
            seen.setdefault(record[field].casefold(), []).append(at)
    return (time.perf_counter() - started) * 1_000


def main() -> None:
    """Print precision and recall by threshold."""
    given = [int(one) for one in sys.argv[1:]]
    count, seed = [*given, *(COUNT, SEED)[len(given) :]]
    world = make_world(count, seed)
    started, computed = time.perf_counter(), time.process_time()
    found = match(world.records, threshold=0.3)
    took, computed = time.perf_counter() - started, time.process_time() - computed
    print(f"{count:,} records, seed {seed}, {len(world.truth):,} true pairs")
    print(f"{took:.1f} s, {computed:.1f} s of them computing")
    for threshold in (0.3, 0.5, 0.7, THRESHOLD, 0.95, 0.99):
        kept = ((one, other) for one, other, how in found if how >= threshold)
        precision, recall = measured(kept, world)
        print(f"threshold {threshold:.2f}: precision {precision:.4f}, recall {recall:.4f}")


if __name__ == "__main__":
    main()
