"""Says of steps, before any is applied, which rows they name: what has to be read for them."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from deskcrm.base.ids import id_named, id_of
from deskcrm.store.ledger import Key
from deskcrm.store.tables import Shape, shape_named
from deskcrm.sync.protocol import Step


def moves(step: Step) -> bool:
    """Tell whether a step moves rows to another scope, in whatever spelling it says so."""
    # Most edits name no scope in any spelling, and are not read twice.
    named = (op.after for op in step.ops if op.kind == "set" and op.after)
    return any("scope" in _decoded(text) for text in named if "scope" in text or "\\u" in text)


def keys_of(steps: Sequence[Step]) -> set[Key]:
    """Name the rows that steps touch, and the subjects of those that are new."""
    keys: set[Key] = set()
    for op in (op for step in steps for op in step.ops):
        keys.add((op.table, id_of(op.row_id)))
        subject = _subject(op.table) if op.kind == "create" else None
        if subject and op.after:
            named = _named(op.after, subject)
            if named is not None:
                keys.add((subject.removesuffix("_id"), named))
    return keys


def _subject(table: str) -> str | None:
    try:
        return _subject_of(shape_named(table))
    except KeyError:
        return None


@cache
def _subject_of(shape: Shape) -> str | None:
    if shape.subject is None or not shape.subject.endswith("_id"):
        return None
    shape_named(shape.subject.removesuffix("_id"))
    return shape.subject


def _named(after: str, column: str) -> UUID | None:
    try:
        value = getattr(_reader_of(column).decode(after), column)
        return id_named(value) if value else None
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None  # refused when it is applied


@cache
def _reader_of(column: str) -> msgspec.json.Decoder[Any]:
    """Give what reads this one value of an op and passes over the others."""
    return msgspec.json.Decoder(msgspec.defstruct("Named", [(column, Any, None)]))


def _decoded(text: str) -> dict[str, Any]:
    """Read the values of an op; nothing of what will be refused when it is applied."""
    try:
        values = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
