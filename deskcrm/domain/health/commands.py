"""Keeps weights for the whole team, and goes back to the starting rules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.days import day_of
from deskcrm.domain.health.features import BASE_PRIOR, Signal
from deskcrm.domain.health.model import SCORECARD, TYPICAL_RATE, Model
from deskcrm.domain.health.records import HealthModel, HealthModelId, ModelOrigin
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.derived import write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work

LEARNED_IN: Final = "weights_learned_in"
"""Under this the month is noted in which weights were last learned, or tried to be."""


@command("health.keep_weights", "Keep health weights")
def keep_weights(
    work: Work,
    weights: Mapping[Signal, float],
    *,
    intercept: float = BASE_PRIOR,
    base_rate: float = TYPICAL_RATE,
    looseness: float | None = None,
    origin: ModelOrigin = ModelOrigin.BY_HAND,
    cases: int = 0,
    churned: int = 0,
) -> HealthModelId:
    """Let these weights hold for everybody from now on; what is not given weighs as at first."""
    model = replace(
        SCORECARD.with_weights({name.value: b for name, b in weights.items()}),
        intercept=intercept,
        base_rate=base_rate,
        looseness=looseness,
    ).with_own_version(origin.value)
    if not model.is_sound():
        raise UserError(
            tr("These weights cannot be believed."),
            tr("Each keeps its sign and its bounds. Go back to the starting rules and try again."),
        )
    kept = work.put(HealthModel, version=model.version)
    kept.weights = {name: float(b) for name, b in model.weights.items()}
    kept.bounds = {f.name: [-f.limit, f.limit] for f in model.features}
    kept.intercept, kept.base_rate, kept.looseness = intercept, base_rate, looseness
    kept.origin, kept.cases, kept.churned = origin, cases, churned
    kept.kept_at, kept.kept_by = work.now, UserId(work.actor)
    return HealthModelId(kept.id)


@command("health.renew_weights", "Learn health weights", is_automatic=True)
def renew_weights(work: Work, model: Model, *, cases: int, churned: int) -> HealthModelId | None:
    """Let what was learned by itself hold; None where somebody put just these weights aside."""
    version = {"version": model.version}
    if work.session.get(HealthModel, HealthModel.work_out_id(version)) is not None:
        return None
    return keep_weights(
        work,
        {Signal(name): b for name, b in model.weights.items()},
        intercept=model.intercept,
        base_rate=model.base_rate,
        looseness=model.looseness,
        origin=ModelOrigin.LEARNED,
        cases=cases,
        churned=churned,
    )


@command("health.note_month", "Note the month that was learned from", is_automatic=True)
def note_month(work: Work) -> None:
    """Note that learning was tried this month; months gone by teach nothing new within one."""
    write_meta(work.connection, LEARNED_IN, month_of(work))


def month_of(db: Reader) -> str:
    """Give the month of now, as it is noted."""
    return day_of(db.now).isoformat()[:7]


@command("health.start_over", "Return to starting rules")
def start_over(work: Work) -> int:
    """Put aside all weights that were learned or set by hand; gives how many they were."""
    kept = work.records(select(HealthModel).where(~HealthModel.is_deleted))
    if not kept:
        raise UserError(tr("The starting rules hold already."))
    for one in kept:
        work.delete(one)
    return len(kept)
