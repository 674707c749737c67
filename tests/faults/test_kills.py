"""A process that is killed at any moment loses nothing that it had acknowledged."""

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from deskcrm.store import backup, damage
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.verify import verify
from tests.faults.acknowledged import check_acknowledged
from tests.faults.conftest import FULL, many
from tests.faults.killing import kill_while_writing
from tests.fixtures_store import KEY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")


def test_nothing_acknowledged_is_lost_to_a_kill(
    profile: Profile, key: Key, dice: random.Random, figure: Callable[[str], None]
) -> None:
    kills, acknowledged = many(20, 500), 0
    with_log = checked = 0
    for count in range(kills):
        lines = kill_while_writing(
            [sys.executable, "-m", "tests.faults.writer", str(profile.folder)],
            dice.random() ** 3 * 0.3,
        )
        assert lines[0] == "ready"
        log = profile.database_files()[1]
        with_log += log.exists() and log.stat().st_size > 0
        with profile.acquire() as hold:
            assert not hold.ended_cleanly
            damage.check_before_opening(profile, key)
            check_acknowledged(profile, lines[1:])
        acknowledged += len(lines) - 1
        if not FULL or count % 25 == 0:
            assert verify(profile.database, KEY).is_good
            checked += 1
    assert verify(profile.database, KEY).is_good
    assert acknowledged > kills
    assert with_log > kills // 2  # the control: the kills hit while something was under way
    figure(
        f"kill -9 while writing: {kills} kills, {acknowledged} commands acknowledged, 0 lost, "
        f"every start clean ({with_log} found a log to recover, {checked} were checked in full)"
    )


def test_a_lost_acknowledgement_would_be_noticed(profile: Profile) -> None:
    """The control: without the log that the kill left behind, the same check fails."""
    writer = [sys.executable, "-m", "tests.faults.writer", str(profile.folder)]
    lines = kill_while_writing(writer, 0.0, after=5)
    assert len(lines) > 1
    _, log, index, _ = profile.database_files()
    log.unlink()
    index.unlink()
    with pytest.raises(AssertionError):
        check_acknowledged(profile, lines[1:])


BACKING_UP = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from deskcrm.store import backup, restore
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from tests.fixtures_store import KEY

profile, key = Profile(Path(sys.argv[1])), Key(KEY)
with profile.acquire() as hold:
    print("ready", flush=True)
    while True:
        made = backup.make_backup(profile, key, backup.Reason.DAILY, now=datetime.now(UTC))
        print(made.path.name, flush=True)
        if len(sys.argv) > 2:
            restore.restore(hold, key, made.path, now=datetime.now(UTC))
            print("restored", flush=True)
"""


def test_a_kill_during_a_backup_leaves_no_half_backup(
    filled: Profile, key: Key, dice: random.Random, figure: Callable[[str], None]
) -> None:
    kills, made = many(6, 200), 0
    for _ in range(kills):
        command = [sys.executable, "-c", BACKING_UP, str(filled.folder)]
        made += len(kill_while_writing(command, dice.random() * 0.3)) - 1
        for found in backup.list_backups(filled):
            assert verify(found.path, KEY).is_good
    assert _noticed_nothing(filled, key)
    figure(f"kill -9 during a backup: {kills} kills, {made} backups acknowledged, no half one")


def test_a_kill_during_a_restore_leaves_a_whole_database(
    filled: Profile, key: Key, dice: random.Random, figure: Callable[[str], None]
) -> None:
    kills, restored = many(6, 200), 0
    steps = verify(filled.database, KEY).steps
    backup.make_backup(filled, key, Reason.IMPORT, now=datetime.now(UTC))
    for _ in range(kills):
        command = [sys.executable, "-c", BACKING_UP, str(filled.folder), "restore"]
        # The second line says that the backup is made, so the restore is what is hit.
        restored += kill_while_writing(command, dice.random() * 0.4, after=2).count("restored")
        with filled.acquire():
            damage.check_before_opening(filled, key)
            assert verify(filled.database, KEY).steps == steps
        assert _noticed_nothing(filled, key)
    figure(f"kill -9 during a restore: {kills} kills, {restored} restores done, always whole")


def _noticed_nothing(profile: Profile, key: Key) -> bool:
    damage.check_before_opening(profile, key)
    return verify(profile.database, key.raw).is_good
