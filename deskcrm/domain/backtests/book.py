"""The book of today under any weights: each client's score, band and gravest reason."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.evidence import Band, band_of_figures
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.scoring import Reason, Score, Signals, figures_of, probability_of, score


@dataclass(frozen=True)
class BookRow:
    """A client as these weights see it; of most nobody asks why."""

    id: ClientId
    name: str
    signals: Signals
    model: Model
    points: float
    band: Band

    @cached_property
    def score(self) -> Score:
        """The score with its reasons."""
        return score(self.signals, self.model)

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
        points, coverage = figures_of(signals, model)
        band = band_of_figures(probability_of(points), coverage, model.base_rate)
        rows.append(BookRow(client_id, names.get(client_id, ""), signals, model, points, band))
    rows.sort(key=lambda row: (row.band is Band.NOT_ENOUGH_DATA, -row.points, row.name))
    return rows


def count_bands(rows: list[BookRow]) -> Counter[Band]:
    """Count the clients in each band."""
    return Counter(row.band for row in rows)
