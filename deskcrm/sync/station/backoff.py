"""How long to wait before something that failed is tried again."""

import random
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 300.0
"""Seconds, however often it failed."""


@dataclass(slots=True)
class Backoff:
    """How long to wait after one failure after another: twice as long each time, by chance."""

    first: float = 1.0
    most: float = MOST
    chance: random.Random = field(default_factory=random.Random)
    failures: int = 0

    def after(self, retry_after: float = 0.0) -> float:
        """Give the seconds to wait after one more failure, never less than was asked for."""
        whole = min(self.first * 2.0 ** min(self.failures, 20), self.most)
        self.failures += 1
        # Between half and the whole of it, so that a thousand workstations do not come at once.
        return retry_after + self.chance.uniform(whole / 2, whole)

    def forget(self) -> None:
        """Begin anew, after a success."""
        self.failures = 0
