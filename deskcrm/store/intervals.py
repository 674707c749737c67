"""Arithmetic with moments in SQL, in the words of both databases."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, literal, type_coerce

from deskcrm.store.types import Instant

_DAY: Final = 24 * 60 * 60 * 1_000


def days_after(
    connection: Connection, moment: ColumnElement[Any], days: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Give the moment so many days of 24 hours after another."""
    if connection.dialect.name == "sqlite":
        return type_coerce(type_coerce(moment, BigInteger()) + days * _DAY, Instant())
    # 30 ms to import, for nothing where there is no server.
    from sqlalchemy.dialects.postgresql import INTERVAL

    span = cast(days, BigInteger()) * literal(timedelta(days=1), INTERVAL)
    return type_coerce(moment + span, Instant())
