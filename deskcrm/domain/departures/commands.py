"""Notes that clients leave, and that some come back; the same departure twice changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import check_clients
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.days import day_of
from deskcrm.domain.departures.model import Departure, DepartureId, check_days
from deskcrm.domain.names import one_line
from deskcrm.domain.recorded import Recorded
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@dataclass(frozen=True, slots=True)
class DepartureFigures:
    """A departure as another system has it; what it does not know leaves what is known."""

    client_id: ClientId
    noticed_on: date | None = None
    left_on: date | None = None
    reason: LossReason | None = None
    words: str = ""
    competitor: str = ""


class DepartureChanges(TypedDict, total=False):
    """What can be edited of a departure; only what is given is written."""

    noticed_on: date | None
    left_on: date | None
    reason: LossReason
    words: str
    competitor: str


@command("departures.note", "Note departure")
def note_departure(
    work: Work,
    client_id: ClientId,
    *,
    noticed_on: date | None = None,
    left_on: date | None = None,
    reason: LossReason | None = None,
    words: str = "",
    competitor: str = "",
) -> DepartureId:
    """Note that a client leaves or gave notice; known already, it is completed.

    Once its last day has come the client counts as churned.
    """
    figures = DepartureFigures(client_id, noticed_on, left_on, reason, words, competitor)
    work.get(Client, client_id)
    return DepartureId(_note(work, figures)[0].id)


@command("departures.record", "Record departures")
def record_departures(work: Work, departures: Sequence[DepartureFigures]) -> Recorded:
    """Write departures down as another system has them."""
    check_clients(work, [one.client_id for one in departures])
    noted = [_note(work, one) for one in departures]
    new = sum(is_new for _, is_new, _ in noted)
    changed = sum(has_changed and not is_new for _, is_new, has_changed in noted)
    return Recorded(new, changed, len(noted) - new - changed)


@command("departures.return", "Note return")
def note_return(work: Work, client_id: ClientId, *, on: date | None = None) -> None:
    """Note that a client stays after all, or was won back, today or on a day."""
    today = day_of(work.now)
    if on is not None and on > today:
        raise UserError(tr("That day has not come yet."), tr("Enter today or an earlier day."))
    client, departure = work.get(Client, client_id), _running(work, client_id)
    if departure is None:
        raise UserError(tr("Nobody noted that this client leaves."))
    departure.returned_on = on or today
    if client.lifecycle is Lifecycle.CHURNED:
        client.set_lifecycle(Lifecycle.ACTIVE, today=today)


@command("departures.edit", "Edit departure")
def edit_departure(
    work: Work, /, departure_id: DepartureId, **changes: Unpack[DepartureChanges]
) -> None:
    """Put right what was noted of a departure; the client follows its last day."""
    departure, today = work.get(Departure, departure_id), day_of(work.now)
    before = departure.left_on
    for key, value in changes.items():
        setattr(departure, key, value)
    departure.words = departure.words.strip()
    departure.competitor = one_line(departure.competitor)
    check_days(departure.noticed_on, departure.left_on, today)
    _follow(work, departure, before)


@command("departures.delete", "Delete departure")
def delete_departure(work: Work, departure_id: DepartureId) -> None:
    """Delete a departure that was noted by mistake; who counted as gone by it is with us again."""
    departure = work.get(Departure, departure_id)
    work.delete(departure)
    if departure.returned_on is None:
        _stay(work, departure, departure.left_on)


@command("departures.arrive", "Count as gone", is_automatic=True)
def count_gone(work: Work, *, owner_id: UserId) -> int:
    """Let a person's clients count as gone whose last day has come since; gives how many."""
    come: Any = (
        select(Departure)
        .join(Client, Client.id == Departure.client_id)
        .where(~Departure.is_deleted, Departure.returned_on.is_(None))
        .where(Departure.left_on <= day_of(work.now))
        .where(~Client.is_deleted, Client.owner_id == owner_id)
        .where(Client.lifecycle != Lifecycle.CHURNED)
    )
    return sum(_follow(work, one, one.left_on) for one in list(work.records(come)))


def _note(work: Work, figures: DepartureFigures) -> tuple[Departure, bool, bool]:
    """Write one departure down; gives it, whether it is new, and whether anything changed."""
    today = day_of(work.now)
    departure = _running(work, figures.client_id)
    is_new = departure is None
    if departure is None:
        check_days(figures.noticed_on, figures.left_on, today)
        departure = _next(work, figures.client_id)
    before = departure.left_on
    has_changed = is_new | _change(departure, figures, today)
    has_followed = _follow(work, departure, before)
    return departure, is_new, has_changed or has_followed


def _follow(work: Work, departure: Departure, before: date | None) -> bool:
    """Let the client count as gone once its last day has come; tells whether anything changed.

    ``before``: the last day that was noted until now, and that the client may stand by.
    """
    if departure.returned_on is not None:
        return False
    today, left_on = day_of(work.now), departure.left_on
    client = work.get(Client, departure.client_id)
    if left_on is None or left_on > today:
        return _stay(work, departure, before)
    if client.lifecycle is not Lifecycle.CHURNED:
        client.set_lifecycle(Lifecycle.CHURNED, today=left_on, reason=departure.words)
        return True
    if client.churned_on == before and before != left_on:
        client.churned_on = left_on
        return True
    return False


def _stay(work: Work, departure: Departure, left_on: date | None) -> bool:
    """Count a client as ours again that counted as gone since that day; tells whether it did."""
    client = work.get(Client, departure.client_id)
    if client.lifecycle is not Lifecycle.CHURNED or left_on is None or client.churned_on != left_on:
        return False
    client.set_lifecycle(Lifecycle.ACTIVE, today=day_of(work.now))
    return True


def _change(departure: Departure, figures: DepartureFigures, today: date) -> bool:
    said: dict[str, Any] = {
        "noticed_on": figures.noticed_on,
        "left_on": figures.left_on,
        "reason": figures.reason,
        "words": figures.words.strip() or None,
        "competitor": one_line(figures.competitor) or None,
    }
    known = {key: value for key, value in said.items() if value is not None}
    after = {key: known.get(key, getattr(departure, key)) for key in ("noticed_on", "left_on")}
    check_days(**after, today=today)
    differing = {key: value for key, value in known.items() if getattr(departure, key) != value}
    for key, value in differing.items():
        setattr(departure, key, value)
    return bool(differing)


def _running(work: Work, client_id: ClientId) -> Departure | None:
    """Give the departure of a client that has not come back from it, or None."""
    found = (
        select(Departure)
        .where(Departure.client_id == client_id, ~Departure.is_deleted)
        .where(Departure.returned_on.is_(None))
        .order_by(Departure.time.desc())
        .limit(1)
    )
    return next(iter(work.records(found)), None)


def _next(work: Work, client_id: ClientId) -> Departure:
    """Begin a client's next departure; one that was deleted is begun anew, with nothing in it."""
    before = work.scalar(
        select(func.count()).where(Departure.client_id == client_id, ~Departure.is_deleted)
    )
    departure = work.put(Departure, client_id=client_id, time=(before or 0) + 1)
    for key in ("noticed_on", "left_on", "returned_on"):
        setattr(departure, key, None)
    departure.reason, departure.words, departure.competitor = LossReason.OTHER, "", ""
    return departure
