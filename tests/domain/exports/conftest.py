"""A workspace with one or two of each thing, and copies of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from deskcrm.base.ids import new_id
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from tests.domain.beginning import begin
from tests.fixtures_store import KEY
from tests.watch import Watch


@contextmanager
def copied(source: Path, target: Path) -> Iterator[Store]:
    """Open a copy of a database, and throw it away."""
    shutil.copyfile(source, target)
    store = Store.open(open_sqlite(target, KEY))
    try:
        yield store
    finally:
        store.close()
        for path in target.parent.glob(f"{target.name}*"):
            path.unlink()


@pytest.fixture(scope="session")
def begun(blank_profile: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, UUID]:
    """Give a workspace with one or two of each thing, and who works in it."""
    path = tmp_path_factory.mktemp("begun") / "deskcrm.db"
    shutil.copyfile(blank_profile, path)
    store = Store.open(open_sqlite(path, KEY), clock=Watch())
    store.sign_in(new_id())
    store.do(create_first_user, name="Anna")
    begin(lambda command, *args, **kwargs: store.do(command, *args, **kwargs).value)
    store.close()
    return path, store.actor
