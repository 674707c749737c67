"""Sign-ins: a short access token, and a refresh token that is replaced at each use.

Tokens are random or derived from one another with a key that only this database knows; of each,
only a hash is kept. A refresh token that comes a second time was copied, so the whole sign-in
ends; once, and within half a minute, it is taken for a lost answer, and answered the same again.

A device that was locked out destroys its copy, so it must be sure who says so. With its sign-in it
is given a seal, the hash of a proof that only this database can make; the proof is shown when the
device was locked out, and then only to whoever has its tokens or the person's password.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NoReturn
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import User
from deskcrm.server.accounts import end_sign_ins, fold_login
from deskcrm.server.attempts import count_attempt, forget_attempts
from deskcrm.server.passwords import fits, made_anew
from deskcrm.server.tables import account_table, sign_in_table
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.tables import device_table

ACCESS_LIVES: Final = timedelta(minutes=10)
REFRESH_LIVES: Final = timedelta(days=60)
GRACE: Final = timedelta(seconds=30)
_SECRET: Final = 32
_KEY: Final = "token_key"

_s, _a, _d = sign_in_table.c, account_table.c, device_table.c


_OPEN: Final = (
    select(_s.id, _s.user_id, _s.device, _s.access_hash, _s.access_until, _s.ended_at)
    .join(account_table, _a.user_id == _s.user_id)
    .join(User, User.id == _s.user_id)
    .join(device_table, _d.id == _s.device)
    .where(_a.disabled_at.is_(None), _d.revoked_at.is_(None), User.is_active, ~User.is_deleted)
)
"""Sign-ins of people who may enter, at devices that were not locked out."""
_ONE_OPEN: Final = _OPEN.where(_s.id == bindparam("this"))
"""Asked with each request, so it is built once."""


class NotSignedIn(Exception):
    """The person has to sign in, again or rightly."""


class LockedOut(Exception):
    """The device was locked out; ``proof`` shows it that its server says so."""

    def __init__(self, proof: bytes) -> None:
        super().__init__("locked out")
        self.proof = proof


class Closed(Exception):
    """The account was disabled, or the person does not work here any more."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a sign-in gives, and each renewal."""

    access: str
    refresh: str
    until: datetime
    user: UUID
    seal: bytes
    """The hash of the proof that would come if the device were locked out."""


@dataclass(frozen=True, slots=True)
class SignIns:
    """Signs people in and tells who a token belongs to; all of it needs ``fence.as_server``."""

    store: Store

    def sign_in(
        self, name: str, password: str, *, device: UUID, device_name: str, address: str
    ) -> Granted:
        """Sign a person in at a device.

        Raises TooMany, NotSignedIn, and to whoever knows the password Closed, LockedOut, Stopped.
        """
        login = fold_login(name)
        count_attempt(self.store, login, address)
        query = select(_a.user_id, _a.password_hash).where(_a.login == login)
        found = self.store.ask(lambda db: db.first(query))
        if not fits(found.password_hash if found else None, password) or found is None:
            raise NotSignedIn
        user, anew = UUID(str(found.user_id)), made_anew(found.password_hash, password)

        def take(connection: Connection) -> Arrived[Granted | None]:
            if not _may_enter(connection, user):
                return Arrived(None)
            forget_attempts(connection, login)
            if anew is not None:
                # Unless it was changed meanwhile: then it is another password's.
                old = (_a.user_id == user) & (_a.password_hash == found.password_hash)
                connection.execute(update(account_table).where(old).values(password_hash=anew))
            self._note_device(connection, user, device, device_name)
            return Arrived(self._begin(connection, user, device))

        granted = self.store.absorb(take).value
        if granted is None:
            raise Closed
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
            raise LockedOut(_proof(_token_key(connection), device))

    def _begin(self, connection: Connection, user: UUID, device: UUID) -> Granted:
        now, one, secret = self.store.clock(), new_id(), secrets.token_bytes(_SECRET)
        end_sign_ins(connection, self.store, _s.device == device)
        granted = _grant(_token_key(connection), one, secret, (user, device), now + ACCESS_LIVES)
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
        """Trade a refresh token for the next pair; raises NotSignedIn, LockedOut or Closed."""
        one, secret = _parts(token)

        def take(connection: Connection) -> Arrived[Granted | None]:
            query = select(sign_in_table).where(_s.id == one).with_for_update()
            row = connection.execute(query).first()
            if row is None or row.ended_at is not None:
                return Arrived(None)
            return Arrived(self._next(connection, row, token, secret))

        granted = self.store.absorb(take).value
        if granted is None:
            self._refuse(one, token)
        return granted

    def _next(self, connection: Connection, row: Any, token: str, secret: bytes) -> Granted | None:
        now, key = self.store.clock(), _token_key(connection)
        following, whose = _derive(key, b"refresh", row.id, secret), (row.user_id, row.device)
        own = update(sign_in_table).where(_s.id == row.id)
        if not _may_enter(connection, row.user_id) or now - row.rotated_at > REFRESH_LIVES:
            connection.execute(own.values(ended_at=now))
            return None
        if _is(token, row.refresh_hash):
            granted = _grant(key, row.id, following, whose, now + ACCESS_LIVES)
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
            return _grant(key, row.id, following, whose, row.access_until)
        # Two have the same token, and there is no telling which of them is the person.
        connection.execute(own.values(ended_at=now))
        return None

    def sign_out(self, token: str) -> None:
        """End the sign-in that a refresh token belongs to; one that is none ends nothing.

        Raises LockedOut: a device must not be able to leave before it has heard of that.
        """
        one, _ = _parts(token)

        def take(connection: Connection) -> Arrived[None]:
            row = connection.execute(select(sign_in_table).where(_s.id == one)).first()
            if row is not None and (_is(token, row.refresh_hash) or _is(token, row.former_hash)):
                self._check_device(connection, row.device)
                end_sign_ins(connection, self.store, _s.id == one)
            return Arrived(None)

        self.store.absorb(take)

    def caller_of(self, token: str) -> Caller:
        """Tell who speaks with an access token; raises NotSignedIn, LockedOut or Closed."""
        one, _ = _parts(token)
        row = self.store.ask(lambda db: db.connection.execute(_ONE_OPEN, {"this": one}).first())
        if row is None or row.ended_at is not None:
            self._refuse(one, token)
        if not self._opens(token, row):
            raise NotSignedIn
        return Caller(row.user_id, row.device)

    def callers_of(self, connection: Connection, tokens: Iterable[str]) -> dict[str, Caller]:
        """Tell of many at once who speaks; those whom :meth:`caller_of` refuses are left out."""
        named: dict[UUID, set[str]] = defaultdict(set)
        for token in tokens:
            with suppress(NotSignedIn):
                named[_parts(token)[0]].add(token)
        found: dict[str, Caller] = {}
        for chunk in in_chunks(named):
            for row in connection.execute(_OPEN.where(_s.id.in_(chunk), _s.ended_at.is_(None))):
                caller = Caller(row.user_id, row.device)
                found |= {one: caller for one in named[row.id] if self._opens(one, row)}
        return found

    def _opens(self, token: str, row: Any) -> bool:
        return _is(token, row.access_hash) and row.access_until > self.store.clock()

    def check_device(self, device: UUID) -> None:
        """Raise LockedOut for a device that was; its person must be known to be at it."""

        def look(db: Reader) -> None:
            self._check_device(db.connection, device)

        self.store.ask(look)

    def _check_device(self, connection: Connection, device: UUID) -> None:
        query = select(_d.revoked_at).where(_d.id == device)
        if connection.execute(query).scalar() is not None:
            raise LockedOut(_proof(_token_key(connection), device))

    def _refuse(self, one: UUID, token: str) -> NoReturn:
        """Say why a sign-in is over, to whoever has its token; to all others only that it is."""
        query = select(sign_in_table).where(_s.id == one)

        def look(db: Reader) -> None:
            row = db.first(query)
            if row is None:
                raise NotSignedIn
            own = (row.access_hash, row.refresh_hash, row.former_hash)
            if not any(_is(token, hashed) for hashed in own):
                raise NotSignedIn
            self._check_device(db.connection, row.device)
            if not _may_enter(db.connection, row.user_id):
                raise Closed

        self.store.ask(look)
        raise NotSignedIn


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


def _grant(
    key: bytes, one: UUID, secret: bytes, whose: tuple[UUID, UUID], until: datetime
) -> Granted:
    user, device = whose
    access, seal = _derive(key, b"access", one, secret), sha256(_proof(key, device)).digest()
    return Granted(_token(one, access), _token(one, secret), until, user, seal)


def _proof(key: bytes, device: UUID) -> bytes:
    return _derive(key, b"locked out", device, b"")


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
