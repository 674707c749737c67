"""What ``deskcrm log-call`` acknowledged survives a kill at any moment, and so does the profile."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import select

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_person
from deskcrm.domain.interactions.model import Interaction
from deskcrm.store import backup, keys
from deskcrm.store.backup import Reason
from deskcrm.store.opening import open_profile
from deskcrm.store.profile import Profile
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.verify import verify
from tests.faults.conftest import many

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX"),
    pytest.mark.skipif(find_spec("deskcrm.cli") is None, reason="there is no command line yet"),
]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Give a profile that opens with a passphrase in the environment, as a script's does."""
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, "correct horse battery")
    profile = Profile(tmp_path / "profile")
    with open_profile(profile, create=True):
        return profile


@contextmanager
def _log_call(profile: Profile, client: str, text: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "deskcrm", "--profile", str(profile.folder), "log-call"]
    started = subprocess.Popen(
        [*command, "--client", client, "--text", text],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def _texts(db: Reader) -> set[str]:
    return {text for (text,) in db.all(select(Interaction.text).where(~Interaction.is_deleted))}


def _in_store(profile: Profile) -> set[str]:
    with open_profile(profile) as opened:
        return opened.store.ask(_texts)


def _add_client(store: Store) -> str:
    return str(store.do(create_person, name="Ada Byron").value)


def test_a_call_that_was_acknowledged_is_there_after_a_kill(
    made: Profile, dice: random.Random, figure: Callable[[str], None]
) -> None:
    with open_profile(made) as opened:
        client = _add_client(opened.store)
    began = time.monotonic()
    with _log_call(made, client, "call to measure") as started:
        said, complaint = started.communicate()
    assert started.returncode == 0, complaint
    assert said.strip()
    usual = time.monotonic() - began
    kills, acknowledged, all_said = many(25, 500), 0, {"call to measure"}
    tried = set(all_said)
    for count in range(kills):
        text = f"call number {count}"
        tried.add(text)
        with _log_call(made, client, text) as started:
            try:
                # From the start of Python to after the end: the kill comes anywhere in between.
                said, complaint = started.communicate(timeout=usual * dice.uniform(0.4, 1.3))
                assert started.returncode == 0, complaint
            except subprocess.TimeoutExpired:
                started.kill()
                said, _ = started.communicate()
        if said.endswith("\n"):
            acknowledged += 1
            all_said.add(text)
        if count % 5 == 4 or count == kills - 1:
            found = _in_store(made)
            assert all_said <= found <= tried
    with open_profile(made) as opened:
        report = verify(made.database, opened.key.raw, in_use=True)
    assert report.is_good
    assert acknowledged > 0
    figure(f"kill -9 of log-call: {kills} kills, {acknowledged} acknowledged, 0 lost, starts clean")


def _run(profile: Profile, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deskcrm", "--profile", str(profile.folder), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_verify_says_what_is_damaged_and_offers_the_backup(made: Profile, tmp_path: Path) -> None:
    with open_profile(made) as opened:
        _add_client(opened.store)
        backup.make_backup(made, opened.key, Reason.DAILY, now=clock.now())
    whole = _run(made, "verify", "--thorough")
    assert whole.returncode == 0, whole.stderr
    content = bytearray(made.database.read_bytes())
    content[len(content) // 2] ^= 4
    made.database.write_bytes(content)
    damaged = _run(made, "verify")
    assert damaged.returncode != 0
    assert damaged.stdout == ""
    (line,) = damaged.stderr.splitlines()
    assert "1 page of the file is damaged." in line
    assert "Restore the backup of " in line
    (good,) = backup.list_backups(made)
    assert _run(made, "restore", str(good.path)).returncode == 0
    assert _run(made, "verify", "--thorough").returncode == 0
