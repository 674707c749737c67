"""Workspaces drawn at random, over every kind of record there is, and what is compared of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Text, select

from deskcrm.domain.exports.archive import columns_of, models
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE, Record, shape_named, shape_of
from deskcrm.store.types import EnumText, Id, Instant, Json
from deskcrm.store.work import Work, blank_values

Rows = dict[str, list[dict[str, Any]]]
_MOMENT: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_ODD: Final = ("", "=1+1", "Ёлкин \u202e\U0001f600", "a\nb\r\nc", "\u0000", "'; --", "\u2028")
_FORMED: Final = ("calendar", "calendar_day")
"""Their texts are hours and zones, which deadlines are worked out from."""
_texts = st.one_of(st.sampled_from(_ODD), st.text(st.characters(exclude_categories=["Cs"])))
_numbers = st.one_of(st.integers(0, 9), st.integers(-(2**63), 2**63 - 1))


def read_all(db: Reader) -> Rows:
    """Give every record, by table and id, without the server's number."""
    found: Rows = {}
    for model in models():
        columns = columns_of(model)
        keys = [column.key for column in columns]
        rows = db.all(select(*columns).order_by(shape_of(model).table.c.id))
        found[str(model.__tablename__)] = [dict(zip(keys, row, strict=True)) for row in rows]
    return found


@command("toys.fill_workspace", "Fill workspace")
def fill_workspace(work: Work, *, rows: Rows) -> None:
    """Write rows of every kind as they are."""
    work.recorder.keeps_touched = False
    for model in models():
        work.insert_many(model, rows.get(str(model.__tablename__), []), is_whole=True)


class Drawn:
    """Rows that were drawn; said in short, as there are hundreds."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        return f"{sum(map(len, self.rows.values()))} rows"


@st.composite
def workspaces(draw: Callable[..., Any], seen: Rows, me: UUID) -> Drawn:
    """Draw one more row of each kind, or none of record, links among them and to nowhere."""
    ids = [row["id"] for rows in seen.values() for row in rows][:30]
    made: Rows = {}
    for model in models():
        name = str(model.__tablename__)
        count = draw(st.integers(0, 1))
        new = draw(st.lists(st.uuids(version=4), min_size=count, max_size=count, unique=True))
        ids += new
        made[name] = [{"id": row_id} | _row(draw, model, seen[name], ids, me) for row_id in new]
    return Drawn(made)


def _row(
    draw: Callable[..., Any], model: type[Record], seen: list[dict[str, Any]], ids: list[UUID],
    me: UUID,
) -> dict[str, Any]:  # fmt: skip
    values: dict[str, Any] = {}
    for column in columns_of(model):
        if column.key == "scope":
            values["scope"] = draw(st.sampled_from((WORKSPACE, me)))
        elif column.key != "id":
            values[column.key] = draw(_values(column, seen, ids))
    return values


def _values(
    column: Column[Any], seen: list[dict[str, Any]], ids: list[UUID]
) -> st.SearchStrategy[Any]:
    kind = column.type
    found: st.SearchStrategy[Any] = _texts
    if isinstance(kind, Json) or (isinstance(kind, Text) and column.table.name in _FORMED):
        # What is derived reads these, so they are as some other row has them.
        blank = blank_values(shape_named(column.table.name))[column.key]
        return st.sampled_from([row[column.key] for row in seen] or [blank or {}])
    strategies: Mapping[type, st.SearchStrategy[Any]] = {
        Id: st.sampled_from(ids),
        Instant: st.integers(-(10**6), 10**6).map(
            lambda number: _MOMENT + timedelta(seconds=number, milliseconds=number % 1_000)
        ),
        Date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        Boolean: st.booleans(),
        BigInteger: _numbers,
        Float: st.floats(allow_nan=False, allow_infinity=False),
    }
    if isinstance(kind, EnumText):
        found = st.sampled_from(list(kind.members))
    else:
        found = next((s for t, s in strategies.items() if isinstance(kind, t)), _texts)
    return st.none() | found if column.nullable else found
