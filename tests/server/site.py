"""A real server on a real socket, over a file or over PostgreSQL, and people who speak to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import requests
import uvicorn
from sqlalchemy import Connection, Table, select

from deskcrm.base.ids import new_id
from deskcrm.domain.teams.commands import create_team
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.server.accounts import add_account
from deskcrm.server.app import make_app
from deskcrm.server.exchange import KIND
from deskcrm.server.place import Place, keeping, open_database, open_serving, prepare
from deskcrm.server.running import Serving, listen
from deskcrm.store import migrate
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.protocol import (
    OLDEST,
    VERSION,
    AskManifest,
    AskSegment,
    Hello,
    Manifest,
    Op,
    Pull,
    Pulled,
    Push,
    Pushed,
    Segment,
    Step,
    Welcome,
    pack,
    unpack,
)
from tests import toys
from tests.watch import Watch

PASSWORD = "correct horse"
NO_TLS: Mapping[str, Any] = {}
BOOKKEEPING = {"device", "push_result", "sign_in", "sign_in_attempt", "local_meta"}
"""What the exchange itself writes down when it refuses."""


class Site:
    """A server that answers, with its place and its clock."""

    def __init__(
        self, place: Place, watch: Watch, make_hub: Any = None, tls: Mapping[str, Any] = NO_TLS
    ) -> None:
        self.place, self.watch = place, watch
        store = open_serving(place, clock=watch)
        app = make_app(store, hub=make_hub(store) if make_hub else None)
        self.desk = app.state.desk
        bound = listen(Serving("127.0.0.1", 0))
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{bound.getsockname()[1]}"
        self.app = app
        # httptools and h11 behave alike here; h11 is the one that is always there.
        config = uvicorn.Config(app, log_level="critical", access_log=False, http="h11", **tls)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([bound],))
        self._thread.start()
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = tls.get("ssl_ca_certs", True)
        try:
            self.session.get(f"{self.url}/health").raise_for_status()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the server; twice is harmless."""
        if not self._thread.is_alive():
            return
        self.session.close()
        self.desk.heads._loop.call_soon_threadsafe(self.desk.heads.stop)
        self._server.should_exit = True
        self._thread.join(30)

    def post(self, path: str, token: str = "", **more: Any) -> requests.Response:
        """Ask with a token."""
        return self.ask("POST", path, token, **more)

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> requests.Response:
        """Ask with a token, if there is one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= more.pop("headers", {})
        return self.session.request(method, self.url + path, headers=headers, timeout=60, **more)

    def sign_in(
        self, name: str, password: str = PASSWORD, device: UUID | None = None
    ) -> requests.Response:
        """Ask to sign in."""
        said = {"user": name, "password": password, "device": str(device or new_id())}
        return self.post("/auth/v1/sign-in", json=said | {"device_name": "Desk"})

    @contextmanager
    def keeping(self) -> Iterator[Store]:
        """Work on the database beside the server, as its operator does."""
        with keeping(self.place, clock=self.watch) as store:
            yield store

    def add(self, name: str, role: UserRole, *teams: TeamId) -> UUID:
        """Add a person with an account."""
        with self.keeping() as store:
            return add_account(store, name, role=role, teams=teams, password=PASSWORD)

    def team(self, name: str, parent: TeamId | None = None) -> TeamId:
        """Add a team."""
        with self.keeping() as store:
            return store.do(create_team, name=name, parent_id=parent).value

    def person(self, name: str, role: UserRole, *teams: TeamId) -> "Speaker":
        """Add a person, sign in and say hello."""
        user = self.add(name, role, *teams)
        return self.speaker(name, user)

    def speaker(self, name: str, user: UUID) -> "Speaker":
        """Sign a person in at a new device."""
        speaker = Speaker(self, name, user)
        speaker.sign_in()
        assert speaker.hello().status_code == 200
        return speaker

    def dump(self, *, apart: set[str] = BOOKKEEPING) -> dict[str, list[Any]]:
        """Give everything that stands in the database, table by table."""
        database = open_database(self.place)
        tables = [t for name, t in Base.metadata.tables.items() if is_real(t) and name not in apart]
        try:
            with fence.as_server(), database.readers.begin() as connection:
                return {t.name: _rows(connection, t) for t in tables}
        finally:
            database.close()


def _rows(connection: Connection, table: Table) -> list[str]:
    """Give the rows as the driver reads them, each whole; ids and moments cost the most to make."""
    return sorted(
        repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')
    )


def is_real(table: Table) -> bool:
    """Tell whether a table is the program's: the toys of other tests are not there."""
    return not table.name.startswith("toy_")


@dataclass
class Speaker:
    """A device of a person that speaks the protocol."""

    site: Site
    name: str
    user: UUID
    device: UUID = field(default_factory=new_id)
    access: str = ""
    refresh: str = ""
    no: int = 0
    epoch: int = 1

    def sign_in(self) -> None:
        """Sign in at this device."""
        answer = self.site.sign_in(self.name, device=self.device)
        assert answer.status_code == 200, answer.text
        self.take(answer.json())

    def take(self, said: dict[str, Any]) -> None:
        """Keep the tokens that came."""
        self.access, self.refresh = said["access"], said["refresh"]

    def send(self, path: str, message: Any) -> requests.Response:
        """Send a message of the exchange."""
        data = message if isinstance(message, bytes) else pack(message)
        return self.site.post(path, self.access, data=data, headers={"Content-Type": KIND})

    def hello(self, **changes: Any) -> requests.Response:
        """Say hello."""
        return self.send("/sync/v1/hello", self.greeting(**changes))

    def greeting(self, **changes: Any) -> Hello:
        """Give the message that says hello."""
        said: dict[str, Any] = {
            "device": self.device.bytes,
            "name": "Desk",
            "versions": (OLDEST, VERSION),
            "schema": migrate.known_revisions()[-1],
            "now": 0,
        }
        return Hello(**(said | changes))

    def welcome(self) -> Welcome:
        """Say hello and read the answer."""
        return unpack(Welcome, self.hello().content)

    def push_steps(self, *steps: list[Op]) -> Pushed:
        """Hand over one step for each list, and read what became of them."""
        answer = self.send("/sync/v1/push", self.pushing(*steps))
        assert answer.status_code == 200, answer.text
        return unpack(Pushed, answer.content)

    def pushing(self, *steps: list[Op]) -> Push:
        """Give the message that hands over steps."""
        made = []
        for ops in steps:
            self.no += 1
            made.append(Step(self.no, "do", "tests.write", "Write", 0, self.epoch, ops))
        return Push(self.device.bytes, self.epoch, self.no - len(made), 0, made)

    def pull(self, **changes: Any) -> Pulled:
        """Pull a page."""
        said: dict[str, Any] = {"device": self.device.bytes, "epoch": self.epoch, "cursors": []}
        answer = self.send("/sync/v1/pull", Pull(**(said | changes)))
        assert answer.status_code == 200, answer.text
        return unpack(Pulled, answer.content)

    def manifest(self, **changes: Any) -> Manifest:
        """Ask what there is to begin with."""
        said = {"device": self.device.bytes, "schema": migrate.known_revisions()[-1]}
        answer = self.send("/sync/v1/manifest", AskManifest(**(said | changes)))
        assert answer.status_code == 200, answer.text
        return unpack(Manifest, answer.content)

    def segment(self, digest: bytes) -> bytes:
        """Ask for a part of it."""
        answer = self.send("/sync/v1/segment", AskSegment(self.device.bytes, digest))
        assert answer.status_code == 200, answer.text
        return unpack(Segment, answer.content).content


@contextmanager
def serving(
    place: Place, watch: Watch, make_hub: Any = None, tls: Mapping[str, Any] = NO_TLS
) -> Iterator[Site]:
    """Run a server over a place that is ready; ``tls`` is what uvicorn calls it."""
    site = Site(place, watch, make_hub, tls)
    try:
        yield site
    finally:
        site.close()


def make_ready(place: Place) -> None:
    """Make an empty place ready, with the toys of other tests, which are known in this process."""
    toys.declare()
    database = open_database(place)
    with fence.as_server(), database.writer.begin() as connection:
        tables = [t for t in Base.metadata.tables.values() if not is_real(t)]
        Base.metadata.create_all(connection, tables=tables)
    database.close()
    prepare(place)


def allow_everything(store: Store) -> Hub:
    """Give a hub whose own checks are switched off."""
    from deskcrm.store.ledger import version_table

    def everything(db: Any, _user: UUID) -> set[UUID]:
        with fence.as_server(), store.database.readers.begin() as connection:
            found = connection.execute(select(version_table.c.scope).distinct()).scalars()
            return set(found)

    return Hub(
        store,
        everything,
        lambda _connection, _user: lambda _ask: "",
        as_itself=fence.as_server,
        to_read=fence.to_read,
    )
