"""Passwords: hashed with argon2id, and as slow to refuse an unknown login as a known one."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr

SHORTEST: Final = 8
LONGEST: Final = 1_000

MEMORY_KIB: Final = 64 << 10
PASSES: Final = 3
LANES: Final = 4
SALT_BYTES: Final = 16
HASH_BYTES: Final = 32
"""As RFC 9106 has it for servers; OWASP asks for 19 MiB and two passes at least."""


def make_hasher() -> PasswordHasher:
    """Give what hashes with the effort that is meant."""
    return PasswordHasher(PASSES, MEMORY_KIB, LANES, HASH_BYTES, SALT_BYTES, type=Type.ID)


_hasher: Final = make_hasher()


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


def made_anew(password_hash: str, password: str) -> str | None:
    """Give another hash of a password that fits, where the old one was made with other effort."""
    return _hasher.hash(password) if _hasher.check_needs_rehash(password_hash) else None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
