"""What a query is given: one consistent view of the database that cannot be written through."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import Connection, Executable, Row, Select

from deskcrm.base.clock import Clock

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Reader:
    """A view of the database as of one moment; every answer within a query agrees."""

    def __init__(self, connection: Connection, *, actor: UUID, device: UUID, clock: Clock) -> None:
        self.connection = connection
        self.actor = actor
        """The id of the signed-in user."""
        self.device = device
        self.now: datetime = clock()

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is the workstation's file rather than the server."""
        return self.connection.dialect.name == "sqlite"

    def all(self, statement: "Select[*Ts]") -> "Sequence[Row[*Ts]]":
        """Give every row."""
        return self.connection.execute(statement).all()

    def first(self, statement: "Select[*Ts]") -> "Row[*Ts] | None":
        """Give the first row, or None."""
        return self.connection.execute(statement).first()

    def scalar(self, statement: "Select[T]") -> T | None:
        """Give the first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    def scalars(self, statement: "Select[T]") -> Sequence[T]:
        """Give the first column of every row."""
        return self.connection.execute(statement).scalars().all()

    def execute(self, statement: Executable, parameters: Any = None) -> Any:
        """Run any statement; the connection refuses one that writes."""
        return self.connection.execute(statement, parameters)
