"""The table of summaries: one derived row for each living client, for lists to sort and count."""

from typing import Final

from sqlalchemy import Column, Date, Index, Integer, Table, Text

from deskcrm.domain.interactions.channels import Channel
from deskcrm.store.tables import Base
from deskcrm.store.types import EnumText, Id, Instant

client_summary: Final = Table(
    "client_summary",
    Base.metadata,
    Column("client_id", Id, primary_key=True),
    # When was the last contact, with whom of ours, and which item was it: one and the same.
    Column("last_contact_at", Instant, nullable=True),
    Column("last_contact_by", Id, nullable=True),
    Column("last_contact_id", Id, nullable=True),
    Column("last_contact_table", Text, nullable=True),  # interaction, ticket_message
    Column("last_contact_channel", EnumText(Channel), nullable=True),
    # When the client was last heard, and how often we turned to them since without an answer.
    Column("last_two_way_at", Instant, nullable=True),
    Column("unanswered", Integer, nullable=False),
    Column("open_tickets", Integer, nullable=False),
    Column("oldest_open_ticket_at", Instant, nullable=True),
    Column("open_tasks", Integer, nullable=False),
    Column("next_task_due", Date, nullable=True),
    Column("open_promises", Integer, nullable=False),
    Column("next_promise_due", Date, nullable=True),
    Column("renewal_decision_on", Date, nullable=True),
    # The client's own key is what a list joins on, so let it be what the rows are stored by.
    sqlite_with_rowid=False,
)

for _sortable in (
    "last_contact_at",
    "last_two_way_at",
    "open_tickets",
    "next_task_due",
    "next_promise_due",
    "renewal_decision_on",
):
    Index(None, client_summary.c[_sortable], client_summary.c.client_id)
