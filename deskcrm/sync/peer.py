"""The other end of sync, as the workstation sees it, and how it fails."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, runtime_checkable

from deskcrm.sync.protocol import (
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    ContentsHere,
    Hello,
    Manifest,
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


class Trouble(StrEnum):
    """Why an exchange did not come about."""

    OFFLINE = "offline"
    """Nobody answered, or the answer was cut off: it is tried again by itself."""
    BUSY = "busy"
    """The server asks to come later."""
    SIGN_IN = "sign_in"
    """The person has to sign in again."""
    REVOKED = "revoked"
    """Something says that this device was locked out, and cannot show that it is its server."""
    WIPE = "wipe"
    """The server has proven that it locked this device out: its copy must not stay readable."""
    CLOSED = "closed"
    """The account was disabled, or the person does not work there any more."""
    FORKED = "forked"
    """A copy of this device has been here: this one needs a number of its own."""
    OLD_WORKSTATION = "old_workstation"
    """This program is too old for the server."""
    OLD_SERVER = "old_server"
    """The server does not know what this program writes."""
    LINEAGE = "lineage"
    """This is another server than the one that the workspace belongs to."""
    SHRUNKEN = "shrunken"
    """The server knows less than it has already said."""
    MASS_DELETE = "mass_delete"
    """More would be deleted than a person deletes: somebody has to look at it first."""
    CERTIFICATE = "certificate"
    """The server could not prove who it is: ``detail`` says expired, name or untrusted."""
    MISSING = "missing"
    """The server does not have these contents, or not for this person."""
    TOO_LARGE = "too_large"
    """The server does not take so much."""
    BROKEN = "broken"
    """The server failed, or what answered is not DeskCRM."""


class SyncError(Exception):
    """An exchange did not come about; nothing is lost, and what waits goes on waiting."""

    def __init__(
        self, trouble: Trouble, detail: str = "", *, retry_after: float = 0.0, proof: str = ""
    ) -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble
        self.detail = detail
        self.proof = proof
        """What came with a revocation to show whose it is, as it came."""
        self.retry_after = retry_after
        """Seconds after which the server wants to be asked again; 0 = as one likes."""


@runtime_checkable
class ContentsPeer(Protocol):
    """A server that keeps contents by their hash."""

    def contents_here(self, message: AskContents) -> ContentsHere:
        """Ask how much of contents is there; raises SyncError."""
        ...

    def send_piece(self, message: SendPiece) -> PieceTaken:
        """Send the next piece; raises SyncError."""
        ...

    def fetch_piece(self, message: AskPiece) -> Piece:
        """Fetch a piece; raises SyncError."""
        ...


class Peer(Protocol):
    """A server: each call is one request, which may be lost on its way there or back."""

    def hello(self, message: Hello) -> Welcome:
        """Present this device; raises SyncError."""
        ...

    def push(self, message: Push) -> Pushed:
        """Hand over steps; raises SyncError."""
        ...

    def pull(self, message: Pull) -> Pulled:
        """Ask for what is new; raises SyncError."""
        ...


@runtime_checkable
class AheadPeer(Protocol):
    """A server that works on a request while the answer to the former one is written down.

    Each gives what waits for the answer, and raises SyncError where none came.
    """

    def push_ahead(self, message: Push) -> Callable[[], Pushed]:
        """Begin to hand over steps."""
        ...

    def pull_ahead(self, message: Pull) -> Callable[[], Pulled]:
        """Begin to ask for what is new."""
        ...


@runtime_checkable
class PartsPeer(Protocol):
    """A server that takes a step in parts, when it is too large for one message."""

    def part(self, message: Part) -> Parted:
        """Hand over a part of a step; raises SyncError."""
        ...


@runtime_checkable
class SnapshotPeer(Protocol):
    """A server that also gives snapshots to workstations that begin anew."""

    def manifest(self, message: AskManifest) -> Manifest:
        """Ask what there is to begin with; raises SyncError."""
        ...

    def segment_ahead(self, message: AskSegment) -> Callable[[], Segment]:
        """Begin to ask for a part of it; gives what waits for it, and raises SyncError."""
        ...
