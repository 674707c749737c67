"""The form of an archive of everything: a zip with a file of JSON lines for each kind of record.

``manifest.json`` says what there is; ``records/TABLE.jsonl`` holds a record in each line, every
column under its own name, ids and days and moments as ISO writes them; ``contents/SHA256`` is what
was attached. ``docs/exports.md`` describes it for whoever reads one without DeskCRM.
"""

import re
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Date, Float

from deskcrm.store.tables import Record, record_models, shape_of
from deskcrm.store.types import EnumText, Id, Instant, Json

FORMAT: Final = "deskcrm-archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
RECORDS: Final = "records/"
CONTENTS: Final = "contents/"
KNOWN_NAME: Final = re.compile(
    rf"{re.escape(MANIFEST)}|{RECORDS}[a-z_]+\.jsonl|{CONTENTS}[0-9a-f]{{64}}"
)
"""What a file in an archive can be called; nothing that is called otherwise is looked at."""
NOT_TAKEN_OUT: Final = frozenset({"seq"})
"""The server's number means nothing in another workspace."""
_WIDEST: Final = 2**63


class TableEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of one file of records."""

    name: str
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself."""

    format: str
    version: int
    schema: str
    """The revision of the database that it came from."""
    program: str
    made_at: datetime
    made_by: UUID
    tables: tuple[TableEntry, ...]
    contents: int
    """How many files lie in it that were attached."""
    missing: int
    """How many were not on the device."""
    left_out: int
    """How many records were not for whoever made it to see."""


def models() -> list[type[Record]]:
    """List the records of the domain, by table: all that an archive holds."""
    return [model for model in record_models() if model.__module__.startswith("deskcrm.domain.")]


def columns_of(model: type[Record]) -> list[Column[Any]]:
    """List the columns of a record that an archive holds."""
    return [one for one in shape_of(model).table.columns if one.key not in NOT_TAKEN_OUT]


@cache
def line_type(model: type[Record]) -> type[msgspec.Struct]:
    """Give the form of a line of a record's file: all columns and no others, each of its type."""
    fields = [(column.key, _type_of(column)) for column in columns_of(model)]
    return msgspec.defstruct(f"{model.__name__}Line", fields, forbid_unknown_fields=True)


def _type_of(column: Column[Any]) -> Any:
    kind = column.type
    found: Any = str
    if isinstance(kind, Json):
        found = dict[str, Any] | list[Any]
    elif isinstance(kind, Id):
        found = UUID
    elif isinstance(kind, Instant):
        found = Annotated[datetime, msgspec.Meta(tz=True)]
    elif isinstance(kind, EnumText):
        found = kind.members
    elif isinstance(kind, Date):
        found = date
    elif isinstance(kind, Boolean):
        found = bool
    elif isinstance(kind, BigInteger):
        found = Annotated[int, msgspec.Meta(ge=-_WIDEST, le=_WIDEST - 1)]
    elif isinstance(kind, Float):
        found = float
    return found | None if column.nullable else found
