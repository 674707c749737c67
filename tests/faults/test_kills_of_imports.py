"""An import that is killed, or finds no space, at any moment is there as a whole or not at all."""

import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import ContactPoint
from deskcrm.domain.imports import importing
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import damage
from deskcrm.store.engine import NoSpace, open_sqlite
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import change_table
from tests.domain.behind import behind
from tests.faults.conftest import limit_pages, many
from tests.faults.importer import AT_ONCE, look, read
from tests.faults.killing import kill_while_writing
from tests.fixtures_store import KEY

ROWS = 1_000
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file of clients, each with a number and an address."""
    path = tmp_path / "clients.csv"
    rows = (f"Zephyr {n},+7 495 1{n // 100:02}-{n % 100:02}-10,office{n}@example.org\n"
            for n in range(ROWS))  # fmt: skip
    path.write_text("Name,Phone,E-mail\n" + "".join(rows), "utf-8")
    return path


@pytest.fixture
def used(profile: Profile) -> Profile:
    """Give a closed profile with somebody in it and one client."""
    store = Store.open(open_sqlite(profile.database, KEY))
    store.do(create_first_user, name="Anna")
    store.do(create_company, name="Here before")
    store.close()
    return profile


@contextmanager
def opened(profile: Profile) -> Iterator[Store]:
    store = Store.open(open_sqlite(profile.database, KEY))
    try:
        yield store
    finally:
        store.close()


def held(store: Store) -> tuple[int, int, int]:
    """Count the clients, their addresses, and what the log knows of clients."""

    def count(db: Reader) -> tuple[int, int, int]:
        logged = select(func.count()).where(change_table.c.table_name == "client")
        clients, points = select(func.count(Client.id)), select(func.count(ContactPoint.id))
        return db.scalar(clients) or 0, db.scalar(points) or 0, db.scalar(logged) or 0

    return store.ask(count)


def check_whole(store: Store) -> bool:
    """Assert that all of the import is there or nothing; tell whether it is."""
    is_there = held(store) == (ROWS + 1, 2 * ROWS, ROWS + 1)
    assert is_there or held(store) == (1, 0, 1)
    found = [row.title for row in store.ask(search_everything, "zephyr 999")]
    assert found == (["Zephyr 999"] if is_there else [])
    assert behind(store) == []
    return is_there


@posix_only
def test_an_import_that_is_killed_is_there_as_a_whole_or_not_at_all(
    used: Profile, file: Path, key: Key, tmp_path: Path, dice: random.Random,
    figure: Callable[[str], None],
) -> None:  # fmt: skip
    kills, whole, with_log, again = many(3, 200), 0, 0, 0
    for _ in range(kills):
        folder = tmp_path / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(used.folder, folder)
        command = [sys.executable, "-m", "tests.faults.importer", str(folder), str(file)]
        moment = dice.randrange(1, ROWS // AT_ONCE + 3)  # after the last begins what ends it
        kill_while_writing(command, dice.random() * 0.1, after=moment)
        copy = Profile(folder)
        log = copy.database_files()[1]
        with_log += log.exists() and log.stat().st_size > 0
        with copy.acquire():
            damage.check_before_opening(copy, key)
            with opened(copy) as store:
                is_there = check_whole(store)
                whole += is_there
                if not is_there and not again:
                    importing.apply(Job(), store, look(store, read(file)))
                    assert check_whole(store)
                    again += 1
    # The control: kills hit the middle of it, when some of it was on the disk already.
    assert again
    assert with_log
    figure(f"kill -9 in an import: {kills} kills, {whole} came too late, the rest left nothing")


@posix_only
def test_an_import_in_parts_would_be_noticed(used: Profile, file: Path) -> None:
    """The control: rows that are written in several steps are there by half after a kill."""
    command = [sys.executable, "-m", "tests.faults.importer", str(used.folder), str(file)]
    kill_while_writing([*command, "careless"], 0.0, after=6)
    with opened(used) as store, pytest.raises(AssertionError):
        check_whole(store)


def test_an_import_that_finds_no_space_leaves_nothing_and_can_be_done_again(
    used: Profile, file: Path, dice: random.Random
) -> None:
    with opened(used) as store:
        seen = look(store, read(file))
        for pages in (dice.randrange(1, 30), dice.randrange(30, 300)):
            limit_pages(store, pages)
            with pytest.raises(NoSpace, match="nothing was changed"):
                importing.apply(Job(), store, seen)
            assert not check_whole(store)
        limit_pages(store, 1_000_000)
        importing.apply(Job(), store, seen)
        assert check_whole(store)
