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


def _text(value: Any) -> Any:
    return value._value_  # the same as .value, without the detour that costs a microsecond


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
        self._native: dict[str, Translate] = {}
        self._logged: dict[str, Translate] = {}
        for column in columns:
            native, logged = _translations(column.type)
            self._native[column.key] = native
            if column.key not in UNLOGGED:
                self._logged[column.key] = logged
        self._plain = {
            key
            for key, logged in self._logged.items()
            if logged is _same and self._native[key] is _same
        }
        self._blank: Values = dict.fromkeys(self._native)
        self._blank_log: Values = {}
        self._put(defaults, self._blank, self._blank_log)

    def translate(self, row: Values) -> tuple[tuple[Any, ...], str]:
        """Give the parameters of an insert, in the columns' order, and the JSON of the log."""
        values, logged = self._blank.copy(), self._blank_log.copy()
        self._put(row, values, logged)
        return tuple(values.values()), _encode(logged).decode()

    def _put(self, row: Values, values: Values, logged: Values) -> None:
        plain = self._plain
        for key, value in row.items():
            if value is None:
                values[key] = None
                logged.pop(key, None)
            elif key in plain:
                values[key] = logged[key] = value
            else:
                values[key] = self._native[key](value)
                if key in self._logged:
                    logged[key] = self._logged[key](value)
