"""Wrapping: a key made unreadable without a secret that a person knows.

Argon2id (RFC 9106) turns the secret into a wrapping key, AES-256-GCM seals the database's key
with it. The parameters are kept beside the sealed bytes, so that they can rise with the years.
"""

import secrets
import unicodedata
from typing import Annotated, Final, NamedTuple

from msgspec import Meta, Struct
from msgspec.structs import replace

from deskcrm.store.keys.key import LENGTH, Key


class Effort(NamedTuple):
    """What it takes to try one secret."""

    passes: int
    memory_kib: int
    lanes: int


RECOMMENDED: Final = Effort(passes=3, memory_kib=64 * 1024, lanes=4)
"""The second recommended option of RFC 9106: about a tenth of a second, 64 MiB."""

effort = RECOMMENDED
"""What new keys are wrapped with; tests of other things need less."""


class Wrapped(Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed key, and how its wrapping key is made from the secret.

    The bounds keep a planted file from taking all the memory or an hour.
    """

    salt: bytes
    nonce: bytes
    sealed: bytes
    passes: Annotated[int, Meta(ge=1, le=20)] = RECOMMENDED.passes
    memory_kib: Annotated[int, Meta(ge=8 * 1024, le=1024 * 1024)] = RECOMMENDED.memory_kib
    lanes: Annotated[int, Meta(ge=1, le=16)] = RECOMMENDED.lanes


def wrap(key: Key, secret: str, purpose: str) -> Wrapped:
    """Seal a key under a secret; ``purpose`` must be the same when it is opened."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # slow to import, rarely needed

    blank = Wrapped(secrets.token_bytes(16), secrets.token_bytes(12), b"", *effort)
    sealed = AESGCM(_stretch(secret, blank)).encrypt(blank.nonce, key.raw, purpose.encode())
    return replace(blank, sealed=sealed)


def unwrap(wrapped: Wrapped, secret: str, purpose: str) -> Key | None:
    """Open a sealed key, or give None when the secret is not the one."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(_stretch(secret, wrapped))
    try:
        return Key(cipher.decrypt(wrapped.nonce, wrapped.sealed, purpose.encode()))
    except InvalidTag:
        return None


def _stretch(secret: str, wrapped: Wrapped) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # NFKC: one passphrase typed on two systems may reach us composed and decomposed.
    return hash_secret_raw(
        unicodedata.normalize("NFKC", secret).encode(),
        wrapped.salt,
        time_cost=wrapped.passes,
        memory_cost=wrapped.memory_kib,
        parallelism=wrapped.lanes,
        hash_len=LENGTH,
        type=Type.ID,
    )
