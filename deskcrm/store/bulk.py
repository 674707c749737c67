"""Turns rows into what SQLite's driver and the log hold, without the layers between.

A bulk write spends most of its time on translating values. Here each column's two translations
are chosen once, defaults are translated once, and what a row does not say is copied. On
PostgreSQL, where no workspace of a million clients is ever made up, rows take the ordinary way.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Date, types

from deskcrm.store.tables import UNLOGGED, Shape
from deskcrm.store.types import EnumText, Id, Instant, Json, blob, to_milliseconds

Values = dict[str, Any]
Translate = Callable[[Any], Any]
Kind = tuple[Translate, Translate]
"""How a column's values are written for the driver, and for the log."""
_encode: Final = msgspec.json.Encoder(uuid_format="hex").encode


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    return value._value_  # the same as .value, without the detour that costs a microsecond


def _iso(value: date) -> str:
    return value.isoformat()


def _json(value: Any) -> str:
    return json.dumps(value)


def _translations(column_type: types.TypeEngine[Any]) -> Kind:
    """Give how a column's values are written: for the driver, and for the log."""
    if isinstance(column_type, Id):
        return blob, _same  # the encoder writes it
    if isinstance(column_type, Instant):
        return to_milliseconds, to_milliseconds
    if isinstance(column_type, EnumText):
        return _text, _text
    if isinstance(column_type, Date):
        return _iso, _iso
    return (_json, _same) if isinstance(column_type, Json) else (_same, _same)


class Translator:
    """Writes rows of one table as parameters for the driver and as text for the log.

    Rows that give the same columns share a plan: a statement with nothing to bind but those, the
    defaults standing in it as literals.
    """

    def __init__(self, shape: Shape, defaults: Values) -> None:
        self._shape = shape
        self._defaults = {key: value for key, value in defaults.items() if value is not None}
        self._kinds = {column.key: _translations(column.type) for column in shape.table.columns}
        self._plans: dict[tuple[str, ...], Plan] = {}

    def grouped(self, rows: Sequence[Values]) -> Iterator[tuple["Plan", list[Values]]]:
        """Group rows by the columns that they give, each group with its plan."""
        groups: dict[tuple[str, ...], list[Values]] = {}
        for row in rows:
            groups.setdefault(tuple(row), []).append(row)
        for keys, group in groups.items():
            if keys not in self._plans:
                self._plans[keys] = Plan(self._shape, keys, self._defaults, self._kinds)
            yield self._plans[keys], group


class Plan:
    """How rows that give certain columns, in a certain order, are written."""

    def __init__(
        self, shape: Shape, keys: tuple[str, ...], defaults: Values, kinds: dict[str, Kind]
    ) -> None:
        rest = {key: value for key, value in defaults.items() if key not in keys}
        literals = [_literal(kinds[key][0](value)) for key, value in rest.items()]
        columns = shape.table.columns
        names = ", ".join(f'"{columns[key].name}"' for key in (*keys, *rest))
        marks = ", ".join([*("?" for _ in keys), *literals])
        self.statement = f'INSERT INTO "{shape.name}" ({names}) VALUES ({marks})'
        self._natives = [kinds[key][0] for key in keys]
        self._logs = [None if key in UNLOGGED else (key, kinds[key][1]) for key in keys]
        logged = {key: kinds[key][1](value) for key, value in rest.items() if key not in UNLOGGED}
        self._opening = _encode(logged).decode()[:-1] + ("," if logged else "")

    def values(self, row: Values) -> tuple[Any, ...]:
        """Give the parameters of the statement."""
        return tuple(
            [
                value if value is None or native is _same else native(value)
                for native, value in zip(self._natives, row.values(), strict=True)
            ]
        )

    def logged(self, row: Values) -> str:
        """Give the JSON of the log: what is not null of the row and of the defaults."""
        given: Values = {}
        for log, value in zip(self._logs, row.values(), strict=True):
            if log is not None and value is not None:
                key, translate = log
                given[key] = value if translate is _same else translate(value)
        return self._opening + _encode(given).decode()[1:]


def literal_of(shape: Shape, key: str, value: Any) -> str:
    """Write a default of a column in SQL."""
    native, _ = _translations(shape.columns[key].type)
    return "NULL" if value is None else _literal(native(value))


def _literal(value: Any) -> str:
    """Write a default of a model in SQL; these are our own words, never a person's."""
    if isinstance(value, bytearray):
        return f"X'{value.hex()}'"
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"
