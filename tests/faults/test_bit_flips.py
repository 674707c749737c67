"""One flipped bit anywhere in a profile is noticed, said in words, and mended by a restore."""

import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskcrm.base.days import said_moment
from deskcrm.store import backup, damage, engine, restore
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.verify import verify
from tests.faults.conftest import many
from tests.fixtures_store import KEY

PAGE = 4096
SEAL = 80  # the initialisation vector and the HMAC at the end of each page
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

CRASHING = """
import os
import sys
from pathlib import Path
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from tests import toys
from tests.fixtures_store import KEY

store = Store.open(open_sqlite(Path(sys.argv[1]), KEY))
for number in range(30):
    box = store.do(toys.add_box, name=f"Late {number}").value
    store.do(toys.fill, box, names=["Thing"] * 20)
    if number == int(sys.argv[2]):
        with store.database.writer.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint")
os._exit(0)
"""


@contextmanager
def flipped(path: Path, bit: int) -> Iterator[None]:
    """Flip one bit of a file, and flip it back."""

    def flip() -> None:
        with path.open("r+b") as file:
            file.seek(bit // 8)
            (byte,) = file.read(1)
            file.seek(bit // 8)
            file.write(bytes([byte ^ 1 << bit % 8]))

    flip()
    try:
        yield
    finally:
        flip()


def _noticed_at_opening(profile: Profile, key: Key) -> engine.DamagedFile | None:
    try:
        damage.check_before_opening(profile, key)
    except engine.DamagedFile as error:
        return error
    return None


def _noticed(profile: Profile, key: Key) -> engine.DamagedFile | None:
    """Open, then check: what the program does at a start after a crash, and once a day."""
    found = _noticed_at_opening(profile, key)
    if found is None and not (report := verify(profile.database, key.raw)).is_good:
        found = damage.damaged(profile, key, " ".join(report.problems))
    return found


def _in_every_region(path: Path, dice: random.Random, number: int) -> Iterator[int]:
    """Choose bits in the salt, the text and the seal of pages all over the file, free ones too."""
    pages = path.stat().st_size // PAGE
    for count in range(number):
        page = count * pages // number
        kind = count % 4
        if kind == 0:
            place = dice.randrange(16) if count % 8 else dice.randrange(16, 100)  # salt, header
        elif kind == 1:
            place = page * PAGE + PAGE - dice.randrange(1, SEAL + 1)
        else:
            place = page * PAGE + dice.randrange(PAGE)
        yield place * 8 + dice.randrange(8)


def test_every_flipped_bit_of_the_file_is_noticed_and_restore_is_offered(
    filled: Profile, key: Key, dice: random.Random, figure: Callable[[str], None]
) -> None:
    good = backup.make_backup(filled, key, Reason.DAILY, now=NOW)
    assert _noticed(filled, key) is None  # the control: nothing is said of a whole file
    pages, free = filled.database.stat().st_size // PAGE, _free_pages(filled)
    assert free > 20
    number = many(120, 1000)
    at_opening = 0
    for bit in _in_every_region(filled.database, dice, number):
        with flipped(filled.database, bit):
            at_opening += _noticed_at_opening(filled, key) is not None
            error = _noticed(filled, key)
        assert error is not None, f"bit {bit} of {filled.database.stat().st_size * 8}"
        assert error.title.endswith(".")
        assert f"Restore the backup of {said_moment(good.made_at)}" in error.detail
    assert _noticed(filled, key) is None
    # The other control: opening alone does not see most of them, so it was the check that did.
    assert 0 < at_opening < number
    figure(
        f"bit flips in the database: {number}, noticed {number} ({at_opening} of them at opening, "
        f"the rest by the check); {pages} pages, {free} of them free"
    )


def test_without_a_seal_flipped_bits_go_unnoticed(
    filled: Profile, tmp_path: Path, dice: random.Random
) -> None:
    """The control of the controls: the same flips in a copy without encryption are missed."""
    import sqlite3

    source = engine.connect(filled.database, KEY)
    plain = tmp_path / "plain.db"
    source.execute("ATTACH ? AS plain KEY ''", (str(plain),))
    source.execute("SELECT sqlcipher_export('plain')")
    source.close()
    missed = 0
    for bit in _in_every_region(plain, dice, 60):
        with flipped(plain, bit):
            connection = sqlite3.connect(plain)
            try:
                missed += connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            except sqlite3.DatabaseError:
                pass
            finally:
                connection.close()
    assert missed > 10


def test_a_damaged_profile_is_whole_again_after_the_restore(
    filled: Profile, key: Key, dice: random.Random
) -> None:
    good = backup.make_backup(filled, key, Reason.DAILY, now=NOW)
    report = verify(filled.database, KEY)
    for bit in _in_every_region(filled.database, dice, 4):
        shutil.copyfile(good.path, filled.database)
        with filled.acquire() as hold:
            with filled.database.open("r+b") as file:
                file.seek(bit // 8)
                (byte,) = file.read(1)
                file.seek(bit // 8)
                file.write(bytes([byte ^ 1 << bit % 8]))
            found = backup.newest_good(filled, key)
            assert found is not None
            restore.restore(hold, key, found.path, now=NOW)
            assert _noticed(filled, key) is None
        assert verify(filled.database, KEY).steps == report.steps


@pytest.mark.parametrize("checkpoint_at", [-1, 25], ids=["all in the log", "a log begun anew"])
def test_every_flipped_bit_of_the_log_is_noticed_or_changes_nothing(
    filled: Profile,
    key: Key,
    dice: random.Random,
    figure: Callable[[str], None],
    checkpoint_at: int,
) -> None:
    files = _crash(filled, checkpoint_at)
    assert all(path.stat().st_size for path in files)
    whole = {path: path.read_bytes() for path in files}

    def put_back() -> None:
        for path, content in whole.items():
            path.write_bytes(content)

    assert _noticed_at_opening(filled, key) is None
    before = _content(filled)
    outcomes: Counter[str] = Counter()
    for _ in range(many(60, 1000)):
        path = files[1] if dice.random() < 0.8 else files[2]
        put_back()
        bit = dice.randrange(len(whole[path]) * 8)
        with flipped(path, bit):
            noticed = _noticed_at_opening(filled, key)
            if noticed is None:
                assert _content(filled) == before, f"bit {bit} of {path.name}"
        outcomes["unused" if noticed is None else "noticed"] += 1
        if noticed is not None:
            assert "last changes before the computer stopped" in noticed.title
    put_back()
    assert outcomes["noticed"] > 5
    figure(
        f"bit flips in the log and its index: {outcomes['noticed']} noticed, "
        f"{outcomes['unused']} in parts that no longer count (all rows compared), 0 lost in silence"
    )


def test_a_log_that_is_gone_is_noticed(filled: Profile, key: Key) -> None:
    _, log, _ = _crash(filled, -1)
    log.unlink()
    noticed = _noticed_at_opening(filled, key)
    assert noticed is not None


def test_what_is_left_of_a_damaged_log_can_be_opened_and_the_rest_is_kept(
    filled: Profile, key: Key
) -> None:
    before = _content(filled)
    files = _crash(filled, -1)
    with files[1].open("r+b") as file:
        file.seek(files[1].stat().st_size // 2)
        file.write(b"damaged")
    kept_bytes = files[1].read_bytes()
    assert _noticed_at_opening(filled, key) is not None
    kept = damage.accept_lost_end(filled, key, now=NOW)
    assert (kept / "deskcrm.db-wal").read_bytes() == kept_bytes
    assert _noticed(filled, key) is None
    after = _content(filled)
    assert set(before) == set(after)
    assert len(after["toy_thing"]) > len(before["toy_thing"])


def _crash(profile: Profile, checkpoint_at: int) -> tuple[Path, Path, Path]:
    """Let a process write and end without closing; give the database, its log and its index."""
    subprocess.run(
        [sys.executable, "-c", CRASHING, str(profile.database), str(checkpoint_at)],
        cwd=Path(__file__).resolve().parents[2],
        check=True,
    )
    database, log, index, _ = profile.database_files()
    return database, log, index


def _content(profile: Profile) -> dict[str, list[object]]:
    """Read every row there is, without writing to the database."""
    connection = engine.connect(profile.database, KEY, read_only=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for (name,) in names
        }
    finally:
        connection.close()


def _free_pages(profile: Profile) -> int:
    connection = engine.connect(profile.database, KEY, read_only=True)
    try:
        return int(connection.execute("PRAGMA freelist_count").fetchone()[0])
    finally:
        connection.close()
