"""An encrypted file with the corpus in its search index."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from deskcrm.store import search
from deskcrm.store.engine import Database, open_sqlite
from tests.store.search import corpus

KEY = bytes(range(32))


@pytest.fixture(scope="session")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give a database whose index holds the corpus; not to be written to."""
    database = open_sqlite(tmp_path_factory.mktemp("search") / "corpus.db", KEY)
    with database.writer.begin() as connection:
        search.reset(connection)
        search.fill(connection, corpus.documents())
    yield database
    database.close()


@pytest.fixture
def filed(corpus_file: Database) -> Iterator[Connection]:
    """Give a reading connection to the corpus."""
    with corpus_file.readers.connect() as connection:
        yield connection


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Connection]:
    """Give a writing connection to an empty index."""
    database = open_sqlite(tmp_path / "index.db", KEY)
    with database.writer.begin() as connection:
        search.reset(connection)
        yield connection
    database.close()
