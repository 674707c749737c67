"""Ids that a device can make alone (RFC 9562): drawn ones, and ones that mean something.

A drawn id is a UUIDv7, rising within the process. An id that is worked out from what the thing
means is a UUIDv5: two people offline who make the same thing make one.
"""

import os
import threading
import time
from functools import lru_cache
from hashlib import sha1
from typing import Final
from uuid import UUID

_MEANT: Final = UUID("6f1c1c0e-6d0f-5d5a-9a8e-64d2a0f6b1c7")
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Make a UUIDv7: 48 bits of Unix milliseconds, then 74 bits, random but rising.

    Rising ids keep the primary-key index append-only, which is half again as fast to write as
    random ones. Within one millisecond the random part counts upward by a random stride.
    """
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(10)) >> 6
        # A clock that was set back must not make ids fall either.
        _last = fresh if fresh > _last else _last + 1 + int.from_bytes(os.urandom(4))
        value = _last
    return _as_uuid(value)


@lru_cache(16_384)
def id_of(stored: bytes) -> UUID:
    """Give the id of 16 bytes: the same few come again and again, and each costs microseconds."""
    return UUID(bytes=stored)


@lru_cache(16_384)
def id_named(text: str) -> UUID:
    """Give the id that hexadecimal digits name; ValueError when they name none."""
    return UUID(hex=text)


def meant_id(*meaning: object) -> UUID:
    """Work out the id of the one thing that means this, such as this tag on that client."""
    said = "\x1f".join(map(str, meaning)).encode()
    # What uuid.uuid5 does, without making its namespace anew each time.
    digest = sha1(_MEANT.bytes + said, usedforsecurity=False).digest()
    return UUID(bytes=digest[:16], version=5)


def is_meant(row_id: UUID) -> bool:
    """Tell whether an id was worked out, so that another may have made the same thing."""
    return row_id.int >> 76 & 15 == 5


def _as_uuid(value: int) -> UUID:
    milliseconds = value >> 74 & (1 << 48) - 1
    a = value >> 62 & 0xFFF
    b = value & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | a << 64 | 0b10 << 62 | b)
