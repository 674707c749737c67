"""A small real server over HTTP, with faults to order, and workstations with files on a disk."""

import hmac
import json
import secrets
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import Connection, select

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import User
from deskcrm.store import ledger
from deskcrm.store.commands import command
from deskcrm.store.engine import Database, open_sqlite
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import WORKSPACE, Base, shape_named
from deskcrm.store.work import Work
from deskcrm.sync import protocol
from deskcrm.sync.http_peer import KIND
from deskcrm.sync.hub.applying import Ask, Authorize
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.news import Pages
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.tables import device_table
from tests.fixtures_store import KEY
from tests.sync.world import told

PASSWORD = "correct horse"
PORTAL = b"<html><title>Welcome to the hotel</title>" + b"x" * 4000


@command("tests.welcome", "Welcome")
def welcome(work: Work, user_id: UUID, *, name: str) -> None:
    """Make a person known on the server, under a certain id."""
    work.add(User(id=user_id, name=name))


@dataclass
class Session:
    """One sign-in: its tokens, as the server keeps them."""

    user: UUID
    device: UUID
    access: str = ""
    refresh: str = ""
    former: str = ""
    was_repeated: bool = False

    def renew(self) -> None:
        """Give the next pair."""
        self.former, self.was_repeated = self.refresh, False
        self.access, self.refresh = secrets.token_hex(8), secrets.token_hex(8)


@dataclass
class Site:
    """A hub behind HTTP, in a thread of its own."""

    hub: Hub
    people: dict[str, UUID] = field(default_factory=dict)
    grants: dict[UUID, set[UUID]] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    """Tables that nobody may write."""
    sessions: list[Session] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    """What goes wrong with the next requests, in order; an empty word lets one through."""
    asked: list[str] = field(default_factory=list)
    """The paths of the requests that came."""
    edit: Callable[[str, Any], Any] = field(default=lambda path, answer: answer)
    """Changes a message before it is packed: what a bad or another server would say."""
    hello_from: Callable[[Any], Any] = field(default=lambda message: message)
    lifetime: float = 600.0
    patience: float = 30.0
    news: threading.Condition = field(default_factory=threading.Condition)
    pages: Pages = field(default_factory=Pages)
    polls: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released by each long poll that begins."""
    is_closing: bool = False
    pretends: str | None = None
    """What it shows as its proof instead: an impostor's."""
    lease: timedelta = timedelta()
    """How long copies may be used without it; for the next hub that is put in place."""
    closed: set[UUID] = field(default_factory=set)
    """People whose accounts are closed."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self) -> None:
        self.http = ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Served", (Handler,), {"site": self})
        )
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop listening, and let every long poll go."""
        self.is_closing = True
        self.tell()
        self.http.shutdown()
        self.http.server_close()
        self.hub.store.close()

    def add_person(self, name: str) -> UUID:
        """Make a person who can sign in."""
        user = new_id()
        self.people[name] = user
        self.hub.store.do(welcome, user, name=name)
        return user

    def proof(self, device: UUID) -> bytes:
        """Give what only this server can make, and the device was given the hash of."""
        return hmac.digest(self.secret, device.bytes, "sha256")

    def tell(self) -> None:
        """Let whoever waits look again."""
        with self.news:
            self.news.notify_all()

    def replace(self, store: Store) -> None:
        """Serve another database from now on."""
        self.hub = make_hub(self, store)


def make_hub(site: "Site | None", store: Store) -> Hub:
    """Give a hub in which people see the workspace, their own, and what is granted."""

    def scopes(user: UUID) -> set[UUID]:
        granted = site.grants.get(user, set()) if site else set()
        return {WORKSPACE, user, *granted}

    def authorizer(connection: Connection, user: UUID) -> Authorize:
        def authorize(ask: Ask) -> str:
            is_refused = site is not None and ask.table in site.refuses
            return "" if ask.scope in scopes(user) and not is_refused else "rights"

        return authorize

    lease = site.lease if site is not None else timedelta()
    return Hub(store, lambda db, user: scopes(user), authorizer, lambda db: lease)


def found(database: Database, clock: Callable[[], datetime]) -> Store:
    """Make a database a server's."""
    with database.writer.begin() as connection:
        toy = [table for name, table in Base.metadata.tables.items() if name.startswith("toy_")]
        Base.metadata.create_all(connection, tables=toy)
    first = Store.open(database, clock=clock)
    first.absorb(lambda connection: Arrived(ledger.found_server(connection)))
    return Store.open(database, clock=clock)


class Handler(BaseHTTPRequestHandler):
    """Serves one connection of a site, with the faults that were ordered."""

    site: Site
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    def _serve(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        self.site.asked.append(path)
        is_exchange = path not in (*WAITS, FOLLOW)
        fault = self.site.faults.popleft() if self.site.faults and is_exchange else ""
        if fault and fault not in ("answer lost", "cut", "doubled"):
            self._fail(fault)
            return
        status, kind, data, more = answer(self.site, path, self.path, self.headers, body)
        if fault == "doubled":
            status, kind, data, more = answer(self.site, path, self.path, self.headers, body)
        if fault == "answer lost":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._answer(status, kind, data, more, cut=fault == "cut")

    def _fail(self, fault: str) -> None:
        if fault == "lost":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault == "portal":
            self._answer(200, "text/html", PORTAL, {})
        elif fault == "redirect":
            self._answer(307, "text/html", b"", {"Location": self.site.url + "/elsewhere"})
        elif fault == "garbled":
            self._answer(200, KIND, b"\x28\xb5\x2f\xfd garbled", {})
        elif fault == "busy":
            self._answer(503, "text/plain", b"", {"Retry-After": "7"})
        else:
            self._answer(int(fault), "text/html", PORTAL, {})

    def _answer(
        self, status: int, kind: str, data: bytes, more: dict[str, str], *, cut: bool = False
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            self.close_connection = True


WAITS: Final = ("/sync/v1/wait", "/sync/v1/news")
"""Paths of long polls."""
FOLLOW: Final = "/sync/v1/follow"
"""Never answered here, as where something stands in the way: workstations wait instead."""
Said = tuple[int, str, bytes, dict[str, str]]
_KINDS: dict[str, tuple[Any, str]] = {
    "hello": (protocol.Hello, "hello"),
    "push": (protocol.Push, "push"),
    "part": (protocol.Part, "part"),
    "pull": (protocol.Pull, "pull"),
    "manifest": (protocol.AskManifest, "manifest"),
    "segment": (protocol.AskSegment, "segment"),
    "contents/ask": (protocol.AskContents, "contents_here"),
    "contents/send": (protocol.SendPiece, "send_piece"),
    "contents/fetch": (protocol.AskPiece, "fetch_piece"),
}


def answer(site: Site, path: str, target: str, headers: Any, body: bytes) -> Said:
    """Answer a request as the contract says."""
    if path == "/auth/v1/sign-in":
        return _sign_in(site, json.loads(body))
    if path == "/auth/v1/refresh":
        return _refresh(site, json.loads(body))
    if path == "/auth/v1/sign-out":
        token = json.loads(body)["refresh"]
        for leaving in site.sessions:
            if leaving.refresh == token and _is_revoked(site, leaving.device):
                return _revoked(site, leaving.device)
        site.sessions[:] = [one for one in site.sessions if one.refresh != token]
        return _said({})
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    session = next((one for one in site.sessions if token and one.access == token), None)
    if session is None:
        return _error(401, "sign_in")
    if _is_revoked(site, session.device):
        return _revoked(site, session.device)
    if session.user in site.closed:
        return _error(403, "closed")
    if path == FOLLOW:
        return _error(404, "not_found")
    if path == "/sync/v1/wait":
        return _wait(site, int(parse_qs(urlsplit(target).query)["since"][0]))
    caller = Caller(session.user, session.device)
    if path == "/sync/v1/news":
        return _news(site, caller, protocol.unpack(protocol.Pull, body))
    return _exchange(site, path, caller, body)


def _sign_in(site: Site, said: dict[str, Any]) -> Said:
    user = site.people.get(said["user"])
    if user is None or said["password"] != PASSWORD:
        return _error(401, "sign_in")
    session = Session(user, UUID(said["device"]))
    if _is_revoked(site, session.device):
        return _revoked(site, session.device)
    site.sessions.append(session)
    return _granted(site, session)


def _refresh(site: Site, said: dict[str, Any]) -> Said:
    for session in site.sessions:
        if session.refresh == said["refresh"]:
            if _is_revoked(site, session.device):
                return _revoked(site, session.device)
            session.renew()
            return _said(_tokens(site, session))
        if session.former == said["refresh"]:
            if session.was_repeated:
                site.sessions.remove(session)
                break
            session.was_repeated = True
            return _said(_tokens(site, session))
    return _error(401, "sign_in")


def _granted(site: Site, session: Session) -> Said:
    session.renew()
    return _said(_tokens(site, session))


def _tokens(site: Site, session: Session) -> dict[str, Any]:
    return {
        "access": session.access,
        "refresh": session.refresh,
        "expires_in": site.lifetime,
        "user_id": str(session.user),
        "seal": sha256(site.proof(session.device)).hexdigest(),
    }


def _is_revoked(site: Site, device: UUID) -> bool:
    c = device_table.c
    query = select(c.revoked_at).where(c.id == device)
    return site.hub.store.ask(lambda db: db.scalar(query)) is not None


def _revoked(site: Site, device: UUID) -> Said:
    proof = site.proof(device).hex() if site.pretends is None else site.pretends
    return _said({"code": "revoked", "detail": "locked out", "proof": proof}, 403)


def _wait(site: Site, since: int) -> Said:
    site.polls.release()
    with site.news:
        site.news.wait_for(lambda: site.is_closing or site.hub.head() > since, site.patience)
    return _said({"head": since if site.is_closing else site.hub.head()})


def _news(site: Site, caller: Caller, asked: protocol.Pull) -> Said:
    site.polls.release()
    news = protocol.News(0)

    def look() -> bool:
        nonlocal news
        if not site.is_closing:
            news = told(site.hub, caller, asked, site.pages)
        return site.is_closing or news.is_due or news.page is not None

    with site.news:
        site.news.wait_for(look, site.patience)
    return 200, KIND, protocol.pack(site.edit("news", news)), {}


def _exchange(site: Site, path: str, caller: Caller, body: bytes) -> Said:
    name = path.removeprefix("/sync/v1/")
    kind, method = _KINDS[name]
    message: Any = protocol.unpack(kind, body)
    try:
        made = getattr(site.hub, method)(caller, site.hello_from(message))
    except Stopped as stop:
        code = str(stop).replace(" ", "_")
        return _error(404, "not_found") if code == "no_contents" else _error(409, code)
    if name in ("push", "part"):
        site.tell()
    if getattr(made, "page", None):  # as if it had been asked for by itself
        made.page = site.edit("pull", made.page)
    return 200, KIND, protocol.pack(site.edit(name, made)), {}


def _said(answer: dict[str, Any], status: int = 200) -> Said:
    return status, "application/json", json.dumps(answer).encode(), {}


def _error(status: int, code: str) -> Said:
    return _said({"code": code, "detail": code.replace("_", " ")}, status)


def revoke(site: Site, device: UUID) -> None:
    """Lock a device out."""

    def take(connection: Connection) -> Arrived[None]:
        c = device_table.c
        now = site.hub.store.clock()
        connection.execute(device_table.update().where(c.id == device).values(revoked_at=now))
        return Arrived(None)

    site.hub.store.absorb(take)


def restore_site(site: Site, path: Path) -> None:
    """Restore the server from a backup of its file, as its tool does."""
    database = open_sqlite(path, KEY)
    with database.writer.begin() as connection:
        ledger.begin_epoch(connection, site.hub.store.clock())
    site.replace(Store.open(database, clock=site.hub.store.clock))


def rows_of(store: Store, table: str) -> list[Any]:
    """Give the living rows of a table."""
    t = shape_named(table).table
    query: Any = t.select().where(~t.c.is_deleted).order_by(t.c.id)
    return list(store.ask(lambda db: db.all(query)))
