"""Finds the pairs of records that are likely one: reads them, chooses what to compare, weighs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.duplicates.blocking import candidates
from deskcrm.domain.duplicates.reading import read
from deskcrm.domain.duplicates.weighing import Scale, Weights, probability_of

THRESHOLD: Final = 0.85


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, by their positions, how likely they are one, and what speaks for and against."""

    one: int
    other: int
    probability: float
    weights: Weights


def find_pairs(records: Sequence[Mapping[str, str]], *, threshold: float = THRESHOLD) -> list[Pair]:
    """Find the pairs of which it is at least so likely that they are one, the likeliest first."""
    known = [read(record) for record in records]
    scale = Scale(known)
    found = []
    for one, other in candidates(known):
        probability = probability_of(scale.bits_of(known[one], known[other]))
        if probability >= threshold:
            weights = scale.weigh(known[one], known[other])
            found.append(Pair(one, other, probability, weights))
    return sorted(found, key=lambda pair: (-pair.probability, pair.one, pair.other))


def match(
    records: Sequence[Mapping[str, str]], *, threshold: float = THRESHOLD
) -> list[tuple[int, int, float]]:
    """Give the pairs as positions with the probability that the two are one, likeliest first."""
    return [
        (one.one, one.other, one.probability) for one in find_pairs(records, threshold=threshold)
    ]
