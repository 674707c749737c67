"""A wipe that is killed at any of its steps leaves a profile that is usable, or wiped."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deskcrm.store import keys
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Keychain
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests.faults.wiper import FileDrawer

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Give the folder of a profile whose key is in a keychain that outlives processes."""
    profile = Profile(tmp_path / "profile")
    profile.acquire().release()
    chain = Keychain(FileDrawer(profile.folder / "keychain"))
    key, _ = keys.create_key(profile, keychain=chain)
    Store.open(open_sqlite(profile.database, key.raw)).close()
    name = json.loads(profile.keys.read_bytes())["profile"]
    chain.keep(keys.token_account(name), "token")
    (profile.folder / "name").write_text(json.dumps(name))
    return profile.folder


def states(folder: Path, *more: str) -> list[str]:
    """Give what is left after a kill at each step."""
    command = [sys.executable, "-m", "tests.faults.wiper", str(folder), *more]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


def test_a_wipe_that_is_killed_is_not_begun_or_is_finished(
    kept: Path, figure: Callable[[str], None]
) -> None:
    found = states(kept)
    assert set(found) == {"usable", "wiped"}
    assert found == sorted(found)  # once it is wiped it stays so
    assert found.count("wiped") > 6  # the control: kills hit the middle of it, too
    figure(f"kill -9 at each of {len(found) - 1} steps of a wipe: usable or wiped, no half")


def test_a_wipe_without_its_note_would_be_noticed(kept: Path) -> None:
    assert "broken" in states(kept, "careless")
