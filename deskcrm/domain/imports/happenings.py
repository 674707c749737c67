"""Writes what happened with clients: interactions, tickets and contracts of a plan."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.imports.events import contract_values, subject_of
from deskcrm.domain.imports.fields import ImportField, Target
from deskcrm.domain.imports.plan import Fate, Plan, RowPlan
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Interaction, Outcome
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    Ticket,
    TicketKind,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.numbers import take_numbers
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

F = ImportField
Values = dict[str, Any]
_AT_ONCE: Final = 5_000


def write_happenings(work: Work, plan: Plan, job: Job) -> None:
    """Write the rows that are new, and change the contracts that are to be changed."""
    new = [row for row in plan.rows if row.fate is Fate.NEW]
    done = 0
    for some in in_chunks(new, _AT_ONCE):
        job.progress(done, len(new), tr("Writing"))
        match plan.wish.target:
            case Target.INTERACTIONS:
                work.insert_many(Interaction, (_interaction(work, row) for row in some))
            case Target.TICKETS:
                _write_tickets(work, some)
            case _:
                work.insert_many(Contract, (_contract(row) for row in some))
        done += len(some)
    for row in plan.rows:
        if row.fate is Fate.CHANGED:
            _change_contract(work, row)


def _interaction(work: Work, plan: RowPlan) -> Values:
    row = plan.row
    assert row is not None
    values = row.values
    channel = values.get(F.CHANNEL, Channel.NOTE)
    outcome = values.get(F.OUTCOME, Outcome.UNKNOWN)
    if channel.is_face_to_face and outcome is Outcome.UNKNOWN:
        outcome = Outcome.REACHED
    is_note = channel is Channel.NOTE
    return {
        "id": plan.of,
        "client_id": plan.client,
        "contact_id": plan.contact,
        "channel": channel,
        "direction": Direction.NONE if is_note else values.get(F.DIRECTION, Direction.INCOMING),
        "outcome": outcome,
        "started_at": values[F.STARTED_AT],
        "duration_seconds": values.get(F.MINUTES, 0) * 60,
        "subject": one_line(values.get(F.SUBJECT, "")),
        "text": values.get(F.TEXT, "").strip(),
        "sentiment": values.get(F.SENTIMENT),
        "logged_by": work.actor,
    }


def _write_tickets(work: Work, rows: Sequence[RowPlan]) -> None:
    numbers = take_numbers(work, len(rows))
    numbered = zip(rows, numbers, strict=True)
    work.insert_many(Ticket, (_ticket(work, row, number) for row, number in numbered))
    work.insert_many(TicketTransition, _transitions(work, rows))
    work.insert_many(TicketMessage, _messages(work, rows))


def _ticket(work: Work, plan: RowPlan, number: int) -> Values:
    row = plan.row
    assert row is not None
    values, state = row.values, row.values.get(F.STATE, TicketState.NEW)
    return {
        "id": plan.of,
        "number": number,
        "kind": values.get(F.KIND, TicketKind.INCIDENT),
        "subject": subject_of(row),
        "client_id": plan.client,
        "contact_id": plan.contact,
        "channel": values.get(F.CHANNEL, Channel.EMAIL),
        "priority": values.get(F.PRIORITY, Priority.NORMAL),
        "state": state,
        "owner_id": values.get(F.OWNER),
        "opened_at": values.get(F.STARTED_AT, work.now),
        "opened_by": work.actor,
        # When it was settled the file does not say; that it was settled before now it does.
        "resolved_at": None if state.is_open else work.now,
        "closed_at": work.now if state is TicketState.CLOSED else None,
    }


def _transitions(work: Work, rows: Sequence[RowPlan]) -> Iterator[Values]:
    for plan in rows:
        assert plan.row is not None
        state = plan.row.values.get(F.STATE, TicketState.NEW)
        opened = plan.row.values.get(F.STARTED_AT, work.now)
        steps: list[tuple[TicketState | None, TicketState, datetime]] = [
            (None, TicketState.NEW, opened)
        ]
        if state is not TicketState.NEW:
            steps.append((TicketState.NEW, state, work.now))
        for before, after, at in steps:
            yield {
                "ticket_id": plan.of, "client_id": plan.client, "from_state": before,
                "to_state": after, "happened_at": at, "changed_by": work.actor,
            }  # fmt: skip


def _messages(work: Work, rows: Sequence[RowPlan]) -> Iterator[Values]:
    for plan in rows:
        assert plan.row is not None
        text = plan.row.values.get(F.TEXT, "").strip()
        if text:
            yield {
                "ticket_id": plan.of, "client_id": plan.client, "kind": MessageKind.CLIENT_WORD,
                "text": text, "channel": plan.row.values.get(F.CHANNEL, Channel.EMAIL),
                "contact_id": plan.contact,
                "sent_at": plan.row.values.get(F.STARTED_AT, work.now),
            }  # fmt: skip


def _contract(plan: RowPlan) -> Values:
    row = plan.row
    assert row is not None
    made = Contract(client_id=plan.client, title=row.text(F.CONTRACT), **contract_values(row))  # type: ignore[arg-type]  # a client's id
    names = ("client_id", "title", "decision_on", "currency", "value_minor")
    return contract_values(row) | {"id": plan.of} | {name: getattr(made, name) for name in names}


def _change_contract(work: Work, plan: RowPlan) -> None:
    assert plan.of is not None
    assert plan.row is not None
    contract, values = work.get(Contract, plan.of), contract_values(plan.row)
    contract.set_value(
        values.get("value_minor", contract.value_minor),
        values.get("currency", contract.currency),
        values.get("billing_period", contract.billing_period),
    )
    contract.set_term(
        values.get("starts_on", contract.starts_on),
        values.get("ends_on", contract.ends_on),
        values.get("notice_days", contract.notice_days),
    )
    contract.auto_renews = values.get("auto_renews", contract.auto_renews)
    contract.notes = values.get("notes", contract.notes)
