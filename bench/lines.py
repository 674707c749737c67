"""One measured figure, beside its budget and beside a floor of the same run."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A figure. Times are in milliseconds; ``floor`` is what bare SQLite needs for the same rows.

    ``budget`` is what ``at`` (p99, median, …) of it must stay below.
    """

    name: str
    clients: int
    unit: str
    n: int
    median: float
    p99: float
    worst: float
    at: str = "p99"
    budget: float | None = None
    floor: float | None = None
    """The floor's median."""
    p95: float = 0.0

    @property
    def is_missed(self) -> bool:
        """Tell whether the budget was missed; without a budget it was not."""
        return self.budget is not None and self.judged > self.budget

    @property
    def judged(self) -> float:
        """The figure that the budget is held against."""
        figures = {"median": self.median, "p95": self.p95, "p99": self.p99, "worst": self.worst}
        return figures[self.at]

    def as_json(self) -> dict[str, object]:
        """Give the line as JSON holds it."""
        return asdict(self) | {"missed": self.is_missed}


def timed(function: Callable[[], object]) -> float:
    """Run once; give the milliseconds that it took."""
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1_000


def line(
    name: str,
    clients: int,
    took: Sequence[float],
    *,
    budget: float | None = None,
    at: str = "p99",
    floor: Sequence[float] = (),
    unit: str = "ms",
) -> Line:
    """Make a line of single figures."""
    ordered = sorted(took)
    p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.95, 0.99))
    base = statistics.median(floor) if floor else None
    return Line(
        name, clients, unit, len(took), statistics.median(took), p99, ordered[-1], at, budget,
        base, p95,
    )  # fmt: skip


def rate(name: str, rows: int, took: float, goal: int | None = None) -> Line:
    """Give microseconds for each row; the goal is in rows a second."""
    budget = 1_000_000 / goal if goal else None
    return line(name, 0, [took * 1_000 / rows], unit="µs a row", budget=budget, at="median")


def repeated(function: Callable[[], object], times: int) -> list[float]:
    """Run many times, after one that does not count; the milliseconds of each."""
    function()
    gc.collect()
    return [timed(function) for _ in range(times)]


def timed_in_window(function: Callable[[], object]) -> float:
    """Run once as in a window, where Python's own collector is off; give the milliseconds."""
    gc.collect()
    gc.disable()
    try:
        return timed(function)
    finally:
        gc.enable()


def as_table(lines: Sequence[Line]) -> str:
    """Write lines as a table for people, a missed budget said in so many words."""
    head = (
        "what",
        "clients",
        "n",
        "median",
        "p95",
        "p99",
        "worst",
        "budget",
        "floor",
        "× floor",
        "",
    )
    rows = [head, *(_cells(one) for one in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _cells(one: Line) -> tuple[str, ...]:
    budget = "" if one.budget is None else f"{one.at} ≤ {one.budget:g}"
    floor = "" if one.floor is None else f"{one.floor:.2f}"
    ratio = "" if not one.floor else f"{one.median / one.floor:.1f}"
    figures = (f"{value:,.2f}" for value in (one.median, one.p95, one.p99, one.worst))
    said = "MISSED" if one.is_missed else ("ok" if one.budget is not None else "")
    name = f"{one.name} ({one.unit})"
    return (name, f"{one.clients:,}", str(one.n), *figures, budget, floor, ratio, said)
