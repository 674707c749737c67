"""Accounts: who may sign in. Each belongs to a person among the records, who syncs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.teams.commands import add_member
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.server.heads import look_again
from deskcrm.server.passwords import hash_password
from deskcrm.server.tables import account_table, sign_in_table
from deskcrm.store.commands import Command
from deskcrm.store.store import Arrived, Store
from deskcrm.store.work import Work
from deskcrm.sync.tables import device_table

_a = account_table.c


def fold_login(typed: str) -> str:
    """Give the form in which logins are compared: case and spaces do not matter."""
    return " ".join(typed.split()).casefold()


def add_account(
    store: Store, name: str, *, role: UserRole, teams: Sequence[TeamId], password: str
) -> UserId:
    """Add a person who works here, with a login of that name; all or nothing."""
    hashed = hash_password(password)

    def add(work: Work) -> UserId:
        login = fold_login(name)
        if work.connection.execute(select(_a.user_id).where(_a.login == login)).first():
            raise UserError(
                tr("Somebody signs in as “{name}” already.", name=name), tr("Choose another name.")
            )
        user = add_user(work, name=name, role=role)
        work.session.flush()
        for team in teams:
            add_member(work, team, user_id=user)
        row = {"login": login, "password_hash": hashed, "changed_at": work.now}
        work.connection.execute(insert(account_table).values(user_id=user, **row))
        return user

    # Not undone with Ctrl+Z at some workstation: the account would be left without its person.
    return store.do(Command("accounts.add", "Add person", add, can_undo=False)).value


def set_password(store: Store, login: str, password: str) -> None:
    """Give an account another password; whoever is signed in with the old one must do so again."""
    hashed, now = hash_password(password), store.clock()

    def take(connection: Connection) -> Arrived[None]:
        user = _find(connection, login)
        changed = update(account_table).where(_a.user_id == user)
        connection.execute(changed.values(password_hash=hashed, changed_at=now, disabled_at=None))
        end_sign_ins(connection, store, sign_in_table.c.user_id == user)
        return Arrived(None)

    store.absorb(take)


def disable(store: Store, login: str, *, and_devices: bool = False) -> None:
    """Refuse everything to an account from now on; the person's records stay.

    ``and_devices``: their devices are locked out as well, and wipe their copies at next contact.
    """
    d = device_table.c

    def take(connection: Connection) -> Arrived[None]:
        user = _find(connection, login)
        changed = update(account_table).where(_a.user_id == user)
        connection.execute(changed.values(disabled_at=store.clock()))
        if and_devices:
            theirs = update(device_table).where(d.user_id == user, d.revoked_at.is_(None))
            connection.execute(theirs.values(revoked_at=store.clock()))
        end_sign_ins(connection, store, sign_in_table.c.user_id == user)
        return Arrived(None)

    store.absorb(take)


def revoke_device(store: Store, device: UUID, *, of: UUID | None = None) -> bool:
    """Lock a device out for good, at once; tells whether there is one (``of`` a certain person)."""
    d = device_table.c

    def take(connection: Connection) -> Arrived[bool]:
        chosen = (d.id == device) & ((d.user_id == of) if of is not None else d.id.is_not(None))
        if connection.execute(select(d.id).where(chosen)).first() is None:
            return Arrived(False)
        connection.execute(
            update(device_table)
            .where(chosen, d.revoked_at.is_(None))
            .values(revoked_at=store.clock())
        )
        end_sign_ins(connection, store, sign_in_table.c.device == device)
        return Arrived(True, (), ("sign_in",))

    return store.absorb(take).value


def end_sign_ins(connection: Connection, store: Store, which: object) -> None:
    """End sign-ins: neither of their tokens opens anything from now on, nor waits for anything."""
    s = sign_in_table.c
    ended = update(sign_in_table).where(which, s.ended_at.is_(None))  # type: ignore[arg-type]  # a condition
    if connection.execute(ended.values(ended_at=store.clock())).rowcount:
        look_again(connection)


def role_of(connection: Connection, user: UUID) -> UserRole | None:
    """Give the role of a person who works here; None for everybody else."""
    living = (User.id == user) & User.is_active & ~User.is_deleted
    return connection.execute(select(User.role).where(living)).scalar()


def _find(connection: Connection, login: str) -> UUID:
    query = select(_a.user_id).where(_a.login == fold_login(login))
    found: UUID | None = connection.execute(query).scalar()
    if found is None:
        raise UserError(
            tr("Nobody signs in as “{name}”.", name=login), tr("Check how it is written.")
        )
    return found
