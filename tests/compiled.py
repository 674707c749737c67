"""Compiles each statement once in a process, not once for each database that a test opens.

SQLAlchemy keeps what it compiled by the dialect *object*, and each engine has one of its own: of
the time of all tests a fifth went into compiling the same statements again, and the memory of a
worker grew by all that was kept. Here two dialects of one class are one to these caches, and all
engines share one cache. The SQL that is sent is the same.
"""

import sys
from typing import Any, Final

import sqlalchemy
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_SIZE: Final = 4000
_compiled: Final[LRUCache[Any, Any]] = LRUCache(_SIZE)


def _hash(one: object) -> int:
    return hash(type(one))


def _are_alike(one: object, other: object) -> bool:
    return type(one) is type(other)


def share() -> None:
    """Let every engine that is made from now on share what is compiled."""
    assert "deskcrm.store.engine" not in sys.modules, "it has the other create_engine already"
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        setattr(dialect, "__hash__", _hash)  # noqa: B010 - a class that is not ours
        setattr(dialect, "__eq__", _are_alike)  # noqa: B010
    create_engine = sqlalchemy.create_engine

    def sharing(*arguments: Any, **options: Any) -> sqlalchemy.Engine:
        engine: sqlalchemy.Engine = create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=_compiled)
        return engine

    setattr(sqlalchemy, "create_engine", sharing)  # noqa: B010


share()
