"""A workspace for tests of features: a clock that is moved by hand, a person, a client."""

import pytest

import deskcrm.domain.all  # noqa: F401 - rows are derived as in the program, whoever is tested
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.store import Store
from tests.fixtures_store import MakeStore
from tests.watch import Watch


@pytest.fixture
def watch() -> Watch:
    """Give the clock of ``desk``."""
    return Watch()


@pytest.fixture
def desk(make_store: MakeStore, watch: Watch) -> Store:
    """Give a store in which Anna is signed in."""
    store = make_store(clock=watch)
    store.do(create_first_user, name="Anna")
    return store


@pytest.fixture
def client(desk: Store) -> ClientId:
    """Give a client of Anna's, Acme."""
    return desk.do(create_company, name="Acme").value
