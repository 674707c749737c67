"""Ids that are drawn by a seed, and bounds as small as a world in memory: a seed is one run."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

SMALL: Final = {
    "station.rounds.MOST_ROUNDS": 300,  # a fault must not go round for ever
    "station.handing.MOST_PUSHES": 300,
    "station.replica.MOST_DELETED": 2,
    # A step of a few ops is one that travels in parts, and is spread over several numbers.
    "station.outbox.OPS_AT_ONCE": 4,
    "station.placing.ROWS_IN_ONE": 3,
    "station.overlay.ROWS_IN_ONE": 3,
    "hub.applying.ROWS_IN_ONE": 3,
    "hub.push.ROWS_IN_ONE": 3,
}
"""Bounds that are as small as the world of a schedule."""
_BEGINNING: Final = 1_767_225_600_000_000_000


class Drawn:
    """Stands for the clock and the chance that ids are drawn from."""

    def __init__(self, seed: int | str, after: int = 0) -> None:
        """``after`` are the seconds from which on ids are younger than others."""
        self._rng = random.Random(f"ids {seed}")
        self._now = _BEGINNING + after * 1_000_000_000

    def time_ns(self) -> int:
        """Give a moment that is a little later each time."""
        self._now += self._rng.randrange(3_000_000)
        return self._now

    def urandom(self, size: int) -> bytes:
        """Give bytes by chance."""
        return self._rng.randbytes(size)


@contextmanager
def drawing_ids(seed: int | str, after: int = 0) -> Iterator[None]:
    """Draw the ids of what is made within by a seed."""
    drawn = Drawn(seed, after)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("os", drawn), ("time", drawn), ("_last", 0)):
            patch.setattr(f"deskcrm.base.ids.{name}", value)
        yield


@contextmanager
def small_bounds() -> Iterator[None]:
    """Let little be much within."""
    with pytest.MonkeyPatch.context() as patch:
        for name, bound in SMALL.items():
            patch.setattr(f"deskcrm.sync.{name}", bound)
        yield
