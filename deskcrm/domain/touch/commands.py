"""Makes touch policies, puts them in order, and gives clients a rhythm of their own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client
from deskcrm.domain.clients.model import ClientId, Lifecycle, Tier
from deskcrm.domain.naming import check_name_free, next_position, put_in_order
from deskcrm.domain.sla.cases import member_texts
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.touch.model import TouchPolicy, TouchPolicyId, TouchRhythm, check_rhythm
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class TouchTerms(TypedDict, total=False):
    """Which clients a policy is for; only what is given is written."""

    is_active: bool
    tiers: Sequence[Tier]
    lifecycles: Sequence[Lifecycle]
    tags: Sequence[TagId]
    owners: Sequence[UserId]
    least_value_minor: int | None
    currency: str


class TouchPolicyChanges(TouchTerms, total=False):
    """What can be edited of a policy."""

    name: str
    ideal_days: int
    max_days: int


_PLAIN: Final = ("is_active", "ideal_days", "max_days", "least_value_minor", "currency")


@command("touch.create_policy", "Create touch policy")
def create_touch_policy(
    work: Work, /, *, name: str, ideal_days: int, max_days: int, **terms: Unpack[TouchTerms]
) -> TouchPolicyId:
    """Make a policy, behind the ones there are."""
    policy = TouchPolicy(
        name=name, ideal_days=ideal_days, max_days=max_days,
        position=next_position(work, TouchPolicy),
    )  # fmt: skip
    _change(work, policy, {**terms, "name": name})
    return TouchPolicyId(work.add(policy).id)


@command("touch.edit_policy", "Edit touch policy")
def edit_touch_policy(
    work: Work, /, policy_id: TouchPolicyId, **changes: Unpack[TouchPolicyChanges]
) -> None:
    """Change a policy; who is due and who is cold follows at once."""
    _change(work, work.get(TouchPolicy, policy_id), changes)


@command("touch.order_policies", "Reorder touch policies")
def order_touch_policies(work: Work, policy_ids: Sequence[TouchPolicyId]) -> None:
    """Put the policies in the order given: the first that matches a client holds."""
    put_in_order(work, TouchPolicy, policy_ids, tr("A policy stands twice in this order."))


@command("touch.delete_policy", "Delete touch policy")
def delete_touch_policy(work: Work, policy_id: TouchPolicyId) -> None:
    """Delete a policy; its clients go by the next one that matches."""
    work.delete(work.get(TouchPolicy, policy_id))


@command("touch.set_rhythm", "Set touch rhythm")
def set_touch_rhythm(
    work: Work, client_id: ClientId, *, ideal_days: int, max_days: int, reason: str = ""
) -> None:
    """Say how often to be in touch with one client, whatever the policies say."""
    check_client(work, client_id)
    check_rhythm(ideal_days, max_days)
    known = work.session.get(TouchRhythm, TouchRhythm.work_out_id({"client_id": client_id}))
    if known is None:
        rhythm = TouchRhythm(
            id=TouchRhythm.work_out_id({"client_id": client_id}),
            client_id=client_id, ideal_days=ideal_days, max_days=max_days,
        )  # fmt: skip
        known = work.add(rhythm)
    known.is_deleted = False
    known.ideal_days, known.max_days, known.reason = ideal_days, max_days, reason.strip()


@command("touch.clear_rhythm", "Clear touch rhythm")
def clear_touch_rhythm(work: Work, client_id: ClientId) -> None:
    """Let a client go by the policies again."""
    client = check_client(work, client_id)
    rhythm = work.find(TouchRhythm, TouchRhythm.work_out_id({"client_id": client_id}))
    if rhythm is None:
        raise UserError(
            tr("“{name}” has no rhythm of its own.", name=client.name),
            tr("It goes by the touch policies."),
        )
    work.delete(rhythm)


def _change(work: Work, policy: TouchPolicy, changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        policy.rename(changes["name"])
        title = tr("There is a policy “{name}” already.", name=policy.name)
        check_name_free(work, policy, title)
    for key in ("tiers", "lifecycles"):
        if key in changes:
            setattr(policy, key, member_texts(changes[key]))
    if "tags" in changes:
        policy.tags = sorted(work.get(Tag, one).id.hex for one in set(changes["tags"]))
    if "owners" in changes:
        policy.owners = sorted(work.get(User, one).id.hex for one in set(changes["owners"]))
    for key in _PLAIN:
        if key in changes:
            setattr(policy, key, changes[key])
    policy.check()
