"""Logs what was said, with the promises and the follow-up that came of it, in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client, check_contact, check_same_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.domain.interactions.model import (
    ClientVisit,
    Interaction,
    Outcome,
    Participant,
    Sentiment,
)
from deskcrm.domain.promises.commands import NewPromise, make_promise
from deskcrm.domain.tasks.commands import TaskDetails, complete_task, create_task
from deskcrm.domain.tasks.model import Task, TaskId, TaskKind
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """Who else took part: a contact, somebody of ours, or only a name."""

    contact_id: ContactId | None = None
    user_id: UserId | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewTask:
    """The follow-up that comes of an interaction; one's own unless an assignee is given."""

    title: str
    due: date | datetime | None = None
    kind: TaskKind = TaskKind.FOLLOW_UP
    assignee_id: UserId | None = None
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consequences:
    """What comes of an interaction, written in the same step and undone with it.

    ``completes_task``: the task that the interaction was for is done with it.
    """

    promises: tuple[NewPromise, ...] = ()
    follow_up: NewTask | None = None
    completes_task: bool = False


class InteractionDetails(TypedDict, total=False):
    """What may be known of an interaction besides client, channel and text."""

    contact_id: ContactId | None
    subject: str
    sentiment: Sentiment | None
    ticket_id: TicketId | None
    task_id: TaskId | None


@command("interactions.log", "Log interaction")
def log_interaction(
    work: Work,
    /,
    client_id: ClientId,
    *,
    channel: Channel,
    text: str = "",
    direction: Direction = Direction.OUTGOING,
    outcome: Outcome = Outcome.UNKNOWN,
    started_at: datetime | None = None,
    duration_seconds: int = 0,
    participants: Sequence[Person] = (),
    consequences: Consequences = Consequences(),
    **details: Unpack[InteractionDetails],
) -> InteractionId:
    """Log something that happened; without a start it began its duration ago."""
    check_client(work, client_id)
    interaction = Interaction(
        client_id=client_id,
        channel=channel,
        direction=direction,
        outcome=outcome,
        started_at=started_at or work.now - timedelta(seconds=max(duration_seconds, 0)),
        duration_seconds=duration_seconds,
        subject=details.get("subject", ""),
        text=text,
        sentiment=details.get("sentiment"),
        logged_by=UserId(work.actor),
    )
    interaction.check_moment(work.now)
    link(work, interaction, details)
    interaction_id = InteractionId(work.add(interaction).id)
    for person in participants:
        _add_participant(work, interaction, person)
    _follow(work, interaction, consequences)
    return interaction_id


@command("interactions.log_call", "Log call")
def log_call(
    work: Work,
    /,
    client_id: ClientId,
    *,
    text: str = "",
    minutes: float = 0,
    direction: Direction = Direction.OUTGOING,
    outcome: Outcome = Outcome.REACHED,
    started_at: datetime | None = None,
    consequences: Consequences = Consequences(),
    **details: Unpack[InteractionDetails],
) -> InteractionId:
    """Log a call of so many minutes; somebody was reached unless it is said otherwise."""
    return log_interaction(
        work,
        client_id,
        channel=Channel.CALL,
        text=text,
        direction=direction,
        outcome=outcome,
        started_at=started_at,
        duration_seconds=round(minutes * 60),
        consequences=consequences,
        **details,
    )


@command("interactions.add_note", "Add note")
def add_note(
    work: Work,
    /,
    client_id: ClientId,
    *,
    text: str,
    consequences: Consequences = Consequences(),
    **details: Unpack[InteractionDetails],
) -> InteractionId:
    """Write something down about a client; it is no contact."""
    return log_interaction(
        work,
        client_id,
        channel=Channel.NOTE,
        text=text,
        direction=Direction.NONE,
        consequences=consequences,
        **details,
    )


@command("interactions.mark_seen", "Mark as seen")
def mark_seen(work: Work, client_id: ClientId) -> None:
    """Note on this device that the client's page was looked at: what comes later is new."""
    visit = work.find_local(ClientVisit, client_id)
    if visit is None:
        work.add(ClientVisit(client_id=client_id, last_seen_at=work.now))
    else:
        visit.last_seen_at = work.now


@command("interactions.add_participant", "Add participant")
def add_participant(work: Work, interaction_id: InteractionId, *, person: Person) -> None:
    """Say who else took part."""
    _add_participant(work, work.get(Interaction, interaction_id), person)


@command("interactions.remove_participant", "Remove participant")
def remove_participant(work: Work, interaction_id: InteractionId, *, person: Person) -> None:
    """Say that somebody did not take part after all."""
    for participant in _participants(work, interaction_id):
        is_named = bool(person.name) and participant.name == person.name.strip()
        if (participant.contact_id, participant.user_id) == (
            person.contact_id,
            person.user_id,
        ) and (is_named or person.contact_id or person.user_id):
            work.delete(participant)
            return
    raise UserError(tr("That person is not among those who took part."))


def _participants(work: Work, interaction_id: InteractionId) -> Sequence[Participant]:
    found: Sequence[Participant] = work.records(
        select(Participant).where(
            Participant.interaction_id == interaction_id, ~Participant.is_deleted
        )
    )
    return found


def _add_participant(work: Work, interaction: Interaction, person: Person) -> None:
    check_contact(work, person.contact_id, interaction.client_id)
    if person.user_id is not None:
        work.get(User, person.user_id)
    work.add(
        Participant(
            client_id=interaction.client_id,
            interaction_id=InteractionId(interaction.id),
            contact_id=person.contact_id,
            user_id=person.user_id,
            name=person.name,
        )
    )


def link(work: Work, interaction: Interaction, details: InteractionDetails) -> None:
    """Set the links that are given, to things of the same client."""
    if "contact_id" in details:
        check_contact(work, details["contact_id"], interaction.client_id)
        interaction.contact_id = details["contact_id"]
    if "ticket_id" in details:
        ticket_id = details["ticket_id"]
        if ticket_id is not None:
            ticket = work.get(Ticket, ticket_id)
            check_same_client(ticket.client_id, interaction.client_id, ticket.subject)
        interaction.ticket_id = ticket_id
    if "task_id" in details:
        task_id = details["task_id"]
        if task_id is not None:
            task = work.get(Task, task_id)
            check_same_client(task.client_id, interaction.client_id, task.title)
        interaction.task_id = task_id


def _follow(work: Work, interaction: Interaction, consequences: Consequences) -> None:
    interaction_id = InteractionId(interaction.id)
    for promise in consequences.promises:
        make_promise(
            work,
            interaction.client_id,
            text=promise.text,
            due_on=promise.due_on,
            contact_id=interaction.contact_id,
            interaction_id=interaction_id,
            ticket_id=interaction.ticket_id,
            made_at=interaction.started_at,
        )
    if consequences.completes_task and interaction.task_id is not None:
        complete_task(work, interaction.task_id, outcome=interaction.text)
    task = consequences.follow_up
    if task is not None:
        details: TaskDetails = {
            "kind": task.kind,
            "contact_id": interaction.contact_id,
            "remind_at": task.remind_at,
            "interaction_id": interaction_id,
            "ticket_id": interaction.ticket_id,
        }
        if task.assignee_id is not None:
            details["assignee_id"] = task.assignee_id
        create_task(
            work, title=task.title, client_id=interaction.client_id, due=task.due, **details
        )
