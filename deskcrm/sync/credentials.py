"""Where a profile is signed in, and the token that keeps it so; never in plain on the disk."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store import keys
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.keys import Keychain, KeychainFailed
from deskcrm.store.keys import file as key_file
from deskcrm.store.profile import Profile
from deskcrm.store.store import Arrived, Store

_LOGIN: Final = "login"
_TOKEN: Final = "refresh_token"
_SEAL: Final = "seal"


@dataclass(frozen=True, slots=True)
class Login:
    """Who is signed in, and where."""

    url: str
    name: str
    user: UUID
    device: UUID
    """A token is for one device: a profile that became another one must sign in again."""


class Credentials:
    """The login of one profile.

    The refresh token goes where the key of the profile is: into the keychain of the system, if
    that keeps the key. Where a passphrase opens the profile there is no keychain, or none that is
    trusted; then the token is a row of the encrypted database. That gives nothing away: whoever
    opens the database has what the token would fetch, and one that lies in an old backup was
    replaced at its next use.
    """

    def __init__(self, store: Store, keychain: Keychain | None = None, account: str = "") -> None:
        self._store = store
        self._keychain = keychain
        self._account = account

    @classmethod
    def of(cls, store: Store, profile: Profile) -> "Credentials":
        """Give the credentials of an open profile."""
        if not keys.ways(profile).keychain:
            return cls(store)
        return cls(store, keys.find_keychain(), keys.token_account(key_file.read(profile).profile))

    def login(self) -> Login | None:
        """Give who is signed in, or None."""
        noted = json.loads(self._read(_LOGIN) or "null")
        if noted is None:
            return None
        user, device = UUID(noted["user"]), UUID(noted["device"])
        return Login(noted["url"], noted["name"], user, device)

    def refresh_token(self) -> str | None:
        """Give the token; None when nobody is signed in, or as another device than this is now."""
        login = self.login()
        if login is None or login.device != self._store.device:
            return None
        kept = self._read(_TOKEN)
        if kept or self._keychain is None:
            return kept or None
        try:
            return self._keychain.read(self._account) or None
        except KeychainFailed:
            return None

    def seal(self) -> str:
        """Give what a revocation of this device must fit, or ""; it outlives a sign-out."""
        noted = json.loads(self._read(_SEAL) or "{}")
        return str(noted.get(str(self._store.device), ""))

    def sign_in(self, login: Login, refresh: str, seal: str) -> None:
        """Keep a login with its token and its seal."""
        noted = {
            "url": login.url,
            "name": login.name,
            "user": str(login.user),
            "device": str(login.device),
        }
        self.keep(refresh)
        self._write(_SEAL, json.dumps({str(login.device): seal}))
        self._write(_LOGIN, json.dumps(noted))

    def keep(self, refresh: str) -> None:
        """Keep the token that takes the former one's place."""
        if self._keychain is not None:
            try:
                self._keychain.keep(self._account, refresh)
            except KeychainFailed:
                pass  # the former token is spent: this one must be kept somewhere
            else:
                if self._read(_TOKEN):
                    self._write(_TOKEN, "")
                return
        self._write(_TOKEN, refresh)

    def forget(self) -> None:
        """Forget the login and the token."""
        self._write(_TOKEN, "")
        self._write(_LOGIN, "")
        if self._keychain is not None:
            with suppress(KeychainFailed):  # it was not there; the server has spent it anyway
                self._keychain.forget(self._account)

    def _read(self, key: str) -> str | None:
        return self._store.ask(lambda db: read_meta(db.connection, key))

    def _write(self, key: str, value: str) -> None:
        def take(connection: Connection) -> Arrived[None]:
            write_meta(connection, key, value)
            return Arrived(None)

        self._store.absorb(take)
