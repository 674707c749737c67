"""Wipes copies of a profile, each killed one step later than the one before, and says what is left.

    python -m tests.faults.wiper PROFILE [careless]

A step is a file that is opened, renamed or removed, or a secret that leaves the keychain. Each
line is ``usable``, ``wiped`` or ``broken``, in the order of the steps; the last one was not killed.
``careless`` leaves out the note of the intention: the control.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.store import keys
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Keychain, wiping
from deskcrm.store.profile import Profile

_STEPS = ("open", "os.rename", "os.remove")


class FileDrawer:
    """A keychain that outlives a process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _read(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        return found

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps(self._read() | {username: password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        del kept[username]
        self._path.write_text(json.dumps(kept))


def main() -> int:
    """Kill one wipe after another, until one comes to its end."""
    made, is_careless = Path(sys.argv[1]), "careless" in sys.argv
    for step in range(1, 500):
        folder = made.with_name(f"copy-{step}")
        shutil.copytree(made, folder)
        child = os.fork()
        if child == 0:
            _wipe(folder, step, is_careless)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(_state(folder), flush=True)  # noqa: T201
        if not os.WIFSIGNALED(status):
            return os.WEXITSTATUS(status)
    return 1


def _chain(folder: Path) -> Keychain:
    return Keychain(FileDrawer(folder / "keychain"))


def _wipe(folder: Path, step: int, is_careless: bool) -> None:
    profile, left = Profile(folder), step

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS and str(folder) in str(arguments[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with profile.acquire():
        key = keys.open_key(profile, keychain=_chain(folder))
        if is_careless:
            # The same steps, with the note at the end.
            name = json.loads(profile.keys.read_bytes())["profile"]
            sys.addaudithook(count)
            for path in (profile.keys, profile.backups / "keys.json"):
                path.unlink()
            wiping.begin(profile, account=name, unsent=0, now=clock.now())
        else:
            sys.addaudithook(count)
            keys.wipe(profile, key, unsent=0, now=clock.now(), keychain=_chain(folder))


def _state(folder: Path) -> str:
    """Open the profile as the next start does."""
    profile = Profile(folder)
    try:
        with profile.acquire():
            key = keys.open_key(profile, keychain=_chain(folder))
            open_sqlite(profile.database, key.raw).writer.connect().close()
    except keys.Wiped:
        is_clean = not list(folder.rglob("*keys.json*")) and not _chain(folder).read(
            json.loads((folder / "name").read_text())
        )
        return "wiped" if is_clean else "broken"
    except UserError:
        return "broken"
    return "usable"


if __name__ == "__main__":
    sys.exit(main())
