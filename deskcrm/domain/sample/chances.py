"""Chooses among things of which some are likelier."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def choose(random: Random, among: Sequence[tuple[T, int]]) -> T:
    """Choose one of some pairs of a thing and its weight."""
    return random.choices([thing for thing, _ in among], [weight for _, weight in among])[0]
