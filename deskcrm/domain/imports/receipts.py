"""What an import came to, read back from the store, and the rows that were left out, as a file."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from deskcrm.base.words import tr
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
    added: Mapping[str, int]
    changed: Mapping[str, int]
    """Rows that are there, counted in their own tables and not in what was meant to be written."""


def read_receipt(db: Reader, step: int) -> Receipt:
    """Count what a step left in the tables themselves."""
    c = change_table.c
    kinds = select(c.table_name, c.kind).where(c.step == step).group_by(c.table_name, c.kind)
    added: dict[str, int] = {}
    changed: dict[str, int] = {}
    for table_name, kind in db.all(kinds):
        if table_name == Preference.__tablename__:
            continue  # what was chosen for the columns, kept for the next file
        table = shape_named(table_name).table
        # A row is made once, and may be changed more than once.
        rows = table.c.id if kind == "create" else func.distinct(table.c.id)
        there = (
            select(func.count(rows))
            .select_from(change_table.join(table, table.c.id == c.row_id))
            .where(c.step == step, c.table_name == table_name, c.kind == kind, ~table.c.is_deleted)
        )
        into = added if kind == "create" else changed
        into[table_name] = into.get(table_name, 0) + (db.scalar(there) or 0)
    return Receipt(step, added, changed)


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
