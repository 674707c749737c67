"""The key of a database, which shows itself to nobody by accident."""

import hashlib
import hmac
import secrets
from typing import Final, NoReturn

LENGTH: Final = 32


class Key:
    """32 random bytes; ``raw`` is the only way to them.

    Not a dataclass: the generated ``repr``, pickling and copying are what must not happen.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != LENGTH:
            raise ValueError("a key has 32 bytes")
        self._raw = bytearray(raw)

    @staticmethod
    def new() -> "Key":
        """Make a key from the operating system's randomness."""
        return Key(secrets.token_bytes(LENGTH))

    @property
    def raw(self) -> bytes:
        """The bytes themselves, for the database and for wrapping."""
        return bytes(self._raw)

    def forget(self) -> None:
        """Overwrite the bytes; what was copied from them is out of reach and goes with its owner.

        Afterwards it is 32 zeros, which open nothing.
        """
        self._raw[:] = bytes(LENGTH)

    @property
    def fingerprint(self) -> str:
        """Give what tells keys apart and betrays nothing: the key is random, so a hash is safe."""
        return hashlib.sha256(b"DeskCRM key fingerprint\0" + self.raw).hexdigest()[:32]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._raw, other._raw)

    __hash__ = None  # type: ignore[assignment]  # the way the language reference forbids hashing

    def __repr__(self) -> str:
        return "Key(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not copied, pickled or sent")
