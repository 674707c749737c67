"""Says what moved a score between two moments, and why; the parts sum to the change exactly."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from deskcrm.domain.health.features import Feature
from deskcrm.domain.health.model import POINTS, Model, Term
from deskcrm.domain.health.scoring import BASE, Score, contribution, counted, on_grid


class Cause(StrEnum):
    """Why a part of the score moved."""

    NEW_EVENT = "new_event"
    FADING = "fading"
    """An event lost weight, or time passed; nobody did anything."""
    RESOLVED = "resolved"
    DATA_ARRIVED = "data_arrived"
    DATA_AGED = "data_aged"
    """What was known is known no longer: too old to count."""
    RULES_CHANGED = "rules_changed"


@dataclass(frozen=True, slots=True)
class Delta:
    """By how many points a signal moved the score, for one cause."""

    name: str
    cause: Cause
    points: float


def what_changed(before: Score, after: Score, days: float = 7) -> tuple[Delta, ...]:
    """Split the change of a score by signal and cause, the largest first.

    The signals are compared under the later model; what the model itself changed stands by itself.
    A signal that fell is split into what fading alone would have done in these days and the rest.
    """
    found = [*_by_rules(before, after.model)]
    for name in after.model.terms:
        found += _by_signal(name, before, after, days)
    moved = [delta for delta in found if delta.points]
    return tuple(sorted(moved, key=lambda one: (-abs(one.points), one.name, one.cause)))


def _by_rules(before: Score, later: Model) -> Iterator[Delta]:
    earlier = before.model
    if earlier is later:
        return
    base = on_grid(later.intercept * POINTS) - on_grid(earlier.intercept * POINTS)
    yield Delta(BASE, Cause.RULES_CHANGED, base)
    for name in {**earlier.terms, **later.terms}:
        value = before.signals.get(name)
        moved = _points(later.terms.get(name), value) - _points(earlier.terms.get(name), value)
        yield Delta(name, Cause.RULES_CHANGED, moved)


def _by_signal(name: str, before: Score, after: Score, days: float) -> Iterator[Delta]:
    term, feature = after.model.terms[name], after.model.by_name[name]
    old, new = counted(term, before.signals.get(name)), counted(term, after.signals.get(name))
    if old is None or new is None:
        cause = Cause.DATA_ARRIVED if old is None else Cause.DATA_AGED
        yield Delta(name, cause, _points(term, new) - _points(term, old))
        return
    between = _by_time_alone(feature, old, new, days)
    yield Delta(name, Cause.FADING, contribution(term, between) - contribution(term, old))
    rest = contribution(term, new) - contribution(term, between)
    yield Delta(name, Cause.NEW_EVENT if rest > 0 else Cause.RESOLVED, rest)


def _by_time_alone(feature: Feature, old: float, new: float, days: float) -> float:
    """Give the value that the earlier one would have come to with nothing but time passing."""
    if feature.is_time:
        return new
    if feature.half_life_weeks is None:
        return old
    alone = old * math.exp2(-days / 7 / feature.half_life_weeks)
    if old >= feature.high and alone <= new <= old:
        return new  # more may have happened than the cap let count, and that fades as well
    return alone


def _points(term: Term | None, value: float | None) -> float:
    if term is None or (value := counted(term, value)) is None:
        return 0.0
    return contribution(term, value)
