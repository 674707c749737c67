"""Sign-ins: a short access token, and a refresh token that is replaced at each use.

Tokens are random or derived from one another with a key that only this database knows; of each,
only a hash is kept. A refresh token that comes a second time was copied, so the whole sign-in
ends; once, and within half a minute, it is taken for a lost answer, and answered the same again.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import User
from deskcrm.server.accounts import end_sign_ins, fold_login
from deskcrm.server.attempts import count_attempt, forget_attempts
from deskcrm.server.passwords import fits
from deskcrm.server.tables import account_table, sign_in_table
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.store import Arrived, Store
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.tables import device_table

ACCESS_LIVES: Final = timedelta(minutes=10)
REFRESH_LIVES: Final = timedelta(days=60)
GRACE: Final = timedelta(seconds=30)
_SECRET: Final = 32
_KEY: Final = "token_key"

_s, _a, _d = sign_in_table.c, account_table.c, device_table.c


class NotSignedIn(Exception):
    """The person has to sign in, again or rightly."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a sign-in gives, and each renewal."""

    access: str
    refresh: str
    until: datetime
    user: UUID


@dataclass(frozen=True, slots=True)
class SignIns:
    """Signs people in and tells who a token belongs to; all of it needs ``fence.as_server``."""

    store: Store

    def sign_in(
        self, name: str, password: str, *, device: UUID, device_name: str, address: str
    ) -> Granted:
        """Sign a person in at a device; raises TooMany, NotSignedIn, or Stopped for the device."""
        login = fold_login(name)
        count_attempt(self.store, login, address)
        query = select(_a.user_id, _a.password_hash).where(
            _a.login == login, _a.disabled_at.is_(None)
        )
        found = self.store.ask(lambda db: db.first(query))
        if not fits(found.password_hash if found else None, password) or found is None:
            raise NotSignedIn
        user = UUID(str(found.user_id))

        def take(connection: Connection) -> Arrived[Granted | None]:
            if not _may_enter(connection, user):
                return Arrived(None)
            forget_attempts(connection, login)
            self._note_device(connection, user, device, device_name)
            return Arrived(self._begin(connection, user, device))

        granted = self.store.absorb(take).value
        if granted is None:
            raise NotSignedIn
        return granted

    def _note_device(self, connection: Connection, user: UUID, device: UUID, name: str) -> None:
        found = connection.execute(select(device_table).where(_d.id == device)).first()
        if found is None:
            row = {"last_no": 0, "floor": 0, "last_seen_at": self.store.clock()}
            connection.execute(
                insert(device_table).values(id=device, user_id=user, name=name[:200], **row)
            )
        elif found.user_id != user:
            raise Stopped("unknown device")
        elif found.revoked_at is not None:
            raise Stopped("revoked")

    def _begin(self, connection: Connection, user: UUID, device: UUID) -> Granted:
        now, one, secret = self.store.clock(), new_id(), secrets.token_bytes(_SECRET)
        end_sign_ins(connection, self.store, _s.device == device)
        granted = _grant(_token_key(connection), one, secret, user, now + ACCESS_LIVES)
        connection.execute(
            insert(sign_in_table).values(
                id=one,
                user_id=user,
                device=device,
                access_hash=_hash(granted.access),
                access_until=granted.until,
                refresh_hash=_hash(granted.refresh),
                rotated_at=now,
                was_repeated=False,
                began_at=now,
            )
        )
        return granted

    def refresh(self, token: str) -> Granted:
        """Trade a refresh token for the next pair; raises NotSignedIn, or Stopped when revoked."""
        one, secret = _parts(token)

        def take(connection: Connection) -> Arrived[Granted | None]:
            query = select(sign_in_table).where(_s.id == one).with_for_update()
            row = connection.execute(query).first()
            if row is None or row.ended_at is not None:
                return Arrived(None)
            return Arrived(self._next(connection, row, token, secret))

        granted = self.store.absorb(take).value
        if granted is None:
            self._say_if_revoked(one)
            raise NotSignedIn
        return granted

    def _next(self, connection: Connection, row: Any, token: str, secret: bytes) -> Granted | None:
        now, key = self.store.clock(), _token_key(connection)
        following = _derive(key, b"refresh", row.id, secret)
        own = update(sign_in_table).where(_s.id == row.id)
        if not _may_enter(connection, row.user_id) or now - row.rotated_at > REFRESH_LIVES:
            connection.execute(own.values(ended_at=now))
            return None
        if _is(token, row.refresh_hash):
            granted = _grant(key, row.id, following, row.user_id, now + ACCESS_LIVES)
            connection.execute(
                own.values(
                    access_hash=_hash(granted.access),
                    access_until=granted.until,
                    refresh_hash=_hash(granted.refresh),
                    former_hash=row.refresh_hash,
                    rotated_at=now,
                    was_repeated=False,
                )
            )
            return granted
        if _is(token, row.former_hash) and not row.was_repeated and now - row.rotated_at <= GRACE:
            connection.execute(own.values(was_repeated=True))
            return _grant(key, row.id, following, row.user_id, row.access_until)
        # Two have the same token, and there is no telling which of them is the person.
        connection.execute(own.values(ended_at=now))
        return None

    def sign_out(self, token: str) -> None:
        """End the sign-in that a refresh token belongs to; one that is none ends nothing."""
        one, _ = _parts(token)

        def take(connection: Connection) -> Arrived[None]:
            row = connection.execute(select(sign_in_table).where(_s.id == one)).first()
            if row is not None and (_is(token, row.refresh_hash) or _is(token, row.former_hash)):
                end_sign_ins(connection, self.store, _s.id == one)
            return Arrived(None)

        self.store.absorb(take)

    def caller_of(self, token: str) -> Caller:
        """Tell who speaks with an access token; raises NotSignedIn, or Stopped when revoked."""
        one, _ = _parts(token)
        query = (
            select(_s.user_id, _s.device, _s.access_hash, _s.access_until, _s.ended_at)
            .join(account_table, _a.user_id == _s.user_id)
            .join(User, User.id == _s.user_id)
            .join(device_table, _d.id == _s.device)
            .where(_s.id == one, _a.disabled_at.is_(None), _d.revoked_at.is_(None))
            .where(User.is_active, ~User.is_deleted)
        )
        row = self.store.ask(lambda db: db.first(query))
        if row is None or row.ended_at is not None:
            self._say_if_revoked(one)
            raise NotSignedIn
        if not _is(token, row.access_hash) or row.access_until <= self.store.clock():
            raise NotSignedIn
        return Caller(row.user_id, row.device)

    def _say_if_revoked(self, one: UUID) -> None:
        query = select(_d.revoked_at).join(sign_in_table, _s.device == _d.id).where(_s.id == one)
        if self.store.ask(lambda db: db.scalar(query)) is not None:
            raise Stopped("revoked")


def ensure_token_key(connection: Connection) -> None:
    """Make the key that tokens are derived with, unless there is one."""
    if read_meta(connection, _KEY) is None:
        write_meta(connection, _KEY, secrets.token_hex(_SECRET))


def _token_key(connection: Connection) -> bytes:
    return bytes.fromhex(read_meta(connection, _KEY) or "")


def _may_enter(connection: Connection, user: UUID) -> bool:
    living = User.is_active & ~User.is_deleted
    query = select(_a.user_id).join(User, User.id == _a.user_id)
    chosen = query.where(_a.user_id == user, _a.disabled_at.is_(None), living)
    return connection.execute(chosen).first() is not None


def _grant(key: bytes, one: UUID, secret: bytes, user: UUID, until: datetime) -> Granted:
    access = _derive(key, b"access", one, secret)
    return Granted(_token(one, access), _token(one, secret), until, user)


def _derive(key: bytes, what: bytes, one: UUID, secret: bytes) -> bytes:
    return hmac.digest(key, what + one.bytes + secret, "sha256")


def _token(one: UUID, secret: bytes) -> str:
    return urlsafe_b64encode(one.bytes + secret).decode()


def _parts(token: str) -> tuple[UUID, bytes]:
    try:
        whole = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        raise NotSignedIn from None
    if len(whole) != 16 + _SECRET:
        raise NotSignedIn
    return UUID(bytes=whole[:16]), whole[16:]


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _is(token: str, hashed: bytes | None) -> bool:
    return hashed is not None and hmac.compare_digest(_hash(token), hashed)
