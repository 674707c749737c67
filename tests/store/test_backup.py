"""Backups are whole, checked and encrypted, and as many are kept as are useful."""

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.store import backup, engine, files, keys
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.keys import file as key_file
from deskcrm.store.profile import Hold, Profile
from deskcrm.store.verify import verify
from tests.fixtures_store import KEY
from tests.store.boxes import NOW, PASSPHRASE, flip, open_store, write_boxes
from tests.toys import add_box


def test_a_backup_of_an_open_store_holds_what_was_acknowledged(
    hold: Hold, key: Key, tmp_path: Path
) -> None:
    store = open_store(hold)
    store.do(add_box, name="Ada")
    store.do(add_box, name="Boris")
    target = tmp_path / "copy.db"
    report = backup.backup(hold.profile, key, target)
    store.do(add_box, name="Clara")
    store.close()
    assert report.is_good
    assert report.steps == 2
    assert report.rows > 4
    assert verify(target, KEY) == report
    assert b"Boris" not in target.read_bytes()
    assert not target.read_bytes().startswith(b"SQLite format 3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "profile"]


def test_a_backup_is_one_private_file_that_another_key_does_not_open(
    hold: Hold, key: Key, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    backup.backup(hold.profile, key, target)
    if sys.platform != "win32":
        assert target.stat().st_mode & 0o077 == 0
    found = verify(target, Key.new().raw)
    assert found.problems == ("The key does not open this database, or the file is damaged.",)


def test_the_wrapped_keys_go_with_a_backup(tmp_path: Path, blank_profile: Path) -> None:
    profile = Profile(tmp_path / "profile")
    key, shown = keys.create_key(profile, passphrase=PASSPHRASE)
    backup.copy_database(blank_profile, Key(KEY), profile.database, key)
    target = tmp_path / "copy.db"
    backup.backup(profile, key, target)
    kept = key_file.read_path(tmp_path / "copy.db.keys.json")
    assert kept is not None
    assert keys.unlock_file_with_code(kept, shown) == key
    backup.make_backup(profile, key, Reason.DAILY, now=NOW)
    assert key_file.read_path(profile.backups / "keys.json") == kept


def test_a_cancelled_backup_leaves_nothing(hold: Hold, key: Key, tmp_path: Path) -> None:
    write_boxes(hold, "Ada")
    job = Job()
    job.on_progress = lambda done, total, text: job.cancel()
    with pytest.raises(Cancelled):
        backup.backup(hold.profile, key, tmp_path / "copy.db", job=job)
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]


def test_a_check_stops_in_the_middle_of_a_statement_when_asked(
    hold: Hold, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_boxes(hold, "Ada")
    monkeypatch.setattr("deskcrm.store.verify._STEPS_AT_ONCE", 1)
    job, ended = Job(), []
    whole = vars(sys.modules[verify.__module__])["_broken_structure"]

    def watched(connection: Any) -> list[str]:
        found: list[str] = whole(connection)
        ended.append(found)
        return found

    monkeypatch.setattr("deskcrm.store.verify._broken_structure", watched)
    job.on_progress = lambda done, total, text: job.cancel() if done else None
    with pytest.raises(Cancelled):
        verify(hold.profile.database, key.raw, job=job)
    assert ended == []


def test_what_a_killed_backup_left_is_removed_by_the_next(hold: Hold, key: Key) -> None:
    write_boxes(hold, "Ada")
    left = hold.profile.backups / "20260101T000000Z-daily.db.part"
    left.write_bytes(b"half")
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    assert list(hold.profile.backups.glob("*.part")) == []
    assert made.path.exists()


def test_a_failed_backup_leaves_the_one_that_was_there(
    hold: Hold, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"
    backup.backup(hold.profile, key, target)
    before = target.read_bytes()

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "sync_file", full)
    with pytest.raises(UserError, match="No space left on device"):
        backup.backup(hold.profile, key, target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "profile"]


def test_a_backup_says_when_there_is_no_space_or_no_folder(
    hold: Hold, key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="no folder"):
        backup.backup(hold.profile, key, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(UserError, match="cannot replace the database itself"):
        backup.backup(hold.profile, key, hold.profile.database)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_000))
    with pytest.raises(UserError, match="not enough space"):
        backup.backup(hold.profile, key, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]


def test_a_damaged_database_is_not_made_into_a_backup(hold: Hold, key: Key, tmp_path: Path) -> None:
    write_boxes(hold, *(f"Toy {number}" for number in range(50)))
    flip(hold.profile.database, 5 * 4096 + 100)
    with pytest.raises(engine.DamagedFile, match="damaged"):
        backup.backup(hold.profile, key, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]


def test_backups_are_due_once_a_day(hold: Hold, key: Key) -> None:
    assert backup.due(hold.profile, NOW)
    backup.make_backup(hold.profile, key, Reason.IMPORT, now=NOW)
    assert backup.due(hold.profile, NOW)
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    assert made in backup.list_backups(hold.profile)
    assert not backup.due(hold.profile, NOW + timedelta(hours=23))
    assert backup.due(hold.profile, NOW + timedelta(hours=24))
    # A clock that was set back must not put backups off for years.
    assert backup.due(hold.profile, NOW - timedelta(hours=1))


def test_seven_daily_and_four_weekly_backups_are_kept(hold: Hold) -> None:
    profile = hold.profile
    for hours in range(0, 24 * 120, 12):
        moment = NOW + timedelta(hours=hours)
        (profile.backups / f"{moment:%Y%m%dT%H%M%SZ}-daily.db").touch()
        if hours % 240 == 0:
            (profile.backups / f"{moment:%Y%m%dT%H%M%SZ}-before-import.db").touch()
        backup.rotate(profile)
    kept = backup.list_backups(profile)
    daily = [one.made_at for one in kept if one.reason is Reason.DAILY]
    last = NOW + timedelta(hours=24 * 120 - 12)
    assert [moment.date() for moment in daily[:7]] == [
        (last - timedelta(days=back)).date() for back in range(7)
    ]
    weekly = daily[7:]
    assert 3 <= len(weekly) <= 4
    assert len({f"{moment:%G-%V}" for moment in weekly}) == len(weekly)
    assert last - weekly[-1] > timedelta(days=24)
    assert len([one for one in kept if one.reason is Reason.IMPORT]) == 3


def test_files_of_the_person_in_the_folder_are_left_alone(hold: Hold) -> None:
    stranger = hold.profile.backups / "my own copy.db"
    stranger.touch()
    backup.rotate(hold.profile)
    assert stranger.exists()
    assert backup.list_backups(hold.profile) == []
