"""Backups: encrypted copies of the database, verified before they get their name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import engine, files
from deskcrm.store.keys import file as key_file
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Profile, remove_database
from deskcrm.store.verify import Report, verify

_DAILY_KEPT: Final = 7
_WEEKLY_KEPT: Final = 4
_OTHERS_KEPT: Final = 3
_SPARE: Final = 16_000_000
_PAGES_A_TIME: Final = 2_000
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"(\d{8}T\d{6}Z)-([a-z-]+)\.db")


class Reason(StrEnum):
    """Why a backup was made by itself."""

    DAILY = "daily"
    MIGRATION = "before-migration"
    IMPORT = "before-import"
    SYNC = "before-sync"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup in the profile's folder."""

    path: Path
    made_at: datetime
    reason: Reason


def backup(profile: Profile, key: Key, target: Path, *, job: Job | None = None) -> Report:
    """Copy the database into ``target``, encrypted with the same key, while it is in use.

    The file gets its name only when it is complete, checked and on the disk; the wrapped keys are
    put beside it, so that the recovery code opens it on any computer.
    """
    if target.resolve() == profile.database.resolve():
        raise UserError(
            tr("A backup cannot replace the database itself."), tr("Choose another file.")
        )
    report = _copy_checked(profile.database, key, target, job or Job())
    if profile.keys.exists():
        key_file.save_path(key_file.sidecar(target), key_file.read(profile))
    return report


def make_backup(
    profile: Profile, key: Key, reason: Reason, *, now: datetime, job: Job | None = None
) -> Backup:
    """Make a backup in the profile's own folder, then remove those that are too old."""
    files.private_folder(profile.backups)
    for left in profile.backups.glob("*.part"):  # of a program that was killed meanwhile
        remove_database(left)
    path = profile.backups / f"{now.astimezone(UTC).strftime(_STAMP)}-{reason.value}.db"
    _copy_checked(profile.database, key, path, job or Job())
    if profile.keys.exists():
        key_file.save_path(key_file.copy_beside(profile.backups), key_file.read(profile))
    rotate(profile)
    return Backup(path, _moment(path.name[:16]), reason)


def list_backups(profile: Profile) -> list[Backup]:
    """List the backups in the profile's folder, newest first."""
    found = []
    for path in profile.backups.glob("*.db"):
        match = _NAME.fullmatch(path.name)
        if match and match[2] in set(Reason):
            found.append(Backup(path, _moment(match[1]), Reason(match[2])))
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def newest_good(profile: Profile, key: Key) -> Backup | None:
    """Give the newest backup that passes the check."""
    return next((one for one in list_backups(profile) if verify(one.path, key.raw).is_good), None)


def due(profile: Profile, now: datetime) -> bool:
    """Tell whether a day has passed since the last daily backup (or none was made)."""
    daily = [one for one in list_backups(profile) if one.reason is Reason.DAILY]
    return not daily or not timedelta(0) <= now - daily[0].made_at < timedelta(days=1)


def rotate(profile: Profile) -> list[Backup]:
    """Remove what need not be kept: 7 daily, 4 weekly, 3 of each other kind stay."""
    every = list_backups(profile)
    kept = {one.path for one in _worth_keeping(every)}
    removed = [one for one in every if one.path not in kept]
    for one in removed:
        remove_database(one.path)
    return removed


def _worth_keeping(newest_first: list[Backup]) -> Iterator[Backup]:
    for reason in Reason:
        ours = [one for one in newest_first if one.reason is reason]
        if reason is not Reason.DAILY:
            yield from ours[:_OTHERS_KEPT]
            continue
        days: dict[str, Backup] = {}
        for one in ours:
            days.setdefault(f"{one.made_at:%G-%j}", one)
        daily = list(days.values())[:_DAILY_KEPT]
        yield from daily
        weeks: dict[str, Backup] = {}
        for one in ours:
            weeks.setdefault(f"{one.made_at:%G-%V}", one)
        older = [one for one in weeks.values() if not daily or one.made_at < daily[-1].made_at]
        yield from older[:_WEEKLY_KEPT]


def _copy_checked(source: Path, key: Key, target: Path, job: Job) -> Report:
    if not target.parent.is_dir():
        raise UserError(
            tr("There is no folder {folder}.", folder=target.parent), tr("Choose another place.")
        )
    files.require_space(target.parent, _size(source) + _SPARE)
    unfinished = target.with_name(target.name + ".part")
    remove_database(unfinished)
    try:
        copy_database(source, key, unfinished, key, job=job)
        report = verify(unfinished, key.raw, skips_free=True, job=job)
        if not report.is_good:
            raise engine.DamagedFile(
                tr("The backup was not made: the database is damaged."),
                " ".join((*report.problems, tr("Restore the newest good backup."))),
            )
        files.sync_file(unfinished)
        files.move(unfinished, target)
    except OSError as error:
        raise files.cannot_write(target, error) from error
    finally:
        remove_database(unfinished)
    return report


def copy_database(
    source: Path, source_key: Key, target: Path, target_key: Key, *, job: Job | None = None
) -> None:
    """Copy a database as of one moment into a new file, page by page, under another key or not."""
    job = job or Job()
    reading = engine.connect(source, source_key.raw, read_only=True)
    try:
        # A read transaction pins one moment: else every write meanwhile starts the copy anew.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        target.touch(mode=0o600)
        writing = engine.connect(target, target_key.raw)
        try:
            _copy_pages(reading, writing, job)
        finally:
            writing.close()
    except sqlcipher.DatabaseError as error:
        raise engine.explain(error) from error
    finally:
        reading.close()


def _copy_pages(reading: Connection, writing: Connection, job: Job) -> None:
    # Nobody else sees the file yet and it is synced as a whole, so no journal is needed.
    writing.execute("PRAGMA journal_mode = OFF").fetchone()
    writing.execute("PRAGMA synchronous = OFF")

    def progress(status: int, remaining: int, total: int) -> None:
        job.progress(total - remaining, total, tr("Copying"))

    reading.backup(writing, pages=_PAGES_A_TIME, progress=progress)
    # The copy says of itself that it has a write-ahead log; a backup must be one file.
    writing.execute("PRAGMA journal_mode = DELETE").fetchone()


def _size(database: Path) -> int:
    log = database.with_name(database.name + "-wal")
    return sum(path.stat().st_size for path in (database, log) if path.exists())


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
