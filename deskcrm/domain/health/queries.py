"""Answers which weights hold, and which held under a version."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from deskcrm.domain.health.model import SCORECARD, Model
from deskcrm.domain.health.records import HealthModel, ModelOrigin
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class WeightsInForce:
    """The weights that hold, and where they come from; ``origin`` is None for the scorecard."""

    model: Model
    origin: ModelOrigin | None = None
    kept_at: datetime | None = None
    cases: int = 0
    churned: int = 0
    is_fallback: bool = False
    """There are newer weights, which cannot be believed or are of another edition."""


def get_weights(db: Reader) -> WeightsInForce:
    """Give the weights that hold now."""
    return read_weights(db.connection)


def read_weights(connection: Connection) -> WeightsInForce:
    """Give the weights that hold: the latest that were kept, or the scorecard in their stead."""
    row = connection.execute(
        select(HealthModel.__table__)
        .where(~HealthModel.is_deleted)
        .order_by(HealthModel.kept_at.desc(), HealthModel.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return WeightsInForce(SCORECARD)
    model = _model_of(row)
    if model is None:
        return WeightsInForce(SCORECARD, is_fallback=True)
    return WeightsInForce(model, ModelOrigin(row.origin), row.kept_at, row.cases, row.churned)


def read_model(connection: Connection) -> Model:
    """Give the model that scores by the weights that hold."""
    return read_weights(connection).model


def model_of(db: Reader, version: str) -> Model | None:
    """Give the model of a version, also one that holds no longer; None where it is not known."""
    if version == SCORECARD.version:
        return SCORECARD
    row = db.connection.execute(
        select(HealthModel.__table__).where(HealthModel.version == version)
    ).first()
    return None if row is None else _model_of(row)


def _model_of(row: Any) -> Model | None:
    """Make the model of a stored row; None where it cannot be believed."""
    weights = row.weights
    if set(weights) != set(SCORECARD.terms):
        return None
    model = replace(
        SCORECARD,
        coefficients=tuple(float(weights[name]) for name in SCORECARD.terms),
        intercept=row.intercept,
        base_rate=row.base_rate,
        looseness=row.looseness,
        version=row.version,
    )
    return model if model.is_sound() and _is_within(row.bounds, model) else None


def _is_within(bounds: Any, model: Model) -> bool:
    """Tell whether each weight lies within the bounds that were written beside it."""
    return all(
        low <= model.weights[name] <= high
        for name, (low, high) in bounds.items()
        if name in model.weights
    )
