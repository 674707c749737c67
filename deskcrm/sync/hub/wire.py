"""Gives rows of either database as SQLite holds them, which is how they travel."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.tables import shape_named
from deskcrm.store.types import to_milliseconds


@cache
def select_list(table: str) -> tuple[list[str], str]:
    """Name the columns of a table that travel beside what every row has, and select them."""
    keys = [key for key in shape_named(table).columns if key != "scope"]
    return keys, "".join(f', t."{key}"' for key in keys)


def to_wire(connection: Connection, rows: Iterable[Any]) -> list[list[Any]]:
    """Turn rows of a textual query, which come as the driver gives them, into what travels."""
    if connection.dialect.name == "sqlite":
        return [list(row) for row in rows]
    return [[_native(value) for value in row] for row in rows]


def _native(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return to_milliseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
