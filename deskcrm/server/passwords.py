"""Passwords: hashed with argon2id, and as slow to refuse an unknown login as a known one."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr

SHORTEST: Final = 8
LONGEST: Final = 1_000

# What OWASP asks for at least is 19 MiB and two rounds; this is the library's own choice, RFC 9106.
_hasher: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a new password; UserError when it is too short to be one."""
    if len(password) < SHORTEST:
        raise UserError(
            tr("The password is too short."),
            ntr("It needs at least {n} letter.", "It needs at least {n} letters.", SHORTEST),
        )
    if len(password) > LONGEST:
        raise UserError(tr("The password is too long."), tr("Choose a shorter one."))
    return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the one; None, for a login that is not there, takes as long."""
    try:
        _hasher.verify(password_hash or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with less effort than is made now."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
