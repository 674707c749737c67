"""The line of a profile to its server, over real HTTP: begun, kept, cut off, ended."""

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import keys
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Profile
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import State
from deskcrm.ui.sync.line import Line
from tests.fixtures_store import KEY, MakeStore
from tests.sync.http_world import PASSWORD, Site, found, make_hub, revoke


@pytest.fixture
def site(tmp_path: Path, blank_profile: Path) -> Iterator[Site]:
    shutil.copyfile(blank_profile, tmp_path / "server.db")
    store = found(open_sqlite(tmp_path / "server.db", KEY), clock.now)
    made = Site(make_hub(None, store))
    made.replace(store)
    made.http.handle_error = lambda *_: None  # type: ignore[method-assign]  # a cut line is no news
    made.add_person("anna")
    yield made
    made.close()


@pytest.fixture
def opened(tmp_path: Path, make_store: MakeStore) -> Iterator[Opened]:
    profile = Profile(tmp_path / "here")
    with profile.acquire() as hold:
        keys.create_key(profile, passphrase="correct horse battery staple")
        store = make_store("here/deskcrm.db")
        store.do(create_first_user, name="Anna")
        yield Opened(profile, hold, Key(KEY), store)


@pytest.fixture
def line(opened: Opened) -> Iterator[Line]:
    made = Line(opened)
    yield made
    made.end()


def heard(line: Line, is_so: Callable[[], bool]) -> None:
    """Wait until the line says that something is so."""
    told = threading.Event()
    line.listeners.append(lambda: told.set() if is_so() else None)
    assert is_so() or told.wait(20), line.status


def in_step(line: Line) -> Callable[[], bool]:
    return lambda: line.status is not None and line.status.state is State.IDLE


def test_a_profile_on_its_own_has_no_line(line: Line) -> None:
    line.begin()
    assert (line.login, line.status, line.last_exchange) == (None, None, None)


def test_connecting_hands_over_the_work_and_keeps_in_step(
    line: Line, opened: Opened, site: Site
) -> None:
    client = opened.store.do(create_company, name="Acme").value
    line.connect(Job(), site.url, "anna", PASSWORD)
    assert line.login is not None
    assert line.login.name == "anna"
    heard(line, in_step(line))
    assert site.hub.store.ask(list_client_ids) == [client]
    other = opened.store.do(create_company, name="Brook").value
    heard(line, lambda: other in site.hub.store.ask(list_client_ids))


def test_the_next_start_goes_on_and_remembers_the_last_exchange(
    line: Line, opened: Opened, site: Site
) -> None:
    line.connect(Job(), site.url, "anna", PASSWORD)
    heard(line, in_step(line))
    line.end()
    again = Line(opened)
    assert again.last_exchange is not None
    try:
        again.begin()
        heard(again, in_step(again))
    finally:
        again.end()


def test_signing_out_leaves_everything_here(line: Line, opened: Opened, site: Site) -> None:
    client = opened.store.do(create_company, name="Acme").value
    line.connect(Job(), site.url, "anna", PASSWORD)
    line.sign_out(Job())
    assert (line.login, line.status) == (None, None)
    assert opened.store.ask(list_client_ids) == [client]
    assert Line(opened).login is None


def test_a_wrong_password_changes_nothing(line: Line, opened: Opened, site: Site) -> None:
    actor = opened.store.actor
    with pytest.raises(UserError, match="does not know this name"):
        line.connect(Job(), site.url, "anna", "wrong")
    assert line.login is None
    assert opened.store.actor == actor


def test_a_failed_sign_in_of_a_connected_profile_leaves_it_connected(
    line: Line, site: Site
) -> None:
    line.connect(Job(), site.url, "anna", PASSWORD)
    with pytest.raises(UserError):
        line.connect(Job(), site.url, "anna", "wrong")
    heard(line, in_step(line))


def test_nobody_at_the_address_is_said(line: Line, site: Site) -> None:
    site.faults.append("portal")
    with pytest.raises(SyncError) as caught:
        line.connect(Job(), site.url, "anna", PASSWORD)
    assert caught.value.trouble is Trouble.BROKEN
    assert line.login is None


def test_a_sign_in_that_hangs_is_cut_off(line: Line, opened: Opened, site: Site) -> None:
    reached, release = threading.Event(), threading.Event()

    def hang(path: str, message: object) -> object:
        reached.set()
        release.wait(20)
        return message

    site.edit = hang
    job = Job()
    with ThreadPoolExecutor(1) as pool:
        signing_in = pool.submit(line.connect, job, site.url, "anna", PASSWORD)
        assert reached.wait(20)
        job.cancel()
        line.give_up()
        with pytest.raises(Cancelled):
            signing_in.result(20)
        release.set()
    assert line.login is None
    assert Line(opened).login is None


def test_it_rests_and_goes_on(line: Line, opened: Opened, site: Site) -> None:
    line.connect(Job(), site.url, "anna", PASSWORD)
    heard(line, in_step(line))
    line.pause()
    heard(line, lambda: line.status is not None and line.status.state is State.PAUSED)
    client = opened.store.do(create_company, name="Acme").value
    heard(line, lambda: line.status is not None and line.status.waiting == 1)
    assert client not in site.hub.store.ask(list_client_ids)
    line.resume()
    heard(line, lambda: client in site.hub.store.ask(list_client_ids))


@pytest.mark.parametrize("way", ["an exchange", "a sign-in", "a sign-out"])
def test_a_proven_revocation_is_heard_whichever_way_it_comes(
    line: Line, opened: Opened, site: Site, way: str
) -> None:
    line.connect(Job(), site.url, "anna", PASSWORD)
    heard(line, in_step(line))
    line.pause()
    revoke(site, opened.store.device)
    if way == "an exchange":
        line.resume()
    elif way == "a sign-out":
        line.sign_out(Job())
    else:
        with pytest.raises(SyncError):
            line.connect(Job(), site.url, "anna", PASSWORD)
    heard(line, lambda: line.is_locked_out)
