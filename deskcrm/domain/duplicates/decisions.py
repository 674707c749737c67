"""What the team decided of pairs that look alike: merged, or not the same."""

from sqlalchemy import select

from deskcrm.domain.client_merges.model import ClientMerge, DistinctPair
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.duplicates.learning import MOST, Decision, Learned, learn
from deskcrm.domain.duplicates.weighing import Ground
from deskcrm.store.reader import Reader


def list_apart(db: Reader) -> frozenset[frozenset[ClientId]]:
    """List the pairs of which somebody said that they are not the same."""
    pair = DistinctPair
    rows = db.all(select(pair.client_id, pair.other_id).where(~pair.is_deleted))
    return frozenset(frozenset(row) for row in rows)


def get_learned(db: Reader) -> Learned:
    """Learn from what was merged and what was said to be apart, of which it is known why."""
    merge, pair = ClientMerge, DistinctPair
    merged = db.all(select(merge.merged_at, merge.grounds).where(~merge.is_deleted))
    apart = db.all(select(pair.said_at, pair.grounds).where(~pair.is_deleted))
    decided = [(row[0], row[1], True) for row in merged] + [
        (row[0], row[1], False) for row in apart
    ]
    latest = sorted(decided, key=lambda one: one[0], reverse=True)
    return learn([Decision(_bits(one[1]), one[2]) for one in latest if one[1]][:MOST])


def _bits(grounds: dict[str, float]) -> tuple[float, ...]:
    return tuple(float(grounds.get(ground.value, 0.0)) for ground in Ground)
