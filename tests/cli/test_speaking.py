"""Help, errors and ends of the command line: one line, an exit code, never a traceback."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from deskcrm import __version__, cli
from deskcrm.base.errors import Cancelled
from deskcrm.cli.verbs import _verbs
from deskcrm.store.profile import Profile
from tests.cli.conftest import ROOT, Run, complaint, deskcrm, environment, process

VERBS = [name for name, _, _ in _verbs()]


def test_the_version_is_said_without_loading_the_store() -> None:
    code = "import sys, deskcrm.cli\ntry: deskcrm.cli.main(['--version'])\nfinally: {}"
    check = "assert not {'sqlalchemy', 'PySide6', 'deskcrm.store'} & set(sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code.format(check)], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"DeskCRM {__version__}\n", "")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([verb, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: deskcrm {verb}")
    assert "--profile DIR" in said


def test_what_cannot_be_read_is_one_line_and_exit_code_2() -> None:
    for arguments in (["nonsense"], ["lookup"], ["lookup", "x", "--limit", "0"], ["undo", "x"]):
        ran = deskcrm(*arguments)
        assert ran.returncode == 2
        assert "--help" in complaint(ran)
    assert "1280x800" in complaint(deskcrm("screens", "--size", "huge"))
    assert "ru-dark" in complaint(deskcrm("screens", "--look", "pink"))


def test_a_bug_is_admitted_with_the_place_of_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fall_over(_options: object) -> int:
        raise RuntimeError("a secret name")

    monkeypatch.setattr("deskcrm.cli.window.run", fall_over)
    assert cli.main(["--profile", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "bug" in said
    (report,) = tmp_path.glob("deskcrm-report-*.txt")
    assert str(report) in said
    assert "RuntimeError" in report.read_text("utf-8")
    assert "secret" not in report.read_text("utf-8") + said
    with pytest.raises(RuntimeError):
        cli.main(["--profile", str(tmp_path), "--debug"])


@pytest.mark.parametrize("ending", [KeyboardInterrupt, Cancelled])
def test_an_interruption_is_quiet(
    ending: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stop(_options: object) -> int:
        raise ending

    monkeypatch.setattr("deskcrm.cli.window.run", stop)
    assert cli.main(["--profile", str(tmp_path)]) == 130
    assert capsys.readouterr().err.startswith("deskcrm: Cancelled")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_who_has_seen_enough_is_no_error(sample: Profile, client: dict[str, Any]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        [sys.executable, "-m", "deskcrm", "--profile", sample.folder, "history", client["client"]],
        cwd=ROOT, env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, b"")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_the_window_says_so(sample: Profile) -> None:
    for verb in ([], ["call", "+7"]):
        ran = process(
            "--profile", str(sample.folder), *verb,
            QT_QPA_PLATFORM=None, DISPLAY=None, WAYLAND_DISPLAY=None,
        )  # fmt: skip
        assert "no display" in complaint(ran)


@pytest.mark.skipif(sys.platform == "win32", reason="a socket of POSIX stands in for the program")
@pytest.mark.parametrize("number", ["+7 (916) 123-45-67", ""])
def test_a_call_reaches_the_running_program(sample: Profile, script: Run, number: str) -> None:
    with sample.acquire(), socket.socket(socket.AF_UNIX) as door:
        Path(sample.socket).unlink(missing_ok=True)
        door.bind(sample.socket)
        door.listen()
        heard: list[bytes] = []

        def answer() -> None:
            visitor, _ = door.accept()
            with visitor:
                heard.append(visitor.recv(4096))
                visitor.sendall(b"ok\n")

        waiting = threading.Thread(target=answer, daemon=True)
        waiting.start()
        said = script("call", *filter(None, [number])).stdout
        waiting.join(timeout=10)
    assert "on the screen" in said
    assert json.loads(heard[0]) == {"verb": "call", "number": number}
