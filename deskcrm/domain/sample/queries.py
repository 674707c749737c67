"""Answers about the sample workspace."""

from sqlalchemy import select

from deskcrm.domain.clients.model import Client
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, step_table


def find_sample(db: Reader) -> int | None:
    """Give the step that added the sample whose clients are here; None when there is none."""
    added = db.scalars(
        select(step_table.c.id)
        # Undone or not: what was undone and done again is here, under another step.
        .where(step_table.c.command.startswith("sample."), step_table.c.kind == "do")
        .order_by(step_table.c.id.desc())
    )
    return next((step for step in added if _has_clients(db, step)), None)


def _has_clients(db: Reader, step: int) -> bool:
    changed = change_table.c
    statement = (
        select(Client.id)
        .join(change_table, changed.row_id == Client.id)
        .where(changed.step == step, changed.table_name == "client", changed.kind == "create")
        .where(~Client.is_deleted)
    )
    return db.first(statement.limit(1)) is not None
