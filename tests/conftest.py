"""What holds for every test: no window, no network, nobody's keychain or profile, no noise."""

import gc
import importlib
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from deskcrm.base import words

# Before anything imports Qt, keyring or platformdirs: they read their environment once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
_home = tempfile.TemporaryDirectory(prefix="deskcrm-home-")
for _variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_variable] = str(Path(_home.name) / _variable.lower())
for _variable in ("APPDATA", "LOCALAPPDATA"):
    os.environ[_variable] = _home.name

pytest_plugins = ["tests.compiled", "tests.postgres"]
if (Path(__file__).parent / "fixtures_store.py").exists():
    pytest_plugins.append("tests.fixtures_store")

# A slow machine is not a wrong program, so no example has a deadline.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.data_too_large,
        hypothesis.HealthCheck.filter_too_much,
    ],
)
hypothesis.settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Collect garbage more rarely: what was imported for good was gone over again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _quick_keys() -> Iterator[None]:
    """Wrap keys with hardly any effort; ``tests/cli/test_keeping.py`` looks at the program's."""
    # By its name: in its package, the function of the same name stands before the module.
    wrap = importlib.import_module("deskcrm.store.keys.wrap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wrap, "effort", wrap.Effort(passes=1, memory_kib=8 * 1024, lanes=1))
        yield


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave the machine: a test that needs the network is wrong."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_nearby)


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    """Let Python collect by itself again: a window switches that off for its whole process."""
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Begin every test in English, whatever language the one before it switched to."""
    words.set_language("en")
    yield
    words.set_language("en")
