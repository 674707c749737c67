"""A restore brings back what was, keeps what is, and refuses what is not good."""

import shutil
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store import backup, derived, engine, keys, migrate, restore
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.profile import Hold, Profile
from deskcrm.store.store import Store
from deskcrm.store.verify import verify
from tests.fixtures_store import KEY
from tests.store.boxes import NOW, PASSPHRASE, boxes_in, count_boxes, flip, open_store, write_boxes
from tests.toys import add_box


def test_a_restore_brings_back_what_was_and_keeps_what_is(hold: Hold, key: Key) -> None:
    write_boxes(hold, "Ada", "Boris")
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    write_boxes(hold, "Clara")
    done = restore.restore(hold, key, made.path, now=NOW)
    assert done.report.is_good
    assert boxes_in(hold) == 2
    assert done.aside is not None
    kept = Store.open(engine.open_sqlite(done.aside / "deskcrm.db", KEY))
    assert kept.ask(count_boxes) == 3
    kept.close()


def test_edits_that_were_only_in_the_log_are_kept_aside_too(hold: Hold, key: Key) -> None:
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    folder = hold.profile.folder
    store = open_store(hold)
    store.do(add_box, name="Unsynced")
    shutil.copytree(folder, folder.parent / "crashed")  # as if the process had ended here
    store.close()
    for path in (folder.parent / "crashed").glob("deskcrm.db*"):
        shutil.copyfile(path, folder / path.name)
    done = restore.restore(hold, key, made.path, now=NOW)
    assert boxes_in(hold) == 0
    assert done.aside is not None
    kept = Store.open(engine.open_sqlite(done.aside / "deskcrm.db", KEY))
    assert kept.ask(count_boxes) == 1
    kept.close()


def test_a_restored_store_is_a_new_device(hold: Hold, key: Key) -> None:
    write_boxes(hold, "Ada")
    before = open_store(hold)
    device = before.device
    before.close()
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    restore.restore(hold, key, made.path, now=NOW)
    after = open_store(hold)
    assert after.device != device
    assert after.do(add_box, name="Boris").step is not None
    with after.database.readers.begin() as connection:
        restored = derived.read_meta(connection, "restored_at")
        steps = connection.exec_driver_sql("SELECT device, no FROM step ORDER BY id").fetchall()
    after.close()
    assert restored == "2026-03-04T12:00:00+00:00"
    assert [number for _, number in steps] == [1, 1]
    assert verify(hold.profile.database, KEY).is_good


def test_a_damaged_backup_is_refused_and_nothing_changes(hold: Hold, key: Key) -> None:
    write_boxes(hold, "Ada")
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    flip(made.path, 3 * 4096 + 10)
    with pytest.raises(engine.DamagedFile, match="was not restored; nothing was changed") as caught:
        restore.restore(hold, key, made.path, now=NOW)
    assert "1 page of the file is damaged. Choose an older backup." in caught.value.detail
    assert boxes_in(hold) == 1
    assert not hold.profile.aside.exists()


def test_a_backup_of_a_newer_program_is_refused(hold: Hold, key: Key, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    backup.backup(hold.profile, key, target)
    connection = engine.connect(target, KEY)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(migrate.NewerSchema, match="newer DeskCRM"):
        restore.restore(hold, key, target, now=NOW)


def test_a_file_that_is_no_backup_is_refused(hold: Hold, key: Key, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = engine.connect(other, KEY)
    connection.execute("CREATE TABLE step (device BLOB, no INTEGER)")
    connection.close()
    with pytest.raises(UserError, match="is not a backup of DeskCRM"):
        restore.restore(hold, key, other, now=NOW)
    with pytest.raises(UserError, match="no file"):
        restore.restore(hold, key, tmp_path / "nowhere.db", now=NOW)
    other.unlink()
    other.touch()
    with pytest.raises(engine.DamagedFile, match="nothing was changed"):
        restore.restore(hold, key, other, now=NOW)
    other.write_bytes(b"SQLite format 3\0" + bytes(4080))
    with pytest.raises(UserError, match="not encrypted"):
        restore.restore(hold, key, other, now=NOW)


def test_a_backup_with_another_key_comes_in_with_that_key(
    hold: Hold, key: Key, tmp_path: Path, blank_profile: Path
) -> None:
    elsewhere = Profile(tmp_path / "elsewhere")
    their_key, shown = keys.create_key(elsewhere, passphrase=PASSPHRASE)
    backup.copy_database(blank_profile, key, elsewhere.database, their_key)
    target = tmp_path / "theirs.db"
    backup.backup(elsewhere, their_key, target)
    with pytest.raises(engine.WrongKey, match="another profile") as caught:
        restore.restore(hold, key, target, now=NOW)
    assert "recovery code" in caught.value.detail
    kept = restore.keys_of(target)
    assert kept is not None
    opens = keys.unlock_file_with_code(kept, shown)
    restore.restore(hold, key, target, now=NOW, file_key=opens)
    assert verify(hold.profile.database, KEY).is_good


def test_a_new_computer_takes_over_the_keys_of_a_backup(
    tmp_path: Path, blank_profile: Path
) -> None:
    lost = Profile(tmp_path / "lost")
    key, shown = keys.create_key(lost, passphrase=PASSPHRASE)
    backup.copy_database(blank_profile, Key(KEY), lost.database, key)
    target = tmp_path / "stick" / "copy.db"
    target.parent.mkdir()
    backup.backup(lost, key, target)
    shutil.rmtree(lost.folder)

    new = Profile(tmp_path / "new")
    with new.acquire() as hold:
        assert restore.adopt_keys(new, target)
        assert not restore.adopt_keys(new, target)
        opened = keys.unlock_with_code(new, shown)
        done = restore.restore(hold, opened, target, now=NOW)
    assert done.aside is None
    assert keys.open_key(new, passphrase=PASSPHRASE) == key
    assert verify(new.database, key.raw).is_good
