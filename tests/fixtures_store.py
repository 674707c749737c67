"""Real stores for tests, in encrypted files and in PostgreSQL: migrated once, then copied."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from deskcrm.base import clock as clocks
from deskcrm.base import ids
from deskcrm.base.clock import Clock
from deskcrm.store.engine import Database, open_postgres, open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from tests import toys
from tests.postgres import name_of, own_database

KEY = bytes(range(32))
MakeStore = Callable[..., Store]


@pytest.fixture(scope="session")
def blank_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file at the newest schema, with the toy tables beside the real ones."""
    path = tmp_path_factory.mktemp("blank") / "deskcrm.db"
    _make_blank(open_sqlite(path, KEY))
    return path


@pytest.fixture(scope="session")
def blank_database(postgres_server: URL) -> Iterator[str]:
    """Give the name of a database like ``blank_profile``, to be copied by PostgreSQL."""
    with own_database(postgres_server) as url:
        _make_blank(open_postgres(url))
        yield name_of(url)


@pytest.fixture
def blank_url(postgres_server: URL, blank_database: str) -> Iterator[str]:
    """Give the URL of a database at the newest schema that only this test has."""
    with own_database(postgres_server, blank_database) as url:
        yield url


def _make_blank(database: Database) -> None:
    store = Store.open(database)
    add_toys(store)
    with store.database.writer.begin() as connection:
        # A copy is another device: it must mint its own id.
        connection.exec_driver_sql("DELETE FROM local_meta WHERE key = 'device'")
    store.close()


def add_toys(store: Store) -> None:
    """Make the toy tables, which are known to whoever runs the tests."""
    toys.declare()
    with store.database.writer.begin() as connection:
        toy_tables = [t for name, t in Base.metadata.tables.items() if name.startswith("toy_")]
        Base.metadata.create_all(connection, tables=toy_tables)


@pytest.fixture
def make_store(tmp_path: Path, blank_profile: Path) -> Iterator[MakeStore]:
    """Give a function that opens a store in a file of its own; opened twice, it is the same."""
    opened: list[Store] = []

    def make(name: str = "deskcrm.db", *, clock: Clock = clocks.now) -> Store:
        path = tmp_path / name
        if not path.exists():
            shutil.copyfile(blank_profile, path)
        store = Store.open(open_sqlite(path, KEY), clock=clock)
        if store.actor.int == 0:
            store.sign_in(ids.new_id())
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    """Give a fresh encrypted store on disk, with somebody signed in."""
    return make_store()
