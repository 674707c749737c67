"""A real server in a process of its own, over a file or PostgreSQL, and who signs in there."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from deskcrm.base.ids import new_id
from deskcrm.cli.serve import URL_VARIABLE
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.server.accounts import add_account
from deskcrm.server.place import Place, keeping, place_of, prepare
from deskcrm.server.sign_ins import SignIns
from deskcrm.store.store import Store
from deskcrm.sync.http_peer import Granted

PASSWORD: Final = "only for measuring"
ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass
class Device:
    """A device that is signed in; keeps its refresh token as long as it is measured."""

    id: UUID
    granted: Granted
    tokens: list[str] = field(default_factory=list)

    def refresh_token(self) -> str | None:
        """Give the token that renews."""
        return self.tokens[-1] if self.tokens else self.granted.refresh

    def keep(self, refresh: str) -> None:
        """Keep the next one."""
        self.tokens.append(refresh)


@dataclass(frozen=True, slots=True)
class Site:
    """A server that answers."""

    url: str
    pid: int
    place: Place

    def sign_in(self, store: Store, name: str, device: UUID | None = None) -> Device:
        """Sign somebody in at a device, beside the server: the limits of sign-in are not meant."""
        with fence.as_server():
            made = SignIns(store).sign_in(
                name,
                PASSWORD,
                device=device or new_id(),
                device_name="Bench",
                address=str(new_id()),
            )
            caller = SignIns(store).caller_of(made.access)
        granted = Granted(made.access, made.refresh, 600.0, made.user, made.seal.hex())
        return Device(caller.device, granted)


@contextmanager
def sites() -> Iterator[Iterator[tuple[str, Site]]]:
    """Give a server over SQLite, and one over PostgreSQL where that can be started."""
    with tempfile.TemporaryDirectory() as folder:
        yield _sites(Path(folder))


def _sites(folder: Path) -> Iterator[tuple[str, Site]]:
    with serving(place_of(folder / "server", None)) as site:
        yield "SQLite", site
    with suppress(ImportError, RuntimeError):
        from tests.postgres import own_server

        with own_server() as url:
            address = url.render_as_string(hide_password=False)
            with serving(place_of(None, address)) as site:
                yield "PostgreSQL", site


@contextmanager
def serving(place: Place) -> Iterator[Site]:
    """Serve a new place with one person in it, “Anna”."""
    prepare(place)
    with keeping(place) as store:
        add_account(store, "Anna", role=UserRole.ADMINISTRATOR, teams=[], password=PASSWORD)
    command = [sys.executable, "-m", "deskcrm", "serve", "--port", "0"]
    variables = dict(os.environ)
    if place.url:
        variables[URL_VARIABLE] = place.url
    else:
        command += ["--data", str(place.folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        yield Site(url, process.pid, place)
    finally:
        process.terminate()
        process.communicate()
