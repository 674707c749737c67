"""Faults on purpose: a sample in every run, the full number with DESKCRM_FULL=1.

    DESKCRM_FULL=1 .venv/bin/python -m pytest tests/faults -q -o faulthandler_timeout=0

runs 1,000 bit flips in the file and 2,000 in its log, 500 kills of a writer and of ``log-call``,
200 during a backup, a restore and an import, 500 lacks of space and 300 failures of the disk, and
200 kills of the server, PostgreSQL or a workstation while two push: an hour on an idle machine.
What was counted is printed at the end of the run.
"""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests import toys
from tests.fixtures_store import KEY

FULL = bool(os.environ.get("DESKCRM_FULL"))
_figures: list[str] = []


def many(sample: int, full: int) -> int:
    """Give the number of faults for this run."""
    return full if FULL else sample


def limit_pages(store: Store, more: int) -> None:
    """Let the file of a store grow by so many pages, and no further."""
    with store.database.writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {pages + more}")


@pytest.fixture
def figure() -> Callable[[str], None]:
    """Give a function that notes a figure to be printed at the end."""
    return _figures.append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was counted."""
    for line in _figures:
        terminalreporter.write_line(line)


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Give randomness that is the same in every run of the same test."""
    return random.Random(request.node.name)


@pytest.fixture
def key() -> Key:
    return Key(KEY)


@pytest.fixture
def profile(tmp_path: Path, blank_profile: Path) -> Profile:
    """Give a profile with the newest schema and nothing in it."""
    made = Profile(tmp_path / "profile")
    made.acquire().release()
    shutil.copyfile(blank_profile, made.database)
    return made


@pytest.fixture(scope="session")
def years_of_toys(tmp_path_factory: pytest.TempPathFactory, blank_profile: Path) -> Path:
    """Give a closed database with many toys in it, and free pages as a used one has."""
    path = tmp_path_factory.mktemp("filled") / "deskcrm.db"
    shutil.copyfile(blank_profile, path)
    store = Store.open(open_sqlite(path, KEY))
    boxes = [store.do(toys.add_box, name=f"Box {number}").value for number in range(60)]
    for box in boxes:
        store.do(toys.fill, box, names=[f"Thing {number} of {box}" for number in range(20)])
        store.do(toys.rename_box, box, name=f"Renamed {box}")
    for number in range(100):
        store.do(toys.jot, f"note {number}", text="soon to go " * 200)
    with store.database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM toy_note")
    store.close()
    return path


@pytest.fixture
def filled(profile: Profile, years_of_toys: Path) -> Profile:
    """Give a closed profile that was used for years."""
    shutil.copyfile(years_of_toys, profile.database)
    return profile
