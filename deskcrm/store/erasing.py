"""Erases values: from the rows and from all of the log, which still says who changed what, when.

What was erased travels as a change of a kind of its own. Every replica that takes it in does the
same to its own log, whose older changes hold the values too.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from deskcrm.store import derived
from deskcrm.store.changes import ERASE, IS_ERASURE, Change, Values, from_text, to_text
from deskcrm.store.tables import Record, change_table, shape_named, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work, recording

Erased = Mapping[tuple[str, UUID], Values]
"""Rows by table and id, and what stands in them now, as the log holds it."""
Follower = Callable[[Connection, Erased], object]

FOLLOWERS: Final[list[Follower]] = []
"""Each takes out what it keeps of rows that are about to be erased: contents, drafts, conflicts."""
DUE: Final = "rewriting_due"
"""Noted while something that was erased may still lie in the unused parts of the file."""
_c = change_table.c


def erase(work: Work, model: type[Record], rows: Mapping[UUID, Values]) -> int:
    """Write values in place of others, which then are nowhere any more; gives how many rows.

    It cannot be undone, so the command must say so.
    """
    work.session.flush()
    work.recorder.finish()
    shape = shape_of(model)
    erased = {(shape.name, row_id): shape.to_json(values) for row_id, values in rows.items()}
    follow(work.connection, erased)
    t = shape.table
    subject = t.c[shape.subject] if shape.subject else t.c.id
    count = 0
    for chunk in in_chunks(rows):
        found = select(t.c.id, t.c.seq, subject.label("subject")).where(t.c.id.in_(chunk))
        for row in work.connection.execute(found).all():
            with recording(work.connection):
                work.connection.execute(update(t).where(t.c.id == row.id).values(rows[row.id]))
            after = erased[shape.name, row.id]
            owner = row.subject or row.id
            work.recorder.note(Change(shape, row.id, owner, ERASE, None, after, row.seq))
            count += 1
    work.session.expire_all()
    work.recorder.finish()
    scrub(work.connection, erased)
    if work.is_sqlite:
        derived.write_meta(work.connection, DUE, "1")
    return count


def follow(connection: Connection, erased: Erased) -> None:
    """Let everything go that hangs on rows whose values are about to be erased."""
    if erased:
        for follower in FOLLOWERS:
            follower(connection, erased)


def scrub(connection: Connection, erased: Erased) -> None:
    """Take the values out of all that the log says of the rows; what it says of others stays."""
    by_table: dict[str, list[UUID]] = defaultdict(list)
    for table, row_id in erased:
        by_table[table].append(row_id)
    for table, ids in by_table.items():
        for chunk in in_chunks(ids):
            told = select(_c.id, _c.row_id, _c.before, _c.after).where(
                _c.row_id.in_(chunk), _c.table_name == table, ~IS_ERASURE
            )
            scrubbed = []
            for row in connection.execute(told).all():
                values = erased[table, row.row_id]
                before, after = _without(row.before, values), _without(row.after, values)
                if (before, after) != (row.before, row.after):
                    scrubbed.append({"this": row.id, "b": before, "a": after})
            if scrubbed:
                connection.execute(
                    update(change_table)
                    .where(_c.id == bindparam("this"))
                    .values(before=bindparam("b"), after=bindparam("a")),
                    scrubbed,
                )


def _without(text: str | None, values: Values) -> str | None:
    if not text:
        return text
    said = from_text(text)
    kept = {key: values.get(key, value) for key, value in said.items()}
    return text if kept == said else to_text(kept)


def erased_fields(connection: Connection, rows: set[UUID]) -> dict[UUID, set[str]]:
    """Name the columns that were erased, of those of these rows of which any were."""
    if connection.execute(select(_c.id).where(IS_ERASURE).limit(1)).first() is None:
        return {}
    found: dict[UUID, set[str]] = defaultdict(set)
    for chunk in in_chunks(rows):
        query = select(_c.row_id, _c.after).where(_c.row_id.in_(chunk), IS_ERASURE)
        for row in connection.execute(query):
            found[row.row_id].update(from_text(row.after))
    return found


def erase_again(connection: Connection, erased: Erased) -> set[derived.Touched]:
    """Write once more what stands in place of values, in rows that a backup brought back.

    The log is as it is: the step that said so is put back by the caller. Gives what it touched.
    """
    follow(connection, erased)
    touched: set[derived.Touched] = set()
    for (table, row_id), after in erased.items():
        shape = shape_named(table)
        t: Any = shape.table
        subject = t.c[shape.subject] if shape.subject else t.c.id
        row = connection.execute(select(subject.label("subject")).where(t.c.id == row_id)).first()
        if row is None:
            continue
        with recording(connection):
            connection.execute(update(t).where(t.c.id == row_id).values(shape.from_json(after)))
        touched.add(derived.Touched(table, row_id, row.subject or row_id))
    scrub(connection, erased)
    return touched
