"""new, demo, recover, verify, backup and restore: a workspace from its making to its rescue."""

import json
import re
from pathlib import Path

import pytest

from deskcrm.store.keys import PASSPHRASE_VARIABLE
from deskcrm.store.keys.file import read
from deskcrm.store.profile import Profile
from tests.cli.conftest import Run, complaint, deskcrm, process


@pytest.fixture
def empty(tmp_path: Path) -> tuple[str, str]:
    """Give the folder of a new workspace, and its recovery code."""
    folder = str(tmp_path / "mine")
    ran = deskcrm("--profile", folder, "new", "--name", "Ада Байрон")
    assert ran.returncode == 0, ran.stderr
    code = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", ran.stdout)
    assert code is not None
    return folder, code[0]


def test_a_new_workspace_is_empty_good_and_made_once(tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    assert process("--profile", folder, "new", "--name", "Ада Байрон").returncode == 0
    kept = read(Profile(Path(folder)))
    for wrapped in (kept.passphrase, kept.recovery):
        assert wrapped is not None
        assert (wrapped.passes, wrapped.memory_kib, wrapped.lanes) == (3, 65_536, 4)  # RFC 9106
    assert deskcrm("lookup", "Ада", "--profile", folder, "--json").stdout == "[]\n"
    assert "is good" in deskcrm("verify", "--profile", folder).stdout
    assert "already" in complaint(deskcrm("new", "--name", "X", "--profile", folder))


def test_the_recovery_code_lets_in_who_forgot_the_passphrase(empty: tuple[str, str]) -> None:
    folder, code = empty
    wrong = deskcrm("--profile", folder, "verify", DESKCRM_PASSPHRASE="something else")
    assert "not the passphrase" in complaint(wrong)
    given = f"{code.lower()}\nanother passphrase\n"
    assert process("--profile", folder, "recover", given=given).returncode == 0
    new = deskcrm("--profile", folder, "verify", DESKCRM_PASSPHRASE="another passphrase")
    assert new.returncode == 0
    mistyped = deskcrm("--profile", folder, "recover", given=f"{code[:-1]}\nx\n")
    assert "mistyped" in complaint(mistyped)


def test_a_workspace_comes_back_from_its_backup(tmp_path: Path, run: Run, script: Run) -> None:
    file = str(tmp_path / "copy.db")
    assert "Backed up" in script("backup", file).stdout
    other = str(tmp_path / "another computer")
    ran = process("--profile", other, "restore", file)
    assert ran.returncode == 0, ran.stderr
    theirs = deskcrm("--profile", other, "lookup", "+7", "--json", "--limit", "1").stdout
    assert json.loads(theirs)
    assert json.loads(run("lookup", "+7", "--json", "--limit", "1").stdout) == json.loads(theirs)


def test_a_damaged_file_is_named_and_what_to_do(empty: tuple[str, str]) -> None:
    folder, _ = empty
    path = Profile(Path(folder)).database
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    said = complaint(deskcrm("--profile", folder, "verify"))
    assert "damaged" in said
    assert "no good backup" in said


def test_what_is_missing_is_said_with_what_to_do(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    for verb in (["lookup", "x"], ["verify"], ["undo"], ["backup", "x.db"], ["recover"]):
        said = complaint(deskcrm("--profile", nowhere, *verb))
        assert "no workspace" in said
        assert "deskcrm demo" in said
    assert not Path(nowhere).exists()
    assert "no file" in complaint(deskcrm("--profile", nowhere, "restore", "missing.db"))
    bare = process("--profile", nowhere, "demo", DESKCRM_PASSPHRASE=None)
    assert "no safe place for the key" in complaint(bare)
    assert PASSPHRASE_VARIABLE in bare.stderr


def test_demo_adds_to_a_workspace_only_when_told(empty: tuple[str, str]) -> None:
    folder, _ = empty
    assert "--into existing" in complaint(deskcrm("--profile", folder, "demo"))
    small = ("--clients", "2", "--language", "ru", "--into", "existing")
    ran = deskcrm("--profile", folder, "demo", *small)
    assert ran.returncode == 0, ran.stderr
    assert re.match(r"[\d,]+ records are in ", ran.stdout)
    undone = deskcrm("--profile", folder, "undo")
    assert undone.stdout == "Undone: Add sample workspace\n"
