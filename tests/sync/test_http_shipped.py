"""The server as it is shipped, over PostgreSQL: teams, and restores by the program's own tools."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.moving import move_clients
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.teams.commands import add_member, remove_member
from deskcrm.domain.users.model import UserRole
from deskcrm.server.place import Place
from deskcrm.store.backup import backup
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.restore import restore
from deskcrm.sync.peer import SyncError, Trouble
from tests.cli.conftest import process
from tests.fixtures_store import KEY
from tests.server.site import Site, serving
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.watch import Watch

pytestmark = pytest.mark.postgres


@pytest.fixture
def place(postgres_place: Place) -> Place:
    return postgres_place


@pytest.fixture
def server(place: Place, watch: Watch) -> Iterator[Site]:
    with serving(place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        made.add("ivan", UserRole.AGENT)
        yield made


@pytest.fixture
def desks(server: Site, make_desk: MakeDesk) -> tuple[Desk, Desk]:
    """Give the workstations of Anna, who may do everything, and of Ivan, who is in no team."""
    anna, ivan = (make_desk(name, server, alone=False) for name in ("anna", "ivan"))
    for desk in (anna, ivan):
        desk.connect()
    settle(anna, ivan)
    return anna, ivan


def settle(*desks: Desk) -> None:
    """Let everybody exchange everything until nothing is new."""
    for _ in range(2):
        for desk in desks:
            receipt = desk.sync()
            assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)


def administer(place: Place, job: str, file: Path) -> None:
    """Run a tool of the server in a process of its own, which knows no toys of tests."""
    ran = process("admin", job, str(file), DESKCRM_DATABASE_URL=place.url)
    assert ran.returncode == 0, ran.stderr


def names(desk: Desk) -> list[str]:
    return sorted(row.name for row in rows_of(desk.store, "client"))


def test_what_a_team_has_comes_and_goes_with_it(desks: tuple[Desk, Desk], server: Site) -> None:
    anna, ivan = desks
    north = server.team("North")
    settle(anna)
    acme = anna.store.do(create_company, name="Acme").value
    anna.store.do(log_call, acme, text="hello")
    anna.store.do(move_clients, [acme], team_id=north)
    settle(anna, ivan)
    assert (names(ivan), rows_of(ivan.store, "interaction")) == ([], [])

    anna.store.do(add_member, north, user_id=ivan.user)
    settle(anna, ivan)
    assert names(ivan) == ["Acme"]
    assert [row.text for row in rows_of(ivan.store, "interaction")] == ["hello"]
    ivan.store.do(log_call, acme, text="from the north")
    settle(ivan, anna)

    anna.store.do(remove_member, north, user_id=ivan.user)
    anna.sync()
    ivan.store.do(log_call, acme, text="too late")
    receipt = ivan.sync()
    assert [one.detail for one in receipt.refused] == ["rights"]
    assert (names(ivan), rows_of(ivan.store, "interaction")) == ([], [])
    settle(ivan, anna)
    assert sorted(row.text for row in rows_of(anna.store, "interaction")) == [
        "from the north",
        "hello",
    ]


def test_what_came_after_the_backup_of_a_server_comes_home(
    desks: tuple[Desk, Desk], server: Site, watch: Watch, tmp_path: Path
) -> None:
    anna, ivan = desks
    acme = anna.store.do(create_company, name="Before").value
    settle(anna, ivan)
    administer(server.place, "backup", tmp_path / "server.backup")
    anna.store.do(rename_client, acme, name="After")
    ivan.store.do(create_company, name="Ivans")
    settle(anna, ivan)
    anna.store.do(create_company, name="Not sent")
    server.close()
    administer(server.place, "restore", tmp_path / "server.backup")
    with serving(server.place, watch) as again:
        for desk in desks:
            desk.site = again
            desk.connect()  # a restore ends every sign-in
        settle(*desks)
        assert names(anna) == names(ivan) == ["After", "Ivans", "Not sent"]


def test_a_workstation_restored_by_the_program_catches_up(
    desks: tuple[Desk, Desk], watch: Watch, tmp_path: Path
) -> None:
    anna, ivan = desks
    acme = anna.store.do(create_company, name="1").value
    settle(anna, ivan)
    anna.store.do(create_company, name="Waiting in the backup")
    profile, key = Profile(anna.folder), Key(KEY)
    backup(profile, key, tmp_path / "annas.backup")
    anna.store.do(rename_client, acme, name="2")
    anna.store.do(log_call, acme, text="after the backup")
    settle(anna, ivan)
    ivan.store.do(rename_client, acme, name="3")
    settle(ivan)
    former = anna.store.device
    anna.store.close()
    with profile.acquire() as hold:
        assert restore(hold, key, tmp_path / "annas.backup", now=watch()).aside is not None
    anna.open()
    assert anna.store.device != former
    anna.store.do(create_company, name="New after the restore")
    with pytest.raises(SyncError) as raised:
        anna.sync()
    assert raised.value.trouble is Trouble.SIGN_IN  # it is another device now
    anna.connect()
    settle(anna, ivan)
    assert names(anna) == names(ivan) == ["3", "New after the restore", "Waiting in the backup"]
    assert [row.text for row in rows_of(anna.store, "interaction")] == ["after the backup"]
