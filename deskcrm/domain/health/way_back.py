"""Finds the fewest acts of ours after which a client would score below the line."""

from collections import defaultdict
from dataclasses import dataclass

from deskcrm.domain.health.features import Fix
from deskcrm.domain.health.model import SCORECARD, Model
from deskcrm.domain.health.scoring import Score, Signals, contribution, counted, score


@dataclass(frozen=True, slots=True)
class WayBack:
    """What to do, and what the client would score then. It promises no more than that."""

    fixes: tuple[Fix, ...]
    """The fewest that are enough, the weightiest first; empty when it is below the line already."""
    score: Score


def what_would_bring_it_back(
    signals: Signals, exit_line: float, model: Model | None = None
) -> WayBack | None:
    """Find the fewest acts that bring the probability below the line; None when all do not.

    The model is additive, so the acts that take off most are also the fewest.
    """
    model = SCORECARD if model is None else model
    tried: dict[str, float | None] = dict(signals)
    found = score(tried, model)
    fixes: list[Fix] = []
    for fix in _by_what_they_take_off(signals, model):
        if found.probability < exit_line:
            break
        fixes.append(fix)
        tried = {**tried, **_settled(fix, tried, model)}
        found = score(tried, model)
    return WayBack(tuple(fixes), found) if found.probability < exit_line else None


def _by_what_they_take_off(signals: Signals, model: Model) -> list[Fix]:
    """List the acts that take something off, the weightiest first."""
    taken: dict[Fix, float] = defaultdict(float)
    for feature in model.features:
        term = model.terms[feature.name]
        value = counted(term, signals.get(feature.name))
        if feature.fix is not None and value is not None:
            taken[feature.fix] += contribution(term, value) - contribution(term, 0.0)
    useful = [fix for fix, points in taken.items() if points > 0]
    return sorted(useful, key=lambda fix: (-taken[fix], fix))


def _settled(fix: Fix, signals: Signals, model: Model) -> dict[str, float]:
    """Give the signals that an act settles, as they would be: nothing left of what is known."""
    return {
        feature.name: 0.0
        for feature in model.features
        if feature.fix is fix
        and counted(model.terms[feature.name], signals.get(feature.name)) is not None
    }
