"""Reads the records of an archive as today's columns hold them, also of an older archive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.exports.archive import TableEntry, columns_of, line_type, models
from deskcrm.domain.exports.opening import Archive, damaged, read_line
from deskcrm.store import migrate
from deskcrm.store.older import NotOfThen, at_revision
from deskcrm.store.tables import Record

Source = Callable[[type[Record]], Iterator[dict[str, Any]]]


@contextmanager
def rows_of(archive: Archive, job: Job) -> Iterator[Source]:
    """Give what reads a table of an archive; BadArchive when it is not what it should be.

    An older archive is put into a database in memory as it was then, and migrated there.
    """
    if archive.manifest.schema == migrate.known_revisions()[-1]:
        yield _now(archive)
        return
    try:
        with at_revision(archive.manifest.schema) as older:
            job.progress(0, 0, tr("Bringing an older archive up to date"))
            for table in archive.manifest.tables:
                job.check_cancelled()
                older.put(table.name, _as_written(archive, table))
            older.bring_up_to_date()
            yield lambda model: older.read(columns_of(model))
    except NotOfThen as error:
        raise damaged(archive.path) from error


def _now(archive: Archive) -> Source:
    tables = {one.name: one for one in archive.manifest.tables}
    if tables.keys() != {str(model.__tablename__) for model in models()}:
        raise damaged(archive.path)

    def source(model: type[Record]) -> Iterator[dict[str, Any]]:
        decoder = msgspec.json.Decoder(line_type(model))
        keys = [column.key for column in columns_of(model)]
        for line in archive.lines(tables[str(model.__tablename__)]):
            row = read_line(archive, decoder, line)
            yield {key: getattr(row, key) for key in keys}

    return source


def _as_written(archive: Archive, table: TableEntry) -> Iterator[dict[str, Any]]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    for line in archive.lines(table):
        yield read_line(archive, decoder, line)
