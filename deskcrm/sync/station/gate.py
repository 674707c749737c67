"""The server as the exchange in the background sees it: nothing passes once it is closed."""

import threading
from collections.abc import Callable, Generator
from typing import Protocol, TypeVar

from deskcrm.sync.peer import (
    AheadPeer,
    ContentsPeer,
    PartsPeer,
    Peer,
    SnapshotPeer,
    SyncError,
    Trouble,
)
from deskcrm.sync.protocol import (
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    ContentsHere,
    Hello,
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
)

M = TypeVar("M")
T = TypeVar("T")


class Listening(Peer, AheadPeer, PartsPeer, SnapshotPeer, ContentsPeer, Protocol):
    """A server that can also be listened to, and cut off."""

    def wait(self, since: int) -> int:
        """Wait until the server is further than a number, or a while; gives how far it is."""
        ...

    def news(self, message: Pull) -> News:
        """Wait for what is new, or a while; of a server that tells news."""
        ...

    def follow(self, message: Pull) -> Generator[News, None, None]:
        """Give news one after another, of a server whose news can be followed."""
        ...

    def close(self) -> None:
        """Cut every request that is under way, from any thread; there will be no other."""
        ...


class Gate:
    """The server as the exchange sees it: nothing passes once it is closed, not even an answer."""

    def __init__(self, peer: Listening) -> None:
        self._peer = peer
        self._lock = threading.Lock()
        self._is_closed = False
        self.is_open = False
        """Whether an answer is waited for."""

    def hello(self, message: Hello) -> Welcome:
        """Present this device; raises SyncError."""
        return self._pass(self._peer.hello, message)

    def push(self, message: Push) -> Pushed:
        """Hand over steps; raises SyncError."""
        return self._pass(self._peer.push, message)

    def push_ahead(self, message: Push) -> Callable[[], Pushed]:
        """Begin to hand over steps; gives what waits for the answer."""
        return self._begin(self._peer.push_ahead, message)

    def part(self, message: Part) -> Parted:
        """Hand over a part of a step; raises SyncError."""
        return self._pass(self._peer.part, message)

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new; raises SyncError."""
        return self._pass(self._peer.pull, message)

    def pull_ahead(self, message: Pull) -> Callable[[], Pulled]:
        """Begin to ask for what is new; gives what waits for it."""
        return self._begin(self._peer.pull_ahead, message)

    def manifest(self, message: AskManifest) -> Manifest:
        """Ask what there is to begin with; raises SyncError."""
        return self._pass(self._peer.manifest, message)

    def segment_ahead(self, message: AskSegment) -> Callable[[], Segment]:
        """Begin to ask for a part of it; gives what waits for it."""
        return self._begin(self._peer.segment_ahead, message)

    def contents_here(self, message: AskContents) -> ContentsHere:
        """Ask how much of contents is there; raises SyncError."""
        return self._pass(self._peer.contents_here, message)

    def send_piece(self, message: SendPiece) -> PieceTaken:
        """Send the next piece; raises SyncError."""
        return self._pass(self._peer.send_piece, message)

    def fetch_piece(self, message: AskPiece) -> Piece:
        """Fetch a piece; raises SyncError."""
        return self._pass(self._peer.fetch_piece, message)

    def close(self) -> None:
        """Cut what is under way, and let nothing more through."""
        with self._lock:
            self._is_closed = True
        self._peer.close()

    def _begin(self, begin: Callable[[M], Callable[[], T]], message: M) -> Callable[[], T]:
        """Begin a request; it is one that is waited for only once its answer is."""
        waiting = self._pass(begin, message)
        return lambda: self._pass(lambda _: waiting(), message)

    def _pass(self, ask: Callable[[M], T], message: M) -> T:
        self._enter()
        try:
            return ask(message)
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._is_closed:
                raise SyncError(Trouble.OFFLINE, "closing")
            self.is_open = True

    def _leave(self) -> None:
        with self._lock:
            if self._is_closed:
                raise SyncError(Trouble.OFFLINE, "closing")
            self.is_open = False
