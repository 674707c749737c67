"""The steps of the log as the exchange with the server sees them, said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, exists, func, select

from deskcrm.base.settings import find_setting
from deskcrm.base.words import of_column, past, ptr, sentence, tr
from deskcrm.domain.conflicts.model import SettledRefusal
from deskcrm.domain.settings.model import Preference
from deskcrm.store.changes import from_text
from deskcrm.store.history import NAMED, said_value
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Shape, change_table, shape_named, step_table
from deskcrm.store.undo import titles

_s, _c = step_table.c, change_table.c
_LOOKED_AT: Final = 12
"""Changes among which a line of the list looks for what the step is about."""
MOST_CHANGES: Final = 200
MOST_EXPORTED: Final = 100_000
MOST_CAME: Final = 1_000
"""Others' steps that are shown; what is older stands in the history of each client."""


class Shelf(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    CAME = "arrived"
    REFUSED = "refused"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step, what it is about, and how many other rows it touched."""

    id: int
    at: datetime
    actor: str
    label: str
    thing: str
    rest: int
    refusal: str
    """The server's word for why it was refused; "" for what was not."""


@dataclass(frozen=True, slots=True)
class ValueSaid:
    """One column of a change, in full."""

    caption: str
    before: str | None
    """None where there was nothing before: the row was made."""
    after: str


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """What a step did to one row."""

    thing: str
    kind: str
    values: tuple[ValueSaid, ...]


@dataclass(frozen=True, slots=True)
class StepSaid:
    """All of a step, and how many of its changes are not shown."""

    row: StepRow
    changes: tuple[ChangeSaid, ...]
    more: int


def count_steps(db: Reader, *, shelf: Shelf) -> int:
    """Count the steps on a shelf."""
    chosen = _on(shelf, select(_s.id))
    if shelf is Shelf.CAME:
        chosen = chosen.order_by(_s.id.desc()).limit(MOST_CAME)
    return db.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def page_steps(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool, shelf: Shelf
) -> list[StepRow]:
    """Give a page of a shelf, newest first whatever ``sort`` says."""
    query = _on(shelf, select(step_table)).order_by(_s.id.desc())
    return _rows(db, db.all(query.offset(offset).limit(limit)))


def list_step_ids(db: Reader, *, shelf: Shelf) -> list[int]:
    """List every step on a shelf, oldest first."""
    return list(db.scalars(_on(shelf, select(_s.id)).order_by(_s.id)))


def read_step(db: Reader, step: int, *, most: int = MOST_CHANGES) -> StepSaid | None:
    """Give what a step did, in words; None when there is no such step."""
    heads = db.all(select(step_table).where(_s.id == step))
    if not heads:
        return None
    changes = db.all(select(change_table).where(_c.step == step).order_by(_c.id).limit(most))
    total = db.scalar(select(func.count()).select_from(change_table).where(_c.step == step)) or 0
    names = _names(db, changes)
    said = tuple(_said(db, change, names) for change in changes)
    return StepSaid(_rows(db, heads)[0], said, total - len(said))


def read_steps(db: Reader, steps: Sequence[int]) -> list[StepSaid]:
    """Give several steps in full, in this order."""
    found = (read_step(db, step, most=MOST_EXPORTED) for step in steps)
    return [one for one in found if one is not None]


def _on(shelf: Shelf, query: Select[Any]) -> Select[Any]:
    if shelf is Shelf.CAME:
        # Newest first by number: the index by state would have to sort all that ever came.
        return query.where(func.coalesce(_s.state, "") == "arrived")
    if shelf is Shelf.WAITING:
        return query.where(_s.state == "waiting")
    again = step_table.alias("again")
    r = SettledRefusal
    settled = (
        select(r.no)
        .outerjoin(again, again.c.id == r.again)
        .where(r.device == _s.device, r.no == _s.no)
        .where(r.again.is_(None) | again.c.undone_by.is_(None))
    )
    refused = query.where(_s.state == "refused")
    if shelf is Shelf.LET_GO:
        return refused.where(exists(settled.where(r.again.is_(None))))
    return refused.where(~exists(settled))


def _rows(db: Reader, heads: Sequence[Any]) -> list[StepRow]:
    people = titles(db.connection, "user", {head.actor for head in heads})
    touched = {
        head.id: db.all(
            select(change_table).where(_c.step == head.id).order_by(_c.id).limit(_LOOKED_AT)
        )
        for head in heads
    }
    names = _names(db, [change for changes in touched.values() for change in changes])
    rows = []
    for head in heads:
        thing, rest = _thing_and_rest(db, head, touched[head.id], names)
        refusal = (head.refusal or "") if head.state == "refused" else ""
        actor = people.get(head.actor, "")
        rows.append(StepRow(head.id, head.at, actor, _label(head), thing, rest, refusal))
    return rows


def _label(head: Any) -> str:
    if head.kind == "undo":
        return tr("Undone: {label}", label=past(head.label))
    said = past(head.label)
    return tr("Redone: {label}", label=said) if head.kind == "redo" else said


def _thing_and_rest(
    db: Reader, head: Any, changes: Sequence[Any], names: dict[UUID, str]
) -> tuple[str, int]:
    """Name what a step is about, and count what else it touched."""

    def how_far(change: Any) -> tuple[bool, bool]:
        noun = sentence(change.table_name).lower()
        return noun not in head.label.lower(), not names.get(change.row_id)

    if not changes:
        return "", 0
    main = min(changes, key=how_far)
    rows = len({change.row_id for change in changes})
    if len(changes) == _LOOKED_AT:
        of_step = select(func.count(_c.row_id.distinct())).where(_c.step == head.id)
        rows = db.scalar(of_step) or rows
    return _thing(main, names), rows - 1


def _names(db: Reader, changes: Sequence[Any]) -> dict[UUID, str]:
    """Give what rows are called; one that the server took away is called as it was made."""
    by_table: dict[str, set[UUID]] = {}
    found: dict[UUID, str] = {}
    for change in changes:
        by_table.setdefault(change.table_name, set()).add(change.row_id)
        title = _shape(change.table_name)
        column = title.model.__title__ if title is not None else None
        if title is None or column is None or "refers" in title.columns[column].info:
            continue
        if change.kind == "create":
            found[change.row_id] = str(from_text(change.after).get(column) or "")
    for table, ids in by_table.items():
        if _shape(table) is not None:
            found |= titles(db.connection, table, ids)
    for row_id in by_table.get(Preference.__tablename__, ()):
        setting = find_setting(found.get(row_id, ""))
        if setting is not None:
            found[row_id] = tr(setting.label)
    return found


def _shape(table: str) -> Shape | None:
    try:
        return shape_named(table)
    except KeyError:
        return None


def _noun(table: str) -> str:
    # The table is "preference"; the program's pages say "setting".
    return tr("Setting") if table == Preference.__tablename__ else ptr("table", sentence(table))


def _thing(change: Any, names: dict[UUID, str]) -> str:
    noun, title = _noun(change.table_name), names.get(change.row_id, "")
    return tr("{noun} “{title}”", noun=noun, title=title) if title else noun


def _said(db: Reader, change: Any, names: dict[UUID, str]) -> ChangeSaid:
    shape = _shape(change.table_name)
    before, after = from_text(change.before), from_text(change.after)
    if change.table_name == Preference.__tablename__:
        _put_into_words(db, change.row_id, before, after)
    values = tuple(
        ValueSaid(
            of_column(key),
            None if change.before is None else whole_value(db, shape, key, before.get(key)),
            whole_value(db, shape, key, value),
        )
        for key, value in after.items()
        if shape is not None and is_told(shape, key) and (value or change.before is not None)
    )
    return ChangeSaid(_thing(change, names), change.kind, values)


def _put_into_words(db: Reader, row_id: UUID, *values: dict[str, Any]) -> None:
    """Say what a setting was set to as the settings do, not as it is kept."""
    keys = {str(each["key"]) for each in values if each.get("key")}
    key = next(iter(keys), "") or titles(db.connection, Preference.__tablename__, [row_id]).get(
        row_id, ""
    )
    setting = find_setting(key)
    for each in values:
        each.pop("key", None)
        if setting is not None and each.get("value"):
            each["value"] = setting.say(str(each["value"]))


def is_told(shape: Shape, key: str) -> bool:
    """Tell whether a column means something to a person."""
    if key not in shape.columns or key in ("scope", "created_at"):
        return False
    return not shape.columns[key].info.get("is_silent")


def whole_value(db: Reader, shape: Shape, key: str, value: Any) -> str:
    """Say one logged value in words, a long text to its end."""
    column = shape.columns[key]
    is_told_otherwise = key in NAMED or column.info.get("refers")
    if value and isinstance(column.type, Text) and not is_told_otherwise:
        return str(value)
    return said_value(db, shape, key, value)
