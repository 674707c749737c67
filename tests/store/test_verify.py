"""The check finds what is wrong with a profile, and says what can be done."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from deskcrm.base.days import said_moment
from deskcrm.store import backup, damage, derived, engine
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.profile import Hold
from deskcrm.store.verify import verify, verify_derived
from tests.fixtures_store import KEY
from tests.store.boxes import NOW, boxes_in, flip, write_boxes


def test_verify_counts_and_finds_nothing_wrong(hold: Hold) -> None:
    write_boxes(hold, "Ada", "Boris")
    report = verify(hold.profile.database, KEY)
    assert report.is_good
    assert report.steps == 2
    assert report.size == hold.profile.database.stat().st_size


def test_a_gap_in_the_log_is_named(hold: Hold) -> None:
    write_boxes(hold, "Ada", "Boris", "Clara")
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
        refill=lambda connection, tell: refill(connection),
        compared=("SELECT n FROM box_count",),
    )
    monkeypatch.setitem(derived.ALL_DERIVED, kept.name, kept)


@pytest.mark.usefixtures("box_count")
def test_derived_rows_that_fell_behind_are_named_and_nothing_changes(hold: Hold) -> None:
    write_boxes(hold, "Ada", "Boris")
    assert verify_derived(hold.profile.database, KEY) == ()
    connection = engine.connect(hold.profile.database, KEY)
    connection.execute("UPDATE box_count SET n = 7")
    connection.close()
    (problem,) = verify_derived(hold.profile.database, KEY)
    assert problem.startswith("“box count” does not agree")
    assert verify_derived(hold.profile.database, KEY) == (problem,)
    assert verify(hold.profile.database, KEY).is_good


def test_a_profile_that_is_whole_opens_without_complaint(hold: Hold, key: Key) -> None:
    write_boxes(hold, "Ada")
    damage.check_before_opening(hold.profile, key)
    backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    damage.check_before_opening(hold.profile, key)
    assert boxes_in(hold) == 1


def test_an_empty_or_missing_database_is_not_made_anew_in_silence(hold: Hold, key: Key) -> None:
    made = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    hold.profile.database.write_bytes(b"")
    with pytest.raises(engine.DamagedFile, match="missing or empty") as caught:
        damage.check_before_opening(hold.profile, key)
    assert said_moment(made.made_at) in caught.value.detail
    hold.profile.database.unlink()
    with pytest.raises(engine.DamagedFile, match="missing or empty"):
        damage.check_before_opening(hold.profile, key)
    shutil.rmtree(hold.profile.backups)
    damage.check_before_opening(hold.profile, key)  # a profile that was never filled


def test_the_newest_good_backup_is_offered_not_the_newest(hold: Hold, key: Key) -> None:
    older = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW)
    newer = backup.make_backup(hold.profile, key, Reason.DAILY, now=NOW + timedelta(days=1))
    assert backup.newest_good(hold.profile, key) == newer
    flip(newer.path, 2 * 4096 + 7)
    assert backup.newest_good(hold.profile, key) == older
    flip(hold.profile.database, 3)
    with pytest.raises(engine.DamagedFile, match="file is damaged") as caught:
        damage.check_before_opening(hold.profile, key)
    assert said_moment(older.made_at) in caught.value.detail
    flip(older.path, 2 * 4096 + 7)
    with pytest.raises(engine.DamagedFile) as caught:
        damage.check_before_opening(hold.profile, key)
    assert "look for one on another disk" in caught.value.detail


def test_a_truncated_database_is_found(hold: Hold) -> None:
    write_boxes(hold, *(f"Toy {number}" for number in range(100)))
    whole = hold.profile.database.read_bytes()
    for length in (len(whole) - 4096, len(whole) - 100, len(whole) // 2, 5000, 100):
        hold.profile.database.write_bytes(whole[:length])
        assert not verify(hold.profile.database, KEY).is_good, length
