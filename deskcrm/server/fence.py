"""The second fence: PostgreSQL itself shows and takes only what a person may see and write.

Each transaction says for whom it is; one that does not say sees nothing. The database works out
the person's scopes by itself, so a fault in what the program asks for or allows lets nothing
through. SQLite has no such fence.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, event, text

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.rights.matrix import SEES_ALL_TEAMS, writers_of_shared
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.engine import Database
from deskcrm.store.migrate import known_revisions
from deskcrm.store.tables import record_models, shape_of

ROLE: Final = "deskcrm_server"
"""Owns nothing and cannot get round the fence; every connection of the server acts as it."""
CHANNEL: Final = "deskcrm_head"
READ: Final = "read"
WRITE: Final = "write"
_SERVER: Final = "server"
_PRIVATE: Final = ("account", "sign_in", "sign_in_attempt", "local_meta", "row_base")
"""What only the server itself may look at, never on behalf of a person."""
_SCOPED: Final = ("row_version", "scope_exit", "scope_sum", "change", "sync_segment")

_acting: ContextVar[tuple[str, str]] = ContextVar("acting", default=("", READ))


@contextmanager
def acting_for(user: UUID, mode: str) -> Iterator[None]:
    """Do everything within on behalf of a person, to read or to write."""
    token = _acting.set((str(user), mode))
    try:
        yield
    finally:
        _acting.reset(token)


def to_read(user: UUID) -> AbstractContextManager[None]:
    """Do everything within on behalf of a person, to read, also where they have just written."""
    return acting_for(user, READ)


@contextmanager
def as_server() -> Iterator[None]:
    """Do what is within as the server itself: sign people in, run its own commands."""
    token = _acting.set((_SERVER, WRITE))
    try:
        yield
    finally:
        _acting.reset(token)


def say_who(database: Database) -> None:
    """Make every transaction say for whom it is; nothing on SQLite."""
    if database.is_sqlite:
        return
    for engine in (database.writer, database.readers):
        event.listen(engine, "begin", _enter)


def step_down(database: Database) -> None:
    """Act as the role that owns nothing, on every connection from now on.

    Whoever connects as that role, or as another that the fence holds, is left as they are.
    """
    if database.is_sqlite:
        return
    for engine in (database.writer, database.readers):
        event.listen(engine, "connect", _step_down)
    with as_server(), database.readers.begin() as connection:
        check_is_held(connection)


def check_is_held(connection: Connection) -> None:
    """Refuse to serve over a connection that could look over the fence."""
    row = connection.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    ).scalar()
    if row:
        raise UserError(
            tr("The database user of the server is not bound by row-level security."),
            tr("Run “deskcrm admin migrate” as the owner of the database, then start again."),
        )


def _enter(connection: Connection) -> None:
    who, mode = _acting.get()
    if who in ("", _SERVER):
        connection.exec_driver_sql("SELECT set_config('deskcrm.acting', %s, true)", (who,))
    else:
        connection.exec_driver_sql("SELECT deskcrm_enter(%s::uuid, %s)", (who, mode))


def enter_again(connection: Connection) -> None:
    """Let the database work out anew what the person may see and write; nothing on SQLite."""
    if connection.dialect.name != "sqlite":
        _enter(connection)


def become(connection: Connection, user: UUID) -> None:
    """Do the rest of a transaction on behalf of a person, to read; nothing on SQLite."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("SELECT deskcrm_enter(%s::uuid, %s)", (str(user), READ))


def scopes_shown(connection: Connection, users: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Give the scopes that the database itself shows people; nobody is bound so on SQLite."""
    if connection.dialect.name == "sqlite":
        return {}
    rows = connection.exec_driver_sql(
        "SELECT who, deskcrm_scopes(who) FROM unnest(%s::uuid[]) AS who",
        ([str(user) for user in users],),
    )
    return {who: frozenset(scopes) for who, scopes in rows}


def _step_down(driver: Any, _record: Any) -> None:
    with driver.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s"
            " AND pg_has_role(current_user, oid, 'MEMBER'))",
            (ROLE,),
        )
        if cursor.fetchone()[0]:
            cursor.execute(f"SET ROLE {ROLE}")
    driver.commit()


def raise_fence(connection: Connection) -> None:
    """Build the fence, or build it anew where the program knows another one; by the owner."""
    if connection.dialect.name == "sqlite":
        return
    statements = _statements()
    # With the schema: tables that a migration added must be granted too.
    named = [*statements, known_revisions()[-1]]
    version = sha256("\n".join(named).encode()).hexdigest()
    if read_meta(connection, "fence") == version:
        return
    for statement in statements:
        connection.exec_driver_sql(statement)
    write_meta(connection, "fence", version)


def _statements() -> list[str]:
    return [_MAKE_ROLE, _SEEN, _ENTER, *_NOTIFY, *_on_tables(), *_grants()]


def _on_tables() -> list[str]:
    made: list[str] = []
    for table in _PRIVATE:
        made += _enable(table)
        made.append(f'CREATE POLICY fence_server ON "{table}" USING ({_IS_SERVER})')
    for table in _SCOPED:
        made += _fenced(table, "true")
    for model in record_models():
        table = shape_of(model).name
        made += _fenced(table, _may_write(table))
    return made


def _may_write(table: str) -> str:
    """Give the condition, beside the scope, for writing a row: the role, or that it is one's own.

    A person's own entry among the people is theirs to write, but not their role in it.
    """
    roles = ", ".join(f"'{role.value}'" for role in sorted(writers_of_shared(table)))
    wide = f"{_ROLE_NOW} IN ({roles})" if roles else "false"
    if table == "user":
        return f"({_NOW_ID} <> id AND {wide}) OR ({_NOW_ID} = id AND role = {_ROLE_NOW})"
    own = f"scope = {_NOW_ID}"
    if table in OF_PERSON:
        own = f"{own} OR {OF_PERSON[table]} = {_NOW_ID}"
    return f"{wide} OR {own}"


def _fenced(table: str, may_write: str) -> list[str]:
    written = f"{_IS_SERVER} OR ({_IS_WRITING} AND scope = ANY ({_SCOPES}) AND ({may_write}))"
    if table == "user":
        # Of the row as it was: the scope only, since its role may be another's to change.
        before = f"{_IS_SERVER} OR ({_IS_WRITING} AND scope = ANY ({_SCOPES}))"
    else:
        before = written
    return [
        *_enable(table),
        # What is written must be found first, wherever it is: it is not shown to anybody.
        (
            f'CREATE POLICY fence_read ON "{table}" FOR SELECT USING'
            f" ({_IS_SERVER} OR {_IS_WRITING} OR scope = ANY ({_SCOPES}))"
        ),
        f'CREATE POLICY fence_insert ON "{table}" FOR INSERT WITH CHECK ({written})',
        (
            f'CREATE POLICY fence_update ON "{table}" FOR UPDATE USING ({before})'
            f" WITH CHECK ({written})"
        ),
        f'CREATE POLICY fence_delete ON "{table}" FOR DELETE USING ({_IS_SERVER})',
    ]


def _enable(table: str) -> list[str]:
    names = ("fence_server", "fence_read", "fence_insert", "fence_update", "fence_delete")
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        *(f'DROP POLICY IF EXISTS {name} ON "{table}"' for name in names),
    ]


def _grants() -> list[str]:
    return [
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
        f"GRANT {ROLE} TO CURRENT_USER",
    ]


# In a subquery each of these is worked out once for a statement, not once for a row.
_IS_SERVER: Final = "(SELECT current_setting('deskcrm.acting', true)) = 'server'"
_IS_WRITING: Final = "(SELECT current_setting('deskcrm.acting', true)) = 'write'"
_SCOPES: Final = "(SELECT nullif(current_setting('deskcrm.scopes', true), '')::uuid[])::uuid[]"
_ROLE_NOW: Final = "(SELECT current_setting('deskcrm.role', true))"
_NOW_ID: Final = "(SELECT nullif(current_setting('deskcrm.user', true), '')::uuid)"

_MAKE_ROLE: Final = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

OF_PERSON: Final = {"absence": "user_id"}
"""Rows that everybody sees and only the person whom they are about writes; by which column."""
_ALL_TEAMS: Final = ", ".join(f"'{role.value}'" for role in sorted(SEES_ALL_TEAMS))
_SEEN: Final = f"""
CREATE OR REPLACE FUNCTION deskcrm_scopes(who uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  place text;
  scopes uuid[];
BEGIN
  SELECT role INTO place FROM public."user" WHERE id = who AND is_active AND NOT is_deleted;
  IF place IS NULL THEN
    RETURN '{{}}';
  ELSIF place IN ({_ALL_TEAMS}) THEN
    SELECT array_agg(id) INTO scopes FROM public.team;
  ELSE
    WITH RECURSIVE mine AS (
      SELECT t.id FROM public.team t JOIN public.team_member m ON m.team_id = t.id
        WHERE m.user_id = who AND NOT m.is_deleted AND NOT t.is_deleted
      UNION
      SELECT t.id FROM public.team t JOIN mine ON t.parent_id = mine.id WHERE NOT t.is_deleted
    ) SELECT array_agg(id) INTO scopes FROM mine;
  END IF;
  RETURN coalesce(scopes, '{{}}') || who || '{UUID(int=0)}'::uuid;
END $$
"""
_ENTER: Final = """
CREATE OR REPLACE FUNCTION deskcrm_enter(who uuid, mode text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  place text;
  scopes uuid[];
BEGIN
  PERFORM set_config('deskcrm.acting', 'server', true);
  SELECT role INTO place FROM public."user" WHERE id = who AND is_active AND NOT is_deleted;
  scopes := public.deskcrm_scopes(who);
  PERFORM set_config('deskcrm.scopes', scopes::text, true),
          set_config('deskcrm.role', coalesce(place, ''), true),
          set_config('deskcrm.user', who::text, true),
          set_config('deskcrm.acting', CASE WHEN mode = 'write' AND place IS NOT NULL
            AND place <> 'viewer' THEN 'write' ELSE 'read' END, true);
END $$
"""

_NOTIFY: Final = (
    f"""
CREATE OR REPLACE FUNCTION deskcrm_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq IS DISTINCT FROM OLD.seq THEN
    PERFORM pg_notify('{CHANNEL}', NEW.seq::text);
  END IF;
  RETURN NEW;
END $$
""",
    "DROP TRIGGER IF EXISTS deskcrm_tell ON sync_head",
    (
        "CREATE TRIGGER deskcrm_tell AFTER UPDATE ON sync_head"
        " FOR EACH ROW EXECUTE FUNCTION deskcrm_tell()"
    ),
)
