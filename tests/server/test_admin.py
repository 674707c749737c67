"""What keeps a server in order, as its operator types it: people, devices, backups, books."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.server.place import Place, open_database, place_of
from deskcrm.store.work import recording
from deskcrm.sync.protocol import Pull, Pulled, unpack
from tests.cli.conftest import Ran, complaint, deskcrm, process
from tests.server.site import PASSWORD, Site, serving
from tests.server.test_messages import creation
from tests.watch import Watch

Admin = Callable[..., Ran]


@pytest.fixture
def admin(place: Place) -> Admin:
    """Give a function that runs a verb of ``admin`` on the place."""
    named = ["--database-url", place.url] if place.url else ["--data", str(place.folder)]

    def run(*arguments: str, **variables: str) -> Ran:
        # Tables are made anew: only a process of its own does not know the toys of other tests.
        start = process if arguments[0] in ("backup", "restore") else deskcrm
        return start("admin", *map(str, named), *arguments, **variables)

    return run


def done(ran: Ran) -> str:
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.strip()


def test_a_person_who_is_added_beside_the_server_signs_in(site: Site, admin: Admin) -> None:
    team = done(admin("teams", "add", "North"))
    added = ("add-user", "Anna Petrova", "--role", "lead", "--team", "north")
    user = done(admin(*added, "--password-env", "PW", PW=PASSWORD))
    assert site.sign_in("anna petrova").json()["user_id"] == user
    assert done(admin("teams")).split() == [team, "North", "Anna", "Petrova"]
    anna = site.speaker("Anna Petrova", UUID(user))
    assert {table.table for table in anna.pull().rows} == {"user", "team", "team_member"}


def test_the_same_login_twice_is_refused_and_nothing_is_left(site: Site, admin: Admin) -> None:
    site.add("Anna", UserRole.AGENT)
    before = site.dump()
    said = complaint(
        admin("add-user", " ANNA ", "--role", "agent", "--password-env", "PW", PW=PASSWORD)
    )
    assert "already" in said
    assert "too short" in complaint(
        admin("add-user", "Boris", "--role", "agent", "--password-env", "PW", PW="short")
    )
    assert "not set" in complaint(
        admin("add-user", "Boris", "--role", "agent", "--password-env", "NO_SUCH_VARIABLE")
    )
    assert site.dump() == before


def test_a_device_is_listed_and_locked_out(site: Site, admin: Admin) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    assert done(admin("devices")).split()[:2] == [str(anna.device), "Anna"]
    assert done(admin("revoke", str(anna.device))) == ""
    assert anna.hello().status_code == 403
    assert "locked out" in done(admin("devices"))
    assert "There is no device" in complaint(admin("revoke", str(anna.user)))


def test_passwords_and_accounts_are_changed(site: Site, admin: Admin) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    done(admin("disable", "anna"))
    assert anna.hello().status_code == 403
    done(admin("password", "Anna", "--password-env", "PW", PW="another horse"))
    assert site.sign_in("Anna", "another horse").status_code == 200
    assert "Nobody signs in" in complaint(admin("disable", "Nobody"))


def test_a_leaver_is_locked_out_with_all_devices(site: Site, admin: Admin) -> None:
    anna, boris = site.person("Anna", UserRole.AGENT), site.person("Boris", UserRole.AGENT)
    done(admin("disable", "anna"))
    assert "locked out" not in done(admin("devices"))
    done(admin("disable", "anna", "--and-devices"))
    told = done(admin("devices")).splitlines()
    assert ["locked out" in line for line in told if str(anna.device) in line] == [True]
    assert ["locked out" in line for line in told if str(boris.device) in line] == [False]
    assert anna.hello().json()["code"] == "revoked"
    assert boris.hello().status_code == 200


def test_sound_books_are_found_sound_and_others_not(site: Site, admin: Admin) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    anna.push_steps([creation()], [creation()])
    assert done(admin("check")) == "Everything is in order."
    for spoiling in (
        "UPDATE scope_sum SET digest = digest + 1 WHERE table_name = 'client'",
        "UPDATE client SET seq = seq + 1",
        "DELETE FROM row_version WHERE table_name = 'client'",
        "UPDATE sync_head SET seq = 1",
    ):
        database = open_database(site.place)
        with fence.as_server(), database.writer.begin() as connection, recording(connection):
            connection.execute(text(spoiling))
        database.close()
        ran = admin("check")
        assert ran.returncode == 1
        assert "found" in ran.stdout


def test_a_restored_server_gets_back_what_came_after_the_backup(
    place: Place, watch: Watch, admin: Admin, tmp_path: Path
) -> None:
    backup = tmp_path / "server.backup"
    with serving(place, watch) as site:
        anna = site.person("Anna", UserRole.AGENT)
        anna.push_steps([creation(name="Before")])
        assert "Backed up" in done(admin("backup", str(backup)))
        kept = site.dump()
        late = anna.pushing([creation(name="After")])
        assert anna.send("/sync/v1/push", late).status_code == 200
        assert site.dump() != kept
    assert backup.stat().st_mode & 0o077 == 0
    done(admin("restore", str(backup)))
    assert done(admin("check")) == "Everything is in order."
    with serving(place, watch) as site:
        anna.site = site
        apart = {"sync_head", "sync_restore"}
        restored = site.dump()
        assert {k: v for k, v in restored.items() if k not in apart} == {
            k: v for k, v in kept.items() if k not in apart
        }
        assert anna.hello().status_code == 401
        anna.sign_in()
        answer = anna.send("/sync/v1/pull", Pull(anna.device.bytes, 1, []))
        pulled = unpack(Pulled, answer.content)
        assert pulled.is_reset
        assert pulled.epoch > 1
        assert pulled.last == 1
        assert anna.send("/sync/v1/push", late).status_code == 200
        assert "After" in str(site.dump()["client"])
    assert done(admin("check")) == "Everything is in order."


def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    site: Site, admin: Admin, tmp_path: Path
) -> None:
    backup = tmp_path / "server.backup"
    site.add("Anna", UserRole.AGENT)
    done(admin("backup", str(backup)))
    if site.place.folder is not None:
        site.close()
    before = site.dump(apart=set())
    whole = backup.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-20] + bytes(20), b"", b"x" * 5_000):
        backup.write_bytes(damaged)
        assert complaint(admin("restore", str(backup)))
    assert site.dump(apart=set()) == before


def test_a_restore_elsewhere_is_announced(site: Site, admin: Admin) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    epoch = anna.welcome().epoch
    done(admin("restored"))
    assert anna.hello().status_code == 401
    anna.sign_in()
    assert anna.welcome().epoch > epoch


def test_where_there_is_no_server_nothing_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    assert "no server" in complaint(deskcrm("admin", "--data", str(folder), "check"))
    assert not folder.exists()
    assert "no place" in complaint(deskcrm("admin", "check", DESKCRM_DATABASE_URL=None))
    assert "not the address" in complaint(deskcrm("admin", "--database-url", "x://y", "check"))
    assert "cannot share" in complaint(deskcrm("serve", "--data", str(folder), "--workers", "2"))


def test_a_lost_key_is_not_replaced(tmp_path: Path, ready_folder: Path) -> None:
    place = place_of(tmp_path / "server", None)
    place.profile.folder.mkdir()
    place.profile.database.write_bytes((ready_folder / "deskcrm.db").read_bytes())
    assert "is missing" in complaint(deskcrm("admin", "--data", str(place.folder), "check"))
    assert not (place.profile.folder / "server.key").exists()


def test_what_nothing_names_is_let_go(site: Site, admin: Admin) -> None:
    assert done(admin("collect")) == "0 files were let go."
