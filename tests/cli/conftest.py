"""The command line as scripts run it, with a real profile and a passphrase.

Each verb is run by some test as a process of its own; to start one takes ten times what it does.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from deskcrm import cli
from deskcrm.base import words
from deskcrm.store.keys import PASSPHRASE_VARIABLE
from deskcrm.store.profile import Profile

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "correct horse battery"

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


def environment(**changes: str | None) -> dict[str, str]:
    """Give the environment of a script, with some variables set or (None) taken away."""
    made: dict[str, str | None] = {
        **os.environ,
        PASSPHRASE_VARIABLE: PASSPHRASE,
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
        **changes,
    }
    return {key: value for key, value in made.items() if value is not None}


def deskcrm(*arguments: str, given: str = "", **variables: str | None) -> Ran:
    """Run the command line within this process, which is quicker; else as ``process`` does."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment(**variables), clear=True),
        mock.patch.object(sys, "stdin", io.StringIO(given)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = cli.main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    words.set_language("en")
    return Ran(arguments, code, out.getvalue(), err.getvalue())


def process(*arguments: str, given: str = "", **variables: str | None) -> Ran:
    """Run the command line as a script does; what is given is its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "deskcrm", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def complaint(ran: Ran) -> str:
    """Give the one line that a refusal writes; fails if it is another thing."""
    assert ran.returncode != 0
    assert ran.stdout == ""
    assert ran.stderr.endswith("\n")
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert ran.stderr.startswith("deskcrm")
    return ran.stderr.strip()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """Give the profile of a small sample workspace; tests leave it as it is, or undo."""
    folder = tmp_path_factory.mktemp("cli") / "sample"
    ran = deskcrm("--profile", str(folder), "demo", "--clients", "13", "--seed", "1")
    assert ran.returncode == 0, ran.stderr
    assert "Recovery code" in ran.stdout
    return Profile(folder)


@pytest.fixture
def run(sample: Profile) -> Run:
    """Give a function that runs a verb on the sample workspace and expects it to succeed."""

    def go(*arguments: str, given: str = "", **variables: str | None) -> Ran:
        ran = deskcrm("--profile", str(sample.folder), *arguments, given=given, **variables)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran

    return go


@pytest.fixture
def script(sample: Profile) -> Run:
    """Give what ``run`` gives, but as a process of its own."""

    def go(*arguments: str, given: str = "", **variables: str | None) -> Ran:
        ran = process("--profile", str(sample.folder), *arguments, given=given, **variables)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran

    return go


@pytest.fixture
def client(run: Run) -> dict[str, Any]:
    """Give a client of the sample workspace as ``lookup`` gives it."""
    found: list[dict[str, Any]] = json.loads(run("lookup", "+7", "--json", "--limit", "1").stdout)
    return found[0]
