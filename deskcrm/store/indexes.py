"""Indexes of some rows only, in the words of both databases."""

from typing import Any, Final

from sqlalchemy import Column, Index, TextClause, text

_ON_POSTGRES: Final[list[tuple[Index, TextClause]]] = []


def index_where(name: str, *columns: str | Column[Any], where: str, postgres: str = "") -> Index:
    """Declare an index of some rows; ``postgres`` where its booleans need other words.

    Those are kept aside until a server's database is opened: SQLAlchemy imports the whole dialect
    to check the name ``postgresql_where``, 40 ms of every start.
    """
    made = Index(name, *columns, sqlite_where=text(where))
    _ON_POSTGRES.append((made, text(postgres or where)))
    return made


def ready_for_postgres() -> None:
    """Say of each index of some rows, in PostgreSQL's words, which ones; twice is harmless."""
    for index, where in _ON_POSTGRES:
        index.dialect_kwargs["postgresql_where"] = where
