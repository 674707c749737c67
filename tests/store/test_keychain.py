"""The keychain: asked in time, trusted only when it was seen to work, and never in plain text."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store import keys
from deskcrm.store.keys import keychain
from deskcrm.store.profile import Profile
from tests.store.drawer import Drawer


class Silent(Drawer):
    """A keychain that is announced and never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.end.wait()


class Refusing(Drawer):
    """A keychain that fails, quoting what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password}")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)


def test_a_keychain_that_never_answers_is_given_up(profile: Profile) -> None:
    silent = Silent()
    with pytest.raises(keys.KeychainFailed, match="did not answer within 0 seconds"):
        keys.Keychain(silent).probe(seconds=0.01)
    silent.end.set()


def test_a_keychain_that_loses_what_it_is_given_is_not_used(profile: Profile) -> None:
    class Forgetful(Drawer):
        def get_password(self, service: str, username: str) -> str | None:
            return None

    with pytest.raises(UserError, match="no safe place"):
        keys.create_key(profile, keychain=keys.Keychain(Forgetful()))
    assert not profile.exists()


def test_a_failing_keychain_is_reported_without_the_secret(profile: Profile) -> None:
    with pytest.raises(keys.KeychainFailed) as caught:
        keys.Keychain(Refusing()).keep("account", "top-secret")
    assert "RuntimeError" in str(caught.value)
    assert "top-secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_plain_text_keychain_named_in_the_environment_is_never_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setattr(keychain, "_KNOWN", {})
    assert keys.find_keychain() is None


SECRET_SERVICE = """
import sys
from pathlib import Path
from deskcrm.store import keys
from deskcrm.store.profile import Profile

profile = Profile(Path(sys.argv[1]))
if sys.argv[2] == "create":
    key, code = keys.create_key(profile)
    print(code)
else:
    key = keys.open_key(profile)
print(key.fingerprint)
"""


def _with_secret_service(profile: Profile, script: str) -> list[str]:
    """Run lines of shell under a session bus of their own with a real GNOME keyring."""
    if not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))):
        advice = "apt-get install dbus gnome-keyring"
        # dev.py installs them where it may; in CI the path that most people use must be tested.
        assert not os.environ.get("CI"), advice
        pytest.skip(f"the keychain of Linux was not tested: {advice}")
    home = profile.folder.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {name: text for name, text in os.environ.items() if name != "DISPLAY"}
    environment.pop("PYTHON_KEYRING_BACKEND", None)
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    shell = ["dbus-run-session", "--", "bash", "-ec", script, "bash"]
    done = subprocess.run(
        [*shell, sys.executable, SECRET_SERVICE, str(profile.folder)],
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keychain")
def test_the_key_is_kept_in_a_real_secret_service(profile: Profile) -> None:
    unlock = "echo -n secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
    shown, first, second = _with_secret_service(
        profile, unlock + '"$1" -c "$2" "$3" create; "$1" -c "$2" "$3" open'
    )
    assert first == second
    assert keys.unlock_with_code(profile, shown).fingerprint == first
    assert keys.ways(profile).keychain


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keychain")
def test_a_bus_without_a_secret_service_is_no_keychain(profile: Profile) -> None:
    try_it = '"$1" -c "$2" "$3" create 2>&1 | grep -o "no safe place"'
    assert _with_secret_service(profile, try_it) == ["no", "safe", "place"]
    assert not profile.exists()
