"""What a sample workspace costs: time, rows a second, size and memory, beside bare inserts.

The floor writes the same number of rows of the same size into a plain encrypted table with one
key: what SQLite and the cipher take by themselves.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from bench.lines import Line, line
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.domain import all as _features  # noqa: F401 - their derived rows are part of the cost
from deskcrm.domain.sample.bulk import fill_workspace
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.engine import connect, open_sqlite
from deskcrm.store.store import Store

KEY = bytes(range(32))
_A_ROW = 600
_MEGABYTE = 1_000_000


def run(clients: int) -> list[Line]:
    """Measure the small sample with every story, and one of so many clients in bulk."""
    return [*_small(), *_large(clients)]


def _small() -> list[Line]:
    with _store() as (store, _):
        began = time.perf_counter()
        fill_workspace(Job(), store, clients=60, seed=1, language="both")
        took = time.perf_counter() - began
    return [line("sample workspace with every story", 60, [took], budget=5, at="worst", unit="s")]


def _large(clients: int) -> list[Line]:
    marks: list[tuple[str, float]] = []
    with _store() as (store, path), _peak_memory() as peak:
        began = time.perf_counter()
        job = Job(on_progress=lambda _d, _t, text: marks.append((text, time.perf_counter())))
        rows = fill_workspace(job, store, clients=clients, seed=1, language="both")
        ended = time.perf_counter()
        derived_began = next((at for text, at in reversed(marks) if text), ended)
        store.close()
        size = path.stat().st_size
    written = derived_began - began
    floor = _floor(rows)
    return [
        line("rows of a large sample, logged", clients, [written], floor=[floor], unit="s"),
        line("search index and summaries of it", clients, [ended - derived_began], unit="s"),
        line("rows a second", clients, [rows / written], unit="rows"),
        line("size of a large sample", clients, [size / _MEGABYTE], unit="MB"),
        line("memory while it is made", clients, peak, budget=1_500, at="worst", unit="MB"),
    ]


def _floor(rows: int) -> float:
    """Write as many rows and as many lines of a log, of a usual length, with a rising key."""
    text = "x" * _A_ROW
    with tempfile.TemporaryDirectory() as folder:
        connection = connect(Path(folder) / "bare.db", KEY)
        connection.execute("CREATE TABLE bare (id BLOB PRIMARY KEY, text TEXT) WITHOUT ROWID")
        random = Random(1)
        began = time.perf_counter()
        for start in range(0, rows, 200_000):
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO bare VALUES (?, ?)",
                (
                    (new_id().bytes, text[: random.randrange(_A_ROW)])
                    for _ in range(min(200_000, rows - start) * 2)
                ),
            )
            connection.execute("COMMIT")
        took = time.perf_counter() - began
        connection.close()
    return took


@contextmanager
def _store() -> Iterator[tuple[Store, Path]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "deskcrm.db"
        store = Store.open(open_sqlite(path, KEY))
        store.sign_in(new_id())
        store.do(create_first_user, name="Ada Byron")
        yield store, path
        store.close()


@contextmanager
def _peak_memory() -> Iterator[list[float]]:
    """Watch this process; the list gets the highest figure in megabytes, where it can be had."""
    highest: list[float] = []
    stopped = threading.Event()

    def watch() -> None:
        top = 0.0
        while not stopped.wait(0.2):
            top = max(top, _resident())
        highest.append(top)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield highest
    finally:
        stopped.set()
        watcher.join()


def _resident() -> float:
    if not sys.platform.startswith("linux"):
        return 0.0
    for said in Path("/proc/self/status").read_text().splitlines():
        if said.startswith("VmRSS:"):
            return int(said.split()[1]) * 1024 / _MEGABYTE
    return 0.0
