"""A server for each test, over a file and over PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import URL

from deskcrm.server import passwords
from deskcrm.server.place import Place, place_of
from tests.postgres import name_of, own_database
from tests.server.site import Site, make_ready, serving
from tests.watch import Watch


@pytest.fixture(scope="session")
def ready_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a server that was just founded, to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "server"
    make_ready(place_of(folder, None))
    return folder


@pytest.fixture(scope="session")
def ready_database(postgres_server: URL) -> Iterator[str]:
    """Give the name of a database that was just founded, to be copied."""
    with own_database(postgres_server) as url:
        make_ready(place_of(None, url))
        yield name_of(url)


@pytest.fixture
def postgres_place(postgres_server: URL, ready_database: str) -> Iterator[Place]:
    """Give a place in PostgreSQL that is ready."""
    with own_database(postgres_server, ready_database) as url:
        yield place_of(None, url)


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give a place for a server that is ready."""
    if request.param == "postgres":
        found: Place = request.getfixturevalue("postgres_place")
        return found
    ready: Path = request.getfixturevalue("ready_folder")
    return place_of(Path(shutil.copytree(ready, tmp_path / "server")), None)


@pytest.fixture
def watch() -> Watch:
    """Give the clock that the server goes by."""
    return Watch()


@pytest.fixture
def site(place: Place, watch: Watch) -> Iterator[Site]:
    """Give a server that answers."""
    with serving(place, watch) as made:
        yield made


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with hardly any effort: what is tested here is what follows from them."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    passwords._nobodys.cache_clear()
