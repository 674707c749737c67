"""Whatever a file holds, it is read truly, asked about, or refused in words; never by half."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.mapping import mapped, suggest
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.preparing import prepare, questions
from deskcrm.domain.imports.reading.child import read_apart
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.domain.imports.reading.limits import USUAL, Unreadable
from deskcrm.domain.imports.reading.sheet import Sheet
from tests.domain.imports.cases import Case, all_cases

CASES = all_cases()
MOST_SECONDS = 30.0


def read(case: Case, folder: Path) -> Sheet:
    path = folder / f"file{case.suffix}"
    path.write_bytes(case.bytes())
    if case.is_fatal:
        return read_apart(path, job=Job())
    return in_time(lambda: read_file(path, known=is_known, job=Job()))


def in_time(reads: Callable[[], Sheet], most: float = MOST_SECONDS) -> Sheet:
    """Give what reading comes to; TimeoutError when it takes longer, whatever it still does."""
    done: Future[Sheet] = Future()

    def run() -> None:
        try:
            done.set_result(reads())
        except Exception as error:
            done.set_exception(error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return done.result(most)


def test_a_reading_that_hangs_is_found_out() -> None:
    never = threading.Event()

    def hang() -> Sheet:
        never.wait()
        raise AssertionError

    with pytest.raises(TimeoutError):
        in_time(hang, most=0.01)
    never.set()
    assert USUAL.seconds <= MOST_SECONDS


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_comes_to_what_it_must(case: Case, tmp_path: Path) -> None:
    if case.refused:
        with pytest.raises(Unreadable) as refused:
            read(case, tmp_path)
        assert case.refused.lower() in str(refused.value).lower()
        assert refused.value.detail
        return
    if case.rows < 0:  # damaged by chance: read or refused, nothing else
        with suppress(Unreadable):
            read(case, tmp_path)
        return
    sheet = read(case, tmp_path)
    target = Target.CONTRACTS if "Renewal date" in sheet.headers or "Value" in sheet.headers else (
        Target.CLIENTS
    )  # fmt: skip
    columns = mapped(suggest(sheet, target, custom={}, region="US"))
    rows = prepare(sheet, columns, region="US", custom={}, job=Job())
    asked = tuple(one.about for one in questions(sheet, columns))
    assert len(sheet.lines) == case.rows
    assert sum(bool(line.trouble) for line in sheet.lines) == case.bad
    assert set(asked) == set(case.asks)
    assert case.left is None or len(sheet.left_out) == case.left
    assert all(len(line.cells) == len(sheet.headers) for line in sheet.lines)
    assert len(rows) == len(sheet.lines)
    if case.cell is not None:
        row, column, text = case.cell
        assert sheet.lines[row].cells[column] == text
