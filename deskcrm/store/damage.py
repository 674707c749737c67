"""Looks a profile over before it is opened, and says what can be done when it is damaged."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from deskcrm.base.days import said_moment
from deskcrm.base.words import tr
from deskcrm.store import engine, files, wal
from deskcrm.store.backup import Backup, list_backups, newest_good
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Profile
from deskcrm.store.verify import verify


def check_before_opening(profile: Profile, key: Key) -> None:
    """Raise DamagedFile, with the way out, when the database cannot be opened as it was left.

    Must run under the profile's hold and before anything is opened: what opens first also
    clears the traces. Costs milliseconds; the pages themselves are checked by ``verify``.
    """
    database = profile.database
    if not database.exists() or database.stat().st_size == 0:
        # SQLite would make a new, empty one without a word.
        if database.exists() or list_backups(profile):
            raise damaged(profile, key, tr("The database of this profile is missing or empty."))
        return
    if wal.read_wal(database).lost:
        raise damaged(
            profile, key, tr("The last changes before the computer stopped cannot be read.")
        )
    try:
        engine.connect(database, key.raw, read_only=True).close()
    except (engine.WrongKey, engine.DamagedFile) as error:
        # The key is known to be the right one by its fingerprint, so it is the file.
        raise damaged(profile, key) from error


def damaged(profile: Profile, key: Key, title: str = "") -> engine.DamagedFile:
    """Give the error for a damaged profile, which names the backup to restore."""
    return engine.DamagedFile(
        title or tr("The database file is damaged."), _advice(newest_good(profile, key))
    )


def accept_lost_end(profile: Profile, key: Key, *, now: datetime) -> Path:
    """Let a profile open without the end of its log that cannot be read; all of it is kept aside.

    Gives the folder where it is kept. Raises DamagedFile when the rest is not whole either.
    """
    present = [path for path in profile.database_files() if path.exists()]
    files.require_space(profile.folder, sum(path.stat().st_size for path in present))
    folder = profile.aside / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-log"
    files.private_folder(files.private_folder(profile.aside) / folder.name)
    for path in present:
        shutil.copy2(path, folder / path.name)
        files.sync_file(folder / path.name)
    files.sync_folder(folder)
    connection = engine.connect(profile.database, key.raw)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    report = verify(profile.database, key.raw)
    if not report.is_good:
        raise damaged(profile, key, " ".join(report.problems))
    return folder


def _advice(good: Backup | None) -> str:
    if good is None:
        return tr("There is no good backup on this computer: look for one on another disk.")
    return tr(
        "Restore the backup of {moment}: it is good. What is here now is kept aside.",
        moment=said_moment(good.made_at),
    )
