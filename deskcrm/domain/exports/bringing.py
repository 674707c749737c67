"""Brings an archive of everything into an empty workspace: all of it, or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.exports.archive import models
from deskcrm.domain.exports.opening import Archive, damaged, newer, open_archive
from deskcrm.domain.exports.rows import rows_of
from deskcrm.domain.users.model import User
from deskcrm.store import contents, derived, migrate
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Record
from deskcrm.store.work import Work

FURNITURE: Final = frozenset(
    {"user", "preference", "calendar", "calendar_day", "calendar_use", "survey_form"}
)
"""What stands in a workspace that was just set up; it makes room for what is brought in."""
_TELL_EVERY: Final = 2_000
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought in, and who is signed in because of it."""

    rows: dict[str, int]
    contents: int
    missing: int
    user_id: UUID
    user: str


@dataclass(slots=True)
class _Bringing:
    """An archive on its way in."""

    work: Work
    archive: Archive
    job: Job
    total: int
    done: int = 0
    came: set[UUID] = field(default_factory=set)
    """What stood there and is in the archive as well: it is now as it is there."""


def bring_everything(job: Job, store: Store, path: Path) -> Brought:
    """Bring in an archive; UserError in words, with nothing changed, when it cannot be."""
    with open_archive(path) as archive:
        check_schema(archive)
        done = store.do(bring_in, archive=archive, job=job)
    store.actor = done.value.user_id
    return done.value


def check_schema(archive: Archive) -> None:
    """Refuse an archive whose tables are none that we know."""
    if archive.manifest.schema not in migrate.known_revisions():
        raise newer(archive.path)


def check_empty(db: Reader) -> None:
    """Refuse a workspace in which somebody has worked, or that others share."""
    for model in models():
        name = str(model.__tablename__)
        living = select(model.id).where(~model.is_deleted)
        if name in FURNITURE:
            living = living.where(model.seq > 0)
        if name == "user":
            living = select(model.id).where((model.id != db.actor) | (model.seq > 0))
        if db.first(living.limit(1)) is not None:
            raise UserError(
                tr("This workspace is not empty."),
                tr(
                    "An export of everything goes into a workspace that was just set up and that"
                    " nobody shares. Make one in another folder: deskcrm new --profile."
                ),
            )


@command("exports.bring_in", "Bring in everything", can_undo=False)
def bring_in(work: Work, *, archive: Archive, job: Job) -> Brought:
    """Make an empty workspace what the archive holds, ids and all.

    Whoever made the archive is signed in, if they are in it: what they keep for themselves would
    be hidden from anybody else.
    """
    check_empty(work)
    work.recorder.keeps_touched = False
    work.refills_derived = True
    total = sum(one.rows for one in archive.manifest.tables)
    furniture = list(_furniture(work))
    bringing = _Bringing(work, archive, job, total)
    with rows_of(archive, job) as source:
        for model in models():
            work.insert_many(model, _rows(bringing, model, source(model)), is_whole=True)
    user = _sign_in(work, archive.manifest.made_by)
    for record in furniture:
        if record.id not in bringing.came and record is not user:
            work.delete(record)
    _keep_contents(bringing)
    job.progress(total, total, tr("Making the search index"))
    rows = {one.name: one.rows for one in archive.manifest.tables}
    return Brought(rows, archive.manifest.contents, archive.manifest.missing, user.id, user.name)


def _furniture(work: Work) -> Iterator[Record]:
    """Give what stands in the workspace."""
    for model in models():
        if model.__tablename__ in FURNITURE:
            yield from work.records(select(model).where(~model.is_deleted))


def _sign_in(work: Work, made_by: UUID) -> User:
    """Let whoever made the archive be the one who works here; else all stays as it is."""
    user = work.find(User, made_by)
    if user is None or not user.is_active:
        return work.get(User, work.actor)
    derived.write_meta(work.connection, "user", str(user.id))
    return user


def _rows(bringing: _Bringing, model: type[Record], rows: Iterable[Values]) -> Iterator[Values]:
    """Give the records of a table that are not there; those that are become as they should be."""
    taken = set(bringing.work.scalars(select(model.id)))
    last = None
    for values in rows:
        if bringing.done % _TELL_EVERY == 0:
            bringing.job.progress(bringing.done, bringing.total, tr("Bringing in the records"))
        bringing.done += 1
        if last is not None and values["id"] <= last:
            raise damaged(bringing.archive.path)  # written by id, each once
        last = values["id"]
        if last not in taken:
            yield values
            continue
        bringing.came.add(last)
        there = bringing.work.session.get_one(model, last)
        for key, value in values.items():
            setattr(there, key, value)


def _keep_contents(bringing: _Bringing) -> None:
    archive = bringing.archive
    listed = archive.contents()
    for number, (sha256, size) in enumerate(listed):
        bringing.job.progress(number, len(listed), tr("Bringing in the attached files"))
        try:
            contents.keep(bringing.work, sha256, size, archive.pieces(sha256))
        except UserError as error:
            raise damaged(archive.path) from error
