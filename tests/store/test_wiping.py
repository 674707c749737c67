"""A profile that was wiped: nothing opens it, on the way there or afterwards."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store import backup, keys, restore
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Key, wiping
from deskcrm.store.keys.wiping import Wiped
from deskcrm.store.opening import open_profile
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests.store.drawer import Drawer

PASSPHRASE = "correct horse battery"
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


class Stuck(Drawer):
    """A keychain that does not let go of anything."""

    def delete_password(self, service: str, username: str) -> None:
        raise RuntimeError("locked")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def found(profile: Profile, chain: keys.Keychain | None = None) -> tuple[Key, str]:
    """Make a workspace with a backup in its folder, and one more beside the database."""
    passphrase = PASSPHRASE if chain is None else None
    key, code = keys.create_key(profile, passphrase=passphrase, keychain=chain)
    Store.open(open_sqlite(profile.database, key.raw)).close()
    backup.make_backup(profile, key, backup.Reason.DAILY, now=NOW)
    backup.backup(profile, key, profile.folder / "mine.db")
    return key, code


def wipe(profile: Profile, key: Key, unsent: int = 0, chain: keys.Keychain | None = None) -> Wiped:
    with profile.acquire():
        return keys.wipe(profile, key, unsent=unsent, now=NOW, keychain=chain)


def test_nothing_opens_a_wiped_profile_nor_its_backups(profile: Profile) -> None:
    key, code = found(profile)
    raw = key.raw
    wipe(profile, key)
    attempts: list[Callable[[], object]] = [
        lambda: keys.open_key(profile, passphrase=PASSPHRASE),
        lambda: keys.unlock_with_code(profile, code),
        lambda: keys.ways(profile),
        lambda: open_profile(profile, passphrase=PASSPHRASE).__enter__(),
        lambda: open_profile(profile, passphrase=PASSPHRASE, create=True).__enter__(),
    ]
    for attempt in attempts:
        with pytest.raises(Wiped):
            attempt()
    assert [path.name for path in profile.folder.rglob("*keys.json*")] == []
    for kept in backup.list_backups(profile):
        assert restore.keys_of(kept.path) is None
    assert restore.keys_of(profile.folder / "mine.db") is None
    assert key.raw == bytes(32)
    for path in profile.folder.rglob("*"):
        if path.is_file():
            assert raw not in path.read_bytes()
            assert raw.hex().encode() not in path.read_bytes()


def test_a_backup_elsewhere_still_opens_with_its_code(profile: Profile, tmp_path: Path) -> None:
    """The control, and what is promised: only what lies in the folder is destroyed."""
    key, code = found(profile)
    backup.backup(profile, key, tmp_path / "stick.db")
    kept = Key(key.raw)
    wipe(profile, key)
    there = restore.keys_of(tmp_path / "stick.db")
    assert there is not None
    assert keys.unlock_file_with_code(there, code) == kept


def test_it_says_what_happened_what_is_lost_and_whom_to_ask(profile: Profile) -> None:
    key, _ = found(profile)
    said = wipe(profile, key, unsent=3)
    assert "the server locked this device out" in said.title
    for part in ("4 May 2026", "nor the backups", "3 changes that had not been sent are gone"):
        assert part in said.detail
    assert "ask them, and connect a new workspace" in said.detail
    with pytest.raises(Wiped, match="3 changes"):
        keys.open_key(profile, passphrase=PASSPHRASE)


def test_the_keychain_is_emptied_of_the_key_and_of_the_token(profile: Profile) -> None:
    drawer = Drawer()
    chain = keys.Keychain(drawer)
    key, _ = found(profile, chain)
    name = json.loads(profile.keys.read_bytes())["profile"]
    chain.keep(keys.token_account(name), "token")
    chain.keep("somebody else's", "theirs")
    assert wipe(profile, key, chain=chain).is_done
    assert list(drawer.kept.values()) == ["theirs"]


def test_a_keychain_that_does_not_let_go_is_tried_again_at_each_start(profile: Profile) -> None:
    loose, drawer = Drawer(), Stuck()
    key, _ = found(profile, keys.Keychain(loose))
    drawer.kept, stuck = loose.kept, keys.Keychain(drawer)
    said = wipe(profile, key, chain=stuck)
    assert not said.is_done
    assert "The keychain still holds the key" in said.detail
    wiping.clear(profile)
    assert wiping.is_wiped(profile)  # its place is not taken while it could come back
    with pytest.raises(Wiped) as again:
        keys.open_key(profile, keychain=keys.Keychain(loose))
    assert again.value.is_done
    assert loose.kept == {}


def test_files_of_others_in_the_folder_are_left_alone(profile: Profile) -> None:
    key, _ = found(profile)
    theirs = profile.folder / "api-keys.json"
    theirs.write_text("{}")
    wipe(profile, key)
    wiping.clear(profile)
    assert theirs.read_text() == "{}"


def test_a_new_workspace_can_take_the_place(profile: Profile) -> None:
    key, _ = found(profile)
    wipe(profile, key)
    with pytest.raises(UserError), profile.acquire():
        keys.create_key(profile, passphrase=PASSPHRASE)
    wiping.clear(profile)
    assert not profile.exists()
    with open_profile(profile, passphrase=PASSPHRASE, create=True) as opened:
        assert opened.recovery_code


def test_a_damaged_note_of_the_wipe_still_keeps_everything_shut(profile: Profile) -> None:
    key, _ = found(profile)
    wipe(profile, key)
    (profile.folder / "wiped.json").write_bytes(b"\0")
    with pytest.raises(Wiped):
        keys.open_key(profile, passphrase=PASSPHRASE)


def test_a_profile_that_was_not_wiped_is_left_alone(profile: Profile) -> None:
    key, _ = found(profile)
    wiping.finish(profile)
    wiping.clear(profile)
    assert keys.open_key(profile, passphrase=PASSPHRASE) == key
