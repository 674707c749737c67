"""Turns rows into what SQLite's driver and the log hold, without the layers between.

A bulk write spends most of its time on translating values. Here each column's two translations
are chosen once, defaults are translated once, and what a row does not say is copied. On
PostgreSQL, where no workspace of a million clients is ever made up, rows take the ordinary way.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Date, types

from deskcrm.store.tables import UNLOGGED, Shape
from deskcrm.store.types import EnumText, Id, Instant, to_milliseconds

Values = dict[str, Any]
Translate = Callable[[Any], Any]
_encode: Final = msgspec.json.Encoder().encode


def _same(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return value.hex


def _bytes(value: UUID) -> bytes:
    return value.bytes


def _text(value: Any) -> str:
    return str(value.value)


def _iso(value: date) -> str:
    return value.isoformat()


def _json(value: Any) -> str:
    return json.dumps(value)


def _translations(column_type: types.TypeEngine[Any]) -> tuple[Translate, Translate]:
    """Give how a column's values are written: for the driver, and for the log."""
    if isinstance(column_type, Id):
        return _bytes, _hex
    if isinstance(column_type, Instant):
        return to_milliseconds, to_milliseconds
    if isinstance(column_type, EnumText):
        return _text, _text
    if isinstance(column_type, Date):
        return _iso, _iso
    return (_json, _same) if isinstance(column_type, types.JSON) else (_same, _same)


class Translator:
    """Writes rows of one table as parameters for the driver and as text for the log."""

    def __init__(self, shape: Shape, defaults: Values) -> None:
        columns = shape.table.columns
        names = ", ".join(f'"{column.name}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        self.statement = f'INSERT INTO "{shape.name}" ({names}) VALUES ({marks})'
        both = {column.key: _translations(column.type) for column in columns}
        self._native = {key: native for key, (native, _) in both.items()}
        self._logged = {key: log for key, (_, log) in both.items() if key not in UNLOGGED}
        self._blank: Values = dict.fromkeys(both)
        self._blank_log: Values = {}
        for key, value in defaults.items():
            self._put(self._blank, self._blank_log, key, value)

    def translate(self, row: Values) -> tuple[tuple[Any, ...], str]:
        """Give the parameters of an insert, in the columns' order, and the JSON of the log."""
        values, logged = self._blank.copy(), self._blank_log.copy()
        for key, value in row.items():
            self._put(values, logged, key, value)
        return tuple(values.values()), _encode(logged).decode()

    def _put(self, values: Values, logged: Values, key: str, value: Any) -> None:
        if value is None:
            values[key] = None
            logged.pop(key, None)
            return
        values[key] = self._native[key](value)
        if key in self._logged:
            logged[key] = self._logged[key](value)
