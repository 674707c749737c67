"""Messages one after another, in one answer, and ops one after another, in several messages."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

import msgspec

from deskcrm.sync.protocol import Malformed, Op

_pack: Final = msgspec.msgpack.Encoder()


def framed(packed: bytes) -> bytes:
    """Put a packed message into an answer of several: four bytes say how long it is."""
    return len(packed).to_bytes(4, "big") + packed


def frames(pieces: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """Give the messages of such an answer as they come; Malformed when one is too large."""
    left = b""
    for piece in pieces:
        left += piece
        while len(left) >= 4:
            end = 4 + int.from_bytes(left[:4], "big")
            if end > largest:
                raise Malformed("the message is too large")
            if len(left) < end:
                break
            yield left[4:end]
            left = left[end:]


class OpsDigest:
    """The digest of a step's ops, however they are parted."""

    def __init__(self) -> None:
        self._made = blake2b(digest_size=32)

    def add(self, ops: Iterable[Op]) -> None:
        """Add the ops that come next."""
        for op in ops:
            self._made.update(_pack.encode(op))

    def value(self) -> bytes:
        """Give the digest of what was added."""
        return self._made.digest()
