"""Brings a database to the newest schema by itself, after a backup; one history for both kinds.

Alembic is imported only when there is something to do: a start that finds the newest schema
does not pay for it.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from deskcrm.base import paths
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

if TYPE_CHECKING:
    from alembic.config import Config


class NewerSchema(UserError):
    """The database was written by a newer program."""


@cache
def known_revisions() -> tuple[str, ...]:
    """List the revisions this program knows, oldest first: the numbers of the files."""
    folder = paths.migrations() / "versions"
    names = sorted(file.name.partition("_")[0] for file in folder.glob("[0-9]*_*.py"))
    return tuple(names)


def revision_of(connection: Connection) -> str | None:
    """Give the revision a database is at; None for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def bring_up_to_date(connection: Connection, *, before: Callable[[], object]) -> bool:
    """Migrate if the schema is old; tell whether it did. ``before`` makes the backup.

    Runs in the caller's transaction, so a migration that fails leaves the database as it was.
    Raises NewerSchema when the database is ahead of this program.
    """
    known = known_revisions()
    present = revision_of(connection)
    if present == known[-1]:
        return False
    if present is not None and present not in known:
        raise NewerSchema(
            tr("This workspace was opened by a newer DeskCRM."),
            tr("Install the newest version on this computer; nothing was changed."),
        )
    if present is not None:
        before()
    from alembic import command

    config = make_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def make_config() -> "Config":
    """Give Alembic's configuration, made in code: there is no ini file to get lost."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(paths.migrations()).replace("%", "%%"))
    return config
