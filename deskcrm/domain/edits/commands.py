"""Edits one field of many rows, each by its own rules: what refuses one leaves the others."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import ClientChanges, chosen_clients, edit_client
from deskcrm.domain.clients.custom_fields import set_custom_value
from deskcrm.domain.clients.model import (
    Client,
    ClientId,
    CustomField,
    CustomFieldId,
    Lifecycle,
    Tier,
)
from deskcrm.domain.clients.rules import canonical
from deskcrm.domain.edits.fields import (
    ClientField,
    TaskField,
    TicketField,
    Way,
    check_way,
    chosen,
    day,
    person,
    text_after,
)
from deskcrm.domain.rights.matrix import OWNERS
from deskcrm.domain.rights.queries import Judge
from deskcrm.domain.tags.commands import tag_called, tag_clients, untag_clients
from deskcrm.domain.tags.links import OF_CLIENTS
from deskcrm.domain.tags.on_tickets import change_ticket_tags
from deskcrm.domain.tasks.model import Task, TaskId
from deskcrm.domain.tasks.moving import reschedule_tasks
from deskcrm.domain.tasks.several import chosen_tasks
from deskcrm.domain.tickets.commands import assign_tickets, set_priority, set_state
from deskcrm.domain.tickets.model import Priority, Ticket, TicketId
from deskcrm.domain.tickets.moving import tickets_of
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.outcomes import Bulk, each
from deskcrm.store.tables import Record, shape_of
from deskcrm.store.work import Work

R = TypeVar("R", bound=Record)
_TOLD_EVERY = 200


@command("edits.clients", "Edit several clients")
def edit_clients(
    work: Work,
    client_ids: Sequence[ClientId],
    *,
    field: ClientField | CustomFieldId,
    way: Way = Way.SET,
    text: str = "",
    job: Job | None = None,
) -> Bulk:
    """Edit one field of clients, as typed, also one that the team added.

    Those that cannot be changed say why.
    """
    check_way(field, way, text)

    def change(clients: list[Client]) -> Bulk:
        if field is ClientField.TAG:
            return _tag_clients(work, clients, way, text)
        write = (
            _custom_writer(work, field, way, text)
            if isinstance(field, UUID)
            else _client_writer(work, field, way, text)
        )
        return each(clients, _telling(job, len(clients), write))

    return _of_allowed(work, chosen_clients(work, client_ids), change)


@command("edits.tickets", "Edit several tickets")
def edit_tickets(
    work: Work,
    ticket_ids: Sequence[TicketId],
    *,
    field: TicketField,
    way: Way = Way.SET,
    text: str = "",
    job: Job | None = None,
) -> Bulk:
    """Edit one field of tickets, as typed; those that cannot be changed say why."""
    check_way(field, way, text)

    def change(tickets: list[Ticket]) -> Bulk:
        ids = [TicketId(ticket.id) for ticket in tickets]
        if job is not None:
            job.check_cancelled()
        if field is TicketField.OWNER:
            return assign_tickets(work, ids, owner_id=_assignable(work, way, text))
        if field is TicketField.PRIORITY:
            return set_priority(work, ids, priority=chosen(Priority, text))
        if field is TicketField.STATE:
            return set_state(work, ids, state=chosen(TicketState, text))
        if way is Way.ADD:
            return change_ticket_tags(work, ids, names=[text])
        return change_ticket_tags(work, ids, going=[tag_called(work, text)])

    return _of_allowed(work, tickets_of(work, ticket_ids), change)


@command("edits.tasks", "Edit several tasks")
def edit_tasks(
    work: Work,
    task_ids: Sequence[TaskId],
    *,
    field: TaskField,
    way: Way = Way.SET,
    text: str = "",
    job: Job | None = None,
) -> Bulk:
    """Edit one field of tasks, as typed; those that cannot be changed say why."""
    check_way(field, way, text)

    def change(tasks: list[Task]) -> Bulk:
        bulk = each(tasks, _telling(job, len(tasks), _task_writer(work, field, way, text)))
        if field is TaskField.DUE:
            reschedule_tasks(work, list(bulk.changed), due=day(way, text))
        return bulk

    return _of_allowed(work, chosen_tasks(work, task_ids), change)


def _task_writer(work: Work, field: TaskField, way: Way, text: str) -> Callable[[Task], bool]:
    """Give what writes one task and says whether it is changed; a due day is moved afterwards."""
    if field is TaskField.DUE:
        due = day(way, text)

        def is_other(task: Task) -> bool:
            task.check_open()
            return task.due_on != due

        return is_other
    if field is TaskField.NOTES:
        return lambda task: _put(task, "notes", text_after(way, task.notes, text))
    value: Any = chosen(Priority, text) if field is TaskField.PRIORITY else None
    if field is TaskField.ASSIGNEE:
        value = _assignable(work, way, text)
    return lambda task: _put(task, field.value, value)


def _client_writer(work: Work, field: ClientField, way: Way, text: str) -> Callable[[Client], bool]:
    value: Any = None
    if field is ClientField.OWNER:
        value = _assignable(work, way, text)
    elif field is ClientField.TIER:
        value = chosen(Tier, text)
    elif field is ClientField.LIFECYCLE:
        value = chosen(Lifecycle, text)
    is_text = field not in (ClientField.OWNER, ClientField.TIER, ClientField.LIFECYCLE)

    def write(client: Client) -> bool:
        before = getattr(client, field.value)
        wanted = text_after(way, before, text) if is_text else value
        changes: ClientChanges = {field.value: wanted}  # type: ignore[misc]  # one of its keys
        edit_client(work, ClientId(client.id), **changes)
        return bool(getattr(client, field.value) != before)

    return write


def _custom_writer(
    work: Work, field_id: CustomFieldId, way: Way, text: str
) -> Callable[[Client], bool]:
    field, wanted = work.get(CustomField, field_id), "" if way is Way.CLEAR else text
    canonical(field.kind, wanted, field.choices)  # what cannot be is refused once, not row by row

    def write(client: Client) -> bool:
        return set_custom_value(work, ClientId(client.id), field_id=field_id, text=wanted)

    return write


def _tag_clients(work: Work, clients: list[Client], way: Way, text: str) -> Bulk:
    tag_id = tag_called(work, text)
    ids = [ClientId(client.id) for client in clients]
    wearing = {link.client_id for link in OF_CLIENTS.find(work, tag_id, ids)}
    if way is Way.ADD:
        changed = [one for one in ids if one not in wearing]
        tag_clients(work, changed, tag_id=tag_id)
    else:
        changed = [one for one in ids if one in wearing]
        untag_clients(work, changed, tag_id=tag_id)
    return Bulk(tuple(changed))


def _assignable(work: Work, way: Way, text: str) -> UserId | None:
    found = person(way, text)
    if found is not None:
        check_assignable(work, found)
    return None if found is None else UserId(found)


def _put(record: Record, key: str, value: Any) -> bool:
    if getattr(record, key) == value:
        return False
    setattr(record, key, value)
    return True


def _telling(job: Job | None, total: int, change: Callable[[R], bool]) -> Callable[[R], bool]:
    """Tell how far it is, and stop when somebody asks for it: then nothing is changed."""
    if job is None:
        return change
    done = 0

    def run(row: R) -> bool:
        nonlocal done
        if done % _TOLD_EVERY == 0:
            job.progress(done, total)
        done += 1
        return change(row)

    return run


def _of_allowed(work: Work, rows: Sequence[R], change: Callable[[list[R]], Bulk]) -> Bulk:
    """Change the rows that the person may change; the others are refused with the reason."""
    allowed, refused = _allowed(work, rows)
    bulk = change(allowed)
    return Bulk(bulk.changed, {**refused, **bulk.refused})


def _allowed(work: Work, rows: Sequence[R]) -> tuple[list[R], dict[UUID, str]]:
    """Part the rows that the person may change from the others: a server would refuse all."""
    judge = Judge.of(work.connection, work.actor)
    if judge.person.role is None:  # a workspace without a person has nobody to ask
        return list(rows), {}
    allowed: list[R] = []
    refused: dict[UUID, str] = {}
    for row in rows:
        shape = shape_of(type(row))
        owners = shape.to_json({key: getattr(row, key) for key in OWNERS.get(shape.name, ())})
        if judge.decide("set", shape.name, row.id, row.scope, owners, {}):
            refused[row.id] = tr("Your role does not allow it.")
        else:
            allowed.append(row)
    if refused and not allowed:
        raise UserError(
            tr("Your role does not allow it."), tr("Ask whose they are, or a lead of the team.")
        )
    return allowed, refused
