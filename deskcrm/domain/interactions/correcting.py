"""Changes what was logged: freely at first, then by corrections that keep the former wording."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.belonging import check_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.domain.interactions.commands import InteractionDetails, link
from deskcrm.domain.interactions.model import (
    Interaction,
    Outcome,
    Participant,
    Revision,
    Sentiment,
)
from deskcrm.domain.names import one_line
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.tasks.model import Task, TaskId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class InteractionChanges(TypedDict, total=False):
    """What can be edited of an interaction; only what is given is written."""

    text: str
    subject: str
    channel: Channel
    direction: Direction
    outcome: Outcome
    sentiment: Sentiment | None
    started_at: datetime
    duration_seconds: int
    contact_id: ContactId | None
    ticket_id: TicketId | None
    task_id: TaskId | None


@command("interactions.edit", "Edit interaction")
def edit_interaction(
    work: Work, /, interaction_id: InteractionId, **changes: Unpack[InteractionChanges]
) -> None:
    """Change what was logged; its wording only by its author, in the first fifteen minutes."""
    interaction = work.get(Interaction, interaction_id)
    if "text" in changes and changes["text"].strip() != interaction.text:
        if not interaction.is_editable_by(work.actor, work.now):
            raise UserError(
                tr("The wording of this is settled."),
                tr("Correct it instead: the former wording is kept beside the new one."),
            )
        interaction.text = changes["text"].strip()
    for name in ("channel", "direction", "outcome", "sentiment", "started_at", "duration_seconds"):
        if name in changes:
            setattr(interaction, name, changes[name])
    if "subject" in changes:
        interaction.subject = changes["subject"]
    link(work, interaction, _links(changes))
    interaction.__post_init__()
    interaction.check_moment(work.now)


@command("interactions.correct", "Correct interaction")
def correct_interaction(
    work: Work, interaction_id: InteractionId, *, text: str, reason: str = ""
) -> None:
    """Give an interaction a better wording; the former one is kept, with who, when and why."""
    interaction = work.get(Interaction, interaction_id)
    text = text.strip()
    if text == interaction.text:
        raise UserError(tr("Nothing was changed."), tr("Change the wording, then save again."))
    work.add(
        Revision(
            client_id=interaction.client_id,
            interaction_id=interaction_id,
            former_text=interaction.text,
            reason=one_line(reason),
            corrected_by=UserId(work.actor),
            corrected_at=work.now,
        )
    )
    interaction.text, interaction.corrected_at = text, work.now


@command("interactions.move", "Move interaction")
def move_interaction(work: Work, interaction_id: InteractionId, *, client_id: ClientId) -> None:
    """Give an interaction to the client that it belongs to, with all that hangs on it."""
    interaction = work.get(Interaction, interaction_id)
    if interaction.client_id == client_id:
        raise UserError(tr("It belongs to this client already."))
    check_client(work, client_id)
    interaction.client_id = client_id
    interaction.contact_id = interaction.ticket_id = interaction.task_id = None
    for row in _hanging(work, interaction_id):
        row.client_id = client_id
        if isinstance(row, Promise | Task):
            row.contact_id = row.ticket_id = None


@command("interactions.delete", "Delete interaction")
def delete_interaction(work: Work, interaction_id: InteractionId) -> None:
    """Delete what should not have been logged, with its attachments; promises and tasks stay."""
    interaction = work.get(Interaction, interaction_id)
    for row in _hanging(work, interaction_id):
        if not isinstance(row, Promise | Task):
            work.delete(row)
    work.delete(interaction)


def _links(changes: InteractionChanges) -> InteractionDetails:
    links: InteractionDetails = {}
    if "contact_id" in changes:
        links["contact_id"] = changes["contact_id"]
    if "ticket_id" in changes:
        links["ticket_id"] = changes["ticket_id"]
    if "task_id" in changes:
        links["task_id"] = changes["task_id"]
    return links


def _hanging(work: Work, interaction_id: InteractionId) -> list[Any]:
    """Give what belongs to an interaction and goes where it goes."""
    found: list[Any] = []
    for model in (Participant, Revision, Attachment, Promise, Task):
        statement = select(model).where(model.interaction_id == interaction_id, ~model.is_deleted)
        found += work.records(statement)
    return found
