"""Which client goes on as which: the merges that hold, whatever was merged apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.client_merges.model import ClientMerge
from deskcrm.domain.clients.model import Client
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Edge:
    """One merge; ``born`` is when the client that is gone was made."""

    id: UUID
    from_id: UUID
    into_id: UUID
    at: datetime
    born: datetime
    taken: frozenset[str]


class Forest:
    """The merges that hold: of each client one at most, and no circle."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.edges: dict[UUID, Edge] = {}
        self.lost: list[Edge] = []
        """Those that do not hold: the earlier of two, and in a circle that of the oldest."""
        for edge in sorted(edges, key=lambda one: (one.at, one.id)):
            if edge.from_id in self.edges:
                self.lost.append(self.edges[edge.from_id])
            self.edges[edge.from_id] = edge
        self._open_circles()
        self._into: dict[UUID, list[Edge]] = {}
        for edge in sorted(self.edges.values(), key=lambda one: (one.at, one.id)):
            self._into.setdefault(edge.into_id, []).append(edge)

    def home(self, client: UUID) -> UUID:
        """Give the client as which one goes on."""
        while client in self.edges:
            client = self.edges[client].into_id
        return client

    def into(self, client: UUID) -> Sequence[Edge]:
        """Give the merges into a client, in order."""
        return self._into.get(client, ())

    def tree(self, client: UUID) -> list[UUID]:
        """Give a client and all that went into it, over however many between."""
        found = [client]
        for one in found:
            found += (edge.from_id for edge in self.into(one))
        return found

    def up(self, client: UUID) -> list[Edge]:
        """Give the merges on the way from a client to its home."""
        way = []
        while client in self.edges:
            way.append(self.edges[client])
            client = way[-1].into_id
        return way

    def without(self, *ids: UUID) -> "Forest":
        """Give what would hold if merges were taken back."""
        return Forest(one for one in self.edges.values() if one.id not in ids)

    def as_if(self, lost: Edge) -> "Forest":
        """Give what held where a merge that does not hold was made."""
        ends = (lost.from_id, lost.into_id)
        return Forest([*(e for e in self.edges.values() if e.from_id not in ends), lost])

    def _open_circles(self) -> None:
        done: set[UUID] = set()
        for start in sorted(self.edges):
            way: list[UUID] = []
            at = start
            while at in self.edges and at not in done and at not in way:
                way.append(at)
                at = self.edges[at].into_id
            if at in way:
                circle = [self.edges[one] for one in way[way.index(at) :]]
                oldest = min(circle, key=lambda one: (one.born, one.from_id))
                self.lost.append(self.edges.pop(oldest.from_id))
            done.update(way)


def read_forest(db: Reader) -> Forest:
    """Read the merges that hold."""
    merge = ClientMerge
    rows = db.all(
        select(
            merge.id,
            merge.from_id,
            merge.client_id,
            merge.merged_at,
            Client.created_at,
            merge.taken,
        )
        .join(Client, Client.id == merge.from_id)
        .where(~merge.is_deleted)
    )
    return Forest(Edge(*row[:5], frozenset(row[5])) for row in rows)
