"""Work: interactions, attachments, tickets, tasks, promises, and what is derived from them."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _record() -> tuple[sa.Column[object], ...]:
    """Give the columns that every record has."""
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )


_UNSETTLED = "state NOT IN ('resolved', 'closed')"
_PUBLIC = "kind <> 'internal_note'"
_WORD = "kind = 'client_word'"
_OPEN = "state = 'open'"
_CONTACT = "direction <> 'none' AND outcome <> 'wrong_number'"
_HEARD = f"{_CONTACT} AND (direction = 'incoming' OR outcome = 'reached')"


def _index(table: str, name: str, columns: str, only: str = "", *, living: bool = False) -> None:
    """Make an index, of the living rows only or of those that a condition holds for."""
    sqlite = " AND ".join(filter(None, ("is_deleted = 0" if living else "", only)))
    postgres = " AND ".join(filter(None, ("NOT is_deleted" if living else "", only)))
    where = {"sqlite_where": sa.text(sqlite), "postgresql_where": sa.text(postgres)}
    op.create_index(f"ix_{table}_{name}", table, columns.split(), **(where if sqlite else {}))


def upgrade() -> None:
    """Make the tables of work."""
    _tickets()
    _tasks()
    _interactions()
    _promises()
    _attachments()
    _summary()


def _tickets() -> None:
    op.create_table(
        "ticket",
        *_record(),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner_id", Id(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", Id(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
    )
    _index("ticket", "client_id_opened_at", "client_id opened_at")
    _index("ticket", "living_by_arrival", "opened_at id", living=True)
    _index("ticket", "living_by_priority", "priority opened_at id", living=True)
    _index("ticket", "number", "number")
    _index("ticket", "open_by_arrival", "opened_at id state", _UNSETTLED, living=True)
    _index("ticket", "open_by_client", "client_id opened_at state", _UNSETTLED, living=True)
    _index("ticket", "open_by_owner", "owner_id opened_at id state", _UNSETTLED, living=True)
    _index("ticket", "open_by_priority", "priority opened_at id state", _UNSETTLED, living=True)
    op.create_table(
        "ticket_message",
        *_record(),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("author_id", Id(), nullable=True),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_message"),
    )
    _index("ticket_message", "public", "client_id sent_at", _PUBLIC, living=True)
    _index("ticket_message", "heard", "client_id sent_at", _WORD, living=True)
    _index("ticket_message", "ticket_id_sent_at", "ticket_id sent_at")
    op.create_table(
        "ticket_transition",
        *_record(),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("is_reopening", sa.Boolean(), nullable=False),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("changed_by", Id(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_transition"),
    )
    _index("ticket_transition", "client_id_happened_at", "client_id happened_at")
    _index("ticket_transition", "ticket_id_happened_at", "ticket_id happened_at")
    op.create_table(
        "ticket_standing",
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("first_reply_at", Instant(), nullable=True),
        sa.Column("last_reply_at", Instant(), nullable=True),
        sa.Column("last_client_at", Instant(), nullable=True),
        sa.Column("waiting_since", Instant(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_standing"),
        sqlite_with_rowid=False,
    )
    _index("ticket_standing", "waiting_since_ticket_id", "waiting_since ticket_id")
    op.create_table(
        "number_block",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_number_block"),
    )


def _tasks() -> None:
    op.create_table(
        "task",
        *_record(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("client_id", Id(), nullable=True),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("remind_at", Instant(), nullable=True),
        sa.Column("assignee_id", Id(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("done_by", Id(), nullable=True),
        sa.Column("snoozed_until", Instant(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("interaction_id", Id(), nullable=True),
        sa.Column("follows_id", Id(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    _index("task", "client_id_done_at", "client_id done_at")
    _index("task", "follows_id", "follows_id", "follows_id IS NOT NULL")
    _index("task", "interaction_id", "interaction_id", "interaction_id IS NOT NULL")
    _index("task", "living_by_due", "due_on id", living=True)
    _index("task", "open_by_assignee", "assignee_id due_on id", _OPEN, living=True)
    _index("task", "open_by_client", "client_id due_on", _OPEN, living=True)
    _index("task", "open_by_due", "due_on id", _OPEN, living=True)
    _index("task", "open_by_priority", "priority due_on id", _OPEN, living=True)
    _index("task", "reminder", "remind_at", f"{_OPEN} AND remind_at IS NOT NULL", living=True)
    op.create_table(
        "postponement",
        *_record(),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("postponed_by", Id(), nullable=False),
        sa.Column("postponed_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_postponement"),
    )
    _index("postponement", "client_id", "client_id")
    _index("postponement", "task_id", "task_id")


def _interactions() -> None:
    op.create_table(
        "interaction",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("duration_seconds", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("logged_by", Id(), nullable=False),
        sa.Column("corrected_at", Instant(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interaction"),
    )
    _index("interaction", "contact", "client_id started_at", _CONTACT, living=True)
    _index("interaction", "contact_id", "contact_id", "contact_id IS NOT NULL")
    _index("interaction", "heard", "client_id started_at", _HEARD, living=True)
    _index("interaction", "ticket_id", "ticket_id", "ticket_id IS NOT NULL")
    _index("interaction", "timeline", "client_id started_at channel", living=True)
    op.create_table(
        "participant",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("interaction_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("user_id", Id(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
    )
    _index("participant", "interaction_id", "interaction_id")
    op.create_table(
        "revision",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("interaction_id", Id(), nullable=False),
        sa.Column("corrected_by", Id(), nullable=False),
        sa.Column("corrected_at", Instant(), nullable=False),
        sa.Column("former_text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    _index("revision", "interaction_id", "interaction_id")
    op.create_table(
        "client_visit",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_client_visit"),
    )


def _promises() -> None:
    op.create_table(
        "promise",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_by", Id(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("interaction_id", Id(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("replaces_id", Id(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
    )
    _index("promise", "client_id_made_at", "client_id made_at")
    _index("promise", "client_id_settled_at", "client_id settled_at")
    _index("promise", "interaction_id", "interaction_id")
    _index("promise", "open_by_client", "client_id due_on", _OPEN, living=True)
    _index("promise", "open_by_due", "due_on id", _OPEN, living=True)
    _index("promise", "open_by_maker", "made_by due_on", _OPEN, living=True)


def _attachments() -> None:
    op.create_table(
        "attachment",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("interaction_id", Id(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    _index("attachment", "client_id", "client_id")
    _index("attachment", "interaction_id", "interaction_id", "interaction_id IS NOT NULL")
    _index("attachment", "sha256", "sha256")
    _index("attachment", "ticket_id", "ticket_id", "ticket_id IS NOT NULL")
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("unused_since", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )
    op.create_table(
        "blob_chunk",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "position", name="pk_blob_chunk"),
    )


def _summary() -> None:
    op.create_table(
        "client_summary",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("last_contact_at", Instant(), nullable=True),
        sa.Column("last_contact_by", Id(), nullable=True),
        sa.Column("last_contact_id", Id(), nullable=True),
        sa.Column("last_contact_table", sa.Text(), nullable=True),
        sa.Column("last_contact_channel", sa.Text(), nullable=True),
        sa.Column("last_two_way_at", Instant(), nullable=True),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("open_tickets", sa.Integer(), nullable=False),
        sa.Column("oldest_open_ticket_at", Instant(), nullable=True),
        sa.Column("open_tasks", sa.Integer(), nullable=False),
        sa.Column("next_task_due", sa.Date(), nullable=True),
        sa.Column("open_promises", sa.Integer(), nullable=False),
        sa.Column("next_promise_due", sa.Date(), nullable=True),
        sa.Column("renewal_decision_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name="pk_client_summary"),
        sqlite_with_rowid=False,
    )
    _index("client_summary", "last_contact_at_client_id", "last_contact_at client_id")
    _index("client_summary", "last_two_way_at_client_id", "last_two_way_at client_id")
    _index("client_summary", "next_promise_due_client_id", "next_promise_due client_id")
    _index("client_summary", "next_task_due_client_id", "next_task_due client_id")
    _index("client_summary", "open_tickets_client_id", "open_tickets client_id")
    _index("client_summary", "renewal_decision_on_client_id", "renewal_decision_on client_id")
