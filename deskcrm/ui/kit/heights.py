"""How tall many entries are, and which of them is at a height; guesses until it is known."""

from bisect import bisect_right
from itertools import accumulate


class Heights:
    """Heights in pixels by number, with their sums."""

    def __init__(self, guess: int) -> None:
        self._guess = guess
        self._each: list[int] = []
        self._sums: list[int] = [0]
        self._is_summed = True

    def __len__(self) -> int:
        return len(self._each)

    def fit(self, count: int) -> None:
        """Be this many; new ones are as tall as the guess."""
        if count != len(self._each):
            del self._each[count:]
            self._each += [self._guess] * (count - len(self._each))
            self._is_summed = False

    def set(self, number: int, height: int) -> None:
        """Now it is known how tall this one is."""
        if self._each[number] != height:
            self._each[number] = height
            self._is_summed = False

    def height(self, number: int) -> int:
        """How tall it is, or is thought to be."""
        return self._each[number]

    def top(self, number: int) -> int:
        """Where it begins."""
        return self._summed()[number]

    @property
    def whole(self) -> int:
        """How tall all of them are."""
        return self._summed()[-1]

    def at(self, y: int) -> int:
        """Which one is at this height: the nearest if none is; 0 if there are none."""
        return max(0, min(bisect_right(self._summed(), y) - 1, len(self._each) - 1))

    def _summed(self) -> list[int]:
        if not self._is_summed:
            self._sums = [0, *accumulate(self._each)]
            self._is_summed = True
        return self._sums
