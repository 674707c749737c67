"""What each side remembers of the other."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from deskcrm.store.tables import Base
from deskcrm.store.types import Id, Instant

# The server's.

device_table: Final = Table(
    "device",
    Base.metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("last_no", BigInteger, nullable=False),
    # Up to here the device has heard what became of its steps.
    Column("floor", BigInteger, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
)
result_table: Final = Table(
    "push_result",
    Base.metadata,
    Column("device", Id, primary_key=True),
    Column("no", BigInteger, primary_key=True),
    Column("status", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("detail", Text, nullable=False),
    # Of the step: the same number with another content comes from a copy of the device.
    Column("digest", LargeBinary, nullable=False),
)

part_table: Final = Table(
    "push_part",
    Base.metadata,
    # Of one step at a time: the next one of the device.
    Column("device", Id, primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("no", BigInteger, nullable=False),
    # Of all ops of the step.
    Column("digest", LargeBinary, nullable=False),
    Column("ops", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

# The workstation's.

cursor_table: Final = Table(
    "sync_cursor",
    Base.metadata,
    Column("scope", Id, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
sent_table: Final = Table(
    "contents_sent",
    Base.metadata,
    # Contents that the server is known to have.
    Column("sha256", Text, primary_key=True),
)
base_table: Final = Table(
    "row_base",
    Base.metadata,
    # A row as the server last said it, where own edits lie on it and it does not tell.
    Column("table_name", Text, primary_key=True),
    Column("row_id", Id, primary_key=True),
    Column("scope", Id, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
)

# The server's again: what fresh workstations begin with. Kept in the database, so that every
# process of the server has all of them.

segment_table: Final = Table(
    "sync_segment",
    Base.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("scope", Id, nullable=False, index=True),
    # Empty for a piece of the history.
    Column("table_name", Text, nullable=False),
    Column("schema", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("built_at", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
