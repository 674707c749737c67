"""The server at the other end of HTTP: its messages, and the tokens that open it."""

import hmac
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

import msgspec

from deskcrm.sync.checking import check
from deskcrm.sync.framing import frames
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import (
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    ContentsHere,
    Hello,
    Malformed,
    Manifest,
    News,
    Part,
    Parted,
    Piece,
    PieceTaken,
    Pull,
    Pulled,
    Push,
    Pushed,
    Segment,
    SendPiece,
    Welcome,
    pack,
    unpack,
)
from deskcrm.sync.transport import LARGEST, Pieces, Transport

T = TypeVar("T")
M = TypeVar("M", bound=msgspec.Struct)

KIND: Final = "application/vnd.deskcrm.sync"
FOLLOWED: Final = "application/vnd.deskcrm.news"
_EARLY: Final = 30.0
"""Seconds before its end at which an access token is renewed."""


def _begin(ask: Callable[[M], T], message: M) -> Callable[[], T]:
    """Ask in a thread of its own, which nobody waits for who does not want the answer any more."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(ask(message))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="asking ahead", daemon=True).start()
    return future.result


class RefreshTokens(Protocol):
    """Where the refresh token is kept between requests and programs."""

    def refresh_token(self) -> str | None:
        """Give the token, or None when nobody is signed in."""
        ...

    def keep(self, refresh: str) -> None:
        """Keep the token that takes the former one's place; it is safe when this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Granted:
    """What a sign-in or a renewal gave."""

    access: str
    refresh: str
    expires_in: float
    user: UUID
    seal: str
    """The hash of what the server would prove with that it locked this device out."""


def sign_in(
    transport: Transport,
    *,
    name: str,
    password: str,
    device: UUID,
    device_name: str,
    seal: str = "",
) -> Granted:
    """Sign a person in at a device, whose former sign-in gave ``seal``; raises SyncError."""
    said = {"user": name, "password": password, "device": str(device), "device_name": device_name}
    with _proving(seal):
        return _granted(transport.post_json("/auth/v1/sign-in", said))


@contextmanager
def _proving(seal: str) -> Iterator[None]:
    """Turn a revocation into WIPE where what came with it fits the seal.

    Whoever gets between us and the server, even with a certificate that is trusted, can say that
    we are locked out; only the server can make what the seal is the hash of.
    """
    try:
        yield
    except SyncError as error:
        if error.trouble is Trouble.REVOKED and _fits(error.proof, seal):
            raise SyncError(Trouble.WIPE, error.detail) from error
        raise


def _fits(proof: str, seal: str) -> bool:
    try:
        found = sha256(bytes.fromhex(proof)).hexdigest()
    except ValueError:
        return False
    return bool(proof) and hmac.compare_digest(found, seal)


def _granted(said: dict[str, Any]) -> Granted:
    try:
        granted = Granted(
            access=said["access"],
            refresh=said["refresh"],
            expires_in=float(said["expires_in"]),
            user=UUID(said["user_id"]),
            seal=str(said.get("seal") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM") from error
    tokens = (granted.access, granted.refresh)
    if not all(isinstance(token, str) and token.isascii() and token for token in tokens):
        raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM")
    return granted


def _read(kind: type[M], data: bytes) -> M:
    """Read a message that can be trusted to be one; Malformed when it cannot."""
    made = unpack(kind, data)
    check(made)
    return made


class HttpPeer:
    """A server, for one signed-in person at one device; safe to use from several threads."""

    def __init__(
        self,
        transport: Transport,
        tokens: RefreshTokens,
        granted: Granted | None = None,
        *,
        seal: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._tokens = tokens
        self._seal = seal if granted is None else granted.seal
        self._monotonic = monotonic
        self._renewing = threading.Lock()
        self._access = ""
        self._until = 0.0
        if granted is not None:
            self._take(granted)

    def hello(self, message: Hello) -> Welcome:
        """Present this device; raises SyncError."""
        return self._send("hello", message, Welcome)

    def push(self, message: Push) -> Pushed:
        """Hand over steps; raises SyncError."""
        return self._send("push", message, Pushed)

    def part(self, message: Part) -> Parted:
        """Hand over a part of a step; raises SyncError."""
        return self._send("part", message, Parted)

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new; raises SyncError."""
        return self._send("pull", message, Pulled)

    def push_ahead(self, message: Push) -> Callable[[], Pushed]:
        """Begin to hand over steps; gives what waits for the answer, which raises SyncError."""
        return _begin(self.push, message)

    def pull_ahead(self, message: Pull) -> Callable[[], Pulled]:
        """Begin to ask for what is new; gives what waits for it, which raises SyncError."""
        return _begin(self.pull, message)

    def news(self, message: Pull) -> News:
        """Wait for what is new, or a while; raises SyncError."""
        return self._send("news", message, News)

    def follow(self, message: Pull) -> Generator[News, None, None]:
        """Give news one after another, until the question has to be asked anew; raises SyncError.

        The first is there at once, and may hold nothing, as every one that came after a while.
        """
        data = pack(message)

        def ask(token: str) -> Pieces:
            pieces = self._transport.follow("/sync/v1/follow", data, KIND, token)
            if next(pieces) != FOLLOWED.encode():
                raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM")
            return pieces

        try:
            with closing(self._signed_in(ask)) as pieces:
                for packed in frames(pieces, LARGEST):
                    yield _read(News, packed)
        except Malformed as error:
            raise SyncError(Trouble.BROKEN, str(error)) from error

    def manifest(self, message: AskManifest) -> Manifest:
        """Ask what there is to begin with; raises SyncError."""
        return self._send("manifest", message, Manifest)

    def segment(self, message: AskSegment) -> Segment:
        """Ask for a part of it; raises SyncError."""
        return self._send("segment", message, Segment)

    def segment_ahead(self, message: AskSegment) -> Callable[[], Segment]:
        """Begin to ask for a part of it; gives what waits for it, which raises SyncError."""
        return _begin(self.segment, message)

    def contents_here(self, message: AskContents) -> ContentsHere:
        """Ask how much of contents is there; raises SyncError."""
        return self._send("contents/ask", message, ContentsHere)

    def send_piece(self, message: SendPiece) -> PieceTaken:
        """Send the next piece; raises SyncError."""
        return self._send("contents/send", message, PieceTaken)

    def fetch_piece(self, message: AskPiece) -> Piece:
        """Fetch a piece; raises SyncError."""
        return self._send("contents/fetch", message, Piece)

    def wait(self, since: int) -> int:
        """Wait until the server is further than a number, or a while; gives how far it is."""
        path = f"/sync/v1/wait?since={since}"
        head = self._signed_in(lambda token: self._transport.get_json(path, token)).get("head")
        if not isinstance(head, int) or isinstance(head, bool):
            raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM")
        return head

    def sign_out(self) -> None:
        """Tell the server that this device is done; raises SyncError."""
        refresh = self._tokens.refresh_token()
        if refresh is not None:
            with _proving(self._seal):
                self._transport.post_json("/auth/v1/sign-out", {"refresh": refresh})

    def close(self) -> None:
        """Cut every request that is under way, from any thread; there will be no other."""
        self._transport.close()

    def _send(self, name: str, message: msgspec.Struct, answer: type[M]) -> M:
        data = pack(message)

        def ask(token: str) -> M:
            found = self._transport.post(f"/sync/v1/{name}", data, KIND, token)
            if found.kind != KIND:
                raise SyncError(Trouble.BROKEN, "what answered is not DeskCRM")
            try:
                return _read(answer, found.body)
            except Malformed as error:
                raise SyncError(Trouble.BROKEN, str(error)) from error

        return self._signed_in(ask)

    def _signed_in(self, ask: Callable[[str], T]) -> T:
        """Ask with an access token that holds; one that the server no longer takes is renewed."""
        with _proving(self._seal):
            token = self._token()
            try:
                return ask(token)
            except SyncError as error:
                if error.trouble is not Trouble.SIGN_IN:
                    raise
            return ask(self._token(instead_of=token))

    def _token(self, instead_of: str = "") -> str:
        with self._renewing:
            if self._access == instead_of or self._monotonic() >= self._until:
                self._renew()
            return self._access

    def _renew(self) -> None:
        """Trade the refresh token for the next pair.

        When the answer is lost the former token is still the kept one. The server answers it once
        more, but only for a short while, so that is asked for at once. What comes is kept before
        anything else is done with it.
        """
        refresh = self._tokens.refresh_token()
        if refresh is None:
            raise SyncError(Trouble.SIGN_IN)
        said = {"refresh": refresh}
        try:
            answer = self._transport.post_json("/auth/v1/refresh", said)
        except SyncError as error:
            if error.trouble is not Trouble.OFFLINE:
                raise
            answer = self._transport.post_json("/auth/v1/refresh", said)
        granted = _granted(answer)
        self._tokens.keep(granted.refresh)
        self._take(granted)

    def _take(self, granted: Granted) -> None:
        self._access = granted.access
        self._until = self._monotonic() + max(granted.expires_in - _EARLY, granted.expires_in / 2)
