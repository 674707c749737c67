"""How an absence is said, on a card, on Today and beside a name in a choice."""

from collections.abc import Sequence
from typing import Any

from deskcrm.base.words import tr
from deskcrm.domain.absences.queries import AbsenceRow, AwayRow, Choosable
from deskcrm.ui.kit import dates


def days_words(row: AbsenceRow) -> str:
    """Say from when to when."""
    if row.first_day == row.last_day:
        return dates.day(row.first_day)
    return f"{dates.day(row.first_day)} – {dates.day(row.last_day)}"


def away_words(row: AwayRow) -> str:
    """Say until when somebody is away, and who acts for them, beside who it is."""
    until = tr("Away until {day}", day=dates.near_day(row.last_day))
    if row.is_circle:
        said = tr("nobody stands in: the substitutes stand in for one another")
    elif row.acting_id is None:
        said = tr("nobody stands in")
    elif row.through:
        said = tr("{name} stands in, as {others} is away too", name=row.acting,
                  others=", ".join(row.through))  # fmt: skip
    else:
        said = tr("{name} stands in", name=row.acting)
    return f"{until}; {said}"


def stood_in_words(row: AwayRow) -> str:
    """Say to a substitute for whom they act, and until when."""
    return tr(
        "You stand in for {name} until {day}", name=row.name, day=dates.near_day(row.last_day)
    )


def person_options(people: Sequence[Choosable]) -> list[tuple[Any, str]]:
    """Offer people; beside the name of who is away stands until when."""
    return [(one.user.id, _beside(one)) for one in people]


def _beside(one: Choosable) -> str:
    if one.away is None:
        return one.user.name
    return tr("{name} · away until {day}", name=one.user.name, day=dates.day(one.away.last_day))
