"""History in words: who changed what, when, read from the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, and_, case, func, literal, select, tuple_, type_coerce

from deskcrm.base import places
from deskcrm.base.days import said_day, said_moment
from deskcrm.base.words import ntr, of, of_column, past, ptr, sentence, tr
from deskcrm.store.changes import ERASE, from_text
from deskcrm.store.commands import ROUNDS
from deskcrm.store.erasing import erased_fields
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE, Shape, change_table, shape_named, step_table
from deskcrm.store.types import Instant
from deskcrm.store.undo import FINAL, titles

ACTORS: Final = "user"
"""The record table whose titles name the people in the log."""
SCOPES: Final = "team"
"""The record table whose titles name who sees a row."""
NAMED: Final = {
    "time_zone": places.zone_words,
    "country": places.country,
    "language": places.spoken,
}
"""The columns that hold a short sign for what has a name."""
_LONGEST: Final = 200
_MOST_LINES: Final = 12
"""An import touches thousands of rows: nobody reads them one by one."""
# What no server has heard of is the newest; one moment is parted as the server did.
_s = step_table.c
_WHEN: Final = (
    case((and_(_s.state == "waiting", _s.effective_at.is_(None)), 1), else_=0),
    type_coerce(func.coalesce(_s.effective_at, _s.at), Instant),
    func.coalesce(_s.seq, 0),
    _s.id,
)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step, as it concerned one subject."""

    step: int
    at: datetime
    actor: str
    label: str
    lines: tuple[str, ...]
    is_undone: bool
    kind: str

    @property
    def can_undo(self) -> bool:
        """Tell whether there is a way back from it."""
        return not self.is_undone and self.kind not in FINAL


def list_history(
    db: Reader,
    subject: UUID,
    *,
    limit: int = 100,
    before: int | None = None,
    also: Sequence[UUID] = (),
) -> list[HistoryEntry]:
    """List the steps that touched a subject or what belongs to it, newest first.

    That is by the moment they count for, whenever each arrived here and whatever the clock of the
    device said. ``before`` is the ``step`` of the last entry seen, to go on from there. ``also``
    are other subjects whose story is part of this one's.
    """
    is_told = change_table.c.subject.in_((subject, *also))
    s, c = step_table.c, change_table.c
    touching = select(c.step).where(is_told)
    steps = select(step_table).where(s.id.in_(touching)).order_by(*(part.desc() for part in _WHEN))
    if before is not None:
        place = db.all(select(*_WHEN).where(s.id == before))[0]
        seen = [literal(value, part.type) for value, part in zip(place, _WHEN, strict=True)]
        steps = steps.where(tuple_(*_WHEN) < tuple_(*seen))
    heads = {row.id: row for row in db.all(steps.limit(limit))}
    numbers = list(heads)
    if not numbers:
        return []
    changes = db.all(select(change_table).where(c.step.in_(numbers), is_told).order_by(c.id))
    names = _Names(db, heads.values(), changes)
    by_step: dict[int, list[str]] = {number: [] for number in numbers}
    for change in changes:
        by_step[change.step].extend(names.lines(change))
    return [_entry(heads[number], by_step[number], names) for number in numbers]


def list_touched(db: Reader, step: int) -> frozenset[UUID]:
    """List the subjects that a step touched."""
    c = change_table.c
    return frozenset(db.scalars(select(c.subject).where(c.step == step).distinct()))


def lines_of_step(
    db: Reader, step: int, subjects: Sequence[UUID], *, are_rows: bool = False
) -> dict[UUID, list[str]]:
    """Say what a step changed at each of these subjects, or in each of these rows."""
    c = change_table.c
    whose = c.row_id if are_rows else c.subject
    statement = select(change_table).where(c.step == step, whose.in_(subjects))
    changes = db.all(statement.order_by(c.id))
    heads = db.all(select(step_table).where(step_table.c.id == step))
    names = _Names(db, heads, changes)
    said: dict[UUID, list[str]] = {}
    for change in changes:
        one = change.row_id if are_rows else change.subject
        said.setdefault(one, []).extend(names.lines(change, is_named=not are_rows))
    return said


def _entry(head: Row[Any], lines: Sequence[str], names: "_Names") -> HistoryEntry:
    label = past(head.label)
    if head.kind == "undo":
        label = tr("Undone: {label}", label=label)
    elif head.kind == "redo":
        label = tr("Redone: {label}", label=label)
    is_round = head.kind in ROUNDS
    actor = tr("By itself") if is_round else names.of(ACTORS, head.actor) or tr("Somebody")
    undone = head.undone_by is not None
    shown = list(lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        rest = len(lines) - _MOST_LINES
        shown.append(ntr("and {n} more change", "and {n} more changes", rest))
    at = head.effective_at or head.at
    return HistoryEntry(head.id, at, actor, label, tuple(shown), undone, head.kind)


class _Names:
    """Titles of every row that a stretch of history speaks of, fetched a table at a time."""

    def __init__(self, db: Reader, heads: Any, changes: Sequence[Row[Any]]) -> None:
        wanted: dict[str, set[UUID]] = {ACTORS: {head.actor for head in heads}}
        for change in changes:
            wanted.setdefault(change.table_name, set()).add(change.row_id)
            shape = shape_named(change.table_name)
            for values in (from_text(change.before), from_text(change.after)):
                for key, value in values.items():
                    table = _refers(shape, key)
                    if table and value:
                        wanted.setdefault(table, set()).add(UUID(hex=value))
        self._titles = {
            table: titles(db.connection, table, ids)
            for table, ids in wanted.items()
            if _is_known(table)
        }
        self._erased = erased_fields(db.connection, {change.row_id for change in changes})

    def of(self, table: str, row_id: UUID) -> str:
        return self._titles.get(table, {}).get(row_id, "")

    def lines(self, change: Row[Any], *, is_named: bool = True) -> list[str]:
        """Say one change: its noun and title, then each column's before and after.

        ``is_named``: a row on the page of another is named at each of its columns.
        """
        is_named = is_named and change.subject != change.row_id
        shape = shape_named(change.table_name)
        if shape.model.__is_silent__:
            return []
        noun = ptr("table", sentence(change.table_name))
        noun = noun[:1].lower() + noun[1:]
        title = self.of(change.table_name, change.row_id)
        thing = tr("{noun} “{title}”", noun=noun, title=title) if title else noun
        if change.kind == "create":
            return [tr("Added: {thing}", thing=thing)]
        if change.kind == "delete":
            return [tr("Deleted: {thing}", thing=thing)]
        if change.kind == "undelete":
            return [tr("Brought back: {thing}", thing=thing)]
        if change.kind == ERASE:
            return [tr("Erased: {thing}", thing=thing)]
        before, after = from_text(change.before), from_text(change.after)
        # On another's page it says of which of its rows: of which field, of which contract.
        of_which = f"{title} · " if title and is_named else ""
        said = [key for key in after if key in shape.columns and not _is_silent(shape, key)]
        erased = self._erased.get(change.row_id, set())
        return [
            f"{of_which}{_caption(key)}: {tr('(erased)')}"
            if before[key] == after[key]
            else f"{of_which}{_caption(key)}: {self._said(shape, key, before[key])} → "
            f"{self._said(shape, key, after[key])}"
            for key in said
            if before[key] != after[key] or key in erased  # else it was only said again
        ]

    def _said(self, shape: Shape, key: str, value: Any) -> str:
        if value is None or value == "":
            return tr("(empty)")
        if key == "scope" and UUID(hex=value) == WORKSPACE:
            return tr("everybody")
        table = _refers(shape, key)
        if table:
            return self.of(table, UUID(hex=value)) or tr("(unknown)")
        return _in_words(shape, key, value)


def said_value(db: Reader, shape: Shape, key: str, value: Any) -> str:
    """Say one logged value of a column in words; the row that it names, by its title."""
    table = _refers(shape, key)
    if table and value and _is_known(table):
        row_id = UUID(hex=value)
        return titles(db.connection, table, [row_id]).get(row_id) or tr("(unknown)")
    return tr("(empty)") if value is None or value == "" else _in_words(shape, key, value)


def _in_words(shape: Shape, key: str, value: Any) -> str:
    """Say what a column holds; a zone or a country by its name, as the forms do."""
    held = shape.decode[key](value)
    return NAMED[key](held) if key in NAMED else say(held)


def _caption(key: str) -> str:
    return tr("Who sees it") if key == "scope" else of_column(key)


def _refers(shape: Shape, key: str) -> str | None:
    if key == "scope":
        return SCOPES
    column = shape.columns.get(key)
    table: str | None = column.info.get("refers") if column is not None else None
    return table


def _is_silent(shape: Shape, key: str) -> bool:
    return bool(shape.columns[key].info.get("is_silent"))


def _is_known(table: str) -> bool:
    try:
        shape_named(table)
    except KeyError:
        return False
    return True


def say(value: Any) -> str:
    """Say a value of a column in words, in the person's language."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Enum):
        return of(value)
    if isinstance(value, datetime):
        return said_moment(value)
    if isinstance(value, date):
        return said_day(value)
    text = str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
