"""Answers whether the sample workspace is in here."""

from sqlalchemy import func, select

from deskcrm.store.reader import Reader
from deskcrm.store.tables import step_table


def find_sample(db: Reader) -> int | None:
    """Give the step that added the sample, to be undone; None when there is no sample here."""
    return db.scalar(
        select(func.max(step_table.c.id)).where(
            step_table.c.command == "sample.add",
            step_table.c.kind == "do",
            step_table.c.device == db.device,
            step_table.c.undone_by.is_(None),
        )
    )
