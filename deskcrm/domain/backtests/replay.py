"""Replays months gone by under any weights: whom the score would have named, and who left.

The cases are laid out as columns once. When one weight moves only its column is worked out anew;
contributions lie on the grid of ``health.scoring``, so adding and taking away leaves no trace.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median
from typing import Final

from deskcrm.domain.backtests.measures import (
    Bin,
    Share,
    auc,
    calibration,
    capacity_of,
    hits_at,
    wilson,
)
from deskcrm.domain.backtests.observations import Case
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.features import Signal
from deskcrm.domain.health.model import POINTS, Model, Term
from deskcrm.domain.health.scoring import (
    ENOUGH,
    counted,
    on_grid,
    probability_of,
)

CAPACITY: Final = 0.1
"""The share of a book that is named each month."""
BASELINES: Final = (Signal.RENEWAL_DUE, Signal.SILENCE)
"""What the score has to be better than: each of these by itself."""


Leaving = tuple[ClientId, date | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A client that was named or should have been."""

    client_id: ClientId
    on: date
    """The first month in which it was named; of a miss, the last in which it could have been."""
    noticed_on: date | None
    probability: float

    @property
    def lead_days(self) -> int | None:
        """Days from being named to the notice."""
        return None if self.noticed_on is None else (self.noticed_on - self.on).days


@dataclass(frozen=True, slots=True)
class Baseline:
    """What ranking by one signal alone would have found with the same capacity."""

    name: str
    precision: float | None
    lift: float | None
    auc: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the replay shows of one model."""

    cases: int
    clients: int
    months: tuple[date, ...]
    base: Share
    """How many of all cases left."""
    precision: Share
    """How many of those named left; by case, so a client that is named twice counts twice."""
    caught: Share
    """How many of the clients that left had been named."""
    lift: float | None
    """How many times likelier one that was named was to leave than any."""
    auc: float | None
    lead_days: float | None
    """The median of days from being named to the notice."""
    calibration: tuple[Bin, ...]
    baselines: tuple[Baseline, ...]
    hits: tuple[Named, ...]
    misses: tuple[Named, ...]
    false_alarms: tuple[Named, ...]
    too_little_known: int
    """Cases with not enough data, which are never named."""


class Replay:
    """The cases of the months gone by, ready to be measured under one model after another."""

    def __init__(self, cases: Sequence[Case], capacity: float = CAPACITY) -> None:
        self.cases = sorted(cases, key=lambda case: (case.on, case.client_id))
        self.capacity = capacity
        self.outcomes = [case.left for case in self.cases]
        self._clients = len({case.client_id for case in self.cases})
        self._months = list(_months(self.cases))
        self._left = [index for index, left in enumerate(self.outcomes) if left]
        self._gaps: dict[tuple[str, ...], tuple[list[tuple[bool, ...]], list[int]]] = {}
        self._values: dict[tuple[str, float, float], list[float | None]] = {}
        self._columns: dict[Term, list[float]] = {}
        self._terms: dict[str, Term] = {}
        self._base = 0.0
        self._points = [0.0] * len(self.cases)
        self.baselines = tuple(self._baseline(name) for name in BASELINES)

    def measure(self, model: Model) -> Result:
        """Replay all months under a model."""
        points = self._score(model)
        enough = self._enough(model)
        named = [index for month in self._months for index in self._highest(month, enough)]
        base = wilson(sum(self.outcomes), len(self.cases))
        precision = wilson(sum(self.outcomes[index] for index in named), len(named))
        hits, misses, false_alarms = self._lists(named)
        leads = [one.lead_days for one in hits if one.lead_days is not None]
        return Result(
            cases=len(self.cases),
            clients=self._clients,
            months=tuple(self.cases[month.start].on for month in self._months),
            base=base,
            precision=precision,
            caught=wilson(len(hits), len(hits) + len(misses)),
            lift=_ratio(precision.value, base.value),
            auc=auc(points, self.outcomes),
            lead_days=median(leads) if leads else None,
            calibration=calibration([probability_of(one) for one in points], self.outcomes),
            baselines=self.baselines,
            hits=hits,
            misses=misses,
            false_alarms=false_alarms,
            too_little_known=enough.count(False),
        )

    def _score(self, model: Model) -> list[float]:
        """Bring the points up to date with a model, working out only columns that changed."""
        base = on_grid(model.intercept * POINTS)
        if base != self._base:
            moved = base - self._base
            self._points = [one + moved for one in self._points]
            self._base = base
        for name in {**self._terms, **model.terms}:
            old, new = self._terms.get(name), model.terms.get(name)
            if old == new:
                continue
            before, after = self._column(old), self._column(new)
            changed = zip(self._points, before, after, strict=True)
            self._points = [one - was + now for one, was, now in changed]
            if old is not None:
                del self._columns[old]
        self._terms = dict(model.terms)
        return self._points

    def _column(self, term: Term | None) -> list[float]:
        if term is None:
            return [0.0] * len(self.cases)
        if term not in self._columns:
            per_unit, reference = term.per_unit, term.reference
            self._columns[term] = [
                0.0 if value is None else on_grid(per_unit * (value - reference))
                for value in self._counted(term)
            ]
        return self._columns[term]

    def _counted(self, term: Term) -> list[float | None]:
        """Give the values of a signal as they count: the same whatever it weighs."""
        key = term.name, term.low, term.high
        if key not in self._values:
            self._values[key] = [counted(term, case.signals.get(term.name)) for case in self.cases]
        return self._values[key]

    def _enough(self, model: Model) -> list[bool]:
        """Tell for each case whether enough of it was known; what is missing has few patterns."""
        names = tuple(model.terms)
        if names not in self._gaps:
            numbers: dict[tuple[bool, ...], int] = {}
            which = [numbers.setdefault(_gap(names, case), len(numbers)) for case in self.cases]
            self._gaps[names] = list(numbers), which
        patterns, which = self._gaps[names]
        weights = [term.weight for term in model.terms.values()]
        enough = [
            math.fsum(w for w, gone in zip(weights, gap, strict=True) if not gone)
            >= ENOUGH * model.whole_weight
            for gap in patterns
        ]
        return [enough[number] for number in which]

    def _highest(self, month: range, enough: Sequence[bool]) -> list[int]:
        known = [index for index in month if enough[index]]
        known.sort(key=self._points.__getitem__, reverse=True)
        return known[: capacity_of(len(month), self.capacity)]

    def _lists(
        self, named: Sequence[int]
    ) -> tuple[tuple[Named, ...], tuple[Named, ...], tuple[Named, ...]]:
        """List the clients that were named and left, that left unnamed, and that stayed."""
        chosen = set(named)
        hits: dict[Leaving, Named] = {}
        missed: dict[Leaving, Named] = {}
        stayed: dict[ClientId, Named] = {}
        for index in sorted(chosen.union(self._left)):
            case = self.cases[index]
            one = Named(
                case.client_id, case.on, case.noticed_on, probability_of(self._points[index])
            )
            leaving = case.client_id, case.noticed_on
            if not case.left:
                stayed.setdefault(case.client_id, one)
            elif index in chosen:
                hits.setdefault(leaving, one)
            else:
                missed[leaving] = one
        misses = [one for leaving, one in missed.items() if leaving not in hits]
        # Named early and then caught is no false alarm of which anybody would complain.
        alarms = [one for one in stayed.values() if (one.client_id, one.noticed_on) not in hits]
        return tuple(hits.values()), tuple(misses), tuple(alarms)

    def _baseline(self, name: Signal) -> Baseline:
        values = [_plain(case.signals.get(name)) for case in self.cases]
        found, places = 0.0, 0
        for month in self._months:
            capacity = capacity_of(len(month), self.capacity)
            part = slice(month.start, month.stop)
            found += hits_at(values[part], self.outcomes[part], capacity)
            places += capacity
        precision = found / places if places else None
        rate = sum(self.outcomes) / len(self.cases) if self.cases else None
        return Baseline(name, precision, _ratio(precision, rate), auc(values, self.outcomes))


def _months(cases: Sequence[Case]) -> Iterator[range]:
    start = 0
    for _, group in groupby(cases, key=lambda case: case.on):
        end = start + sum(1 for _ in group)
        yield range(start, end)
        start = end


def _gap(names: Sequence[str], case: Case) -> tuple[bool, ...]:
    """Tell of each signal whether it is unknown."""
    values = map(case.signals.get, names)
    return tuple([value is None or not math.isfinite(value) for value in values])


def _plain(value: float | None) -> float:
    return -1.0 if value is None else float(value)


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None
