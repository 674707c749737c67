"""Alarms: where a back-test is too good to be true, the outcome has leaked into the signals."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from deskcrm.domain.backtests.measures import auc, auc_error
from deskcrm.domain.backtests.observations import HORIZON, Case, count_left, split_forward
from deskcrm.domain.health.evidence import FEWEST_FOR_BANDS
from deskcrm.domain.health.fitting import LOOSENESS, fit
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.scoring import points_of

TOO_GOOD: Final = 0.90
"""An AUC that no honest forecast of clients leaving reaches."""
_ERRORS: Final = 4.0
"""So many standard errors from .50 are no chance any more."""
_LOOSE: Final = LOOSENESS[-1]
"""What is learned by heart shows best where nothing holds it."""
_SHUFFLES: Final = 10


class Suspicion(StrEnum):
    """What is too good to be true."""

    SIGNAL_TOO_GOOD = "signal_too_good"
    WHOLE_TOO_GOOD = "whole_too_good"
    SHUFFLED_NOT_CHANCE = "shuffled_not_chance"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One reason not to believe a back-test."""

    suspicion: Suspicion
    auc: float
    name: str = ""
    """The signal, where it is one."""


@dataclass(frozen=True, slots=True)
class Forward:
    """What was learned from the earlier months, judged on the later ones."""

    learned: Model
    learned_on: int
    judged_on: int
    auc: float | None
    auc_before: float | None
    """Of the model it was anchored at, on the same cases."""
    alarms: tuple[Alarm, ...]


def alarms_of_signals(cases: Sequence[Case], names: Sequence[str]) -> tuple[Alarm, ...]:
    """Raise an alarm for every signal that alone tells who leaves too well, either way round.

    That it is unknown may tell as well: of clients that came here as gone much was never written.
    Of few that left anything may be told by chance, and nothing is said.
    """
    if count_left(cases) < FEWEST_FOR_BANDS:
        return ()
    found = []
    for name in names:
        reached = max(_told_by(cases, name), _told_by(cases, name, with_unknown=True))
        if reached > TOO_GOOD:
            found.append(Alarm(Suspicion.SIGNAL_TOO_GOOD, reached, name))
    return tuple(found)


def _told_by(cases: Sequence[Case], name: str, *, with_unknown: bool = False) -> float:
    """Give the AUC of one signal, whichever way round it is the higher."""
    values, outcomes = [], []
    for case in cases:
        value = case.signals.get(name)
        if value is not None or with_unknown:
            values.append(-math.inf if value is None else value)
            outcomes.append(case.left)
    reached = auc(values, outcomes)
    return 0.5 if reached is None else max(reached, 1 - reached)


def alarm_of_whole(reached: float | None) -> tuple[Alarm, ...]:
    """Raise an alarm for a score that tells too well."""
    if reached is None or reached <= TOO_GOOD:
        return ()
    return (Alarm(Suspicion.WHOLE_TOO_GOOD, reached),)


def learn_forward(cases: Sequence[Case], prior: Model, *, seed: int = 0) -> Forward:
    """Learn from the earlier months, judge on the later ones, and again with shuffled labels."""
    return judge(*split_forward(cases), prior, seed=seed)


def judge(
    earlier: Sequence[Case], later: Sequence[Case], prior: Model, *, seed: int = 0
) -> Forward:
    """Learn from some cases and judge on others, which must have nothing of the first."""
    outcomes = [case.left for case in later]
    learned = learn(earlier, [case.left for case in earlier], prior)
    reached = _auc(learned, later, outcomes)
    alarms = (*alarm_of_whole(reached), *_shuffled(earlier, later, prior, seed))
    before = _auc(prior, later, outcomes)
    return Forward(learned, len(earlier), len(later), reached, before, alarms)


def learn(
    cases: Sequence[Case], outcomes: Sequence[bool], prior: Model, *, k: float | None = None
) -> Model:
    """Learn a model; what k is chosen by lies a whole horizon after what it is told from."""
    return fit(
        [case.signals for case in cases],
        outcomes,
        prior,
        times=[float(case.on.toordinal()) for case in cases],
        embargo=float(HORIZON.days),
        k=k,
    )


def _auc(model: Model, cases: Sequence[Case], outcomes: Sequence[bool]) -> float | None:
    return auc([points_of(case.signals, model) for case in cases], outcomes)


def _shuffled(
    earlier: Sequence[Case], later: Sequence[Case], prior: Model, seed: int
) -> tuple[Alarm, ...]:
    """Shuffle who left: what is then learned must tell nothing, or cases are in both parts.

    A case that stands in both keeps its shuffled outcome, and that is what gives it away.
    """
    rng = random.Random(seed)
    cases = list({_key(case): case for case in (*earlier, *later)}.values())
    reached, error = [], 0.0
    for _ in range(_SHUFFLES):
        lots = [case.left for case in cases]
        rng.shuffle(lots)
        drawn = {_key(case): left for case, left in zip(cases, lots, strict=True)}
        learned = learn(earlier, [drawn[_key(case)] for case in earlier], _freed(prior), k=_LOOSE)
        outcomes = [drawn[_key(case)] for case in later]
        found = _auc(learned, later, outcomes)
        if found is None:
            return ()
        reached.append(found)
        positive = sum(outcomes)
        error = auc_error(positive, len(outcomes) - positive)
    mean = sum(reached) / len(reached)
    if abs(mean - 0.5) <= _ERRORS * error / len(reached) ** 0.5:
        return ()
    return (Alarm(Suspicion.SHUFFLED_NOT_CHANCE, mean),)


def _freed(prior: Model) -> Model:
    """Give a model of the same signals that believes nothing: a belief would tell something."""
    return Model.neutral(tuple(prior.terms))


def _key(case: Case) -> tuple[object, ...]:
    return case.client_id, case.on
