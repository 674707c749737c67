"""Ids that a device can make alone: UUIDv7 (RFC 9562), rising within the process."""

import os
import threading
import time
from functools import lru_cache
from uuid import UUID

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


def _as_uuid(value: int) -> UUID:
    milliseconds = value >> 74 & (1 << 48) - 1
    a = value >> 62 & 0xFFF
    b = value & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | 0x7 << 76 | a << 64 | 0b10 << 62 | b)
