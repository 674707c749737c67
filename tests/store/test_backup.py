"""Backups are whole, checked and encrypted; a restore keeps what it replaces."""

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.store import backup, damage, derived, engine, files, keys, migrate, restore
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.keys import file as key_file
from deskcrm.store.profile import Hold, Profile
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.verify import verify, verify_derived
from tests.fixtures_store import KEY
from tests.toys import ToyBox, add_box

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery"


@pytest.fixture
def key() -> Key:
    return Key(KEY)


@pytest.fixture
def hold(tmp_path: Path, blank_profile: Path) -> Iterator[Hold]:
    """Give a profile that is held, with a database and nothing in it."""
    profile = Profile(tmp_path / "profile")
    with profile.acquire() as taken:
        shutil.copyfile(blank_profile, profile.database)
        yield taken


def count_boxes(db: Reader) -> int:
    """Count the boxes."""
    return int(db.scalar(select(func.count()).select_from(ToyBox)) or 0)


def _open(hold: Hold) -> Store:
    return Store.open(engine.open_sqlite(hold.profile.database, KEY))


def _write(hold: Hold, *names: str) -> None:
    store = _open(hold)
    for name in names:
        store.do(add_box, name=name)
    store.close()


def _names(hold: Hold) -> int:
    store = _open(hold)
    counted = store.ask(count_boxes)
    store.close()
    return counted


def test_a_backup_of_an_open_store_holds_what_was_acknowledged(
    hold: Hold, key: Key, tmp_path: Path
) -> None:
    store = _open(hold)
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
    _write(hold, "Ada")
    job = Job()
    job.on_progress = lambda done, total, text: job.cancel()
    with pytest.raises(Cancelled):
        backup.backup(hold.profile, key, tmp_path / "copy.db", job=job)
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]


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
    _write(hold, *(f"Toy {number}" for number in range(50)))
    _flip(hold.profile.database, 5 * 4096 + 100)
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


def test_a_restore_brings_back_what_was_and_keeps_what_is(hold: Hold, key: Key) -> None:
    _write(hold, "Ada", "Boris")
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    _write(hold, "Clara")
    done = restore.restore(hold, key, made.path, now=NOW)
    assert done.report.is_good
    assert _names(hold) == 2
    assert done.aside is not None
    kept = Store.open(engine.open_sqlite(done.aside / "deskcrm.db", KEY))
    assert kept.ask(count_boxes) == 3
    kept.close()


def test_edits_that_were_only_in_the_log_are_kept_aside_too(hold: Hold, key: Key) -> None:
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    folder = hold.profile.folder
    store = _open(hold)
    store.do(add_box, name="Unsynced")
    shutil.copytree(folder, folder.parent / "crashed")  # as if the process had ended here
    store.close()
    for path in (folder.parent / "crashed").glob("deskcrm.db*"):
        shutil.copyfile(path, folder / path.name)
    done = restore.restore(hold, key, made.path, now=NOW)
    assert _names(hold) == 0
    assert done.aside is not None
    kept = Store.open(engine.open_sqlite(done.aside / "deskcrm.db", KEY))
    assert kept.ask(count_boxes) == 1
    kept.close()


def test_a_restored_store_is_a_new_device(hold: Hold, key: Key) -> None:
    _write(hold, "Ada")
    before = _open(hold)
    device = before.device
    before.close()
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    restore.restore(hold, key, made.path, now=NOW)
    after = _open(hold)
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
    _write(hold, "Ada")
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    _flip(made.path, 3 * 4096 + 10)
    with pytest.raises(engine.DamagedFile, match="was not restored; nothing was changed") as caught:
        restore.restore(hold, key, made.path, now=NOW)
    assert "1 page of the file is damaged. Choose an older backup." in caught.value.detail
    assert _names(hold) == 1
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


def test_verify_counts_and_finds_nothing_wrong(hold: Hold) -> None:
    _write(hold, "Ada", "Boris")
    report = verify(hold.profile.database, KEY)
    assert report.is_good
    assert report.steps == 2
    assert report.size == hold.profile.database.stat().st_size


def test_a_gap_in_the_log_is_named(hold: Hold) -> None:
    _write(hold, "Ada", "Boris", "Clara")
    connection = engine.connect(hold.profile.database, KEY)
    connection.execute("DELETE FROM step WHERE no = 2")
    connection.close()
    report = verify(hold.profile.database, KEY)
    assert len(report.problems) == 2
    assert "1 step of device" in report.problems[0]
    assert report.problems[1] == "1 change belongs to no step."


def test_a_reference_to_nothing_is_named(hold: Hold) -> None:
    connection = engine.connect(hold.profile.database, KEY)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE child (id INTEGER REFERENCES parent)")
    connection.execute("INSERT INTO child VALUES (7)")
    connection.close()
    assert verify(hold.profile.database, KEY).problems == (
        "1 row points to one that is not there.",
    )


def test_an_index_that_does_not_agree_with_its_table_is_found(hold: Hold) -> None:
    connection = engine.connect(hold.profile.database, KEY)
    connection.execute("CREATE TABLE pair (a TEXT, b TEXT)")
    connection.execute("CREATE INDEX by_a ON pair (a)")
    connection.executemany("INSERT INTO pair VALUES (?, ?)", [(str(n), "x") for n in range(9)])
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_a ON pair (b)' WHERE name = 'by_a'"
    )
    connection.close()
    (problem,) = verify(hold.profile.database, KEY).problems
    assert problem.startswith("The structure of the file is damaged: ")


@pytest.fixture
def box_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep, for one test, a derived table with the number of boxes."""

    def reset(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE IF EXISTS box_count")
        connection.exec_driver_sql("CREATE TABLE box_count (n INTEGER)")

    def refill(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM box_count")
        connection.exec_driver_sql("INSERT INTO box_count SELECT count(*) FROM toy_box")

    kept = derived.Derived(
        name="box count",
        watches=frozenset({"toy_box"}),
        rebuild=lambda connection, touched: refill(connection),
        reset=reset,
        refill=refill,
        compared=("SELECT n FROM box_count",),
    )
    monkeypatch.setitem(derived.ALL_DERIVED, kept.name, kept)


@pytest.mark.usefixtures("box_count")
def test_derived_rows_that_fell_behind_are_named_and_nothing_changes(hold: Hold) -> None:
    _write(hold, "Ada", "Boris")
    assert verify_derived(hold.profile.database, KEY) == ()
    connection = engine.connect(hold.profile.database, KEY)
    connection.execute("UPDATE box_count SET n = 7")
    connection.close()
    (problem,) = verify_derived(hold.profile.database, KEY)
    assert problem.startswith("“box count” does not agree")
    assert verify_derived(hold.profile.database, KEY) == (problem,)
    assert verify(hold.profile.database, KEY).is_good


def test_a_profile_that_is_whole_opens_without_complaint(hold: Hold, key: Key) -> None:
    _write(hold, "Ada")
    damage.check_before_opening(hold.profile, key)
    backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    damage.check_before_opening(hold.profile, key)
    assert _names(hold) == 1


def test_an_empty_or_missing_database_is_not_made_anew_in_silence(hold: Hold, key: Key) -> None:
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    hold.profile.database.write_bytes(b"")
    with pytest.raises(engine.DamagedFile, match="missing or empty") as caught:
        damage.check_before_opening(hold.profile, key)
    assert f"{made.made_at.astimezone():%Y-%m-%d %H:%M}" in caught.value.detail
    hold.profile.database.unlink()
    with pytest.raises(engine.DamagedFile, match="missing or empty"):
        damage.check_before_opening(hold.profile, key)
    shutil.rmtree(hold.profile.backups)
    damage.check_before_opening(hold.profile, key)  # a profile that was never filled


def test_the_newest_good_backup_is_offered_not_the_newest(hold: Hold, key: Key) -> None:
    older = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    newer = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW + timedelta(days=1))
    assert backup.newest_good(hold.profile, key) == newer
    _flip(newer.path, 2 * 4096 + 7)
    assert backup.newest_good(hold.profile, key) == older
    _flip(hold.profile.database, 3)
    with pytest.raises(engine.DamagedFile, match="file is damaged") as caught:
        damage.check_before_opening(hold.profile, key)
    assert f"{older.made_at.astimezone():%Y-%m-%d %H:%M}" in caught.value.detail
    _flip(older.path, 2 * 4096 + 7)
    with pytest.raises(engine.DamagedFile) as caught:
        damage.check_before_opening(hold.profile, key)
    assert "look for one on another disk" in caught.value.detail


def test_a_truncated_database_is_found(hold: Hold) -> None:
    _write(hold, *(f"Toy {number}" for number in range(100)))
    whole = hold.profile.database.read_bytes()
    for length in (len(whole) - 4096, len(whole) - 100, len(whole) // 2, 5000, 100):
        hold.profile.database.write_bytes(whole[:length])
        assert not verify(hold.profile.database, KEY).is_good, length


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
