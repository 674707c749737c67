"""Makes service level policies, changes them, and puts them in order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from deskcrm.base.words import tr
from deskcrm.domain.calendars.model import CalendarId, WorkCalendar
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.naming import check_name_free, next_position, put_in_order
from deskcrm.domain.sla.cases import member_texts
from deskcrm.domain.sla.model import PolicyId, SlaPolicy
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class PolicyTerms(TypedDict, total=False):
    """What a policy asks and promises; only what is given is written."""

    is_active: bool
    kinds: Sequence[TicketKind]
    priorities: Sequence[Priority]
    tiers: Sequence[Tier]
    lines: Sequence[SupportLine]
    channels: Sequence[Channel]
    tags: Sequence[TagId]
    first_response_minutes: int | None
    next_response_minutes: int | None
    resolution_minutes: int | None
    pauses_in: Sequence[TicketState]
    warn_percent: int
    calendar_id: CalendarId | None


class PolicyChanges(PolicyTerms, total=False):
    """What can be edited of a policy."""

    name: str


_MEMBERS: Final = ("kinds", "priorities", "tiers", "lines", "channels", "pauses_in")
_PLAIN: Final = (
    "is_active", "first_response_minutes", "next_response_minutes", "resolution_minutes",
    "warn_percent", "calendar_id",
)  # fmt: skip


@command("sla.create_policy", "Create SLA policy")
def create_policy(work: Work, /, *, name: str, **terms: Unpack[PolicyTerms]) -> PolicyId:
    """Make a policy, behind the ones there are; it pauses while we wait for the client."""
    policy = SlaPolicy(
        name=name,
        position=next_position(work, SlaPolicy),
        pauses_in=[TicketState.WAITING_ON_CLIENT.value],
    )
    _change(work, policy, {**terms, "name": name})
    return PolicyId(work.add(policy).id)


@command("sla.edit_policy", "Edit SLA policy")
def edit_policy(work: Work, /, policy_id: PolicyId, **changes: Unpack[PolicyChanges]) -> None:
    """Change what a policy asks and promises; the deadlines of open tickets follow at once."""
    _change(work, work.get(SlaPolicy, policy_id), changes)


@command("sla.order_policies", "Reorder SLA policies")
def order_policies(work: Work, policy_ids: Sequence[PolicyId]) -> None:
    """Put the policies in the order given: the first that matches a ticket holds."""
    put_in_order(work, SlaPolicy, policy_ids, tr("A policy stands twice in this order."))


@command("sla.delete_policy", "Delete SLA policy")
def delete_policy(work: Work, policy_id: PolicyId) -> None:
    """Delete a policy; its tickets go by the next one that matches."""
    work.delete(work.get(SlaPolicy, policy_id))


def _change(work: Work, policy: SlaPolicy, changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        policy.rename(changes["name"])
        title = tr("There is a policy “{name}” already.", name=policy.name)
        check_name_free(work, policy, title)
    if changes.get("calendar_id") is not None:
        work.get(WorkCalendar, changes["calendar_id"])
    for key in _MEMBERS:
        if key in changes:
            setattr(policy, key, member_texts(changes[key]))
    if "tags" in changes:
        policy.tags = sorted(work.get(Tag, one).id.hex for one in set(changes["tags"]))
    for key in _PLAIN:
        if key in changes:
            setattr(policy, key, changes[key])
    policy.check()
