"""Plans absences, changes them, and ends them when somebody is back."""

from datetime import date
from typing import TypedDict, Unpack

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.absences.book import AbsenceBook, Zones, away_of
from deskcrm.domain.absences.chains import circle_of
from deskcrm.domain.absences.model import Absence, AbsenceId
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class AbsenceChanges(TypedDict, total=False):
    """What can be changed of an absence; only what is given is written."""

    first_day: date
    last_day: date
    substitute_id: UserId | None
    note: str


@command("absences.plan", "Plan absence")
def plan_absence(
    work: Work,
    user_id: UserId,
    *,
    first_day: date,
    last_day: date,
    substitute_id: UserId | None = None,
    note: str = "",
) -> AbsenceId:
    """Say that somebody is away on some days, both counted, and who stands in."""
    check_assignable(work, user_id)
    absence = Absence(
        user_id=user_id,
        first_day=first_day,
        last_day=last_day,
        substitute_id=substitute_id,
        note=note.strip(),
    )
    _check(work, absence)
    return AbsenceId(work.add(absence).id)


@command("absences.change", "Change absence")
def change_absence(work: Work, /, absence_id: AbsenceId, **changes: Unpack[AbsenceChanges]) -> None:
    """Change the days of an absence, who stands in, or the note."""
    absence = work.get(Absence, absence_id)
    _check_not_over(work, absence)
    with work.session.no_autoflush:
        absence.set_days(
            changes.get("first_day", absence.first_day), changes.get("last_day", absence.last_day)
        )
        absence.hand_to(changes.get("substitute_id", absence.substitute_id))
        absence.note = changes.get("note", absence.note).strip()
        _check(work, absence)


@command("absences.end", "End absence")
def end_absence(work: Work, absence_id: AbsenceId) -> None:
    """Say that somebody is back before the last day was over: what comes is theirs from now on."""
    absence = work.get(Absence, absence_id)
    _check_not_over(work, absence)
    if away_of(absence, Zones(work.connection)).starts > work.now:
        raise UserError(
            tr("This absence has not begun yet."), tr("Cancel it, or choose other days.")
        )
    absence.ended_at = work.now


@command("absences.cancel", "Cancel absence")
def cancel_absence(work: Work, absence_id: AbsenceId) -> None:
    """Take an absence away, as if it had not been planned."""
    work.delete(work.get(Absence, absence_id))


def _check(work: Work, absence: Absence) -> None:
    """Refuse days that are over or taken, and a substitute whom it would lead back to."""
    name = work.get(User, absence.user_id).name
    if absence.substitute_id is not None:
        check_assignable(work, absence.substitute_id)
    zones = Zones(work.connection)
    planned = away_of(absence, zones)
    if planned.ends <= work.now:
        raise UserError(tr("These days are over."), tr("Choose a last day that is still to come."))
    book = AbsenceBook(work.connection, work.now)
    others = {
        user_id: [one for one in spans if one.id != absence.id]
        for user_id, spans in book.absences.items()
    }
    for one in others.get(absence.user_id, []):
        if one.starts < planned.ends and planned.starts < one.ends:
            raise UserError(
                tr(
                    "{name} is away from {first} to {last} already.",
                    name=name,
                    first=said_day(one.first_day),
                    last=said_day(one.last_day),
                ),
                tr("Change that absence, or choose other days."),
            )
    circle = circle_of(others, planned)
    if circle is not None:
        people = [*circle, absence.user_id]
        raise UserError(
            tr("Nobody would be left: each stands in for the other."),
            tr(
                "{people}. Choose somebody who is here on these days.",
                people=" → ".join(book.names[one] for one in people),
            ),
        )


def _check_not_over(work: Work, absence: Absence) -> None:
    if away_of(absence, Zones(work.connection)).ends <= work.now:
        raise UserError(tr("This absence is over."), tr("Plan another one."))
