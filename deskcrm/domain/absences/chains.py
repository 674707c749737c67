"""Who stands in for whom at a moment, from one substitute to the next, and where that goes round.

Planning refuses a circle. Two devices that have not met may make one all the same: then nobody
stands in, and that is said, instead of going round for ever.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from deskcrm.domain.absences.model import AbsenceId
from deskcrm.domain.users.model import UserId


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as a span of moments; ``ends`` is the first one at which the person is back."""

    id: AbsenceId
    user_id: UserId
    substitute_id: UserId | None
    first_day: date
    last_day: date
    starts: datetime
    ends: datetime
    note: str = ""

    def covers(self, at: datetime) -> bool:
        """Tell whether the person is away at a moment."""
        return self.starts <= at < self.ends


Absences = Mapping[UserId, Sequence[Away]]
"""Everybody's absences."""


@dataclass(frozen=True, slots=True)
class Chain:
    """From somebody who is away to who acts for them: one absence a step, none if they are here."""

    steps: tuple[Away, ...]
    acting: UserId | None
    """Who is here to act; None when nobody is."""
    is_circle: bool = False


def away_at(absences: Absences, user_id: UserId, at: datetime) -> Away | None:
    """Give the absence that holds at a moment; of two, one that names a substitute."""
    holding = [one for one in absences.get(user_id, ()) if one.covers(at)]
    return min(
        holding, key=lambda one: (one.substitute_id is None, one.starts, one.id), default=None
    )


def follow(
    absences: Absences, user_id: UserId, at: datetime, *, working: Container[UserId]
) -> Chain:
    """Go from substitute to substitute until somebody is here and works here."""
    steps: list[Away] = []
    person: UserId | None = user_id
    while person is not None and (step := away_at(absences, person, at)) is not None:
        if any(one.user_id == person for one in steps):
            return Chain(tuple(steps), None, is_circle=True)
        steps.append(step)
        person = step.substitute_id
    return Chain(tuple(steps), person if person in working else None)


def circle_of(absences: Absences, planned: Away) -> list[UserId] | None:
    """Give the people of a circle that an absence would close at some moment of it, in order."""
    return next(_circles(absences, planned, [planned.user_id], planned), None)


def _circles(
    absences: Absences, planned: Away, path: list[UserId], span: Away
) -> Iterator[list[UserId]]:
    """Walk every chain that holds at one moment at least: the spans meet, not only in pairs."""
    person = span.substitute_id
    if person == planned.user_id:
        yield path
    elif person is not None and person not in path:
        for one in absences.get(person, ()):
            starts, ends = max(span.starts, one.starts), min(span.ends, one.ends)
            if starts < ends:
                met = replace(one, starts=starts, ends=ends)
                yield from _circles(absences, planned, [*path, person], met)
