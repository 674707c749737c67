"""A full or failing disk stops a command in words, and what was acknowledged stays."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.store import backup, damage, engine
from deskcrm.store.backup import Reason
from deskcrm.store.engine import NoSpace, StoreStopped
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.verify import verify
from tests import toys
from tests.faults.acknowledged import check_acknowledged
from tests.faults.conftest import limit_pages, many
from tests.fixtures_store import KEY

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="mounts and limits as Linux has")


def _count(db: Reader) -> int:
    return int(db.scalar(select(func.count()).select_from(toys.ToyThing)) or 0)


def _fill_one_box(store: Store, number: int) -> NoSpace | None:
    try:
        box = store.do(toys.add_box, name="One more").value
        store.do(toys.fill, box, names=["Thing " * 20] * number)
    except NoSpace as error:
        return error
    return None


def test_a_command_that_finds_no_space_says_so_and_changes_nothing(
    filled: Profile, dice: random.Random, figure: Callable[[str], None]
) -> None:
    store = Store.open(engine.open_sqlite(filled.database, KEY))
    refused = done = 0
    for _ in range(many(20, 500)):
        limit_pages(store, dice.randrange(0, 12))
        before, number = store.ask(_count), dice.randrange(1, 2000)
        error = _fill_one_box(store, number)
        if error is None:
            done += 1
            assert store.ask(_count) == before + number
        else:
            refused += 1
            assert "nothing was changed" in error.title
            assert "Free some space" in error.detail
            assert store.ask(_count) == before
        limit_pages(store, 100_000)
        if dice.random() < 0.5:  # space is there again: the same store goes on
            kept = store.do(toys.add_box, name="Goes on").value
            store.do(toys.fill, kept, names=["Thing"] * 3)
    store.close()
    assert refused > 3
    assert verify(filled.database, KEY).is_good
    figure(f"no space: {refused} commands refused in words, {done} done, 0 rows lost or half done")


def test_a_backup_without_space_is_refused_and_leaves_nothing(
    filled: Profile, key: Key, tmp_path: Path
) -> None:
    if sys.platform == "win32":
        pytest.skip("limits of a process are POSIX")
    import resource
    import signal

    limit = filled.database.stat().st_size // 2
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(UserError) as caught:
            backup.make_backup(filled, key, Reason.DAILY, now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.detail
    assert list(filled.backups.iterdir()) == []
    backup.make_backup(filled, key, Reason.DAILY, now=NOW)


LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv.pop())
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
runpy.run_module("tests.faults.writer", run_name="__main__")
"""


@linux_only
def test_a_disk_that_fails_stops_the_writing_and_loses_nothing(
    profile: Profile, key: Key, dice: random.Random, figure: Callable[[str], None]
) -> None:
    faults, acknowledged = many(8, 300), 0
    for _ in range(faults):
        _begin_small(profile)
        limit = profile.database.stat().st_size + dice.randrange(20_000, 900_000)
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(profile.folder), str(limit)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        said = done.stderr.strip()
        assert said.startswith((StoreStopped.__name__, NoSpace.__name__)), said
        assert "\n" not in said
        lines = done.stdout.splitlines()
        acknowledged += len(lines) - 1
        with profile.acquire():
            damage.check_before_opening(profile, key)
            check_acknowledged(profile, lines[1:])
        assert verify(profile.database, KEY).is_good
    assert acknowledged > 0
    figure(
        f"disk failing at a random byte: {faults} faults, {acknowledged} commands acknowledged, "
        "0 lost, all said in words"
    )


def test_after_a_disk_failure_no_more_is_written_until_it_is_opened_again(
    filled: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(engine.open_sqlite(filled.database, KEY))
    failing = StoreStopped("The disk failed while writing.", "What you typed is kept.")

    def fail(*_: object) -> object:
        raise failing

    before = store.ask(_count)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_work", fail)
        with pytest.raises(StoreStopped):
            store.do(toys.add_box, name="Lost?")
    with pytest.raises(StoreStopped, match="stopped writing") as caught:
        store.do(toys.add_box, name="Not yet")
    assert "What you typed is kept" in caught.value.detail
    assert store.ask(_count) == before
    store.close()
    again = Store.open(engine.open_sqlite(filled.database, KEY))
    again.do(toys.add_box, name="Now")
    again.close()


ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size=3m,mode=0700 none "$1"
cp -r "$2" "$1/profile"
"$3" -m tests.faults.writer "$1/profile" > "$4/first.out" 2> "$4/first.err" && exit 9
head -c 100 /dev/zero > "$1/more" 2> /dev/null && [ -s "$1/more" ] && exit 8
mount -o remount,size=30m "$1"
cp -r "$1/profile" "$4/as-it-was"
write() { timeout -s KILL 4 "$3" -m tests.faults.writer "$1/profile"; }
write "$@" > "$4/second.out" || true
cp -r "$1/profile" "$4/after"
umount "$1"
"""


def _mounting() -> list[str]:
    """Give the command that runs a script with mounts of its own."""
    private = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    command = [*private, "bash", "-c"]
    probe = [*command, "mount -t tmpfs none /mnt"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here; the other faults of this file ran all the same")
    return command


@linux_only
def test_a_disk_that_is_really_full_loses_nothing_and_is_written_again_when_it_is_not(
    profile: Profile, key: Key, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    _begin_small(profile)
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    out.mkdir()
    arguments: list[str | Path] = [
        ON_A_SMALL_DISK,
        "bash",
        disk,
        profile.folder,
        sys.executable,
        out,
    ]
    done = subprocess.run(
        [*_mounting(), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (out / "first.err").read_text().startswith("NoSpace: The disk is full")
    first = (out / "first.out").read_text().splitlines()[1:]
    second = (out / "second.out").read_text().splitlines()[1:]
    assert first
    assert second
    for folder, lines in (("as-it-was", first), ("after", first + second)):
        found = Profile(out / folder)
        damage.check_before_opening(found, key)
        check_acknowledged(found, lines)
        assert verify(found.database, KEY).is_good
    figure(f"a full disk (3 MB): {len(first)} commands kept, and {len(second)} more once it grew")


def _begin_small(profile: Profile) -> None:
    """Leave a profile with one box, so that the limits are reached by what is written now."""
    for path in profile.database_files()[1:]:
        path.unlink(missing_ok=True)
    connection = engine.connect(profile.database, KEY)
    for table in ("toy_thing", "toy_box", "change", "step"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("VACUUM")
    connection.close()
    shutil.rmtree(profile.aside, ignore_errors=True)
