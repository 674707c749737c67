"""Adds people, gives them roles, and takes leave of them."""

from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.contacts import emails
from deskcrm.domain.timezones import check_time_zone
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class UserDetails(TypedDict, total=False):
    """What may be known of a person besides the name."""

    email: str
    position: str
    language: str
    time_zone: str


class UserChanges(UserDetails, total=False):
    """What can be edited of a person; only what is given is written."""

    name: str


@command("users.create_first", "Set up", can_undo=False)
def create_first_user(work: Work, *, name: str, email: str = "", language: str = "") -> UserId:
    """Make the signed-in user of a new workspace known, as its administrator; once only."""
    if work.find(User, work.actor) is not None:
        return UserId(work.actor)
    hidden = work.find_deleted(User, work.actor)
    if hidden is not None:
        # The person was removed: the id is taken, so they come back.
        work.restore(hidden)
    user = hidden or User(id=work.actor, name=name)
    user.role, user.language = UserRole.ADMINISTRATOR, language
    _change(user, {"name": name, "email": email})
    return UserId((hidden or work.add(user)).id)


@command("users.add", "Add person")
def add_user(
    work: Work, /, *, name: str, role: UserRole = UserRole.AGENT, **details: Unpack[UserDetails]
) -> UserId:
    """Add a person who works here."""
    user = User(name=name, role=role)
    _change(user, {**details, "name": name})
    return UserId(work.add(user).id)


@command("users.edit", "Edit person")
def edit_user(work: Work, /, user_id: UserId, **changes: Unpack[UserChanges]) -> None:
    """Change what is known of a person."""
    _change(work.get(User, user_id), changes)


@command("users.set_role", "Set role")
def set_role(work: Work, user_id: UserId, *, role: UserRole) -> None:
    """Give a person another role; the last administrator keeps theirs."""
    user = work.get(User, user_id)
    if user.role is UserRole.ADMINISTRATOR and role is not UserRole.ADMINISTRATOR:
        _check_other_administrator(work, user)
    user.role = role


@command("users.deactivate", "Deactivate person")
def deactivate_user(work: Work, user_id: UserId) -> None:
    """Take a person off the choices; what they did stays under their name."""
    user = work.get(User, user_id)
    if user.id == work.actor:
        raise UserError(
            tr("You cannot deactivate yourself."), tr("Ask another administrator to do it.")
        )
    if user.role is UserRole.ADMINISTRATOR:
        _check_other_administrator(work, user)
    user.is_active = False


@command("users.reactivate", "Reactivate person")
def reactivate_user(work: Work, user_id: UserId) -> None:
    """Put a person back on the choices."""
    work.get(User, user_id).is_active = True


def check_assignable(work: Work, user_id: UUID) -> User:
    """Give the person that something is to be handed to; UserError if they cannot take it."""
    user = work.get(User, user_id)
    if not user.is_active:
        raise UserError(
            tr("{name} does not work here any more.", name=user.name),
            tr("Choose somebody who does."),
        )
    return user


def _check_other_administrator(work: Work, user: User) -> None:
    others = work.scalar(
        select(func.count())
        .select_from(User)
        .where(User.role == UserRole.ADMINISTRATOR, User.is_active, ~User.is_deleted)
        .where(User.id != user.id)
    )
    if not others:
        raise UserError(
            tr("{name} is the only administrator.", name=user.name),
            tr("Make somebody else an administrator first."),
        )


def _change(user: User, changes: UserChanges) -> None:
    if "name" in changes:
        user.rename(changes["name"])
    if "email" in changes:
        user.email = emails.checked(changes["email"])
    if "position" in changes:
        user.position = changes["position"].strip()
    if "language" in changes:
        user.language = changes["language"]
    if "time_zone" in changes:
        user.time_zone = check_time_zone(changes["time_zone"])
