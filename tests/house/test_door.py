"""The one door: sets up what is missing by itself, and says in words what it cannot do."""

import ast
import subprocess
import sys
from pathlib import Path
from venv import EnvBuilder

import pytest

import dev
from tests.house.sources import ROOT, imports_of

DOOR = ROOT / "dev.py"
MAKE_VENV = dev.make_venv


@pytest.fixture
def new_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the door work on an environment elsewhere, and note what it would install."""
    bin_name = "Scripts" if sys.platform == "win32" else "bin"
    python = "python.exe" if sys.platform == "win32" else "python"
    venv = tmp_path / ".venv"
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "PYTHON", venv / bin_name / python)
    monkeypatch.setattr(dev, "STAMP", venv / "set-up.json")
    monkeypatch.setattr(dev, "provide_qt_libraries", lambda *, display: None)
    installed: list[str] = []
    monkeypatch.setattr(dev, "fill_venv", installed.append)
    monkeypatch.setattr(dev, "make_venv", lambda: EnvBuilder(symlinks=True).create(venv))
    return installed


def test_an_old_python_can_read_the_door_and_gets_a_sentence() -> None:
    ast.parse(DOOR.read_text("utf-8"), feature_version=(3, 7))
    text = DOOR.read_text("utf-8")
    assert text.index("sys.version_info < (3, 11)") < text.index("import argparse")


def test_the_door_needs_only_python() -> None:
    names = {name.partition(".")[0] for _line, name in imports_of(DOOR)}
    assert names <= sys.stdlib_module_names


def test_a_fresh_checkout_gets_an_environment_and_a_second_start_does_nothing(
    new_checkout: list[str],
) -> None:
    dev.set_up("run")
    dev.set_up("run")
    assert new_checkout == ["run"]
    dev.set_up("dev")
    dev.set_up("run")
    assert new_checkout == ["run", "dev"]


def test_a_half_made_environment_is_made_anew(
    new_checkout: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "make_venv", MAKE_VENV)
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.write_text("not a program", "utf-8")
    leftover = dev.VENV / "leftover"
    leftover.touch()
    dev.set_up("run")
    assert not leftover.exists()
    assert dev.python_works()
    assert new_checkout == ["run"]
    assert "making it anew" in capsys.readouterr().err


def test_a_set_up_that_is_interrupted_is_not_taken_for_a_finished_one(
    new_checkout: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_level: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dev, "fill_venv", interrupted)
        with pytest.raises(KeyboardInterrupt):
            dev.set_up("run")
    assert dev.read_stamp() == {}
    dev.set_up("run")
    assert new_checkout == ["run"]


@pytest.mark.parametrize(
    ("said_by_pip", "said"),
    [
        ("Failed to establish a new connection: Name or service not known", "Check the network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES ... do not match", "not the one that was locked"),
        ("No space left on device", "No space left on device"),
    ],
)
def test_a_failed_installation_is_told_in_words(
    said_by_pip: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", said_by_pip)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: failed)
    with pytest.raises(dev.Trouble, match=said):
        dev.pip("-r", "requirements.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="Qt brings all it needs on Windows")
def test_who_may_not_install_libraries_is_told_the_one_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dev, "missing_packages", lambda *, display: ["libegl1"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda tool: f"/usr/bin/{tool}")
    with pytest.raises(dev.Trouble, match=r"\n\n    sudo apt-get install -y .*libegl1 .*\n"):
        dev.provide_qt_libraries(display=True)


def test_without_a_display_it_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(sys, "argv", ["dev.py", "run"])
    assert dev.main() == 2
    assert "python3 dev.py run --offscreen" in capsys.readouterr().err


def test_what_follows_goes_to_the_tool_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda level: None)

    def call(*words: str, **_more: object) -> int:
        called.extend(words)
        return 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(sys, "argv", ["dev.py", "test", "tests/ui", "-k", "a or b", "--co", "-q"])
    assert dev.main() == 0
    assert called == ["-m", "pytest", "tests/ui", "-k", "a or b", "--co", "-q"]


def test_all_tests_run_on_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    for name in ("set_up", "provide_test_programs"):
        monkeypatch.setattr(dev, name, lambda *_: None)

    def call(*words: str, **_more: object) -> int:
        called.extend(words)
        return 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(sys, "argv", ["dev.py", "test"])
    assert dev.main() == 0
    assert called[:4] == ["-m", "pytest", "-n", "auto"]
