"""The way into a profile that is there: opened, damaged, held by another."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskcrm import app
from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import count_clients
from deskcrm.store import backup, keys
from deskcrm.store.engine import open_sqlite
from deskcrm.store.opening import open_profile
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from deskcrm.sync.connecting import Entry, connect
from deskcrm.sync.credentials import Credentials
from deskcrm.sync.station import lease
from deskcrm.sync.station.lease import Lease
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.shell import entrance, founding, lease_lock, trouble, unlock
from deskcrm.ui.shell.appearance import Appearance, recall, remember
from deskcrm.ui.shell.first_run import Wishes
from deskcrm.ui.shell.single import Doorbell
from deskcrm.ui.shell.waiting import WaitDialog, wait_for
from tests.fixtures_store import KEY
from tests.sync.http_world import PASSWORD, Site, found, make_hub, revoke, rows_of

PHRASE = "correct horse battery"


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.wait_idle()
    made.shutdown()


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """Give a profile with one client and a backup of it, opened by a passphrase."""
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, PHRASE)
    made = Profile(tmp_path)
    with made.acquire():
        key, _ = keys.create_key(made)
        store = founding.found(Job(), made, key, Wishes("Anna", "en", with_sample=False))
        store.do(create_company, name="Acme")
        store.close()
        backup.make_backup(made, key, backup.Reason.DAILY, now=clock.now())
    return made


def test_a_profile_opens_with_its_key(profile: Profile, tasks: Tasks) -> None:
    with profile.acquire() as hold:
        opened = entrance.enter(hold, tasks, Appearance())
        assert opened is not None
        assert opened.store.ask(count_clients) == 1
        opened.store.close()


def test_a_key_that_a_thread_is_about_to_get_is_waited_for(profile: Profile, tasks: Tasks) -> None:
    with ThreadPoolExecutor(1) as pool, profile.acquire() as hold:
        begun = pool.submit(keys.open_key, profile)
        opened = entrance.enter(hold, tasks, Appearance(), begun)
        assert opened is not None
        opened.store.close()


def test_a_key_that_a_thread_could_not_get_is_asked_for(
    profile: Profile, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: Future[keys.Key] = Future()
    begun.set_exception(keys.Locked("Locked", "", keys.ways(profile)))
    asked: list[object] = []
    monkeypatch.setattr(unlock.UnlockDialog, "exec", lambda dialog: asked.append(dialog))
    with profile.acquire() as hold:
        assert entrance.enter(hold, tasks, Appearance(), begun) is None
    assert len(asked) == 1


def test_the_first_half_of_the_code_is_read_before_qt_and_without_what_is_rarely_needed() -> None:
    never = "PySide6 alembic requests keyring phonenumbers rapidfuzz mimesis psycopg"
    check = f"sorted(set({never!r}.split()) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; from deskcrm import app; app.load(); print({check})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_damaged_file_is_replaced_by_its_backup_when_that_is_chosen(
    profile: Profile, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(profile.database.read_bytes())
    content[100:200] = bytes(100)
    profile.database.write_bytes(bytes(content))
    offered: list[dict[str, str]] = []

    def choose(error: UserError, ways: dict[str, str]) -> str:
        offered.append(ways)
        return "restore"

    monkeypatch.setattr(trouble, "choose", choose)
    with profile.acquire() as hold:
        opened = entrance.enter(hold, tasks, Appearance())
        assert opened is not None
        assert opened.store.ask(count_clients) == 1
        opened.store.close()
    assert offered[0]["restore"] == "Restore this backup"
    assert list(profile.aside.iterdir())


def test_who_closes_the_damage_dialog_changes_nothing(
    profile: Profile, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = bytes(profile.database.stat().st_size)
    profile.database.write_bytes(broken)
    monkeypatch.setattr(trouble, "choose", lambda error, ways: "")
    with profile.acquire() as hold:
        assert entrance.enter(hold, tasks, Appearance()) is None
    assert profile.database.read_bytes() == broken


def test_a_second_start_hands_over_and_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    name = str(tmp_path / "desk.sock")
    bell = Doorbell(name)
    code = (
        "import sys; from deskcrm.store.profile import *;"
        "from deskcrm.ui.shell import program;"
        "sys.exit(not program.hand_over(Running(1, sys.argv[1]), '+79161234567'))"
    )
    with qtbot.waitSignal(bell.rang, timeout=20_000) as heard:
        second = subprocess.Popen(
            [sys.executable, "-c", code, name], stdout=subprocess.PIPE, text=True
        )
    assert heard.args == [{"verb": "call", "number": "+79161234567"}]
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.returncode == 0
    assert "is open already" in second.communicate()[0]


def test_a_second_start_that_reaches_nobody_says_what_to_do(
    tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[UserError] = []
    monkeypatch.setattr(trouble, "say", told.append)
    with Profile(tmp_path).acquire():
        assert app.main(Profile(tmp_path)) == 1
    assert "Go on in the window that is open" in told[0].detail


def test_no_display_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(UserError, match="There is no display here") as refused:
        app.check_display()
    assert "deskcrm screens" in refused.value.detail


def test_what_waits_gives_its_value_or_raises_its_error(tasks: Tasks) -> None:
    assert wait_for(tasks, "Counting", lambda job: 3) == 3

    def fail(job: Job) -> int:
        raise UserError("It cannot be.")

    with pytest.raises(UserError, match="It cannot be"):
        wait_for(tasks, "Failing", fail)


def test_waiting_shows_how_far_it_is_where_that_is_known(qtbot: QtBot) -> None:
    dialog = WaitDialog("Opening the workspace")
    qtbot.addWidget(dialog)
    dialog.job.progress(0, 0, "Making the search index")
    assert (dialog.step.text(), dialog.bar.maximum()) == ("Making the search index", 0)
    dialog.job.progress(300, 1200, "Making the search index")
    assert dialog.step.text() == "Making the search index · 25%"
    assert (dialog.bar.value(), dialog.bar.maximum()) == (300, 1200)


def test_the_looks_are_known_before_the_key(tmp_path: Path) -> None:
    remember(tmp_path, Appearance("ru", "dark", "compact"))
    assert recall(tmp_path) == Appearance("ru", "dark", "compact")
    (tmp_path / "appearance.json").write_text('{"language": "xx", "theme": 3}')
    assert recall(tmp_path).language in ("en", "ru")


def test_a_wiped_profile_says_so_and_offers_a_new_workspace(
    profile: Profile, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[UserError] = []

    def choose(error: UserError, ways: dict[str, str]) -> str:
        said.append(error)
        return next(iter(ways))

    monkeypatch.setattr(trouble, "choose", choose)
    monkeypatch.setattr(founding, "ask", lambda *_: None)
    with profile.acquire() as hold:
        keys.wipe(profile, keys.open_key(profile), unsent=2, now=clock.now())
        assert entrance.enter(hold, tasks, Appearance()) is None
    assert "2 changes that had not been sent are gone" in said[0].detail
    assert not profile.exists()
    assert backup.list_backups(profile) == []


@pytest.fixture
def locked(profile: Profile, tmp_path: Path, blank_profile: Path) -> Iterator[Site]:
    """Give the server of a profile whose lease has ended."""
    shutil.copyfile(blank_profile, tmp_path / "server.db")
    site = Site(make_hub(None, found(open_sqlite(tmp_path / "server.db", KEY), clock.now)))
    site.lease = timedelta(days=14)
    site.replace(site.hub.store)
    site.add_person("anna")
    with open_profile(profile) as opened:
        make_toys(opened.store)
        entry = Entry(site.url, "anna", PASSWORD)
        connect(opened.store, Credentials(opened.store), entry, backup=lambda: None)
        opened.store.do(create_company, name="Brook")
        lease.keep(opened.store, Lease(timedelta(days=14), timedelta(), clock.now()))
    yield site
    site.close()


def make_toys(store: Store) -> None:
    """Make the tables of other tests, which are known in this process."""
    toys = [table for name, table in Base.metadata.tables.items() if name.startswith("toy_")]
    with store.database.writer.begin() as connection:
        Base.metadata.create_all(connection, tables=toys)


def signing_in(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, password: str
) -> list[lease_lock.LeaseLockDialog]:
    """Let the person type a password into the lock, and leave when it is not taken."""
    shown: list[lease_lock.LeaseLockDialog] = []

    def run(dialog: lease_lock.LeaseLockDialog) -> int:
        shown.append(dialog)
        dialog.password.setText(password)
        dialog.sign_in.click()
        qtbot.waitUntil(lambda: bool(dialog.result()) or dialog.sign_in.isEnabled(), timeout=60_000)
        return dialog.result()

    monkeypatch.setattr(lease_lock.LeaseLockDialog, "exec", run)
    return shown


def test_a_copy_whose_lease_has_ended_opens_once_its_person_has_signed_in(
    profile: Profile, tasks: Tasks, locked: Site, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with profile.acquire() as hold:
        shown = signing_in(monkeypatch, qtbot, "wrong horse")
        assert entrance.enter(hold, tasks, Appearance()) is None
        assert "1 change waits here" in shown[0].text.text()
        assert shown[0].name.text() == "anna"
        assert "does not know this name" in shown[0].error.text()
        signing_in(monkeypatch, qtbot, PASSWORD)
        opened = entrance.enter(hold, tasks, Appearance())
        assert opened is not None
        assert "Brook" in [row.name for row in rows_of(locked.hub.store, "client")]
        opened.store.close()
        assert entrance.enter(hold, tasks, Appearance()) is not None


def test_a_locked_copy_whose_device_was_locked_out_is_wiped(
    profile: Profile, tasks: Tasks, locked: Site, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    revoke(locked, locked.sessions[-1].device)
    signing_in(monkeypatch, qtbot, PASSWORD)
    said: list[UserError] = []
    monkeypatch.setattr(trouble, "choose", lambda error, ways: said.append(error))
    with profile.acquire() as hold:
        assert entrance.enter(hold, tasks, Appearance()) is None
        assert "1 change that had not been sent is gone" in said[0].detail
        with pytest.raises(keys.Wiped):
            keys.open_key(profile)
