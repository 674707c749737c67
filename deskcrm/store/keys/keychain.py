"""The operating system's keychain, asked with a time limit, and only one known to be safe."""

import importlib
import os
import secrets
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

SERVICE: Final = "DeskCRM"
# A keychain that is only announced may never answer; a locked one asks the person first.
PROBE_SECONDS: Final = 15.0
READ_SECONDS: Final = 60.0

# Named one by one, and never asked of ``keyring.get_keyring``: a configuration file or a variable
# of the environment could name a back end there that keeps its secrets in plain text.
_KNOWN: Final = {
    "win32": ["keyring.backends.Windows:WinVaultKeyring"],
    "darwin": ["keyring.backends.macOS:Keyring"],
    "linux": [
        "keyring.backends.SecretService:Keyring",
        "keyring.backends.kwallet:DBusKeyring",
    ],
}

T = TypeVar("T")


class Backend(Protocol):
    """What is used of a back end of ``keyring``."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class KeychainFailed(UserError):
    """The keychain did not do what it was asked; the reason in words."""


class Keychain:
    """One working keychain; every call comes back in time or raises KeychainFailed."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def read(self, account: str) -> str | None:
        """Give what is kept for the account, or None."""
        return _in_time(lambda: self._backend.get_password(SERVICE, account), READ_SECONDS)

    def keep(self, account: str, secret: str) -> None:
        """Keep a secret for the account, and make sure that it can be read back."""

        def work() -> str | None:
            self._backend.set_password(SERVICE, account, secret)
            return self._backend.get_password(SERVICE, account)

        if _in_time(work, READ_SECONDS) != secret:
            raise KeychainFailed(tr("The keychain did not keep the key."))

    def forget(self, account: str) -> None:
        """Remove what is kept for the account."""
        _in_time(lambda: self._backend.delete_password(SERVICE, account), READ_SECONDS)

    def probe(self, seconds: float = PROBE_SECONDS) -> None:
        """Write, read and delete a worthless secret: only that shows that a keychain works."""
        account, secret = f"probe-{secrets.token_hex(8)}", secrets.token_hex(16)

        def work() -> str | None:
            self._backend.set_password(SERVICE, account, secret)
            found = self._backend.get_password(SERVICE, account)
            self._backend.delete_password(SERVICE, account)
            return found

        if _in_time(work, seconds) != secret:
            raise KeychainFailed(tr("The keychain did not give back what was put into it."))


def find_keychain() -> Keychain | None:
    """Find this system's keychain; whether it works, only ``probe`` tells.

    ``keyring``'s own way to switch it off is honoured, since it can only make things safer.
    """
    if os.environ.get("PYTHON_KEYRING_BACKEND") == "keyring.backends.fail.Keyring":
        return None
    try:
        return _in_time(_first_viable, PROBE_SECONDS)
    except KeychainFailed:
        return None


def _first_viable() -> Keychain | None:
    for name in _KNOWN.get(sys.platform, []):
        module, _, kind = name.partition(":")
        try:
            backend = getattr(importlib.import_module(module), kind)
            if backend.viable:
                return Keychain(backend())
        except Exception:  # whatever a system's back end raises means that it is not here
            continue
    return None


def _in_time(work: Callable[[], T], seconds: float) -> T:
    """Run ``work`` in a thread of its own; one that hangs is left behind and dies with us."""
    answer: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            answer.append(work())
        except Exception as error:  # reported below, in words
            failure.append(error)

    thread = threading.Thread(target=run, name="keychain", daemon=True)
    thread.start()
    thread.join(seconds)
    if answer:
        return answer[0]
    if failure:
        # Only the kind of the error: its text may quote what was being kept.
        kind = type(failure[0]).__name__
        raise KeychainFailed(tr("The keychain refused ({kind}).", kind=kind)) from None
    raise KeychainFailed(
        tr("The keychain did not answer within {seconds} seconds.", seconds=round(seconds))
    )
