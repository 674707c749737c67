"""``connect``, ``sync`` and ``disconnect``: as scripts use them, against a server over HTTP."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from deskcrm.cli.workspace import writing
from deskcrm.domain import all as _features  # noqa: F401 - what travels
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.client_merges.commands import merge_clients
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.users.commands import set_role
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.engine import open_sqlite
from deskcrm.store.profile import Profile
from deskcrm.sync.station import lease
from tests.cli.conftest import Ran, Run, complaint, deskcrm, environment, process
from tests.fixtures_store import KEY, add_toys
from tests.sync.http_world import PASSWORD, Site, found, make_hub, revoke, rows_of
from tests.watch import Watch


@pytest.fixture
def site(tmp_path: Path, blank_profile: Path) -> Iterator[Site]:
    shutil.copyfile(blank_profile, tmp_path / "server.db")
    store = found(open_sqlite(tmp_path / "server.db", KEY), Watch())
    with serving(store) as made:
        yield made


@contextmanager
def serving(store: Any) -> Iterator[Site]:
    site = Site(make_hub(None, store))
    site.replace(store)
    site.add_person("anna")
    site.add_person("ivan")
    try:
        yield site
    finally:
        site.close()


class Workspace:
    """A workspace, and the verbs that are run with it."""

    def __init__(self, folder: Path, site: Site, run: Run = deskcrm) -> None:
        self.profile, self.site, self._run = Profile(folder), site, run

    def run(self, *arguments: str, given: str = "") -> Ran:
        folder = str(self.profile.folder)
        return self._run("--profile", folder, *arguments, given=given, PASSWORD=PASSWORD)

    def connect(self, name: str, *more: str) -> Ran:
        return self.run(
            "connect", self.site.url, "--user", name, "--password-env", "PASSWORD", *more
        )


def new(folder: Path) -> Path:
    """Make a workspace, which has the tables of other tests too: they are known to its server."""
    made = deskcrm("--profile", str(folder), "new", "--name", "Somebody")
    assert made.returncode == 0, made.stderr
    with (
        mock.patch.dict("os.environ", environment(), clear=True),
        writing(Profile(folder)) as store,
    ):
        add_toys(store)
    return folder


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a new workspace, to be copied."""
    return new(tmp_path_factory.mktemp("fresh") / "workspace")


@pytest.fixture
def mine(tmp_path: Path, fresh: Path, site: Site) -> Workspace:
    return Workspace(shutil.copytree(fresh, tmp_path / "mine"), site)


@pytest.fixture
def apart(tmp_path: Path, fresh: Path, site: Site) -> Workspace:
    """Give a workspace, each of whose verbs is run as a process of its own."""
    return Workspace(shutil.copytree(fresh, tmp_path / "apart"), site, process)


def test_a_demo_that_was_used_alone_reaches_a_second_workspace(tmp_path: Path, site: Site) -> None:
    folder = tmp_path / "demo"
    made = process("--profile", str(folder), "demo", "--clients", "5", "--seed", "1")
    assert made.returncode == 0, made.stderr
    ran = process(
        "--profile", str(folder), "connect", site.url, "--user", "anna", "--password-env", "PW",
        "--json", PW=PASSWORD,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    receipt = json.loads(ran.stdout)
    assert receipt["sent"]["client"] == 5
    assert (receipt["waiting"], receipt["refused"], receipt["agrees"]) == (0, [], True)
    assert receipt["digests"]["here"] == receipt["digests"]["server"]
    assert receipt["head"] == site.hub.head()
    second = Workspace(new(tmp_path / "second"), site)
    came = json.loads(second.connect("ivan", "--json").stdout)
    assert came["came"]["client"] == 5
    assert came["digests"]["here"]["client"] == receipt["digests"]["here"]["client"]


def test_an_exchange_says_what_it_moved_and_the_first_one_leaves_a_backup(
    apart: Workspace,
) -> None:
    ran = apart.connect("anna")
    assert ran.stdout.startswith(f"Connected with {apart.site.url} as anna.\nSent ")
    assert len(list(apart.profile.backups.glob("*-before-sync.db"))) == 1
    again = apart.run("sync")
    assert (again.returncode, again.stdout) == (0, "Sent 0 rows, received 0 rows.\n")
    assert apart.connect("anna").returncode == 0
    assert len(list(apart.profile.backups.glob("*-before-sync.db"))) == 1


def test_neither_password_nor_token_lies_on_the_disk(apart: Workspace) -> None:
    assert apart.connect("anna").returncode == 0
    (session,) = apart.site.sessions
    for path in apart.profile.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert PASSWORD.encode() not in content
            assert session.refresh.encode() not in content


def test_whatever_keeps_an_exchange_from_coming_about_is_one_line_and_no_success(
    mine: Workspace,
) -> None:
    assert "not connected with a server" in complaint(mine.run("sync"))
    assert "does not know this name" in complaint(mine.connect("nobody"))
    assert "holds no password" in complaint(
        mine.run("connect", mine.site.url, "--user", "anna", "--password-env", "NO_SUCH")
    )
    assert "can be read on its way" in complaint(
        mine.run(
            "connect", "http://desk.example.com", "--user", "anna", "--password-env", "PASSWORD"
        )
    )
    assert mine.connect("anna").returncode == 0
    assert "belongs to another person" in complaint(mine.connect("ivan"))
    mine.site.faults.append("portal")
    assert "did not answer as DeskCRM does" in complaint(mine.run("sync"))
    mine.site.faults.extend(["lost", "lost"])
    assert "cannot be reached" in complaint(mine.run("sync"))
    mine.site.sessions.clear()
    assert "Sign in again" in complaint(mine.run("sync"))


def test_what_came_to_a_merged_client_goes_on_with_the_exchange(mine: Workspace) -> None:
    there = mine.site.hub.store
    a, b = (there.do(create_company, name=name).value for name in ("Acme", "ACME Ltd"))
    assert mine.connect("anna").returncode == 0
    there.do(set_role, UserId(mine.site.people["ivan"]), role=UserRole.ADMINISTRATOR)
    there.sign_in(mine.site.people["ivan"])
    there.do(merge_clients, a, into_id=b)
    variables = mock.patch.dict("os.environ", environment(), clear=True)
    with variables, writing(mine.profile) as store:
        store.do(log_call, a, subject="Hello")
    receipt = json.loads(mine.run("sync", "--json").stdout)
    assert (receipt["waiting"], receipt["agrees"]) == (0, True)
    assert [row.client_id for row in rows_of(there, "interaction")] == [b]


def test_a_refusal_is_said_with_its_reason(mine: Workspace, tmp_path: Path) -> None:
    assert mine.connect("anna").returncode == 0
    mine.site.refuses.add("client")
    folder = str(mine.profile.folder)
    add_client(folder)
    receipt = json.loads(mine.run("sync", "--json").stdout)
    (refused,) = receipt["refused"]
    assert refused["label"] == "Add company"
    assert (refused["code"], refused["reason"]) == ("rights", "You may not change this.")
    assert receipt["waiting"] == 0
    add_client(folder)
    assert "Not taken: Add company. You may not change this." in mine.run("sync").stdout


def add_client(folder: str) -> None:
    """Add a client as the program does; there is no verb for it."""
    variables = mock.patch.dict("os.environ", environment(), clear=True)
    with variables, writing(Profile(Path(folder))) as store:
        store.do(create_company, name="Acme")


def test_files_go_along_and_what_waits_is_named(
    mine: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mine.connect("anna").returncode == 0
    variables = mock.patch.dict("os.environ", environment(), clear=True)
    with variables, writing(mine.profile) as store:
        client = store.do(create_company, name="Acme").value
        store.do(paste_attachment, client, content=b"a plan", name="plan.txt")
    with monkeypatch.context() as patch:
        patch.setattr("deskcrm.sync.hub.hub.VERSION", 1)  # a server that keeps no contents
        files = json.loads(mine.run("sync", "--json").stdout)["files"]
        assert files == {"sent": 0, "fetched": 0, "to_send": ["plan.txt"], "to_fetch": []}
        assert "Not sent yet: plan.txt\n" in mine.run("sync").stdout
    assert mine.run("sync").stdout.endswith("Sent 1 file, received 0 files.\n")
    files = json.loads(mine.run("sync", "--json").stdout)["files"]
    assert files == {"sent": 0, "fetched": 0, "to_send": [], "to_fetch": []}


def test_a_mass_deletion_passes_only_when_it_is_allowed(mine: Workspace) -> None:
    server = mine.site.hub.store
    clients = [server.do(create_company, name=f"Client {n}").value for n in range(40)]
    assert mine.connect("anna").returncode == 0
    server.do(delete_clients, clients[:30])
    assert "--allow-deletion" in complaint(mine.run("sync"))
    ran = mine.run("sync", "--allow-deletion", "--json")
    assert json.loads(ran.stdout)["came"]["client"] == 30


def test_signing_out_leaves_everything_and_signing_in_goes_on(mine: Workspace) -> None:
    assert mine.connect("anna").returncode == 0
    ran = mine.run("disconnect")
    assert (ran.returncode, ran.stdout) == (
        0,
        "Signed out; everything stays in this workspace.\n",
    )
    assert mine.site.sessions == []
    assert "not connected" in complaint(mine.run("sync"))
    add_client(str(mine.profile.folder))
    assert mine.connect("anna").returncode == 0
    assert [row.name for row in rows_of(mine.site.hub.store, "client")] == ["Acme"]


def test_the_password_can_be_piped(apart: Workspace) -> None:
    ran = apart.run("connect", apart.site.url, "--user", "anna", given=PASSWORD + "\n")
    assert ran.returncode == 0, ran.stderr


def test_a_device_that_was_locked_out_is_wiped_and_a_new_workspace_is_let_in(
    mine: Workspace, tmp_path: Path
) -> None:
    assert mine.connect("anna").returncode == 0
    add_client(str(mine.profile.folder))
    revoke(mine.site, mine.site.sessions[0].device)
    said = complaint(mine.run("sync"))
    assert "This copy was wiped: the server locked this device out." in said
    assert "1 change that had not been sent is gone" in said
    for verb in (("lookup", "Acme"), ("new", "--name", "Anna")):
        assert "This copy was wiped" in complaint(mine.run(*verb))
    second = Workspace(new(tmp_path / "second"), mine.site)
    assert second.connect("anna").returncode == 0
    mine.site.closed.add(mine.site.people["anna"])
    add_client(str(second.profile.folder))
    assert "Your account on the server is closed." in complaint(second.run("sync"))
    revoke(mine.site, mine.site.sessions[-1].device)
    assert "This copy was wiped" in complaint(second.run("disconnect"))


def test_a_copy_whose_lease_has_ended_is_locked_until_one_signs_in_again(
    mine: Workspace, tmp_path: Path
) -> None:
    mine.site.lease = timedelta(days=14)
    mine.site.replace(mine.site.hub.store)
    assert mine.connect("anna").returncode == 0
    add_client(str(mine.profile.folder))
    with mock.patch.dict("os.environ", environment(), clear=True), writing(mine.profile) as store:
        lease.keep(store, lease.Lease(timedelta(days=14), timedelta(), store.clock()))
    for verb in (("lookup", "Acme"), ("sync",), ("undo",)):
        assert "has not reached its server for 14 days" in complaint(mine.run(*verb))
    assert mine.run("backup", str(tmp_path / "kept.db")).returncode == 0
    assert "Sent 1 row" in mine.connect("anna").stdout
    assert mine.run("lookup", "Acme").returncode == 0
