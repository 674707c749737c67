"""Finds the pairs of records that are likely one: reads them, chooses what to compare, weighs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.base.garbage import seldom_collected
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.duplicates.blocking import pair_numbers
from deskcrm.domain.duplicates.learning import BUILT_IN, Learned
from deskcrm.domain.duplicates.reading import read
from deskcrm.domain.duplicates.weighing import Scale, Weights, probability_of, weights_of

THRESHOLD: Final = 0.85
_TELLS: Final = 5_000
"""After so many records, or pairs, it is told how far it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, by their positions, how likely they are one, and what speaks for and against."""

    one: int
    other: int
    probability: float
    weights: Weights
    """As they weigh here."""
    bits: tuple[float, ...]
    """As they are built in, ground by ground: what weights are learned from."""


@seldom_collected()
def find_pairs(
    records: Sequence[Mapping[str, str]],
    *,
    threshold: float = THRESHOLD,
    learned: Learned = BUILT_IN,
    job: Job | None = None,
    new_from: int = 0,
) -> list[Pair]:
    """Find the pairs of which it is at least so likely that they are one, the likeliest first.

    ``learned``: how much each ground tells here. A job is told how far it is, and may stop it.
    ``new_from``: which of the records from there on are likely one before; not among themselves.
    """
    job = job or Job()
    known = []
    for at, record in enumerate(records):
        if at % _TELLS == 0:
            job.progress(at, 2 * len(records), tr("Reading clients"))
        known.append(read(record))
    scale, found = Scale(known), []
    numbers, size = pair_numbers(known, new_from), len(known)
    judge = learned.probability_of if learned.is_learned else probability_of
    for at, number in enumerate(numbers):
        if at % _TELLS == 0:
            done = len(numbers) + at
            job.progress(done, 2 * len(numbers), tr("Comparing what is alike"))
        one, other = divmod(number, size)
        bits = scale.bits_of(known[one], known[other])
        probability = judge(bits)
        if probability >= threshold:
            weights = weights_of(learned.weigh(bits))
            found.append(Pair(one, other, probability, weights, bits))
    return sorted(found, key=lambda pair: (-pair.probability, pair.one, pair.other))


def match(
    records: Sequence[Mapping[str, str]], *, threshold: float = THRESHOLD
) -> list[tuple[int, int, float]]:
    """Give the pairs as positions with the probability that the two are one, likeliest first."""
    return [
        (one.one, one.other, one.probability) for one in find_pairs(records, threshold=threshold)
    ]
