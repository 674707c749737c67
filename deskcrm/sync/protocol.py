"""What travels between a workstation and its server, and in which form.

Messages are positional arrays in MessagePack, compressed by Zstandard: a field that is added goes
to the end with a default, so both ages understand each other. Times are Unix milliseconds, ids
are 16 bytes, values of rows are as SQLite holds them, values of steps are the JSON of the log.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final, TypeVar, cast

import msgspec
import zstandard
from msgspec import Meta

VERSION: Final = 4
"""Of the protocol; a server speaks this one and those before, back to the oldest."""
OLDEST: Final = 1
WITH_LARGE_THINGS: Final = 2
"""From here on there are snapshots, contents, and steps in parts."""
WITH_NEWS: Final = 3
"""From here on whoever waits for news is sent what is new, not only told that there is."""
FOLLOWING: Final = 4
"""From here on news come one after another as the answer to one question."""
LARGEST: Final = 256 << 20
"""Bytes of a message when it is unpacked."""
STEPS_AT_ONCE: Final = 500
OPS_AT_ONCE: Final = 5_000
LETTERS_AT_ONCE: Final = 4_000_000
"""Of values in one message; a single op may have more."""
ROWS_AT_ONCE: Final = 5_000
ROWS_ALONG: Final = 500
"""Of a page that comes along with another answer, which somebody waits for."""
BYTES_AT_ONCE: Final = 16 << 20
"""Of texts in one answer; what has a single number in the order may be more."""
OPS_IN_A_STEP: Final = 100_000
"""In one message, from a workstation that does not part its steps."""
SCOPES_AT_ONCE: Final = 10_000
HASHES_AT_ONCE: Final = 1_000
SERIES_AT_ONCE: Final = 100

# What a workstation sends is counted before anything is made of it: a body of a few kilobytes can
# hold millions of empty arrays, each of which takes a hundred times its own size in memory.

M = TypeVar("M", bound=msgspec.Struct)


class Malformed(ValueError):
    """What arrived is not a message: cut off, garbled, or from something that is not DeskCRM."""


class Op(msgspec.Struct, array_like=True):
    """One row that a step touched; ``base`` is the number of the row that the person saw."""

    table: str
    row_id: bytes
    kind: str
    base: int
    before: str | None = None
    after: str | None = None
    bases: str | None = None
    """JSON {field: [epoch, seq]} where a field's base is older than the row's."""


class Step(msgspec.Struct, array_like=True):
    """One command: all of it is taken, or nothing."""

    no: int
    kind: str
    command: str
    label: str
    at: int
    epoch: int
    ops: Annotated[list[Op], Meta(max_length=OPS_IN_A_STEP)]
    undoes: tuple[bytes, int] | None = None
    effective_at: int | None = None
    """The moment it once counted for, when it is sent again to a restored server."""


class Hello(msgspec.Struct, array_like=True):
    """The workstation presents itself."""

    device: bytes
    name: str
    versions: tuple[int, int]
    schema: str
    now: int
    series: Annotated[list[tuple[str, int, int]], Meta(max_length=SERIES_AT_ONCE)] = []
    """Blocks of numbers that it needs: which, the newest that it knows, how many more."""
    ask: "Pull | None" = None
    """What it asks for next where nothing waits to be sent: the answer comes along."""


class Welcome(msgspec.Struct, array_like=True):
    """What the workstation must know before it sends anything."""

    version: int
    schema: str
    oldest_schema: str
    lineage: bytes
    epoch: int
    head: int
    last: int
    now: int
    user: bytes
    columns: dict[str, list[str]]
    """What the server knows of each table: a newer workstation keeps the rest to itself."""
    devices: list[tuple[bytes, int]] = []
    """The person's former devices and how far each came, for a copy that was restored."""
    leases: list[tuple[str, int, int]] = []
    """Blocks of numbers that only this device may give out: which, from, to."""
    usable_for: int = 0
    """Milliseconds for which the copy may be used without reaching the server; 0: for ever."""
    page: "Pulled | None" = None
    """What was asked for along with it, as of a moment later; an older server answers nothing."""


class Push(msgspec.Struct, array_like=True):
    """Steps of one device, in order and without gaps."""

    device: bytes
    epoch: int
    floor: int
    now: int
    steps: list[Step]
    heard: int = 0
    """Up to which step answers came, though they are not written down yet: say no more of those."""
    ask: "Pull | None" = None
    """What it asks for next, once these are taken: see ``Pull.after``."""


class Result(msgspec.Struct, array_like=True):
    """What became of a step: applied, merged (something was lost to it, or of it), refused."""

    no: int
    status: str
    seq: int
    effective_at: int
    detail: str = ""


class Pushed(msgspec.Struct, array_like=True):
    """How far the server is with a device; ``last`` below the device's floor: it was restored."""

    last: int
    results: list[Result]
    epoch: int
    head: int
    lineage: bytes
    begins: int | None = None
    """The head before, where all that came after it is what was sent, and as its author has it."""
    page: "Pulled | None" = None
    """What was asked for along with it, as of a moment later."""

    def follows(self, seqs: Iterable[int]) -> bool:
        """Tell whether all up to its end is known to whoever was so far."""
        return self.begins is not None and {*seqs} == {self.begins}


class Part(msgspec.Struct, array_like=True):
    """Ops of a step that is too large for one message; it is taken with the last of them."""

    device: bytes
    epoch: int
    floor: int
    now: int
    step: Step
    first: int
    """How many ops come before these."""
    total: int
    digest: bytes
    """Of all ops, one after another."""


class Parted(msgspec.Struct, array_like=True):
    """How many ops of the step are there; with an answer once there is nothing more to send."""

    here: int
    pushed: Pushed | None = None


class Pull(msgspec.Struct, array_like=True):
    """Asks for what is newer than the cursors, and for certain rows as they are."""

    device: bytes
    epoch: int
    cursors: Annotated[list[tuple[bytes, int]], Meta(max_length=SCOPES_AT_ONCE)]
    limit: int = ROWS_AT_ONCE
    wanted: Annotated[list[tuple[str, bytes]], Meta(max_length=ROWS_AT_ONCE)] = []
    log: bool = True
    staged: bool = False
    """All over, in this epoch: what is there is replaced once the end is here."""

    def after(self, pushed: Pushed) -> "Pull":
        """Give what is to be asked after a push: own rows that are as sent do not come back."""
        if not pushed.follows(seq for _, seq in self.cursors):
            return self
        cursors = [(scope, pushed.head) for scope, _ in self.cursors]
        return msgspec.structs.replace(self, cursors=cursors)


class Rows(msgspec.Struct, array_like=True):
    """Rows of one table; each is ``[id, scope, seq, is_deleted, *columns]``."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class LogOp(msgspec.Struct, array_like=True):
    """A change in somebody's step, for the history."""

    table: str
    row_id: bytes
    subject: bytes
    kind: str
    before: str | None
    after: str | None
    scope: bytes


class LogStep(msgspec.Struct, array_like=True):
    """Somebody's step, for the history."""

    device: bytes
    no: int
    seq: int
    kind: str
    command: str
    label: str
    actor: bytes
    at: int
    ops: list[LogOp]
    undoes: tuple[bytes, int] | None = None
    effective_at: int | None = None
    """The moment it counts for, by the server's clock."""


class Pulled(msgspec.Struct, array_like=True):
    """A page: everything numbered up to ``cursors``, in one piece."""

    epoch: int
    lineage: bytes
    scopes: list[bytes]
    last: int
    head: int
    is_reset: bool = False
    """The server was restored, or this is another life of it: take a new base."""
    rows: list[Rows] = []
    exits: list[tuple[bytes, str, bytes, int]] = []
    cursors: list[tuple[bytes, int]] = []
    more: bool = False
    resync: list[tuple[bytes, dict[str, list[bytes]]]] = []
    """Scopes behind the horizon, with all that still lives there."""
    steps: list[LogStep] = []
    absent: list[tuple[str, bytes]] = []
    """Of the rows that were wanted, those that this person cannot see."""
    sums: list[tuple[bytes, str, int, int]] = []
    """On the last page: living rows of each scope and table, and the sum of their digests."""


class News(msgspec.Struct, array_like=True):
    """What is new since the cursors of a Pull, said when there is something, or after a while.

    The page is the same for all who see it: it has no cursors (all that were asked about are at the
    head now), the steps of every device, and the sums of what it touches.
    """

    head: int
    page: Pulled | None = None
    is_due: bool = False
    """Something is new that does not fit into a page of all: an exchange has to ask for it."""

    def goes_on(self, asked: Pull) -> Pull:
        """Give the question to which the next news are the answer."""
        if self.page is None:
            return asked
        cursors = [(scope, self.head) for scope, _ in asked.cursors]
        return msgspec.structs.replace(asked, cursors=cursors)


class AskManifest(msgspec.Struct, array_like=True):
    """Asks what a fresh workstation can begin with."""

    device: bytes
    schema: str


class Entry(msgspec.Struct, array_like=True):
    """A segment: rows of one scope and table, or, without a table, a piece of the history."""

    digest: bytes
    """SHA-256 of the content."""
    scope: bytes
    table: str
    rows: int
    built_at: int
    """What it lacks has numbers above this one."""


class Manifest(msgspec.Struct, array_like=True):
    """The segments of a snapshot; none when pulling is as good."""

    epoch: int
    lineage: bytes
    scopes: list[bytes]
    entries: list[Entry]


class AskSegment(msgspec.Struct, array_like=True):
    """Asks for the content of a segment."""

    device: bytes
    digest: bytes


class Segment(msgspec.Struct, array_like=True):
    """The content of a segment; empty when it is not there any more: ask for the manifest."""

    content: bytes


class AskContents(msgspec.Struct, array_like=True):
    """Asks how much of contents is there, by their SHA-256 in hex."""

    device: bytes
    hashes: Annotated[list[str], Meta(max_length=HASHES_AT_ONCE)]


class ContentsHere(msgspec.Struct, array_like=True):
    """Pieces that are there, of what a row names that the person sees; -1: all of it, verified."""

    pieces: dict[str, int]


class SendPiece(msgspec.Struct, array_like=True):
    """The next piece of contents."""

    device: bytes
    sha256: str
    position: int
    content: bytes
    is_last: bool


class PieceTaken(msgspec.Struct, array_like=True):
    """How many pieces are there now; -1: all of it, verified."""

    pieces: int


class AskPiece(msgspec.Struct, array_like=True):
    """Asks for a piece of contents."""

    device: bytes
    sha256: str
    position: int


class Piece(msgspec.Struct, array_like=True):
    """A piece of contents."""

    content: bytes
    is_last: bool


_pack: Final = msgspec.msgpack.Encoder()
_unpackers: Final[dict[type[Any], msgspec.msgpack.Decoder[Any]]] = {}


def pack(message: msgspec.Struct) -> bytes:
    """Write a message for the wire."""
    return compressed(message, 1)


def compressed(message: msgspec.Struct, level: int) -> bytes:
    """Write a message that is made once and read often."""
    return zstandard.ZstdCompressor(level=level).compress(_pack.encode(message))


def unpack(kind: type[M], data: bytes) -> M:
    """Read a message; Malformed when it is none, or larger than can be."""
    try:
        size = zstandard.frame_content_size(data)
        if not 0 <= size <= LARGEST:
            raise Malformed("the message is too large")
        plain = zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST)
    except zstandard.ZstdError as error:
        raise Malformed("this is not a message") from error
    return decode(kind, plain)


def decode(kind: type[M], plain: bytes | msgspec.Raw) -> M:
    """Read a message, or a piece of one, that is unpacked already; Malformed when it is none."""
    decoder = _unpackers.setdefault(kind, msgspec.msgpack.Decoder(kind))
    try:
        return cast(M, decoder.decode(plain))
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("this is not a message") from error
