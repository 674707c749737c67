"""Asks for the rows of very many ids with one bound value, whatever their number.

A list that is bound id by id is another statement for each length of it, and writing that out
takes as long as the look-up itself.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, ColumnElement, Connection, any_, bindparam, func, select

from deskcrm.store.types import Id

_encode: Final = msgspec.json.Encoder(uuid_format="hex").encode


def listed(ids: Iterable[UUID]) -> str:
    """Write ids as one value, for SQLite's ``json_each``."""
    return _encode(list(ids)).decode()


def among(connection: Connection, column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Give the condition that a column holds one of some ids."""
    if connection.dialect.name != "sqlite":
        among_them: ColumnElement[bool] = column == any_(bindparam(None, list(ids), ARRAY(Id)))
        return among_them
    values = func.json_each(listed(ids)).table_valued("value")
    found: ColumnElement[bool] = column.in_(select(func.unhex(values.c.value)))
    return found
