"""Finds where a function of a few numbers is least: the simplex of Nelder and Mead (1965)."""

from collections.abc import Callable, Sequence
from typing import Final

_MOST: Final = 2_000
"""Steps; two to four numbers take a hundred or two."""

Point = list[float]


def minimise(
    function: Callable[[Point], float], start: Sequence[float], *, step: float = 0.5,
    tolerance: float = 1e-9,
) -> Point:  # fmt: skip
    """Give the point at which ``function`` is least, near ``start``.

    It ends when the values at the corners of the simplex lie within ``tolerance`` of each other,
    as a part of their size.
    """
    size = range(len(start))
    corners = [
        list(start),
        *([one + step * (n == at) for n, one in enumerate(start)] for at in size),
    ]
    valued = sorted((function(one), one) for one in corners)
    for _ in range(_MOST):
        (best, _), (worst, last) = valued[0], valued[-1]
        if worst - best <= tolerance * (1 + abs(best)):
            break
        middle = _mean([one for _, one in valued[:-1]])
        found = _better(function, middle, last, best, valued[-2][0], worst)
        if found is None:
            near = valued[0][1]
            shrunk = [_along(near, one, 0.5) for _, one in valued[1:]]
            valued = [valued[0], *((function(one), one) for one in shrunk)]
        else:
            valued[-1] = found
        valued.sort()
    return valued[0][1]


def _better(
    function: Callable[[Point], float],
    middle: Point,
    last: Point,
    best: float,
    second: float,
    worst: float,
) -> tuple[float, Point] | None:
    """Give a better corner in place of the worst one: mirrored, further out, or further in."""
    mirrored = _along(middle, last, -1)
    value = function(mirrored)
    if value < best:
        out = _along(middle, last, -2)
        further = function(out)
        return (further, out) if further < value else (value, mirrored)
    if value < second:
        return value, mirrored
    inner = _along(middle, last, -0.5 if value < worst else 0.5)
    nearer = function(inner)
    return (nearer, inner) if nearer < min(value, worst) else None


def _mean(points: Sequence[Point]) -> Point:
    return [sum(values) / len(points) for values in zip(*points, strict=True)]


def _along(origin: Point, point: Point, part: float) -> Point:
    return [a + part * (b - a) for a, b in zip(origin, point, strict=True)]
