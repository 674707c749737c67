"""What a table is: records that leave a log, rows of this device only, and the log itself."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, ClassVar, Final, NewType
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    TypeResolve,
    mapped_column,
)

from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.store.indexes import index_where
from deskcrm.store.types import (
    Encoder,
    EnumText,
    Id,
    Instant,
    Json,
    Merge,
    decoder,
    encoder,
    merges,
)

WORKSPACE: Final = UUID(int=0)
"""The scope that everybody in the workspace sees."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(MappedAsDataclass, DeclarativeBase, eq=False):
    """Root of all mapped tables; compares by identity, as rows of a session must."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Id,
        datetime: Instant,
        date: Date,
        str: Text,
        int: BigInteger,
        dict[str, Any]: Json(),
        list[str]: Json(),
    }


@event.listens_for(Base, "resolve_type_annotation")
def _resolve(asked: TypeResolve) -> Any:
    """Map an id of its own type to the type of ids, and every StrEnum to its text."""
    wanted = asked.resolved_type
    if isinstance(wanted, NewType):
        return Base.type_annotation_map[wanted.__supertype__]
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return EnumText(wanted)
    return None


class Record(Base, kw_only=True):
    """A row that is recorded: every write to it leaves a Change, so it has history, undo and sync.

    ``__subject__`` names the column that holds the record whose story this row belongs to (a
    contact belongs to its client's); without it the row is its own subject. ``__title__`` names
    the column that stands for the row in a sentence; one that refers to another row stands by the
    title of that.
    """

    __abstract__ = True
    __subject__: ClassVar[str | None] = None
    __title__: ClassVar[str | None] = None
    __is_silent__: ClassVar[bool] = False
    """Whether history says nothing of the rows: another change of the same step tells it."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    scope: Mapped[UUID] = mapped_column(default=WORKSPACE)
    """Who may see the row: the workspace, a team, a person. WORKSPACE means "as its subject"."""
    seq: Mapped[int] = mapped_column(default=0, init=False)
    """The server's number for the version this row was confirmed at; 0 = never confirmed."""
    created_at: Mapped[datetime] = mapped_column(default_factory=clock.now, init=False)
    is_deleted: Mapped[bool] = mapped_column(default=False, init=False, info=merges(Merge.STATE))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID | None:
        """Give the id of a row with these values, where ids are worked out; None: it is drawn."""
        return None


class Local(Base, kw_only=True):
    """A row of this device only: not logged, not undone, not synced (a draft, a window's state)."""

    __abstract__ = True


# The log. Core tables, not mapped classes: they are written by the thousand.

step_table = Table(
    "step",
    Base.metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("device", Id, nullable=False),
    # Numbered per device without gaps: the server takes them in this order and no other.
    Column("no", BigInteger, nullable=False),
    # do, undo, redo; final = a do that stays; round and final_round = what no person did.
    Column("kind", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("actor", Id, nullable=False),
    Column("at", Instant, nullable=False),  # the device's clock
    Column("epoch", BigInteger, nullable=False, default=0),
    # On a workstation: waiting, acknowledged (the server has it), settled (and its rows have come
    # back), refused, arrived (another device's). On the server: applied.
    Column("state", Text, nullable=False, default="waiting"),
    Column("undoes", BigInteger, nullable=True),
    Column("undone_by", BigInteger, nullable=True),
    # The server's answer: its number for the step, the moment it counts for, why it was refused.
    Column("seq", BigInteger, nullable=True),
    Column("effective_at", Instant, nullable=True),
    Column("refusal", Text, nullable=True),
    UniqueConstraint("device", "no"),
)
Index("ix_step_waiting", step_table.c.state, step_table.c.no)

change_table = Table(
    "change",
    Base.metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("step", BigInteger, nullable=False, index=True),
    Column("table_name", Text, nullable=False),
    Column("row_id", Id, nullable=False, index=True),
    Column("subject", Id, nullable=False),
    Column("kind", Text, nullable=False),  # create, set, delete, undelete, erase
    # Changed columns only, as JSON text; null for what does not exist on that side.
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    # The confirmed seq of the row that the person saw; see Record.seq.
    Column("base", BigInteger, nullable=False),
    # JSON {field: [epoch, seq]} where a field's base is older than the row's: a waiting edit hid
    # what had arrived.
    Column("bases", Text, nullable=True),
    # On the server: who may see it, and its number.
    Column("scope", Id, nullable=True),
    Column("seq", BigInteger, nullable=True),
)
Index("ix_change_subject", change_table.c.subject, change_table.c.step)
index_where("ix_change_erased", change_table.c.seq, where="kind = 'erase'")
index_where("ix_change_of_row", change_table.c.step, where="kind <> 'create'")
index_where("ix_change_scope", change_table.c.scope, change_table.c.seq, where="seq IS NOT NULL")

# A workstation's: rows that are not as the server has them, and are asked for by name.
wanted_table = Table(
    "sync_wanted",
    Base.metadata,
    Column("table_name", Text, primary_key=True),
    Column("row_id", Id, primary_key=True),
)

local_meta = Table(
    "local_meta",
    Base.metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# Columns that the log does not carry: the id stands beside the change, seq is the server's.
UNLOGGED: Final = frozenset({"id", "seq", "is_deleted"})


class Shape:
    """What the log needs to know of one record table, worked out once."""

    def __init__(self, model: type[Record]) -> None:
        self.model = model
        self.table: Table = model.__table__  # type: ignore[assignment]  # a FromClause by its stub
        # The driver looks at each value of another class, such as a name that knows of quotes.
        self.name = str(model.__tablename__)
        logged = [column for column in self.table.columns if column.key not in UNLOGGED]
        self.columns: dict[str, Column[Any]] = {column.key: column for column in logged}
        self.encode: dict[str, Encoder] = {c.key: encoder(c.type) for c in logged}
        self.decode: dict[str, Encoder] = {c.key: decoder(c.type) for c in logged}
        self.subject = model.__subject__
        self.rules: dict[str, Merge] = {c.key: c.info.get("merge", Merge.REGISTER) for c in logged}
        self.signatures = [c.key for c in logged if c.info.get("is_signature")]
        """The columns that say who wrote the row."""
        self.counts = {key for key, rule in self.rules.items() if rule is Merge.COUNT}
        self.fields: dict[str, str] = {c.key: c.info.get("group") or c.key for c in logged}
        """The name under which a column's version is kept: its group's, or its own."""

    def to_json(self, values: dict[str, Any]) -> dict[str, Any]:
        """Turn column values into what JSON can hold."""
        encode = self.encode
        return {key: None if v is None else encode[key](v) for key, v in values.items()}

    def from_json(self, values: dict[str, Any]) -> dict[str, Any]:
        """Turn logged values back into column values; columns that are gone are left out."""
        decode = self.decode
        return {
            key: None if v is None else decode[key](v) for key, v in values.items() if key in decode
        }


@cache
def shape_of(model: type[Record]) -> Shape:
    """Give the shape of a record's table."""
    return Shape(model)


def shape_named(table_name: str) -> Shape:
    """Give the shape of the record table with that name; KeyError when there is none."""
    known = _shapes.get(table_name)
    return _shapes_by_name()[table_name] if known is None else known


def record_models() -> tuple[type[Record], ...]:
    """List every mapped record class, by table name."""
    return _models_of(len(Base.metadata.tables))


@lru_cache(maxsize=1)
def _models_of(_tables: int) -> tuple[type[Record], ...]:
    """List them while no table is added: it grows while features are imported."""
    models = [mapper.class_ for mapper in Base.registry.mappers]
    records = [model for model in models if issubclass(model, Record)]
    return tuple(sorted(records, key=lambda model: str(model.__tablename__)))


def _shapes_by_name() -> dict[str, Shape]:
    # Grows while features are imported; once they all are it is a plain look-up.
    models = record_models() if len(_shapes) != len(record_models()) else ()
    _shapes.update({str(model.__tablename__): shape_of(model) for model in models})
    return _shapes


_shapes: dict[str, Shape] = {}
