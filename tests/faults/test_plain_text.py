"""Nothing that a person wrote can be read in any file of a profile."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mimesis import Locale, Person

import deskcrm.domain.all  # noqa: F401 - with the search index, which holds every word
from deskcrm.domain.clients.commands import create_person
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.store import backup, engine, restore
from deskcrm.store.backup import Reason
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests import toys
from tests.fixtures_store import KEY

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251")

CRASHING = """
import os, sys
from pathlib import Path
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from tests import toys
from tests.fixtures_store import KEY

store = Store.open(open_sqlite(Path(sys.argv[1]), KEY))
for name in sys.stdin.read().splitlines():
    store.do(toys.jot, name, text=name * 3)
    store.undo() if store.do(toys.add_box, name=name).step % 2 else None
os._exit(0)
"""


def names_to_look_for() -> list[str]:
    """Make 50 names in both languages, the same in every run."""
    english, russian = Person(Locale.EN, seed=7), Person(Locale.RU, seed=7)
    made = [english.full_name() for _ in range(25)] + [russian.full_name() for _ in range(25)]
    assert len(set(made)) == 50
    return made


def found_in(folder: Path, names: list[str]) -> set[str]:
    """Search every byte of every file for the names, in each way they could be written."""
    content = b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {
        name
        for name in names
        for text in (name, name.upper(), name.casefold(), *name.split())
        for encoding in ENCODINGS
        if len(text) > 5 and _encode(text, encoding) in content
    }


def _encode(text: str, encoding: str) -> bytes:
    return text.encode(encoding, errors="ignore") or b"\0nothing\0"


def test_fifty_names_are_in_no_file_of_the_profile(
    profile: Profile, key: Key, figure: Callable[[str], None]
) -> None:
    names = names_to_look_for()
    store = Store.open(engine.open_sqlite(profile.database, KEY))
    for name in names:
        client = store.do(create_person, name=name).value
        store.do(add_contact, client, name=name, emails=[f"{name.split()[0]}@example.com"])
        box = store.do(toys.add_box, name=name).value
        store.do(toys.fill, box, names=[f"{name} {number}" for number in range(20)])
    store.undo()
    made = backup.make_backup(profile, key, Reason.DAILY, now=NOW)
    store.close()
    with profile.acquire() as hold:
        restore.restore(hold, key, made.path, now=NOW)
    subprocess.run(
        [sys.executable, "-c", CRASHING, str(profile.database)],
        cwd=Path(__file__).resolve().parents[2],
        input="\n".join(names),
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        check=True,
    )
    files = [path for path in profile.folder.rglob("*") if path.is_file()]
    kinds = {path.name.rpartition(".")[2] for path in files}
    assert {"db", "db-wal", "db-shm"} <= kinds
    size = sum(path.stat().st_size for path in files)
    assert size > 500_000
    assert found_in(profile.folder, names) == set()
    figure(f"plain text: 50 names, {len(files)} files, {size / 1e6:.1f} MB of a profile, 0 found")


def test_the_search_would_find_names_that_are_not_encrypted(tmp_path: Path) -> None:
    """The control: a plain database, its log and a file in capitals give all of them away."""
    names = names_to_look_for()
    plain, logged, listed = tmp_path / "plain", tmp_path / "logged", tmp_path / "listed"
    for folder in (plain, logged, listed):
        folder.mkdir()
    connection = sqlite3.connect(plain / "plain.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE person (name TEXT)")
    connection.executemany("INSERT INTO person VALUES (?)", [(name,) for name in names])
    connection.commit()
    shutil.copyfile(plain / "plain.db-wal", logged / "plain.db-wal")
    connection.close()
    (listed / "names.txt").write_text("\n".join(names).upper(), encoding="utf-16")
    for folder in (plain, logged, listed):
        assert found_in(folder, names) == set(names), folder
