"""What did not get through, for the inbox."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.domain.conflicts.model import Choice, Conflict, ConflictId, ConflictKind
from deskcrm.store.history import said_value
from deskcrm.store.reader import Reader
from deskcrm.store.tables import shape_named
from deskcrm.store.undo import titles


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One field with its values, said in words; the person's own names filled in."""

    id: ConflictId
    table: str
    row_id: UUID
    subject_id: UUID
    title: str
    kind: ConflictKind
    columns: tuple[str, ...]
    base: tuple[str, ...]
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    kept_by: str
    lost_by: str
    kept_at: datetime | None
    lost_at: datetime | None
    created_at: datetime


def count_conflicts(db: Reader) -> int:
    """Count what waits for a decision."""
    return db.scalar(select(func.count()).where(_is_open())) or 0


def list_conflicts(db: Reader, *, limit: int = 500) -> list[ConflictRow]:
    """List what waits for a decision, newest first."""
    columns = Conflict.__table__.columns
    rows = db.all(
        select(*columns).where(_is_open()).order_by(Conflict.created_at.desc()).limit(limit)
    )
    names = _titles(db, rows)
    people = titles(
        db.connection, "user", {p for row in rows for p in (row.kept_by, row.lost_by) if p}
    )
    return [_row(db, row, names, people) for row in rows]


def _is_open() -> Any:
    return ~Conflict.is_deleted & Conflict.resolved_at.is_(None) & (Conflict.choice == Choice.OPEN)


def _titles(db: Reader, rows: Sequence[Any]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for table in {row.table_name for row in rows}:
        ids = [row.row_id for row in rows if row.table_name == table]
        found.update(titles(db.connection, table, ids))
    return found


def _row(
    db: Reader, row: Any, names: Mapping[UUID, str], people: Mapping[UUID, str]
) -> ConflictRow:
    base, kept, lost = (json.loads(text) for text in (row.base, row.kept, row.lost))
    shape = shape_named(row.table_name)
    keys = tuple(key for key in lost if key in shape.columns)
    said = [
        tuple(said_value(db, shape, key, side.get(key)) for key in keys)
        for side in (base, kept, lost)
    ]
    return ConflictRow(
        id=ConflictId(row.id),
        table=row.table_name,
        row_id=row.row_id,
        subject_id=row.subject_id,
        title=names.get(row.row_id, ""),
        kind=row.kind,
        columns=keys,
        base=said[0],
        kept=said[1],
        lost=said[2],
        kept_by=people.get(row.kept_by, ""),
        lost_by=people.get(row.lost_by, ""),
        kept_at=row.kept_at,
        lost_at=row.lost_at,
        created_at=row.created_at,
    )
