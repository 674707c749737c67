"""Puts a backup in place of the database, and keeps what was there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import engine, files, migrate
from deskcrm.store.backup import copy_database
from deskcrm.store.keys import file as key_file
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Hold, Profile, fresh_database, remove_database, replace_database
from deskcrm.store.verify import Report, verify


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore: the check of the backup, and where the former database is kept."""

    report: Report
    aside: Path | None


def restore(
    hold: Hold,
    key: Key,
    file: Path,
    *,
    now: datetime,
    file_key: Key | None = None,
    job: Job | None = None,
) -> Restored:
    """Replace the database by a backup that passes the check; the store must be closed.

    ``file_key``: the backup's own key where it is another one. The present database goes to
    ``aside`` with all that is not synced yet. The restored one is a new device to the others: its
    numbering starts anew, and it pulls before it pushes.
    """
    profile, opens = hold.profile, file_key or key
    report = _checked(file, opens, job)
    files.require_space(profile.folder, file.stat().st_size * 2)
    fresh = fresh_database(profile)
    remove_database(fresh)
    copy_database(file, opens, fresh, key, job=job)
    _mark_as_new_device(fresh, key, now)
    again = verify(fresh, key.raw, job=job)
    if not again.is_good:
        remove_database(fresh)
        raise engine.DamagedFile(
            tr("The restored copy is damaged; nothing was changed."),
            " ".join((*again.problems, tr("Check the disk, then try again."))),
        )
    had_one = profile.database.exists()
    aside = replace_database(
        hold, aside=f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{new_id().hex[-6:]}"
    )
    return Restored(report, aside if had_one else None)


def adopt_keys(profile: Profile, file: Path) -> bool:
    """Take over the wrapped keys that lie beside a backup, on a computer that has none yet.

    Then the backup's passphrase or recovery code opens the profile.
    """
    found = keys_of(file)
    if found is None or profile.exists():
        return False
    files.private_folder(profile.folder)
    key_file.save(profile, found)
    return True


def keys_of(file: Path) -> key_file.KeyFile | None:
    """Find the wrapped keys that go with a backup, wherever it was made."""
    for path in (key_file.sidecar(file), key_file.copy_beside(file.parent)):
        found = key_file.read_path(path)
        if found is not None:
            return found
    return None


def _checked(file: Path, key: Key, job: Job | None) -> Report:
    kept = keys_of(file)
    if kept is not None and kept.fingerprint != key.fingerprint:
        raise engine.WrongKey(
            tr("{path} was made with the key of another profile.", path=file),
            tr("Give the passphrase or the recovery code of that profile."),
        )
    report = verify(file, key.raw, job=job)
    if not report.is_good:
        raise engine.DamagedFile(
            tr("{path} is damaged, so it was not restored; nothing was changed.", path=file),
            " ".join((*report.problems, tr("Choose an older backup."))),
        )
    _check_schema(file, key)
    return report


def _check_schema(file: Path, key: Key) -> None:
    connection = engine.connect(file, key.raw, read_only=True)
    try:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("SELECT count(*) FROM local_meta").fetchone()
    except (sqlcipher.DatabaseError, TypeError) as error:
        raise UserError(
            tr("{path} is not a backup of DeskCRM.", path=file), tr("Choose another file.")
        ) from error
    finally:
        connection.close()
    if revision not in migrate.known_revisions():
        raise migrate.NewerSchema(
            tr("{path} was made by a newer DeskCRM.", path=file),
            tr("Install the newest version on this computer; nothing was changed."),
        )


def _mark_as_new_device(path: Path, key: Key, now: datetime) -> None:
    connection = engine.connect(path, key.raw)
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute("BEGIN")
        marks = {"device": str(new_id()), "restored_at": now.astimezone(UTC).isoformat()}
        for mark in marks.items():
            connection.execute("INSERT OR REPLACE INTO local_meta (key, value) VALUES (?, ?)", mark)
        connection.execute("COMMIT")
    finally:
        connection.close()
