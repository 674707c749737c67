"""An import: preview, writing and undo of a CSV, beside the same rows in bare csv and SQLite.

``--clients`` is the number of rows; 100,000 is what the goals speak of, and smaller files are held
against the same share of them.
"""

import csv
import gc
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from bench.lines import Line, line, timed
from deskcrm.base.jobs import Job
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.mapping import mapped
from deskcrm.domain.imports.plan import Wish
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store

T = TypeVar("T")
GOAL_ROWS: Final = 100_000
PREVIEW_MS, APPLY_MS, UNDO_MS, MEMORY_MB = 10_000, 30_000, 30_000, 500
_KEY: Final = bytes(range(32))
_TOWNS: Final = ("Москва", "Тверь", "Казань", "Псков", "Уфа", "Самара")


def write_rows(path: Path, rows: int) -> None:
    """Write a file as a team keeps it: companies with a number, an address, a town and a day."""
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Компания", "Телефон", "Почта", "Город", "Клиент с"])
        for n in range(rows):
            phone = f"8 (9{n % 90 + 10}) {n // 90 % 1000:03}-{n // 90_000:02}-{n % 100:02}"
            day = f"{n % 28 + 1:02}.{n % 12 + 1:02}.{2010 + n % 15}"
            town = _TOWNS[n % len(_TOWNS)]
            writer.writerow([f"ООО «Клиент {n}»", phone, f"office{n}@example.org", town, day])


def run(clients: int) -> list[Line]:
    """Measure; the floor reads the rows and writes each into one table with one index."""
    share = clients / GOAL_ROWS
    with tempfile.TemporaryDirectory(prefix="deskcrm-bench-") as folder:
        path = Path(folder) / "clients.csv"
        write_rows(path, clients)
        floor = timed(lambda: _floor(path, Path(folder) / "floor.db"))
        gc.collect()
        store = Store.open(open_sqlite(Path(folder) / "deskcrm.db", _KEY))
        store.do(create_first_user, name="Anna")
        seen, preview = _timed(lambda: _preview(store, path))
        receipt, apply = _timed(lambda: importing.apply(Job(), store, seen))
        assert receipt.added["client"] == clients
        _, undo = _timed(lambda: store.undo(receipt.step))
        store.close()
    figures = (
        ("import: file read and previewed", preview, PREVIEW_MS),
        ("import: written, indexed, on the disk", apply, APPLY_MS),
        ("import: undone", undo, UNDO_MS),
    )
    lines = [
        line(name, clients, [took], budget=goal * share, floor=[floor])
        for name, took, goal in figures
    ]
    return [*lines, line("import: memory at its peak", clients, [_peak()], budget=MEMORY_MB,
                         unit="MB")]  # fmt: skip


def _preview(store: Store, path: Path) -> Preview:
    sheet = importing.read(Job(), path)
    columns = store.ask(importing.propose, sheet, Target.CLIENTS)
    wish = Wish(Target.CLIENTS)
    return importing.preview(Job(), store, sheet, mapped(columns.suggestions), columns, wish)


def _floor(path: Path, target: Path) -> None:
    connection = sqlite3.connect(target)
    connection.execute("CREATE TABLE client (id INTEGER PRIMARY KEY, a, b, c, d, e)")
    connection.execute("CREATE INDEX by_name ON client (a)")
    with path.open(encoding="cp1251", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        insert = "INSERT INTO client (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(insert, rows)
    connection.commit()
    connection.close()


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    value = run()
    return value, (time.perf_counter() - start) * 1_000


def _peak() -> float:
    """Give the most memory that this process ever held, in MB; 0 where nobody says."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
