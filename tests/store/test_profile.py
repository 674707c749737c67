"""A profile: one process at a time, private, and its database replaced whole or not at all."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store import files, profile
from deskcrm.store.profile import AlreadyOpen, Profile

HOLDER = """
import sys
from pathlib import Path
from deskcrm.store.profile import Profile

hold = Profile(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
hold.release()
"""


@pytest.fixture
def here(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def _other_process(here: Profile) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(here.folder)],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "held\n"
    return started


def _end(started: subprocess.Popen[str]) -> None:
    started.communicate()
    assert started.returncode in (0, -signal.SIGKILL)


def test_naming_a_profile_touches_nothing(here: Profile) -> None:
    assert not here.exists()
    assert here.running() is None
    assert not here.folder.exists()


def test_a_second_process_is_told_who_has_the_profile(here: Profile) -> None:
    other = _other_process(here)
    with pytest.raises(AlreadyOpen, match="already open") as caught:
        here.acquire()
    assert "close it and try again" in caught.value.detail
    assert str(other.pid) in caught.value.detail
    assert caught.value.running == profile.Running(pid=other.pid, socket=here.socket)
    assert here.running() == caught.value.running
    _end(other)
    assert here.running() is None
    with here.acquire() as hold:
        assert hold.ended_cleanly


def test_a_second_hold_in_the_same_process_is_refused_too(here: Profile) -> None:
    with here.acquire(), pytest.raises(AlreadyOpen):
        here.acquire()
    with here.acquire():
        assert here.running() == profile.Running(os.getpid(), here.socket)


def test_a_killed_process_leaves_the_profile_free_and_is_noticed(here: Profile) -> None:
    other = _other_process(here)
    other.kill()
    _end(other)
    assert here.running() is None
    with here.acquire() as hold:
        assert not hold.ended_cleanly
    with here.acquire() as hold:
        assert hold.ended_cleanly
        hold.release()
        hold.release()


def test_two_profiles_are_open_at_once(tmp_path: Path) -> None:
    one, two = Profile(tmp_path / "one"), Profile(tmp_path / "two")
    with one.acquire(), two.acquire():
        assert one.socket != two.socket


def test_a_lock_file_with_nonsense_does_no_harm(here: Profile) -> None:
    here.acquire().release()
    (here.folder / "lock").write_text("nonsense")
    with here.acquire():
        (here.folder / "lock").write_text("[1]")
        with pytest.raises(AlreadyOpen) as caught:
            here.acquire()
        assert caught.value.running is None
        assert "Go on in the window" in caught.value.detail


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, not modes")
def test_only_the_owner_can_enter_a_profile(here: Profile) -> None:
    here.folder.mkdir(mode=0o755)
    with here.acquire():
        for folder in (here.folder, here.backups):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((here.folder / "lock").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        Profile(tmp_path / "file" / "profile").acquire()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names pipes, not paths")
def test_the_socket_lies_in_the_private_folder_where_its_path_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Profile(Path("/p")).socket == "/p/desk.sock"
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    deep = Profile(Path("/", *["long-name"] * 12))
    assert deep.socket.startswith("/run/user/7/deskcrm-")
    assert deep.socket == Profile(deep.folder).socket
    assert len(deep.socket) < 100


def _write_old_and_new(here: Profile) -> None:
    here.database.write_text("old")
    here.database.with_name("deskcrm.db-wal").write_text("old wal")
    here.database.with_name("deskcrm.db-shm").write_text("old shm")
    profile.fresh_database(here).write_text("new")


def _check_replaced(here: Profile) -> None:
    assert here.database.read_text() == "new"
    assert (here.aside / "then" / "deskcrm.db").read_text() == "old"
    assert (here.aside / "then" / "deskcrm.db-wal").read_text() == "old wal"
    assert sorted(path.name for path in here.folder.iterdir()) == [
        "aside",
        "backups",
        "deskcrm.db",
        "lock",
    ]


def test_replacing_the_database_keeps_the_old_one_with_its_log(here: Profile) -> None:
    with here.acquire() as hold:
        _write_old_and_new(here)
        assert profile.replace_database(hold, aside="then") == here.aside / "then"
        _check_replaced(here)


class Crash(BaseException):
    """The process ends here."""


def _crash_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> Callable[[], int]:
    """Let the process end at the Nth change to a name on the disk."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done > calls:
            raise Crash

    move, unlink = files.move, Path.unlink

    def crashing_move(source: Path, target: Path) -> None:
        step()
        move(source, target)

    def crashing_unlink(path: Path, missing_ok: bool = False) -> None:
        step()
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(files, "move", crashing_move)
    monkeypatch.setattr(Path, "unlink", crashing_unlink)
    return lambda: done


def test_a_crash_at_any_moment_of_replacing_leaves_the_old_or_gives_the_new(
    here: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = outcomes = 0
    while True:
        shutil.rmtree(here.folder, ignore_errors=True)
        with here.acquire() as hold:
            _write_old_and_new(here)
            with monkeypatch.context() as patch:
                count = _crash_after(patch, calls)
                try:
                    profile.replace_database(hold, aside="then")
                    break
                except Crash:
                    # What is tidied up behind it is not done any more either.
                    assert count() > calls
        with here.acquire():
            if here.database.read_text() == "old":
                assert here.database.with_name("deskcrm.db-wal").read_text() == "old wal"
                assert not profile.fresh_database(here).exists()
            else:
                _check_replaced(here)
                outcomes += 1
        calls += 1
    assert calls >= 8
    assert outcomes >= 6


def test_the_name_aside_cannot_lead_out_of_the_profile(here: Profile) -> None:
    with here.acquire():
        _write_old_and_new(here)
    (here.folder / "replacing.json").write_text(json.dumps({"aside": "../../elsewhere"}))
    with here.acquire():
        assert here.database.read_text() == "new"
    assert (here.aside / "elsewhere" / "deskcrm.db").exists()


def test_a_whole_file_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    files.write_whole(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError, match="No space left on device"):
            files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    files.write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_too_little_space_is_said_with_the_figures(tmp_path: Path) -> None:
    files.require_space(tmp_path, 1)
    with pytest.raises(UserError, match="not enough space") as caught:
        files.require_space(tmp_path, 1 << 60)
    assert "1152921504606.8 MB are needed" in caught.value.detail
