"""Answers about the people who work here."""

from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.domain.names import sort_key
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person, as lists and choices show them."""

    id: UserId
    name: str
    email: str
    role: UserRole
    position: str
    language: str
    time_zone: str
    is_active: bool
    is_me: bool


_COLUMNS = (
    User.id,
    User.name,
    User.email,
    User.role,
    User.position,
    User.language,
    User.time_zone,
    User.is_active,
)


def list_users(db: Reader, *, with_inactive: bool = False) -> list[UserRow]:
    """List the people who work here, by name."""
    statement = select(*_COLUMNS).where(~User.is_deleted)
    if not with_inactive:
        statement = statement.where(User.is_active)
    rows = [
        UserRow(UserId(row[0]), *row[1:], is_me=row[0] == db.actor) for row in db.all(statement)
    ]
    return sorted(rows, key=lambda row: sort_key(row.name))


def get_me(db: Reader) -> UserRow | None:
    """Give the signed-in person; None before the workspace is set up."""
    row = db.first(select(*_COLUMNS).where(User.id == db.actor, ~User.is_deleted))
    return UserRow(UserId(row[0]), *row[1:], is_me=True) if row else None
