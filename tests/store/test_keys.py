"""Keys: made once, kept in the keychain or behind a passphrase, recovered with a code."""

import base64
import copy
import json
import pickle
import shutil
import stat
import sys
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store import keys
from deskcrm.store.keys import keychain
from deskcrm.store.keys.file import read
from deskcrm.store.keys.key import Key
from deskcrm.store.keys.wrap import unwrap, wrap
from deskcrm.store.profile import Profile
from tests.store.drawer import Drawer

PASSPHRASE = "correct horse battery"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)


def test_a_key_kept_in_the_keychain_is_given_again(profile: Profile) -> None:
    chain = keys.Keychain(Drawer())
    key, _ = keys.create_key(profile, keychain=chain)
    assert keys.open_key(profile, keychain=chain) == key
    assert keys.ways(profile) == keys.Ways(keychain=True, passphrase=False)


def test_two_profiles_have_different_keys(tmp_path: Path) -> None:
    chain = keys.Keychain(Drawer())
    first, code_one = keys.create_key(Profile(tmp_path / "a"), keychain=chain)
    second, code_two = keys.create_key(Profile(tmp_path / "b"), keychain=chain)
    assert first != second
    assert code_one != code_two
    assert keys.open_key(Profile(tmp_path / "a"), keychain=chain) == first


def test_a_passphrase_opens_the_key(profile: Profile) -> None:
    key, _ = keys.create_key(profile, passphrase=PASSPHRASE)
    assert keys.open_key(profile, passphrase=PASSPHRASE) == key


def test_a_script_gives_the_passphrase_in_the_environment(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
    key, _ = keys.create_key(profile)
    assert keys.open_key(profile) == key
    assert not keys.ways(profile).keychain


def test_a_passphrase_composed_otherwise_is_the_same(profile: Profile) -> None:
    key, _ = keys.create_key(profile, passphrase="Пароль ёлки й")
    assert keys.open_key(profile, passphrase="Пароль е\u0308лки и\u0306") == key


def test_a_wrong_passphrase_is_refused_in_words(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    with pytest.raises(keys.Locked, match="not the passphrase") as caught:
        keys.open_key(profile, passphrase="incorrect horse")
    assert caught.value.ways.passphrase


def test_a_short_passphrase_is_refused(profile: Profile) -> None:
    with pytest.raises(UserError, match="too short"):
        keys.create_key(profile, passphrase="1234567")
    assert not profile.exists()


def test_no_keychain_and_no_passphrase_is_refused_in_words(profile: Profile) -> None:
    with pytest.raises(UserError, match="no safe place") as caught:
        keys.create_key(profile)
    assert keys.PASSPHRASE_VARIABLE in caught.value.detail
    assert not profile.exists()


def test_a_second_key_for_one_profile_is_refused(profile: Profile) -> None:
    key, _ = keys.create_key(profile, passphrase=PASSPHRASE)
    with pytest.raises(UserError, match="already"):
        keys.create_key(profile, passphrase=PASSPHRASE)
    assert keys.open_key(profile, passphrase=PASSPHRASE) == key


def test_the_recovery_code_opens_the_key(profile: Profile) -> None:
    key, shown = keys.create_key(profile, keychain=keys.Keychain(Drawer()))
    assert keys.unlock_with_code(profile, shown) == key


def test_after_a_recovery_the_key_goes_to_the_new_keychain(profile: Profile) -> None:
    _, shown = keys.create_key(profile, keychain=keys.Keychain(Drawer()))
    other = keys.Keychain(Drawer())
    with pytest.raises(keys.Locked, match="does not have it any more"):
        keys.open_key(profile, keychain=other)
    key = keys.unlock_with_code(profile, shown)
    keys.keep_in_keychain(profile, key, other)
    assert keys.open_key(profile, keychain=other) == key


def test_a_key_of_another_profile_in_the_keychain_is_noticed(profile: Profile) -> None:
    drawer = Drawer()
    keys.create_key(profile, keychain=keys.Keychain(drawer))
    account = (keychain.SERVICE, read(profile).profile)
    drawer.kept[account] = Key.new().raw.hex()
    with pytest.raises(keys.Locked, match="another profile"):
        keys.open_key(profile, keychain=keys.Keychain(drawer))
    drawer.kept[account] = "not a key"
    with pytest.raises(keys.Locked, match="does not have it"):
        keys.open_key(profile, keychain=keys.Keychain(drawer))


def test_changing_the_passphrase_ends_the_old_one(profile: Profile) -> None:
    key, shown = keys.create_key(profile, passphrase=PASSPHRASE)
    keys.set_passphrase(profile, key, "something else entirely")
    assert keys.open_key(profile, passphrase="something else entirely") == key
    with pytest.raises(keys.Locked):
        keys.open_key(profile, passphrase=PASSPHRASE)
    assert keys.unlock_with_code(profile, shown) == key


def test_leaving_the_keychain_needs_a_passphrase_and_empties_it(profile: Profile) -> None:
    drawer = Drawer()
    chain = keys.Keychain(drawer)
    key, _ = keys.create_key(profile, keychain=chain)
    with pytest.raises(UserError, match="only place"):
        keys.leave_keychain(profile, key, chain)
    keys.set_passphrase(profile, key, PASSPHRASE)
    keys.leave_keychain(profile, key, chain)
    assert drawer.kept == {}
    assert keys.open_key(profile, passphrase=PASSPHRASE) == key


def test_a_new_recovery_code_ends_the_old_one(profile: Profile) -> None:
    key, shown = keys.create_key(profile, passphrase=PASSPHRASE)
    newer = keys.new_recovery_code(profile, key)
    assert keys.unlock_with_code(profile, newer) == key
    with pytest.raises(UserError, match="another profile, or was replaced"):
        keys.unlock_with_code(profile, shown)


def test_a_destroyed_key_is_nowhere_on_the_computer(profile: Profile) -> None:
    drawer = Drawer()
    keys.create_key(profile, keychain=keys.Keychain(drawer))
    keys.destroy_key(profile, keys.Keychain(drawer))
    assert drawer.kept == {}
    assert not profile.exists()
    with pytest.raises(UserError, match="missing or damaged"):
        keys.open_key(profile)


def test_the_key_of_another_profile_cannot_be_wrapped_here(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    with pytest.raises(ValueError, match="another profile"):
        keys.set_passphrase(profile, Key.new(), PASSPHRASE)


def test_a_sealed_key_cannot_stand_in_for_another() -> None:
    key = Key.new()
    sealed = wrap(key, PASSPHRASE, "DeskCRM one passphrase")
    assert unwrap(sealed, PASSPHRASE, "DeskCRM one passphrase") == key
    assert unwrap(sealed, PASSPHRASE, "DeskCRM two passphrase") is None
    assert unwrap(sealed, PASSPHRASE + " ", "DeskCRM one passphrase") is None


def test_a_damaged_key_file_is_mended_from_its_copy(profile: Profile) -> None:
    key, _ = keys.create_key(profile, passphrase=PASSPHRASE)
    whole = profile.keys.read_bytes()
    for damage in (b"", whole[:-30], whole.replace(b'"sealed": "', b'"sealed": "A')):
        profile.keys.write_bytes(damage)
        assert keys.open_key(profile, passphrase=PASSPHRASE) == key
        assert profile.keys.read_bytes() == whole
    profile.keys.unlink()
    assert keys.open_key(profile, passphrase=PASSPHRASE) == key


def test_every_flipped_bit_of_a_key_file_is_noticed(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    whole = profile.keys.read_bytes()
    shutil.rmtree(profile.backups)
    for bit in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        profile.keys.write_bytes(damaged)
        try:
            kept = read(profile)
        except UserError:
            continue
        # White space and the case of a hexadecimal digit carry nothing.
        profile.keys.write_bytes(whole)
        assert kept == read(profile), bit
        shutil.rmtree(profile.backups, ignore_errors=True)


def test_no_key_file_is_said_in_words(profile: Profile) -> None:
    with pytest.raises(UserError, match=r"missing or damaged") as caught:
        keys.open_key(profile, passphrase=PASSPHRASE)
    assert "beside a backup" in caught.value.detail


def test_a_key_file_of_a_newer_program_is_left_alone(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    content = json.loads(profile.keys.read_bytes()) | {"format": 2, "better": True}
    profile.keys.write_text(json.dumps(content))
    with pytest.raises(UserError, match="newer DeskCRM"):
        keys.open_key(profile, passphrase=PASSPHRASE)
    assert json.loads(profile.keys.read_bytes()) == content


def test_a_planted_key_file_cannot_ask_for_all_the_memory(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    text = profile.keys.read_text().replace('"memory_kib": 8192', '"memory_kib": 1048577000')
    profile.keys.write_text(text)
    shutil.rmtree(profile.backups)
    with pytest.raises(UserError, match="damaged"):
        keys.open_key(profile, passphrase=PASSPHRASE)


def test_a_key_shows_itself_to_nobody(profile: Profile) -> None:
    key = Key.new()
    hidden = key.raw.hex()
    assert hidden not in repr(key) + str(key) + f"{key}" + repr([key]) + repr(vars(Key))
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(key)
    with pytest.raises(TypeError):
        hash(key)


def test_no_file_of_a_profile_has_the_key_the_passphrase_or_the_code(profile: Profile) -> None:
    key, shown = keys.create_key(profile, passphrase=PASSPHRASE)
    secrets = [key.raw, key.raw.hex().encode(), PASSPHRASE.encode(), shown.encode()]
    secrets += [shown.replace("-", "").encode(), base64.b64encode(key.raw)]
    content = b"".join(p.read_bytes() for p in profile.folder.rglob("*") if p.is_file())
    assert len(content) > 1000
    assert not [secret for secret in secrets if secret in content]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, not modes")
def test_only_the_owner_can_read_the_key_file(profile: Profile) -> None:
    keys.create_key(profile, passphrase=PASSPHRASE)
    for path in (profile.keys, profile.backups / "keys.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(profile.backups.stat().st_mode) == 0o700
