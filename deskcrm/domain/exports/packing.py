"""Packs everything that a person may see into one archive: whole, or not there."""

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from sqlalchemy import func, select

from deskcrm import __version__
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.exports.archive import (
    CONTENTS,
    FORMAT,
    MANIFEST,
    RECORDS,
    VERSION,
    Manifest,
    TableEntry,
    columns_of,
    models,
)
from deskcrm.domain.rights.queries import scopes_of
from deskcrm.store import contents, files, migrate
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, shape_of

_AT_ONCE: Final = 2_000
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Packed:
    """What came to lie in an archive."""

    path: Path
    size: int
    rows: dict[str, int]
    contents: int
    missing: int
    left_out: int


@dataclass(slots=True)
class _Packing:
    """An archive that is being written, and how far it is."""

    db: Reader
    archive: zipfile.ZipFile
    job: Job
    scopes: set[Any]
    total: int = 0
    done: int = 0
    tables: list[TableEntry] = field(default_factory=list)
    hashes: set[str] = field(default_factory=set)


def export_everything(job: Job, store: Store, path: Path) -> Packed:
    """Write an archive of all records and all attached files; UserError in words, and no file.

    What is attached and not on this device is fetched where there is a server to ask; what cannot
    be had is counted and left out.
    """
    _fetch(job, store)
    with files.written_whole(path) as file:
        manifest = store.ask(_pack, file, job)
        size = file.tell()
    rows = {one.name: one.rows for one in manifest.tables}
    return Packed(path, size, rows, manifest.contents, manifest.missing, manifest.left_out)


def _fetch(job: Job, store: Store) -> None:
    """Have as many of the attached files here as can be had."""
    if store.elsewhere is None:
        return
    for sha256, size in store.ask(_not_here):
        job.check_cancelled()
        try:
            contents.bring(job, store, sha256, size)
        except UserError:
            return  # no server to be reached now; what is missing is counted


def _not_here(db: Reader) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for column in contents.naming_columns():
        table = column.table
        named = select(column, table.c.size).where(~table.c.is_deleted)
        found |= {row[0]: row[1] for row in db.all(named)}
    return [(one, size) for one, size in found.items() if not contents.has_contents(db, one)]


def _pack(db: Reader, file: IO[bytes], job: Job) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        packing = _Packing(db, archive, job, scopes_of(db, db.actor))
        counts = {model: _count(packing, model) for model in models()}
        packing.total = sum(seen for seen, _ in counts.values())
        for model in counts:
            _pack_table(packing, model)
        here = sorted(one for one in packing.hashes if contents.has_contents(db, one))
        _pack_contents(packing, here)
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            schema=migrate.known_revisions()[-1],
            program=__version__,
            made_at=db.now,
            made_by=db.actor,
            tables=tuple(packing.tables),
            contents=len(here),
            missing=len(packing.hashes) - len(here),
            left_out=sum(hidden for _, hidden in counts.values()),
        )
        archive.writestr(_entry(db, MANIFEST), msgspec.json.format(_encode(manifest)))
    return manifest


def _count(packing: _Packing, model: type[Record]) -> tuple[int, int]:
    """Count the rows of a table that are for this person to see, and those that are not."""
    packing.job.check_cancelled()
    table = shape_of(model).table
    is_seen = table.c.scope.in_(packing.scopes)
    total = packing.db.scalar(select(func.count()).select_from(table)) or 0
    seen = packing.db.scalar(select(func.count()).select_from(table).where(is_seen)) or 0
    return seen, total - seen


def _pack_table(packing: _Packing, model: type[Record]) -> None:
    """Write the records of a table by id, those that were deleted too: links lead to them."""
    name = str(model.__tablename__)
    naming = [one.key for one in contents.naming_columns() if one.table.name == name]
    digest, size, rows = hashlib.sha256(), 0, 0
    with packing.archive.open(_entry(packing.db, f"{RECORDS}{name}.jsonl"), "w") as file:
        for row in _rows(packing, model):
            if naming and not row["is_deleted"]:
                packing.hashes.update(row[key] for key in naming)
            line = _encode(row) + b"\n"
            digest.update(line)
            size, rows = size + len(line), rows + 1
            file.write(line)
    packing.tables.append(TableEntry(name, rows, size, digest.hexdigest()))


def _rows(packing: _Packing, model: type[Record]) -> Iterator[dict[str, Any]]:
    columns = columns_of(model)
    table = shape_of(model).table
    keys = [column.key for column in columns]
    asked = select(*columns).where(table.c.scope.in_(packing.scopes)).order_by(table.c.id)
    found = packing.db.execute(asked.execution_options(yield_per=_AT_ONCE))
    for number, row in enumerate(found):
        if number % _AT_ONCE == 0:
            packing.job.progress(packing.done, packing.total, tr("Writing the records"))
        packing.done += 1
        yield dict(zip(keys, row, strict=True))


def _pack_contents(packing: _Packing, hashes: list[str]) -> None:
    for number, sha256 in enumerate(hashes):
        packing.job.progress(number, len(hashes), tr("Writing the attached files"))
        # As they are: most are packed already, and what is not cannot be told from a bomb.
        entry = _entry(packing.db, f"{CONTENTS}{sha256}")
        entry.compress_type = zipfile.ZIP_STORED
        with packing.archive.open(entry, "w", force_zip64=True) as file:
            contents.write_to(packing.db, sha256, file)


def _entry(db: Reader, name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, db.now.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
