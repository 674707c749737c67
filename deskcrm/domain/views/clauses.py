"""Clauses that lists of work share: columns compared as their fields ask, clients still there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, not_, or_, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.days import day_of
from deskcrm.domain.views.filters import Condition, Filter, FilterField, check_filter
from deskcrm.domain.views.sql import (
    choice_clause,
    date_clause,
    read_person,
    start_of_day,
    text_clause,
)
from deskcrm.store.reader import Reader

Clause = Callable[[Reader, Condition], ColumnElement[bool]]
Fields = Mapping[str, tuple[FilterField, Clause]]

_HIDDEN: Final = select(Client.id).where(Client.is_deleted)


def keyed(fields: Iterable[tuple[FilterField, Clause]]) -> dict[str, tuple[FilterField, Clause]]:
    """Put fields under their keys."""
    return {field.key: (field, clause) for field, clause in fields}


def check_of(clause: ColumnElement[bool]) -> Clause:
    """Compare a yes or no."""
    return lambda _db, condition: clause if condition.value else not_(clause)


def choice_of(column: Any, choices: Callable[[str], Any]) -> Clause:
    """Compare a column that holds one of several."""
    return lambda _db, condition: choice_clause(column, condition, choices)


def person_of(column: Any) -> Clause:
    """Compare a column that holds a person; "me" is whoever looks."""
    return lambda db, condition: choice_clause(column, condition, read_person(db.actor))


def text_of(column: Any) -> Clause:
    """Compare a column of words."""
    return lambda _db, condition: text_clause(column, condition)


def day_in(column: Any) -> Clause:
    """Compare a column of days."""
    return lambda db, condition: date_clause(column, condition, today=day_of(db.now))


def moment_in(column: Any) -> Clause:
    """Compare a column of moments by the day they fall on."""
    return lambda db, condition: date_clause(
        column, condition, today=day_of(db.now), at=start_of_day
    )


def clauses_of(db: Reader, asked: Filter, fields: Fields) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions; raises UserError when it cannot be answered."""
    check_filter(asked, {key: field for key, (field, _) in fields.items()})
    return [fields[one.field][1](db, one) for one in asked.conditions]


def with_its_client(
    db: Reader, client_id: Any, *, or_none: bool = False
) -> list[ColumnElement[bool]]:
    """Leave out what belongs to a deleted client, if there is one: it costs a look-up each."""
    if db.first(_HIDDEN.limit(1)) is None:
        return []
    clause = client_id.not_in(_HIDDEN)
    return [or_(client_id.is_(None), clause) if or_none else clause]
