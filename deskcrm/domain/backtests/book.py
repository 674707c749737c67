"""The book of today under any weights: each client's score, band and gravest reason."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.evidence import Band, band_of
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.scoring import Reason, Score, Signals, score


@dataclass(frozen=True, slots=True)
class BookRow:
    """A client as these weights see it."""

    id: ClientId
    name: str
    score: Score
    band: Band

    @property
    def gravest(self) -> Reason | None:
        """What speaks most against it."""
        return next(iter(self.score.top(1)), None)


def book_under(
    book: Mapping[ClientId, Signals], names: Mapping[ClientId, str], model: Model
) -> list[BookRow]:
    """Score the book; the highest risk first, what is not known well enough last."""
    rows = []
    for client_id, signals in book.items():
        found = score(signals, model)
        rows.append(BookRow(client_id, names.get(client_id, ""), found, band_of(found)))
    rows.sort(key=lambda row: (not row.score.is_enough, -row.score.points, row.name))
    return rows


def count_bands(rows: list[BookRow]) -> Counter[Band]:
    """Count the clients in each band."""
    return Counter(row.band for row in rows)
