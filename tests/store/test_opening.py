"""A profile opens from its lock to its store, and every way it can fail is a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store.backup import Reason, list_backups
from deskcrm.store.engine import DamagedFile
from deskcrm.store.keys import Locked
from deskcrm.store.migrate import NewerSchema
from deskcrm.store.opening import open_profile, read_profile
from deskcrm.store.profile import AlreadyOpen, Profile

PASSPHRASE = "correct horse battery"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    monkeypatch.delenv("DESKCRM_PASSPHRASE", raising=False)
    return Profile(tmp_path / "profile")


def make(profile: Profile) -> None:
    with open_profile(profile, passphrase=PASSPHRASE, create=True) as opened:
        assert opened.recovery_code


def set_revision(profile: Profile, revision: str) -> None:
    with (
        open_profile(profile, passphrase=PASSPHRASE) as opened,
        opened.store.database.writer.begin() as connection,
    ):
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_a_new_profile_shows_its_recovery_code_once(profile: Profile) -> None:
    make(profile)
    with open_profile(profile, passphrase=PASSPHRASE) as opened:
        assert opened.recovery_code is None


def test_where_there_is_none_it_says_how_to_make_one(profile: Profile) -> None:
    with pytest.raises(UserError, match="no workspace") as refused, open_profile(profile):
        raise AssertionError
    assert "--profile" in refused.value.detail
    assert not profile.folder.exists() or not profile.database.exists()


def test_a_wrong_passphrase_opens_nothing(profile: Profile) -> None:
    make(profile)
    with (
        pytest.raises(Locked, match="not the passphrase"),
        open_profile(profile, passphrase="wrong horse battery"),
    ):
        raise AssertionError
    with open_profile(profile, passphrase=PASSPHRASE):
        pass  # the lock was given back


def test_a_second_process_is_told_who_has_it(profile: Profile) -> None:
    make(profile)
    code = (
        "import sys; from pathlib import Path;"
        "from deskcrm.store.opening import open_profile;"
        "from deskcrm.store.profile import Profile\n"
        "with open_profile(Profile(Path(sys.argv[1])), passphrase=sys.argv[2]):\n"
        "    print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(profile.folder), PASSPHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    with (
        pytest.raises(AlreadyOpen, match="already open"),
        open_profile(profile, passphrase=PASSPHRASE),
    ):
        raise AssertionError
    with read_profile(profile, passphrase=PASSPHRASE) as store:
        assert store.ask(lambda db: db.is_sqlite)
    other.communicate()
    assert other.returncode == 0
    with read_profile(profile, passphrase=PASSPHRASE) as store:
        assert store.device.int


def test_a_newer_schema_is_not_touched(profile: Profile) -> None:
    make(profile)
    set_revision(profile, "9999")
    before = profile.database.read_bytes()
    with (
        pytest.raises(NewerSchema, match="newer DeskCRM"),
        open_profile(profile, passphrase=PASSPHRASE),
    ):
        raise AssertionError
    assert profile.database.read_bytes() == before


def test_a_migration_that_fails_leaves_a_backup_and_the_database_as_it_was(
    profile: Profile,
) -> None:
    make(profile)
    set_revision(profile, "0001")  # the tables of later revisions are there: they cannot be made
    with (
        pytest.raises(Exception, match="already exists"),
        open_profile(profile, passphrase=PASSPHRASE),
    ):
        raise AssertionError
    assert [one.reason for one in list_backups(profile)] == [Reason.MIGRATION]
    with (
        pytest.raises(Exception, match="already exists"),
        open_profile(profile, passphrase=PASSPHRASE),
    ):
        raise AssertionError


def test_a_file_cut_short_is_not_opened_and_names_the_way_out(profile: Profile) -> None:
    make(profile)
    whole = profile.database.read_bytes()
    profile.database.write_bytes(bytes(4096) + whole[4096:])
    with (
        pytest.raises(DamagedFile, match="damaged") as refused,
        open_profile(profile, passphrase=PASSPHRASE),
    ):
        raise AssertionError
    assert "backup" in refused.value.detail
