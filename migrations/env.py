"""Runs migrations on the connection that the program gives; there is no other way in."""

from alembic import context

from deskcrm.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite cannot alter most of a table in place: Alembic copies it.
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
