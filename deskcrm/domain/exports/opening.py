"""Opens an archive that comes from anywhere: every name, size and digest is checked on the way."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.exports.archive import (
    CONTENTS,
    FORMAT,
    KNOWN_NAME,
    MANIFEST,
    RECORDS,
    VERSION,
    Manifest,
    TableEntry,
)
from deskcrm.domain.imports.reading.limits import Limits
from deskcrm.store.contents import CHUNK

T = TypeVar("T")
ARCHIVE_LIMITS: Final = Limits(entries=1_000_000)
"""An archive may be as large as a workspace; what it may not is unpack to more than its ratio."""
_LARGEST_MANIFEST: Final = 1_000_000
_LONGEST_LINE: Final = 16_000_000
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


class BadArchive(UserError):
    """What was given as an archive cannot be taken in, and why."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that is open: what it says of itself, and what lies in it."""

    path: Path
    manifest: Manifest
    zipped: zipfile.ZipFile

    def contents(self) -> list[tuple[str, int]]:
        """List what was attached: hashes and sizes."""
        return [
            (entry.filename.removeprefix(CONTENTS), entry.file_size)
            for entry in self.zipped.infolist()
            if entry.filename.startswith(CONTENTS)
        ]

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """Give what was attached, in pieces; the reader compares it with its hash."""
        return self._read(f"{CONTENTS}{sha256}")

    def lines(self, table: TableEntry) -> Iterator[bytes]:
        """Give the lines of a table; raises at the last if they are not those that were written."""
        digest, size, rows, rest = hashlib.sha256(), 0, 0, b""
        for piece in self._read(f"{RECORDS}{table.name}.jsonl"):
            digest.update(piece)
            size += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise damaged(self.path)
            rows += len(lines)
            yield from lines
        said = (table.rows, table.bytes, table.sha256)
        if rest or (rows, size, digest.hexdigest()) != said:
            raise damaged(self.path)

    def _read(self, name: str) -> Iterator[bytes]:
        try:
            with self.zipped.open(name) as file:
                while piece := file.read(CHUNK):
                    yield piece
        except _BROKEN as error:
            raise damaged(self.path) from error


def looks_like_archive(path: Path) -> bool:
    """Tell whether a file is an archive of everything, as far as its names say."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return MANIFEST in zipped.namelist()
    except (OSError, *_BROKEN):
        return False


@contextmanager
def open_archive(path: Path, limits: Limits = ARCHIVE_LIMITS) -> Iterator[Archive]:
    """Open an archive; raises BadArchive, in words, before anything in it was believed."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            with _opened(path, file) as zipped:
                _check_entries(path, zipped, size, limits)
                yield Archive(path, _manifest(path, zipped), zipped)
    except OSError as error:
        raise BadArchive(
            tr("“{name}” cannot be read.", name=path.name), str(error.strerror or error)
        ) from error


def _opened(path: Path, file: Any) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise damaged(path) from error


def _check_entries(path: Path, zipped: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Refuse other names than ours, a name twice, what is locked, and what unpacks to too much."""
    entries = zipped.infolist()
    names = {entry.filename for entry in entries}
    if MANIFEST not in names:
        raise foreign(path)
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > limits.small and unpacked > packed * limits.ratio
    if is_bomb or len(entries) > limits.entries:
        raise BadArchive(
            tr("“{name}” would unpack to far more than an export does.", name=path.name),
            tr("Nothing was taken from it. Ask whoever sent it what it is."),
        )
    if len(names) != len(entries) or not all(map(KNOWN_NAME.fullmatch, names)):
        raise foreign(path)
    for entry in entries:
        is_packed = entry.compress_type == zipfile.ZIP_DEFLATED
        may_be = is_packed and not entry.filename.startswith(CONTENTS)
        if entry.flag_bits & 1 or not (may_be or entry.compress_type == zipfile.ZIP_STORED):
            raise foreign(path)


def _manifest(path: Path, zipped: zipfile.ZipFile) -> Manifest:
    entry = zipped.getinfo(MANIFEST)
    if entry.file_size > _LARGEST_MANIFEST:
        raise foreign(path)
    try:
        manifest = msgspec.json.decode(zipped.read(entry), type=Manifest)
    except (*_BROKEN, msgspec.DecodeError, RecursionError) as error:
        raise damaged(path) from error
    if manifest.format != FORMAT:
        raise foreign(path)
    if manifest.version > VERSION:
        raise newer(path)
    names = {RECORDS + table.name + ".jsonl" for table in manifest.tables}
    others = {MANIFEST, *names}
    present = set(zipped.namelist())
    attached = {name for name in present if name.startswith(CONTENTS)}
    if present - attached != others or len(attached) != manifest.contents:
        raise damaged(path)
    return manifest


def read_line(archive: Archive, decoder: "msgspec.json.Decoder[T]", line: bytes) -> T:
    """Read a line as what it should be; BadArchive if it is anything else."""
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise damaged(archive.path) from error


def damaged(path: Path) -> BadArchive:
    """Say that an archive is not as it was written."""
    return BadArchive(
        tr("“{name}” is damaged: it is not as it was written.", name=path.name),
        tr("Nothing was taken from it. Copy it anew, or export once more."),
    )


def foreign(path: Path) -> BadArchive:
    """Say that a file is no archive of ours."""
    return BadArchive(
        tr("“{name}” is not an export of everything.", name=path.name),
        tr("Choose the archive that “Export everything” wrote."),
    )


def newer(path: Path) -> BadArchive:
    """Say that an archive was written by a newer program."""
    return BadArchive(
        tr("“{name}” was written by a newer DeskCRM.", name=path.name),
        tr("Install the newest version on this computer; nothing was changed."),
    )
