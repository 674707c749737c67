"""A server and two workstations, on real files and real sockets."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import deskcrm.domain.all  # noqa: F401 - the features that travel
from deskcrm.domain.users.commands import set_role
from deskcrm.domain.users.model import UserRole
from deskcrm.store.engine import open_postgres, open_sqlite
from deskcrm.store.store import Store
from tests.fixtures_store import KEY
from tests.server.conftest import (  # noqa: F401 - the server as it is shipped, for its fixtures
    _quick_passwords,
    place,
    postgres_place,
    ready_database,
    ready_folder,
)
from tests.sync.desks import Desk
from tests.sync.http_world import Site, found, make_hub
from tests.sync.people import both
from tests.watch import Watch

MakeDesk = Callable[..., Desk]


def join(site: Site, make_desk: MakeDesk, name: str, role: UserRole | None = None) -> Desk:
    """Give a person an account, a workstation, and all that is on the server."""
    user = site.add_person(name)
    if role is not None:
        site.hub.store.do(set_role, user, role=role)  # type: ignore[arg-type]  # its id
    desk = make_desk(name, site, alone=False)
    desk.connect()
    return desk


@pytest.fixture
def watch() -> Watch:
    """Give a clock that the test moves on."""
    return Watch()


@pytest.fixture
def make_site(tmp_path: Path, watch: Watch, blank_profile: Path) -> Iterator[Callable[..., Site]]:
    """Give a function that starts a server over a file of its own, or over another store."""
    sites: list[Site] = []

    def make(store: Store | None = None, name: str = "server.db") -> Site:
        if store is None:
            shutil.copyfile(blank_profile, tmp_path / name)
            store = found(open_sqlite(tmp_path / name, KEY), watch)
        site = Site(make_hub(None, store))
        site.replace(store)
        sites.append(site)
        return site

    yield make
    for site in sites:
        site.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """Give a server over SQLite."""
    return make_site()


@pytest.fixture(params=["sqlite", "postgres"])
def either_site(
    request: pytest.FixtureRequest, make_site: Callable[..., Site], watch: Watch
) -> Site:
    """Give a server over SQLite, then one over PostgreSQL."""
    if request.param == "sqlite":
        return make_site()
    url = request.getfixturevalue("blank_url")
    return make_site(found(open_postgres(url), watch))


@pytest.fixture
def make_desk(tmp_path: Path, watch: Watch, blank_profile: Path) -> Iterator[MakeDesk]:
    """Give a function that sets up a workstation with a person who works there alone.

    Not ``alone``, nothing was done there yet: which is all that most who then connect need, and
    spares them that everything is rewritten to be that person's.
    """
    desks: list[Desk] = []

    def make(name: str, site: Site, *, folder: str = "", alone: bool = True) -> Desk:
        home = tmp_path / (folder or name)
        home.mkdir()
        shutil.copyfile(blank_profile, home / "deskcrm.db")
        desk = Desk(home, site, watch, name)
        if alone:
            desk.set_up()
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def anna(site: Site, make_desk: MakeDesk) -> Desk:
    """Give the workstation of the first of two who work apart."""
    return join(site, make_desk, "anna")


@pytest.fixture
def ivan(site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    """Give the workstation of the second, of whom the first has heard."""
    desk = join(site, make_desk, "ivan")
    both(anna, desk)
    return desk
