"""How each client of a list scores, in two figures and a word: no signals, no reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.evidence import Band, band_of_figures
from deskcrm.domain.health.queries import read_model
from deskcrm.domain.risk.model import ClientHealth, RiskFlag
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks


@dataclass(frozen=True, slots=True)
class Standing:
    """How a client scores, for a list."""

    probability: float
    coverage: float
    is_flagged: bool
    base_rate: float

    @property
    def band(self) -> Band:
        """Name the risk, as where there is room for more."""
        return band_of_figures(self.probability, self.coverage, self.base_rate)


def list_standings(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, Standing]:
    """Give how these clients score, those that were scored."""
    found: dict[ClientId, Standing] = {}
    base_rate = read_model(db.connection).base_rate
    for some in in_chunks(client_ids, 500):
        flagged = set(
            db.scalars(
                select(RiskFlag.client_id).where(
                    RiskFlag.client_id.in_(some), ~RiskFlag.is_deleted, RiskFlag.left_at.is_(None)
                )
            )
        )
        rows = db.all(
            select(ClientHealth.client_id, ClientHealth.probability, ClientHealth.coverage).where(
                ClientHealth.client_id.in_(some)
            )
        )
        found |= {row[0]: Standing(row[1], row[2], row[0] in flagged, base_rate) for row in rows}
    return found
