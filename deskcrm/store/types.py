"""Column types that hold on SQLite and PostgreSQL alike, and how each column merges."""

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Date, DateTime, LargeBinary, Text, Uuid, types
from sqlalchemy.engine import Dialect

from deskcrm.base.ids import id_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Id(types.TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, ``uuid`` on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return value if value is None or dialect.name == "postgresql" else id_of(value)


class Instant(types.TypeDecorator[datetime]):
    """A moment: Unix milliseconds on SQLite, ``timestamptz`` on PostgreSQL; aware UTC in Python."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value if dialect.name == "postgresql" else to_milliseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else from_milliseconds(value)


class EnumText(types.TypeDecorator[enum.StrEnum]):
    """A StrEnum kept as its text: a new member needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[enum.StrEnum]) -> None:
        super().__init__()
        self.members = members
        # A look-up takes a third of what the class itself needs.
        self._known = {member.value: member for member in members}

    def process_bind_param(self, value: enum.StrEnum | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.value if type(value) is self.members else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> enum.StrEnum | None:
        if value is None:
            return None
        known = self._known.get(value)
        return self.members(value) if known is None else known


class Json(types.TypeDecorator[Any]):
    """Small structured values; assign a new value, never change one in place."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            # 30 ms to import, for nothing where there is no server.
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Let a path into the value be what it is, not JSON itself."""
        return self.impl_instance.coerce_compared_value(op, value)


def blob(value: UUID) -> bytearray:
    """Give the 16 bytes of an id for SQLite's driver: where an id is written by the thousand.

    The driver looks for an adapter of each ``bytes``, which takes longer than all the rest.
    """
    return bytearray(value.int.to_bytes(16, "big"))


def to_milliseconds(moment: datetime) -> int:
    """Turn an aware moment into Unix milliseconds, exactly."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """Turn Unix milliseconds into an aware moment in UTC."""
    return _EPOCH + value * _MILLISECOND


class Merge(enum.StrEnum):
    """What happens when two people changed one column without having seen each other."""

    REGISTER = "register"
    """The later one wins; the other value goes to the conflict inbox."""
    TEXT = "text"
    """Merged word by word; what overlaps keeps both."""
    COUNT = "count"
    """A number that travels as a difference."""
    STATE = "state"
    """The domain's rule decides."""
    EARLIER = "earlier"
    """The earlier moment or day wins."""
    FINAL = "final"
    """Written once; never conflicts."""


def merges(rule: Merge, *, group: str | None = None) -> dict[str, Any]:
    """Declare how a column merges; columns of one ``group`` travel and win together."""
    return {"merge": rule, "group": group}


def refers(table: str, rule: Merge = Merge.REGISTER) -> dict[str, Any]:
    """Declare that a column holds the id of a row in ``table``, so that history can name it."""
    return {"merge": rule, "group": None, "refers": table}


def signs(rule: Merge = Merge.FINAL) -> dict[str, Any]:
    """Declare that a column says which person wrote the row: a server takes nobody else's name."""
    return {**refers("user", rule), "is_signature": True}


def follows(group: str) -> dict[str, Any]:
    """Declare that a column is worked out from the others of its group: history is silent of it."""
    return {"merge": Merge.REGISTER, "group": group, "is_silent": True}


Encoder = Callable[[Any], Any]


def encoder(column_type: types.TypeEngine[Any]) -> Encoder:
    """Give the function that turns a value of the column into what JSON can hold."""
    if isinstance(column_type, Id):
        return lambda value: value.hex
    if isinstance(column_type, Instant):
        return to_milliseconds
    if isinstance(column_type, EnumText):
        return lambda value: value.value
    if isinstance(column_type, Date):
        return date.isoformat
    return lambda value: value


def decoder(column_type: types.TypeEngine[Any]) -> Encoder:
    """Give the inverse of :func:`encoder`."""
    if isinstance(column_type, Id):
        return lambda value: UUID(hex=value)
    if isinstance(column_type, Instant):
        return from_milliseconds
    if isinstance(column_type, EnumText):
        return column_type.members
    if isinstance(column_type, Date):
        return date.fromisoformat
    return lambda value: value
