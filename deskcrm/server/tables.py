"""Who may sign in, and who is signed in: the server's own tables, which never travel."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text

from deskcrm.store.tables import Base
from deskcrm.store.types import Id, Instant

account_table: Final = Table(
    "account",
    Base.metadata,
    Column("user_id", Id, primary_key=True),
    # Folded: what is typed with capitals is the same login.
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("disabled_at", Instant, nullable=True),
)
sign_in_table: Final = Table(
    "sign_in",
    Base.metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("device", Id, nullable=False),
    # SHA-256 of tokens that are 32 random bytes: nothing else is kept of them.
    Column("access_hash", LargeBinary, nullable=False),
    Column("access_until", Instant, nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
    Column("former_hash", LargeBinary, nullable=True),
    Column("rotated_at", Instant, nullable=False),
    # The former token was answered once more, since its answer was lost: not a second time.
    Column("was_repeated", Boolean, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
)
Index("ix_sign_in_access_hash", sign_in_table.c.access_hash)
Index("ix_sign_in_device", sign_in_table.c.device)
attempt_table: Final = Table(
    "sign_in_attempt",
    Base.metadata,
    # A fingerprint of the login, or of the address.
    Column("key", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("count", BigInteger, nullable=False),
)
