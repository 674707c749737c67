"""Makes promises and says what became of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client, check_contact, check_interaction, check_ticket
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.promises.model import Promise, PromiseId, PromiseState
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@dataclass(frozen=True, slots=True)
class NewPromise:
    """What was promised, and by when; as the person confirmed it."""

    text: str
    due_on: date | None = None


class PromiseChanges(TypedDict, total=False):
    """What can be edited of a promise; a new date is renegotiated, or corrected here."""

    text: str
    due_on: date | None
    contact_id: ContactId | None
    note: str


@command("promises.make", "Note promise")
def make_promise(
    work: Work,
    client_id: ClientId,
    *,
    text: str,
    due_on: date | None = None,
    contact_id: ContactId | None = None,
    interaction_id: InteractionId | None = None,
    ticket_id: TicketId | None = None,
    made_at: datetime | None = None,
) -> PromiseId:
    """Note something that we told a client we would do."""
    check_client(work, client_id)
    check_contact(work, contact_id, client_id)
    check_interaction(work, interaction_id, client_id)
    check_ticket(work, ticket_id, client_id)
    promise = Promise(
        client_id=client_id,
        contact_id=contact_id,
        text=text,
        due_on=due_on,
        made_by=UserId(work.actor),
        made_at=work.now if made_at is None else min(made_at, work.now),
        interaction_id=interaction_id,
        ticket_id=ticket_id,
    )
    return PromiseId(work.add(promise).id)


@command("promises.keep", "Keep promise")
def keep_promise(work: Work, promise_id: PromiseId, *, note: str = "") -> None:
    """Say that a promise was kept."""
    work.get(Promise, promise_id).settle(PromiseState.KEPT, work.now, note)


@command("promises.break", "Break promise")
def break_promise(work: Work, promise_id: PromiseId, *, note: str = "") -> None:
    """Say that a promise was not kept and will not be."""
    work.get(Promise, promise_id).settle(PromiseState.BROKEN, work.now, note)


@command("promises.renegotiate", "Renegotiate promise")
def renegotiate_promise(
    work: Work, promise_id: PromiseId, *, due_on: date, text: str = "", note: str = ""
) -> PromiseId:
    """Agree on another day, or other words; the old promise stays in the story, behind the new."""
    old = work.get(Promise, promise_id)
    if due_on == old.due_on and text.strip() in ("", old.text):
        raise UserError(
            tr("This is the same promise."), tr("Choose another day, or say it in other words.")
        )
    old.settle(PromiseState.RENEGOTIATED, work.now, note)
    new = Promise(
        client_id=old.client_id,
        contact_id=old.contact_id,
        text=text.strip() or old.text,
        due_on=due_on,
        made_by=UserId(work.actor),
        made_at=work.now,
        ticket_id=old.ticket_id,
        replaces_id=PromiseId(old.id),
    )
    return PromiseId(work.add(new).id)


@command("promises.cancel", "Cancel promise")
def cancel_promise(work: Work, promise_id: PromiseId, *, note: str = "") -> None:
    """Say that the client let us off; it counts neither as kept nor as broken."""
    work.get(Promise, promise_id).settle(PromiseState.CANCELLED, work.now, note)


@command("promises.reopen", "Reopen promise")
def reopen_promise(work: Work, promise_id: PromiseId) -> None:
    """Owe again what was settled by mistake."""
    promise = work.get(Promise, promise_id)
    if promise.state is PromiseState.RENEGOTIATED:
        raise UserError(
            tr("Another promise has taken the place of this one."), tr("Change that one.")
        )
    promise.reopen()


@command("promises.edit", "Edit promise")
def edit_promise(work: Work, /, promise_id: PromiseId, **changes: Unpack[PromiseChanges]) -> None:
    """Correct what was noted of a promise."""
    promise = work.get(Promise, promise_id)
    if "text" in changes:
        promise.reword(changes["text"])
    if "due_on" in changes:
        promise.due_on = changes["due_on"]
    if "contact_id" in changes:
        check_contact(work, changes["contact_id"], promise.client_id)
        promise.contact_id = changes["contact_id"]
    if "note" in changes:
        promise.note = changes["note"].strip()


@command("promises.delete", "Delete promise")
def delete_promise(work: Work, promise_id: PromiseId) -> None:
    """Delete a promise that was never made."""
    work.delete(work.get(Promise, promise_id))
