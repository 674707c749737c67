"""Answers about absences: who is away, who acts for them, and for whom one stands in oneself."""

from dataclasses import dataclass
from datetime import date, datetime

from deskcrm.domain.absences.book import AbsenceBook
from deskcrm.domain.absences.chains import Away
from deskcrm.domain.absences.model import AbsenceId
from deskcrm.domain.users.model import UserId
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """An absence, as lists and choices show it."""

    id: AbsenceId
    user_id: UserId
    name: str
    first_day: date
    last_day: date
    substitute_id: UserId | None
    substitute: str
    note: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class AwayRow:
    """Somebody who is away, and who acts for them in the end."""

    absence_id: AbsenceId
    user_id: UserId
    name: str
    last_day: date
    acting_id: UserId | None
    """Who is here and acts; None when nobody does."""
    acting: str
    through: tuple[str, ...]
    """The substitutes before that one, who are away themselves."""
    is_circle: bool
    note: str


@dataclass(frozen=True, slots=True)
class Choosable:
    """A person to choose, and whether they are away now."""

    user: UserRow
    away: AwayRow | None


def list_choosable(db: Reader) -> list[Choosable]:
    """List the people who work here, by name, each with their absence of this moment."""
    away = list_away(db)
    return [Choosable(user, away.get(user.id)) for user in list_users(db)]


def list_absences(db: Reader, *, user_id: UserId | None = None) -> list[AbsenceRow]:
    """List the absences that are not over, everybody's or one person's, the next first."""
    book = AbsenceBook(db.connection, db.now)
    spans = [
        one
        for person, absences in book.absences.items()
        for one in absences
        if user_id in (None, person)
    ]
    return [
        AbsenceRow(
            one.id,
            one.user_id,
            book.names.get(one.user_id, ""),
            one.first_day,
            one.last_day,
            one.substitute_id,
            _name(book, one.substitute_id),
            one.note,
            one.covers(db.now),
        )
        for one in sorted(spans, key=lambda one: (one.starts, one.ends, one.id))
    ]


def list_away(db: Reader, *, at: datetime | None = None) -> dict[UserId, AwayRow]:
    """Give everybody who is away at a moment, or now, with who acts for each."""
    at = at or db.now
    book = AbsenceBook(db.connection, at)
    return {one.user_id: _row(book, one, at) for one in book.all_away(at)}


def get_away(db: Reader, user_id: UserId, *, at: datetime | None = None) -> AwayRow | None:
    """Tell whether somebody is away at a moment, or now, and who acts; None: they are here."""
    return list_away(db, at=at).get(user_id)


def list_stood_in_for(db: Reader) -> list[AwayRow]:
    """List those who are away now and for whom the signed-in person acts, the next back first."""
    rows = [row for row in list_away(db).values() if row.acting_id == db.actor]
    return sorted(rows, key=lambda row: (row.last_day, row.name, row.user_id))


def _row(book: AbsenceBook, away: Away, at: datetime) -> AwayRow:
    chain = book.follow(away.user_id, at)
    return AwayRow(
        away.id,
        away.user_id,
        book.names.get(away.user_id, ""),
        away.last_day,
        chain.acting,
        _name(book, chain.acting),
        tuple(_name(book, step.user_id) for step in chain.steps[1:]),
        chain.is_circle,
        away.note,
    )


def _name(book: AbsenceBook, user_id: UserId | None) -> str:
    return "" if user_id is None else book.names.get(user_id, "")
