"""The schema: one line of history, and what it leads to is what the models say."""

import importlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from deskcrm.store import migrate
from deskcrm.store.engine import Database, open_postgres, open_sqlite
from deskcrm.store.tables import Base
from tools.extract import domain_modules

# The toys of other tests are mapped in this process but are no part of the program. The search
# index is made by its own module: virtual tables are beyond what models can say.
APART = ("toy_", "search_", "alembic_version")


def is_compared(_object: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    """Tell whether a table is the migrations' business."""
    return not (kind == "table" and (name or "").startswith(APART))


def differences(database: Database) -> list[Any]:
    """Migrate an empty database and compare it with the models."""
    for module in domain_modules():
        importlib.import_module(module)
    try:
        with database.writer.begin() as connection:
            migrate.bring_up_to_date(connection, before=lambda: None)
            return compared(connection)
    finally:
        database.close()


def compared(connection: Connection) -> list[Any]:
    """List what a new migration would have to change."""
    options = {
        "include_object": is_compared,
        "compare_type": True,
        "compare_server_default": True,
        "target_metadata": Base.metadata,
    }
    return list(
        compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    )


def test_there_is_one_head() -> None:
    script = ScriptDirectory.from_config(migrate.make_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_the_files_are_numbered_in_the_order_of_the_history() -> None:
    script = ScriptDirectory.from_config(migrate.make_config())
    history = [revision.revision for revision in script.walk_revisions()][::-1]
    assert tuple(history) == migrate.known_revisions()
    assert history == [f"{number:04d}" for number in range(1, len(history) + 1)]


def test_models_equal_migrations_on_sqlite() -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert differences(open_sqlite(Path(folder) / "deskcrm.db", bytes(32))) == []


@pytest.mark.postgres
def test_models_equal_migrations_on_postgresql(postgres_url: str) -> None:
    assert differences(open_postgres(postgres_url)) == []
