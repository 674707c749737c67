"""Looks at values that come from outside before a database has to."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import types

from deskcrm.store.tables import Shape
from deskcrm.store.types import EnumText, Id, Instant
from deskcrm.store.work import blank_values
from deskcrm.sync.protocol import Op

_KINDS: Final[tuple[tuple[type[types.TypeEngine[Any]], type], ...]] = (
    (Id, UUID),
    (Instant, datetime),
    (EnumText, str),
    (types.Date, date),
    (types.Boolean, bool),
    (types.Integer, int),
    (types.Float, float),
    (types.Text, str),
)
_LARGEST: Final = 2**63
_HEX: Final = re.compile("[0-9a-fA-F]{32}")


def are_fit(shape: Shape, values: Mapping[str, Any]) -> bool:
    """Tell whether the columns can hold the values, before the database has to."""
    checks = _checks(shape)
    for key, value in values.items():
        column_type, kind, decode, is_nullable, is_common = checks[key]
        if value is None:
            if not is_nullable:
                return False
        elif type(value) is str and is_common(value):
            continue  # what most values are, in the common way
        elif not _fits(column_type, kind, decode, value):
            return False
    return True


Checking = tuple[types.TypeEngine[Any], type, Callable[[Any], Any], bool, Callable[[str], object]]


@cache
def _checks(shape: Shape) -> dict[str, Checking]:
    """Give for each column what its values are checked by."""
    return {
        key: (
            column.type,
            _kind(column.type),
            shape.decode[key],
            bool(column.nullable),
            _common(column.type),
        )
        for key, column in shape.columns.items()
    }


def _common(column_type: types.TypeEngine[Any]) -> Callable[[str], object]:
    """Give what tells of most texts that a column can hold them; of the others it says no."""
    if isinstance(column_type, Id):
        return _HEX.fullmatch
    if isinstance(column_type, types.Text):
        return _is_sound
    return lambda _: False


def _kind(column_type: types.TypeEngine[Any]) -> type:
    return next((kind for of, kind in _KINDS if isinstance(column_type, of)), object)


def _fits(
    column_type: types.TypeEngine[Any], kind: type, decode: Callable[[Any], Any], value: Any
) -> bool:
    try:
        decoded = decode(value)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return False
    if isinstance(decoded, str):
        return kind is str and _is_sound(decoded)
    if isinstance(decoded, list | dict):
        text = json.dumps(decoded, ensure_ascii=False)
        has_nul = "\\u0000" in text.replace("\\\\", "")
        return kind is object and not has_nul and _is_whole(text)
    if isinstance(decoded, int) and not isinstance(decoded, bool):
        return kind is int and -_LARGEST <= decoded < _LARGEST
    return isinstance(decoded, kind)


def _is_sound(text: str) -> bool:
    """Tell whether every database can keep it: neither with a NUL nor with half a character."""
    return "\0" not in text and (text.isascii() or _is_whole(text))


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def required(shape: Shape) -> frozenset[str]:
    """Name the columns that an edit must give, since they have no default and must not be null."""
    blank = blank_values(shape)
    return frozenset(k for k, c in shape.columns.items() if blank[k] is None and not c.nullable)


def bases_of(op: Op) -> dict[str, tuple[int, int]]:
    """Give the epoch and number of what a person saw, by field, where it is older than the row."""
    found: dict[str, tuple[int, int]] = json.loads(op.bases) if op.bases else {}
    return found
