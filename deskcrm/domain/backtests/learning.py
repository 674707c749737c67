"""Learns the team's own weights from the months gone by, and says how they do on later months."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.domain.backtests.guards import Forward, alarms_of_signals, learn, learn_forward
from deskcrm.domain.backtests.observations import Case, count_left
from deskcrm.domain.health.commands import keep_weights
from deskcrm.domain.health.evidence import FEWEST_FOR_BANDS
from deskcrm.domain.health.features import Signal
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.store.store import Store


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights learned from all months, and how weights learned from the earlier ones did later."""

    model: Model
    cases: int
    churned: int
    """Clients that left, each counted once."""
    forward: Forward


def learn_from_history(job: Job, cases: Sequence[Case], prior: Model) -> Learned:
    """Learn from the months gone by; refuses, in words, where too few have left."""
    churned = count_left(cases)
    if churned < FEWEST_FOR_BANDS:
        raise UserError(
            ntr(
                "{n} client has left: too few to learn from.",
                "{n} clients have left: too few to learn from.",
                churned,
            ),
            tr("From {n} on weights can be learned. Until then the starting rules hold.",
               n=FEWEST_FOR_BANDS),
        )  # fmt: skip
    job.progress(0, 2, tr("Learning from the earlier months"))
    forward = learn_forward(cases, prior)
    names = tuple(prior.terms)
    job.progress(1, 2, tr("Learning from all months"))
    model = learn(cases, [case.left for case in cases], prior)
    suspicious = alarms_of_signals(cases, names)
    if suspicious or forward.alarms:
        raise UserError(
            tr("What was learned is too good to be true."),
            tr("A signal seems to know who will leave. Nothing was changed; see the alarms."),
        )
    return Learned(model, len(cases), churned, forward)


def keep_learned(store: Store, found: Learned) -> None:
    """Let what was learned hold for everybody."""
    store.do(
        keep_weights,
        {Signal(name): b for name, b in found.model.weights.items()},
        intercept=found.model.intercept,
        base_rate=found.model.base_rate,
        looseness=found.model.looseness,
        origin=ModelOrigin.LEARNED,
        cases=found.cases,
        churned=found.churned,
    )
