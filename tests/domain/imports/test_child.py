"""What a file does to its reader stays in the reader's own process."""

import os
from pathlib import Path

import pytest

from deskcrm.base import words
from deskcrm.base.errors import Cancelled
from deskcrm.base.jobs import Job
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.reading.child import environment, read_apart
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.domain.imports.reading.limits import Limits, Unreadable
from deskcrm.store.keys import PASSPHRASE_VARIABLE

ROWS = "Name,City\n" + "".join(f"Client {n},Boston\n" for n in range(5_000))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(ROWS, "utf-8")
    return path


def test_a_child_reads_what_we_would_and_tells_how_far_it_is(file: Path) -> None:
    told: list[tuple[int, int]] = []
    apart = read_apart(file, job=Job(on_progress=lambda done, total, _: told.append((done, total))))
    assert apart == read_file(file, known=is_known, job=Job())
    assert told


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with pytest.raises(Unreadable, match="not a file"):
        read_apart(pipe, job=Job())


def test_a_child_that_takes_too_long_is_ended(file: Path) -> None:
    with pytest.raises(Unreadable, match="within 0 seconds"):
        read_apart(file, limits=Limits(seconds=0), job=Job())


def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"Name\n" + b"x" * 30_000_000)
    with pytest.raises(Unreadable, match="broke down"):
        read_apart(path, limits=Limits(memory=120_000_000), job=Job())


def test_a_cancelled_reading_ends(file: Path) -> None:
    job = Job(on_progress=lambda *_: job.cancel())
    with pytest.raises(Cancelled):
        read_apart(file, job=job)


def test_a_refusal_is_in_the_persons_language(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    words.set_language("ru")
    with pytest.raises(Unreadable, match="Файл пуст"):
        read_apart(path, job=Job())


def test_a_child_sees_no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "canary")
    assert PASSPHRASE_VARIABLE not in environment()
    assert "PATH" in environment()
