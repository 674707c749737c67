"""What did not get through, for the inbox."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from deskcrm.base.words import of_column, ptr, sentence, tr
from deskcrm.domain.conflicts.model import Choice, Conflict, ConflictId, ConflictKind
from deskcrm.domain.conflicts.steps import is_told, whole_value
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Shape, shape_named
from deskcrm.store.undo import titles


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field with its values, said in words; the person's own names filled in."""

    id: ConflictId
    table: str
    row_id: UUID
    subject_table: str
    """What the record belongs to, such as the client of a contact: its table, its id, its name."""
    subject_id: UUID
    subject: str
    noun: str
    title: str
    kind: ConflictKind
    columns: tuple[str, ...]
    field: str
    """The columns in words."""
    base: tuple[str, ...]
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    kept_by: str
    lost_by: str
    kept_is_mine: bool
    lost_is_mine: bool
    kept_at: datetime | None
    lost_at: datetime | None
    created_at: datetime
    choice: Choice
    resolved_by: str
    resolved_at: datetime | None


def count_conflicts(db: Reader, *, is_open: bool = True, subject: UUID | None = None) -> int:
    """Count what waits for a decision, or what was decided."""
    return db.scalar(select(func.count()).where(*_chosen(is_open, subject))) or 0


def page_conflicts(
    db: Reader,
    *,
    offset: int,
    limit: int,
    sort: str = "",
    descending: bool = False,
    is_open: bool = True,
    subject: UUID | None = None,
) -> list[ConflictRow]:
    """Give a page of them, newest first whatever ``sort`` says."""
    order = Conflict.created_at if is_open else Conflict.resolved_at
    query = select(*Conflict.__table__.columns).where(*_chosen(is_open, subject))
    rows = db.all(query.order_by(order.desc(), Conflict.id.desc()).offset(offset).limit(limit))
    names = _titles(db, ((row.table_name, row.row_id) for row in rows))
    places = {row.id: _subject_table(row) for row in rows}
    names |= _titles(db, ((places[row.id], row.subject_id) for row in rows))
    people = {p for row in rows for p in (row.kept_by, row.lost_by, row.resolved_by) if p}
    users = titles(db.connection, "user", people)
    return [_row(db, row, places[row.id], names, users) for row in rows]


def list_conflicts(db: Reader, *, limit: int = 500) -> list[ConflictRow]:
    """List what waits for a decision, newest first."""
    return page_conflicts(db, offset=0, limit=limit)


def list_conflict_ids(
    db: Reader, *, is_open: bool = True, subject: UUID | None = None
) -> list[ConflictId]:
    """List the ids of all of them."""
    found = db.scalars(select(Conflict.id).where(*_chosen(is_open, subject)))
    return [ConflictId(each) for each in found]


def get_present_text(db: Reader, conflict_id: ConflictId) -> str | None:
    """Give the text that a conflict of texts is about, as it is now; None when it is gone."""
    row = db.first(
        select(Conflict.table_name, Conflict.row_id, Conflict.lost).where(
            Conflict.id == conflict_id
        )
    )
    if row is None:
        return None
    table = shape_named(row.table_name).table
    (key,) = json.loads(row.lost)
    found = db.first(select(table.c[key]).where(table.c.id == row.row_id, ~table.c.is_deleted))
    return None if found is None else str(found[0] or "")


def _chosen(is_open: bool, subject: UUID | None) -> list[ColumnElement[bool]]:
    waits = Conflict.resolved_at.is_(None) & (Conflict.choice == Choice.OPEN)
    chosen = [~Conflict.is_deleted, waits if is_open else ~waits]
    return chosen if subject is None else [*chosen, Conflict.subject_id == subject]


def _subject_table(row: Any) -> str:
    subject = shape_named(row.table_name).subject
    named = (subject or "").removesuffix("_id")
    return named if subject and row.subject_id != row.row_id else str(row.table_name)


def _titles(db: Reader, wanted: Iterable[tuple[str, UUID]]) -> dict[UUID, str]:
    by_table: dict[str, set[UUID]] = {}
    for table, row_id in wanted:
        by_table.setdefault(table, set()).add(row_id)
    found: dict[UUID, str] = {}
    for table, ids in by_table.items():
        if _is_known(table):
            found |= titles(db.connection, table, ids)
    return found


def _in_one(names: Iterable[str]) -> str:
    """Name several fields at once: "Street, city"."""
    first, *rest = [*names, ""]
    return ", ".join([first, *(one[:1].lower() + one[1:] for one in rest if one)])


def _is_known(table: str) -> bool:
    try:
        shape_named(table)
    except KeyError:
        return False
    return True


def _row(
    db: Reader, row: Any, place: str, names: Mapping[UUID, str], people: Mapping[UUID, str]
) -> ConflictRow:
    shape = shape_named(row.table_name)
    sides = [json.loads(text) for text in (row.base, row.kept, row.lost)]
    keys = tuple(key for key in sides[2] if is_told(shape, key))
    base, kept, lost = (_side(db, shape, keys, side) for side in sides)
    return ConflictRow(
        id=ConflictId(row.id),
        table=row.table_name,
        row_id=row.row_id,
        subject_table=place,
        subject_id=row.subject_id,
        subject=names.get(row.subject_id, ""),
        noun=ptr("table", sentence(row.table_name)),
        title=names.get(row.row_id, ""),
        kind=row.kind,
        columns=keys,
        field=_in_one(of_column(key) for key in keys) or tr("Deletion"),
        base=base,
        kept=kept,
        lost=lost,
        kept_by=people.get(row.kept_by, ""),
        lost_by=people.get(row.lost_by, ""),
        kept_is_mine=row.kept_by == db.actor,
        lost_is_mine=row.lost_by == db.actor,
        kept_at=row.kept_at,
        lost_at=row.lost_at,
        created_at=row.created_at,
        choice=row.choice,
        resolved_by=people.get(row.resolved_by, ""),
        resolved_at=row.resolved_at,
    )


def _side(
    db: Reader, shape: Shape, keys: Sequence[str], values: Mapping[str, Any]
) -> tuple[str, ...]:
    if not keys:  # it was deleted here and edited there
        return (tr("Deleted") if values.get("is_deleted") else tr("Stays, with the edit"),)
    return tuple(whole_value(db, shape, key, values.get(key)) for key in keys)
