"""What an import came to, read back from the store, and the rows that were left out, as a file."""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from deskcrm.base.words import tr
from deskcrm.domain.imports.origins import origin_of
from deskcrm.domain.imports.plan import Fate, Plan
from deskcrm.domain.imports.reading.sheet import Sheet
from deskcrm.domain.settings.model import Preference
from deskcrm.domain.spreadsheets import as_text
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, shape_named


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is in the store now because of a step: by table, what was added and what was changed."""

    step: int
    origin: str
    """By which the clients that it concerns are found."""
    added: Mapping[str, int]
    changed: Mapping[str, int]
    """Rows that are there, counted in their own tables and not in what was meant to be written."""


def read_receipt(db: Reader, step: int, tables: Collection[str]) -> Receipt:
    """Count what a step left in the tables that it touched; its log is gone through once."""
    # What was chosen for the columns is kept for the next file, and is nothing of this one.
    names = sorted({*tables} - {Preference.__tablename__})
    counts = [one for name in names for one in (_added(name), _changed(name))]
    [found] = db.all(select(*counts).where(change_table.c.step == step))
    pairs = zip(found[::2], found[1::2], strict=True)
    by_table = dict(zip(names, pairs, strict=True))
    return Receipt(
        step,
        origin_of(db, step),
        {name: added for name, (added, _) in by_table.items() if added},
        {name: changed for name, (_, changed) in by_table.items() if changed},
    )


def _added(table_name: str) -> ColumnElement[int]:
    c = change_table.c
    return func.count().filter(
        c.table_name == table_name, c.kind == "create", _is_there(table_name)
    )


def _changed(table_name: str) -> ColumnElement[int]:
    """Count the rows that are changed, each once: a row is made once, but may change more often."""
    c = change_table.c
    return func.count(c.row_id.distinct()).filter(
        c.table_name == table_name, c.kind != "create", _is_there(table_name)
    )


def _is_there(table_name: str) -> ColumnElement[bool]:
    table = shape_named(table_name).table
    return exists().where(table.c.id == change_table.c.row_id, ~table.c.is_deleted)


def write_rejects(sheet: Sheet, plan: Plan, delimiter: str = ",") -> str:
    """Write the rows that were not taken, as they stood, each with its reason in the last column.

    Mended, it can be fed in again: what is added against formulas is taken off when it is read.
    """
    reasons = {
        row.number: row.why for row in plan.rows if row.fate in (Fate.REJECTED, Fate.CONFLICT)
    }
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(map(as_text, [*sheet.headers, tr("Why it was rejected")]))
    for line in sheet.lines:
        if line.number in reasons:
            writer.writerow(map(as_text, [*line.cells, reasons[line.number]]))
    return out.getvalue()
