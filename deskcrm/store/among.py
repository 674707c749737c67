"""Asks for the rows of very many ids with one bound value, whatever their number.

A list that is bound id by id is another statement for each length of it, and writing that out
takes as long as the look-up itself.

``among`` gives the condition with its ids. A statement that goes with every write is built once
instead, with ``among_given``, and run with what ``given`` binds: to build a large one takes longer
than to run it.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Connection, Text, any_, bindparam, func, select

from deskcrm.store.types import Id

_GIVEN: Final = "given_ids"
_encode: Final = msgspec.json.Encoder(uuid_format="hex").encode


def listed(ids: Iterable[UUID]) -> str:
    """Write ids as one value, for SQLite's ``json_each``."""
    return _encode(list(ids)).decode()


def among(connection: Connection, column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Give the condition that a column holds one of some ids."""
    if connection.dialect.name != "sqlite":
        return _in_array(column, bindparam(None, list(ids), ARRAY(Id)))
    return _in_json(column, listed(ids))


def among_given(column: Any, *, on_sqlite: bool) -> ColumnElement[bool]:
    """Give the condition that a column holds one of the ids that come when it is run."""
    if not on_sqlite:
        return _in_array(column, bindparam(_GIVEN, type_=ARRAY(Id)))
    return _in_json(column, bindparam(_GIVEN, type_=Text()))


def given(connection: Connection, ids: Iterable[UUID]) -> dict[str, Any]:
    """Bind the ids of ``among_given``."""
    return {_GIVEN: listed(ids) if connection.dialect.name == "sqlite" else list(ids)}


def _in_array(column: Any, ids: Any) -> ColumnElement[bool]:
    among_them: ColumnElement[bool] = column == any_(ids)
    return among_them


def _in_json(column: Any, text: Any) -> ColumnElement[bool]:
    values = func.json_each(text).table_valued("value")
    found: ColumnElement[bool] = column.in_(select(func.unhex(values.c.value)))
    return found
