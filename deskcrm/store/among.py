"""Asks for the rows of very many ids with one bound value, whatever their number.

A list that is bound id by id is another statement for each length of it, and writing that out
takes as long as the look-up itself.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select


def among(connection: Connection, column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Give the condition that a column holds one of some ids."""
    if connection.dialect.name != "sqlite":
        among_them: ColumnElement[bool] = column.in_(ids)
        return among_them
    listed = func.json_each(json.dumps([one.hex for one in ids])).table_valued("value")
    found: ColumnElement[bool] = column.in_(select(func.unhex(listed.c.value)))
    return found
