"""Reads the write-ahead log as SQLite would, to notice when its end was damaged.

SQLite takes a frame with a wrong checksum for the end of the log: right after a power cut, when
what follows was never acknowledged; wrong when a bit flipped in a transaction that was. It then
opens as if the lost transactions had never been, without a word. Two witnesses tell the cases
apart: the index beside the log (``-shm``), which survives the end of a process and counts the
frames that were committed; and frames after the break, which are written only once the
transaction before them is on the disk. Format: https://sqlite.org/walformat.html
"""

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_MAGIC: Final = 0x377F0682  # the lowest bit set: sums over big-endian words
_HEADER: Final = 32
_FRAME: Final = 24
_WORD: Final = 0xFFFFFFFF
# The header, its second copy, and how many frames have been moved into the database.
_INDEX: Final = struct.Struct("=IIIBBHII2I2I2I48xI")

Sums = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WalState:
    """What a reader will find in a write-ahead log, and what should be there."""

    readable: int = 0
    """Frames up to the last commit that SQLite will find."""
    lost: bool = False
    """Something that had been committed will not be found."""


@dataclass(frozen=True, slots=True)
class _Header:
    salts: bytes
    sums: Sums
    order: str
    page_size: int


@dataclass(frozen=True, slots=True)
class _Index:
    salts: bytes
    committed: int
    moved: int

    @property
    def all_moved(self) -> bool:
        """Tell whether the database has everything, so that the log can be missed."""
        return self.moved == self.committed


def read_wal(database: Path) -> WalState:
    """Read the log beside a database that nobody has open; must run before it is opened.

    Opening makes the index anew, and with it goes the witness.
    """
    wal = database.with_name(database.name + "-wal")
    index = _read_index(database.with_name(database.name + "-shm"))
    nothing_readable = WalState(lost=index is not None and not index.all_moved)
    try:
        size = wal.stat().st_size
        with wal.open("rb") as file:
            header = _read_header(file.read(_HEADER))
            if header is not None:
                return _read_frames(file, header, index)
    except FileNotFoundError:
        return nothing_readable
    if index is None:
        # A header is on the disk before the first frame is: frames under a bad one are damage.
        return WalState(lost=size > _HEADER + _FRAME)
    return nothing_readable


def _read_frames(file: BinaryIO, header: _Header, index: _Index | None) -> WalState:
    readable = commits_after = 0
    whole = True  # all frames so far are as they were written
    sums = header.sums
    for position, frame in enumerate(_frames(file, header.page_size), start=1):
        ours = frame[8:16] == header.salts
        is_commit = frame[4:8] != b"\0\0\0\0"
        if whole:
            sums = _sum(frame[_FRAME:], _sum(frame[:8], sums, header.order), header.order)
            summed = sums == struct.unpack(">2I", frame[16:24])
            if summed and not ours:
                return WalState(readable, lost=True)  # nothing but its salt was changed
            whole = summed and ours
            if whole and is_commit:
                readable = position
        if not whole and ours:  # what is not ours is left from an older round of the log
            if commits_after:
                return WalState(readable, lost=True)
            commits_after = int(is_commit)
    if index is None or index.salts != header.salts or (readable == 0 and index.all_moved):
        return WalState(readable)
    return WalState(readable, lost=index.committed > readable)


def _frames(file: BinaryIO, page_size: int) -> Iterator[bytes]:
    while len(frame := file.read(_FRAME + page_size)) == _FRAME + page_size:
        yield frame


def _read_header(content: bytes) -> _Header | None:
    """Read the first 32 bytes of a log; None when SQLite would not believe them."""
    if len(content) < _HEADER:
        return None
    magic, _, page_size = struct.unpack(">3I", content[:12])
    if magic & ~1 != _MAGIC or page_size < 512 or page_size & page_size - 1:
        return None
    order = ">" if magic & 1 else "<"
    sums = _sum(content[:24], (0, 0), order)
    if sums != struct.unpack(">2I", content[24:32]):
        return None
    return _Header(content[16:24], sums, order, page_size)


def _read_index(shm: Path) -> _Index | None:
    """Read the index as the last process left it; None when there is none to believe."""
    try:
        with shm.open("rb") as file:
            content = file.read(_INDEX.size)
    except OSError:
        return None
    if len(content) < _INDEX.size:
        return None
    fields = _INDEX.unpack(content)
    order = "<" if sys.byteorder == "little" else ">"
    if not fields[3] or _sum(content[:40], (0, 0), order) != fields[12:14]:
        return None
    return _Index(salts=content[32:40], committed=fields[6], moved=fields[14])


def _sum(content: bytes, start: Sums, order: str) -> Sums:
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    first, second = start
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & _WORD
        second = second + odd + first & _WORD
    return first, second
