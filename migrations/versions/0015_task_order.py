"""Tasks of one day stand in the order of their hours: the indexes that lists read hold it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = "state = 'open'"


def upgrade() -> None:
    """Make the two indexes of the list of tasks anew, with the hour between the day and the id."""
    # The open ones come last, as SQLite looks at the newest index first.
    for name, only in (("living", ""), ("open", f" AND {_OPEN}")):
        op.drop_index(f"ix_task_{name}_by_due", "task")
        op.create_index(
            f"ix_task_{name}_by_due",
            "task",
            ["due_on", "due_at", "id"],
            sqlite_where=sa.text(f"is_deleted = 0{only}"),
            postgresql_where=sa.text(f"NOT is_deleted{only}"),
        )
