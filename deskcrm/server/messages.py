"""Reads what workstations send, within limits: of size, of depth, of what a database can hold."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypeVar, cast

import msgspec
import zstandard

from deskcrm.store.contents import CHUNK
from deskcrm.sync.protocol import (
    OPS_AT_ONCE,
    ROWS_AT_ONCE,
    STEPS_AT_ONCE,
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    Hello,
    Malformed,
    Op,
    Part,
    Pull,
    Push,
    SendPiece,
    Step,
    decode,
    unpack,
)

M = TypeVar("M", bound=msgspec.Struct)

LARGEST_BODY: Final = 16 << 20
"""Bytes on the wire."""
LARGEST_PLAIN: Final = 64 << 20
"""Bytes when it is unpacked."""
LARGEST_QUESTION: Final = 1 << 19
"""Bytes, packed or not, of what anybody may ask before it is known who they are."""
DEEPEST: Final = 32
LONGEST_WORD: Final = 1_000
MOST_OPS: Final = 5_000_000
"""Of one step, however many parts it comes in."""
MOST_VALUES: Final = 100_000
"""In the values of one op: lists, objects and what stands in them."""
LONGEST_BASES: Final = 100_000
MOST_PIECES: Final = (1 << 30) // CHUNK
"""Contents may have 1 GB."""
_LARGEST_NUMBER: Final = 2**62
# A text without its end counts to the end: looking for one that begins later would take for ever.
_MARKS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{\]},]', re.DOTALL)
_DIGEST: Final = 32
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class TooLarge(Exception):
    """What arrives is larger than is taken."""


def read_message(kind: type[M], data: bytes, largest: int = LARGEST_PLAIN) -> M:
    """Read a message and check it; raises TooLarge or Malformed."""
    if len(data) > LARGEST_BODY:
        raise TooLarge
    try:
        if zstandard.frame_content_size(data) > largest:
            raise TooLarge
    except zstandard.ZstdError as error:
        raise Malformed("this is not a message") from error
    message = cast(M, _read_push(data)) if kind is Push else unpack(kind, data)
    _CHECKS[kind](message)
    return message


class _Steps(msgspec.Struct, array_like=True):
    """A push whose steps were not read yet."""

    device: bytes
    epoch: int
    floor: int
    now: int
    steps: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=10 * STEPS_AT_ONCE)]
    heard: int = 0
    ask: Pull | None = None


def _read_push(data: bytes) -> Push:
    """Read a push step by step, and stop where it is too much: each step alone may be large."""
    push, steps, ops = unpack(_Steps, data), [], 0
    count = len(push.steps)
    if count > STEPS_AT_ONCE:
        raise TooLarge
    for raw in push.steps:
        steps.append(decode(Step, raw))
        ops += len(steps[-1].ops)
        if count > 1 and ops > OPS_AT_ONCE:  # one step is not parted by every workstation
            raise TooLarge
    return Push(push.device, push.epoch, push.floor, push.now, steps, push.heard, push.ask)


def _check_hello(hello: Hello) -> None:
    _check_ids(hello.device)
    _check_words(hello.name, hello.schema)
    _check_numbers(hello.now, *hello.versions)
    if hello.ask is not None:
        _check_pull(hello.ask)


def _check_pull(pull: Pull) -> None:
    _check_ids(pull.device, *(scope for scope, _ in pull.cursors), *(row for _, row in pull.wanted))
    _check_words(*(table for table, _ in pull.wanted))
    _check_numbers(pull.epoch, pull.limit, *(seq for _, seq in pull.cursors))
    pull.limit = min(max(pull.limit, 1), ROWS_AT_ONCE)


def _check_ask_manifest(ask: AskManifest) -> None:
    _check_ids(ask.device)
    _check_words(ask.schema)


def _check_ask_segment(ask: AskSegment) -> None:
    _check_ids(ask.device)
    if len(ask.digest) != _DIGEST:
        raise Malformed("a digest has 32 bytes")


def _check_ask_contents(ask: AskContents) -> None:
    _check_ids(ask.device)
    _check_hashes(*ask.hashes)


def _check_ask_piece(ask: AskPiece) -> None:
    _check_ids(ask.device)
    _check_hashes(ask.sha256)
    _check_position(ask.position)


def _check_send_piece(piece: SendPiece) -> None:
    _check_ids(piece.device)
    _check_hashes(piece.sha256)
    _check_position(piece.position)
    if not 0 < len(piece.content) <= CHUNK:
        raise Malformed("a piece is empty, or too large")


def _check_hashes(*hashes: str) -> None:
    if any(_HASH.fullmatch(one) is None for one in hashes):
        raise Malformed("a hash is 64 digits, in small letters")


def _check_position(position: int) -> None:
    if position < 0:
        raise Malformed("pieces are counted from 0")
    if position >= MOST_PIECES:
        raise TooLarge


def _check_push(push: Push) -> None:
    _check_ids(push.device)
    _check_numbers(push.epoch, push.floor, push.now, push.heard)
    for step in push.steps:
        _check_step(step)
    if push.ask is not None:
        _check_pull(push.ask)


def _check_part(part: Part) -> None:
    _check_push(Push(part.device, part.epoch, part.floor, part.now, [part.step]))
    ops = len(part.step.ops)
    if part.total > MOST_OPS or ops > OPS_AT_ONCE:
        raise TooLarge
    if not (0 <= part.first <= part.total - ops and part.total > 0):
        raise Malformed("a part is not within its step")
    if len(part.digest) != _DIGEST:
        raise Malformed("a digest has 32 bytes")


def _check_step(step: Step) -> None:
    _check_words(step.kind, step.command, step.label)
    _check_numbers(step.no, step.at, step.epoch, step.effective_at or 0)
    if step.no < 1:
        raise Malformed("steps are numbered from 1")
    if step.undoes is not None:
        _check_ids(step.undoes[0])
        _check_numbers(step.undoes[1])
    _check_ops(step.ops)


def _check_ops(ops: Sequence[Op]) -> None:
    _check_ids(*[op.row_id for op in ops])
    # Most are of one table and one kind, and begin at the same few numbers.
    _check_words(*{op.table for op in ops}, *{op.kind for op in ops})
    _check_numbers(*{op.base for op in ops})
    for op in ops:
        if op.before is not None:
            _check_form(op.before)
        if op.after is not None:
            _check_form(op.after)
        if op.bases is not None:
            _check_bases(op.bases)


def _check_bases(text: str) -> None:
    _check_form(text)
    if len(text) > LONGEST_BASES:
        raise Malformed("an edit has too many bases")
    try:
        bases = msgspec.json.decode(text, type=dict[str, tuple[int, int]])
    except msgspec.DecodeError as error:
        raise Malformed("the bases of an edit cannot be read") from error
    _check_numbers(*(number for pair in bases.values() for number in pair))


def _check_form(text: str) -> None:
    """Look at values before they are read: how deep they go, and how many there are."""
    if text.count("[") + text.count("{") <= DEEPEST and text.count(",") <= MOST_VALUES:
        return
    depth = values = 0
    for found in _MARKS.finditer(text):
        step = _STEPS.get(found[0], 0)
        depth += step
        values += step > 0 or found[0] == ","
        if depth > DEEPEST:
            raise Malformed("values are nested too deep")
        if values > MOST_VALUES:
            raise Malformed("an op has too many values")


_STEPS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def _check_ids(*ids: bytes) -> None:
    if {*map(len, ids)} - {16}:
        raise Malformed("an id has 16 bytes")


def _check_words(*words: str) -> None:
    if any(len(word) > LONGEST_WORD or "\0" in word for word in words):
        raise Malformed("a word is too long, or none")


def _check_numbers(*numbers: int) -> None:
    if any(not -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER for number in numbers):
        raise Malformed("a number is too large")


_CHECKS: Final[dict[type[Any], Any]] = {
    Hello: _check_hello,
    Pull: _check_pull,
    Push: _check_push,
    Part: _check_part,
    AskManifest: _check_ask_manifest,
    AskSegment: _check_ask_segment,
    AskContents: _check_ask_contents,
    AskPiece: _check_ask_piece,
    SendPiece: _check_send_piece,
}
