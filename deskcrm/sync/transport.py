"""Carries requests to one server over HTTP, and says of each failure what kind it is.

Certificates are checked against the trust store of the operating system; plain HTTP goes to this
computer only; a redirect is never followed, since what is sent is meant for one server alone.
"""

import email.utils
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from weakref import WeakSet

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.sync.peer import SyncError, Trouble

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 60.0
WHOLE_SECONDS: Final = 600.0
"""For one answer, however slowly it drips."""
LARGEST: Final = 64 << 20
"""Bytes of an answer as it comes over the wire."""
LONGEST_PAUSE: Final = 3600.0
"""However long a server asks to be left alone."""
_PIECE: Final = 1 << 16


Pieces = Generator[bytes, None, None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with status 200."""

    kind: str
    """The media type, without its parameters."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read a JSON object; SyncError when it is something else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM")
        return found


def check_url(typed: str) -> str:
    """Give the address of a server as it is kept; UserError when it cannot be one, or is unsafe."""
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    has_more = parts.username or parts.password or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not host or has_more or " " in text:
        raise UserError(
            tr("“{text}” is not the address of a server.", text=typed),
            tr("Type it like https://desk.example.com."),
        )
    if parts.scheme == "http" and not _is_this_computer(host):
        raise UserError(
            tr("What is sent over http:// can be read on its way."),
            tr("Use https://; http:// is for a server on this computer only."),
        )
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


def _is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Transport:
    """A session with one server, safe to use from several threads; ``close`` ends all of it."""

    def __init__(self, url: str, *, read_seconds: float = READ_SECONDS) -> None:
        self.url = check_url(url)
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self._lines = _Lines()
        self._session = requests.Session()
        is_plain = urlsplit(self.url).scheme == "http"
        # Reading the system's certificates takes 25 ms: only where they are asked for.
        adapter = _Adapter(self._lines, None if is_plain else ssl.create_default_context())
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        if is_plain:
            self._session.trust_env = False  # no proxy stands between this computer and itself

    def post(self, path: str, body: bytes, kind: str, token: str = "") -> Answer:
        """Send a body; raises SyncError unless the answer is a 200."""
        return self._ask("POST", path, token, data=body, headers={"Content-Type": kind})

    def post_json(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """Send a JSON object and give the one that comes back; raises SyncError."""
        return self.post(path, json.dumps(body).encode(), "application/json", token).json()

    def get_json(self, path: str, token: str = "") -> dict[str, Any]:
        """Ask for a JSON object; raises SyncError."""
        return self._ask("GET", path, token).json()

    def close(self) -> None:
        """Cut every request that is under way, from any thread; there will be no other."""
        self._lines.cut()
        self._session.close()

    def follow(self, path: str, body: bytes, kind: str, token: str) -> Pieces:
        """Send a body and give the answer in pieces, as it comes; its first is the media type.

        Raises SyncError unless the answer is a 200, and where it is broken off.
        """
        headers = {"Content-Type": kind}
        with self._opened("POST", path, token, data=body, headers=headers) as response:
            if response.status_code != 200:
                _judge(response, _read(response))
            yield _kind(response).encode()
            yield from response.iter_content(None)

    def _ask(self, method: str, path: str, token: str, **more: Any) -> Answer:
        with self._opened(method, path, token, **more) as response:
            return _judge(response, _read(response))

    @contextmanager
    def _opened(
        self, method: str, path: str, token: str, **more: Any
    ) -> Iterator[requests.Response]:
        """Give the answer while it is read; raises SyncError, also for what is raised meanwhile."""
        self._lines.check()
        try:
            with self._session.request(
                method,
                self.url + path,
                auth=_Bearer(token),
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
                **more,
            ) as response:
                yield response
        except requests.exceptions.SSLError as error:
            why = _distrust(error)
            if why:
                raise SyncError(Trouble.CERTIFICATE, why) from error
            raise SyncError(Trouble.BROKEN, "no TLS") from error
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            # Of what a library says only the kind is kept: the rest may quote what was sent.
            raise SyncError(Trouble.OFFLINE, type(error).__name__) from error


def _distrust(error: BaseException) -> str:
    """Say what is wrong with the certificate; nothing when it is something else."""
    left: list[Any] = [error]
    while left:
        one = left.pop()
        if isinstance(one, ssl.SSLCertVerificationError):
            return _DISTRUST.get(one.verify_code, "untrusted")
        if isinstance(one, BaseException):
            left += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]
    return ""


_DISTRUST: Final = {9: "expired", 10: "expired", 62: "name", 64: "name"}
"""OpenSSL's numbers: not valid yet, or no longer; of another host or address."""


def _read(response: requests.Response) -> bytes:
    """Read the body within limits of size and time."""
    until, size, pieces = time.monotonic() + WHOLE_SECONDS, 0, []
    for piece in response.iter_content(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise SyncError(Trouble.BROKEN, "the answer is too large")
        if time.monotonic() > until:
            raise SyncError(Trouble.OFFLINE, "the answer came too slowly")
        pieces.append(piece)
    return b"".join(pieces)


def _kind(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _judge(response: requests.Response, body: bytes) -> Answer:
    """Give the answer, or raise what its status means."""
    status = response.status_code
    kind = _kind(response)
    if status == 200:
        return Answer(kind, body)
    said = _said(kind, body)
    code = str(said.get("code") or "")
    detail = str(said.get("detail") or f"HTTP {status}")[:500]
    if status in (429, 503):
        raise SyncError(Trouble.BUSY, detail, retry_after=_pause(response))
    if status in (502, 504):
        raise SyncError(Trouble.OFFLINE, detail)
    # Anything between us and the server can answer with a status; only the server says a code.
    trouble = _CODES.get((status, code), Trouble.BROKEN)
    raise SyncError(trouble, detail, proof=str(said.get("proof") or "")[:500])


_CODES: Final = {
    (401, "sign_in"): Trouble.SIGN_IN,
    (403, "revoked"): Trouble.REVOKED,
    (403, "closed"): Trouble.CLOSED,
    (409, "forked"): Trouble.FORKED,
    # Somebody else's: as with a copy, this one needs a number of its own.
    (409, "unknown_device"): Trouble.FORKED,
    (404, "not_found"): Trouble.MISSING,
    (413, "too_large"): Trouble.TOO_LARGE,
    (426, "old_workstation"): Trouble.OLD_WORKSTATION,
}


def _said(kind: str, body: bytes) -> dict[str, Any]:
    if kind != "application/json" or len(body) > _PIECE:
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pause(response: requests.Response) -> float:
    """Give the seconds that the server asks for: a number, or the moment until which."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal() and len(text) < 10:
        return min(float(text), LONGEST_PAUSE)
    try:
        until = email.utils.parsedate_to_datetime(text)
        seconds = until.timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_PAUSE)


class _Bearer(AuthBase):
    """Sets the token, and keeps a ``.netrc`` from setting another."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Lines:
    """The connections that are open, so that another thread can cut them."""

    def __init__(self) -> None:
        self._open: WeakSet[socket.socket] = WeakSet()
        self._lock = threading.Lock()
        self._is_cut = False

    def check(self) -> None:
        """Raise SyncError once everything was cut."""
        if self._is_cut:
            raise SyncError(Trouble.OFFLINE, "closing")

    def add(self, line: Any) -> None:
        """Note a connection; one that comes too late is cut at once."""
        with self._lock:
            self._open.add(line)
        if self._is_cut:
            _cut(line)

    def cut(self) -> None:
        """Cut everything."""
        with self._lock:
            self._is_cut = True
            lines = list(self._open)
        for line in lines:
            _cut(line)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        # Of the plain socket: that of TLS would take away what the other thread is reading with.
        socket.socket.shutdown(line, socket.SHUT_RDWR)


class _Adapter(HTTPAdapter):
    """Opens connections that can be cut, and checks certificates against the system's store."""

    def __init__(self, lines: _Lines, context: ssl.SSLContext | None) -> None:
        self._lines = lines
        self._context = context
        super().__init__(pool_connections=2, pool_maxsize=4)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._lines)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **options)
        manager.pool_classes_by_scheme = _pools(self._lines)
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        # An environment variable of the library would name certificates beside the system's.
        return super().send(request, *args, **(options | {"verify": True}))

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        # The parent would add a list of its own; the context has the system's already.
        conn.cert_reqs = "CERT_REQUIRED"


def _pools(lines: _Lines) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            lines.add(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            lines.add(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
