"""Makes opportunities, moves them on, and puts signs of growth aside."""

from datetime import date
from typing import TypedDict, Unpack

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.days import day_of
from deskcrm.domain.names import one_line
from deskcrm.domain.opportunities.model import (
    Opportunity,
    OpportunityId,
    OpportunityKind,
    SignalDismissal,
    SignalKind,
    Stage,
)
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class OpportunityDetails(TypedDict, total=False):
    """What may be known of an opportunity besides its title."""

    kind: OpportunityKind
    value_minor: int
    currency: str
    owner_id: UserId | None
    next_step: str
    next_on: date | None
    notes: str


class OpportunityChanges(OpportunityDetails, total=False):
    """What can be edited of an opportunity; only what is given is written."""

    title: str


@command("opportunities.add", "Add opportunity")
def add_opportunity(
    work: Work,
    /,
    client_id: ClientId,
    *,
    title: str,
    source: SignalKind | None = None,
    **details: Unpack[OpportunityDetails],
) -> OpportunityId:
    """Note something that a client might take; the client's owner sees to it unless told."""
    client = work.get(Client, client_id)
    made = Opportunity(client_id=client_id, title=title, source=source, owner_id=client.owner_id)
    _change(work, made, {"title": title, **details})
    return OpportunityId(work.add(made).id)


@command("opportunities.edit", "Edit opportunity")
def edit_opportunity(
    work: Work, /, opportunity_id: OpportunityId, **changes: Unpack[OpportunityChanges]
) -> None:
    """Change any part of an opportunity."""
    _change(work, work.get(Opportunity, opportunity_id), changes)


@command("opportunities.move", "Move opportunity on")
def move_opportunity(
    work: Work,
    opportunity_id: OpportunityId,
    *,
    stage: Stage,
    reason: LossReason | None = None,
) -> None:
    """Say how far an opportunity has come; one that is lost says why."""
    if stage is Stage.LOST and reason is None:
        raise UserError(tr("Why was it lost?"), tr("Choose the main reason."))
    work.get(Opportunity, opportunity_id).move(stage, day_of(work.now), reason)


@command("opportunities.delete", "Delete opportunity")
def delete_opportunity(work: Work, opportunity_id: OpportunityId) -> None:
    """Delete an opportunity that never was one."""
    work.delete(work.get(Opportunity, opportunity_id))


@command("opportunities.dismiss", "Dismiss signal")
def dismiss_signal(
    work: Work, client_id: ClientId, *, signal: SignalKind, reason: str, about: str = ""
) -> None:
    """Put a sign of growth aside for half a year, with a reason."""
    work.get(Client, client_id)
    reason = one_line(reason)
    if not reason:
        raise UserError(tr("Why is there nothing in it?"), tr("A few words are enough."))
    today = day_of(work.now)
    made = work.put(
        SignalDismissal, client_id=client_id, signal=signal, about=about, dismissed_on=today
    )
    made.reason, made.dismissed_on = reason, today


def _change(work: Work, one: Opportunity, changes: OpportunityChanges) -> None:
    if "title" in changes:
        one.retitle(changes["title"])
    one.set_value(
        changes.get("value_minor", one.value_minor), changes.get("currency", one.currency)
    )
    owner_id = changes.get("owner_id", one.owner_id)
    if owner_id != one.owner_id:
        if owner_id is not None:
            check_assignable(work, owner_id)
        one.owner_id = owner_id
    one.kind = changes.get("kind", one.kind)
    one.next_step = one_line(changes.get("next_step", one.next_step))
    one.next_on = changes.get("next_on", one.next_on)
    one.notes = changes.get("notes", one.notes).strip()
