"""Looks through all clients for those that are likely one, by what the team's decisions teach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.duplicates.decisions import get_learned, list_apart
from deskcrm.domain.duplicates.learning import BUILT_IN, Learned
from deskcrm.domain.duplicates.matching import find_pairs
from deskcrm.domain.duplicates.queries import Twin, read_clients
from deskcrm.domain.duplicates.reasons import reason_of
from deskcrm.domain.duplicates.weighing import Weights
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.upsert import in_chunks

LEAST_LIKELY: Final = 0.5
"""What is less likely is not worth anybody's time."""


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two clients that are likely one, how likely, and what speaks for it and against."""

    one: Twin
    other: Twin
    probability: float
    weights: Weights
    bits: tuple[float, ...]

    @property
    def id(self) -> tuple[ClientId, ClientId]:
        """The two, in order."""
        return ClientId(self.one.id), ClientId(self.other.id)

    @property
    def reason(self) -> str:
        """What speaks for it and against, in a sentence."""
        return reason_of(self.weights)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look through all clients came to."""

    pairs: tuple[LikelyPair, ...] = ()
    clients: int = 0
    learned: Learned = BUILT_IN


def scan_clients(job: Job, store: Store, *, threshold: float = LEAST_LIKELY) -> Scan:
    """Find the pairs of clients that are likely one, but for those known to be apart."""
    found, apart, learned = store.ask(_read)
    pairs = find_pairs(
        [record for _, record in found], threshold=threshold, learned=learned, job=job
    )
    likely = (
        LikelyPair(found[one.one][0], found[one.other][0], one.probability, one.weights, one.bits)
        for one in pairs
    )
    living = tuple(one for one in likely if frozenset(one.id) not in apart)
    return Scan(living, len(found), learned)


def count_pairs(db: Reader, *, pairs: Sequence[LikelyPair], at_least: float) -> int:
    """Count the pairs that are still two, and at least so likely one."""
    return len(_still_two(db, pairs, at_least))


def page_pairs(
    db: Reader,
    *,
    pairs: Sequence[LikelyPair],
    at_least: float,
    offset: int = 0,
    limit: int = 200,
    sort: str = "",
    descending: bool = False,
) -> list[LikelyPair]:
    """Give the pairs that are still two from one place to another, the likeliest first."""
    del sort, descending
    return _still_two(db, pairs, at_least)[offset : offset + limit]


def _still_two(db: Reader, pairs: Sequence[LikelyPair], at_least: float) -> list[LikelyPair]:
    """Leave out what was merged, deleted or said to be apart since the scan."""
    likely = [one for one in pairs if one.probability >= at_least]
    living: set[UUID] = set()
    for some in in_chunks({client for one in likely for client in one.id}):
        living.update(db.scalars(select(Client.id).where(Client.id.in_(some), ~Client.is_deleted)))
    apart = list_apart(db)
    return [one for one in likely if living.issuperset(one.id) and frozenset(one.id) not in apart]


def _read(
    db: Reader,
) -> tuple[Sequence[tuple[Twin, dict[str, str]]], frozenset[frozenset[ClientId]], Learned]:
    return read_clients(db), list_apart(db), get_learned(db)
