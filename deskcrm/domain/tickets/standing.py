"""Where each ticket stands, worked out from its thread: who spoke last, and who waits for whom."""

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from deskcrm.store.tables import Base
from deskcrm.store.types import Id, Instant

ticket_standing: Final = Table(
    "ticket_standing",
    Base.metadata,
    Column("ticket_id", Id, primary_key=True),
    # The first public word of ours: the first response. Never kept in the ticket, where two
    # people's offline replies could disagree with the thread.
    Column("first_reply_at", Instant, nullable=True),
    Column("last_reply_at", Instant, nullable=True),
    Column("last_client_at", Instant, nullable=True),
    # The client's oldest word that has no public reply yet; null when we spoke last.
    Column("waiting_since", Instant, nullable=True),
    Column("messages", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index(None, ticket_standing.c.waiting_since, ticket_standing.c.ticket_id)
