"""Which policy holds for which clients, as SQL: the first that matches, and why not one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from deskcrm.domain.clients.model import Client, Lifecycle, Tier
from deskcrm.domain.contracts.model import TIMES_A_YEAR, Contract, ContractStatus
from deskcrm.domain.sla.cases import known
from deskcrm.domain.tags.model import ClientTag
from deskcrm.domain.touch.model import WITH_US, TouchPolicy, TouchPolicyId, TouchRhythm
from deskcrm.store.types import Id

_IN_FORCE: Final = (ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN)
_NONE: Final = -1
"""The place of the policy of a client that no policy matches."""


class TouchCondition(StrEnum):
    """What a policy can ask of a client."""

    TIER = "tier"
    LIFECYCLE = "lifecycle"
    OWNER = "owner"
    TAG = "tag"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy in force."""

    id: TouchPolicyId
    name: str
    ideal_days: int
    max_days: int
    tiers: tuple[Tier, ...]
    lifecycles: tuple[Lifecycle, ...]
    tags: tuple[UUID, ...]
    owners: tuple[UUID, ...]
    least_value_minor: int | None
    currency: str

    def conditions(self) -> dict[TouchCondition, ColumnElement[bool]]:
        """Give what is asked of the client, each as SQL; what asks nothing is left out."""
        asked: dict[TouchCondition, ColumnElement[bool]] = {
            TouchCondition.LIFECYCLE: Client.lifecycle.in_(self.lifecycles or WITH_US)
        }
        if self.tiers:
            asked[TouchCondition.TIER] = Client.tier.in_(self.tiers)
        if self.owners:
            asked[TouchCondition.OWNER] = Client.owner_id.in_(self.owners)
        if self.tags:
            asked[TouchCondition.TAG] = exists().where(
                ClientTag.client_id == Client.id,
                ClientTag.tag_id.in_(self.tags),
                ~ClientTag.is_deleted,
            )
        if self.least_value_minor is not None:
            value = yearly_value(self.currency)
            asked[TouchCondition.VALUE] = value >= self.least_value_minor
        return asked

    def matches(self) -> ColumnElement[bool]:
        """Give all that is asked of the client."""
        return and_(*self.conditions().values())


def yearly_value(currency: str) -> ColumnElement[int]:
    """Give what a client's contracts in force bring in a year, in minor units of a currency."""
    times = case(
        *((Contract.billing_period == period, n) for period, n in TIMES_A_YEAR.items()), else_=0
    )
    return func.coalesce(
        select(func.sum(Contract.value_minor * times))
        .where(
            Contract.client_id == Client.id,
            ~Contract.is_deleted,
            Contract.status.in_(_IN_FORCE),
            Contract.currency == currency,
        )
        .correlate(Client)
        .scalar_subquery(),
        0,
    )


def read_policies(connection: Connection) -> list[Policy]:
    """Read the policies that are in force, in their order."""
    rows = connection.execute(
        select(TouchPolicy.__table__)
        .where(~TouchPolicy.is_deleted, TouchPolicy.is_active)
        .order_by(TouchPolicy.position, TouchPolicy.id)
    )
    return [
        Policy(
            TouchPolicyId(row.id),
            row.name,
            row.ideal_days,
            row.max_days,
            tuple(known(Tier, row.tiers)),
            tuple(known(Lifecycle, row.lifecycles)),
            tuple(UUID(one) for one in row.tags),
            tuple(UUID(one) for one in row.owners),
            row.least_value_minor,
            row.currency,
        )
        for row in rows
    ]


def has_rhythms(connection: Connection) -> bool:
    """Tell whether any client has a rhythm of its own."""
    one = select(TouchRhythm.id).where(~TouchRhythm.is_deleted).limit(1)
    return connection.execute(one).first() is not None


def held(policies: Sequence[Policy], *which: ColumnElement[bool]) -> Select[Any]:
    """Select the clients that are held to a rhythm: by which policy (none: their own), and which.

    Columns: client_id, created_at, policy_id, ideal_days, max_days.
    """
    own = TouchRhythm
    place: ColumnElement[int] = literal(_NONE)
    if policies:
        place = case(*((one.matches(), n) for n, one in enumerate(policies)), else_=_NONE)
    found = (
        select(
            Client.id.label("client_id"),
            Client.created_at,
            own.ideal_days.label("own_ideal"),
            own.max_days.label("own_max"),
            place.label("place"),
        )
        .outerjoin(own, and_(own.client_id == Client.id, ~own.is_deleted))
        .where(~Client.is_deleted, Client.lifecycle != Lifecycle.CHURNED, *which)
        .cte("found")
    )
    c, no_id = found.c, literal(None, Id())

    def of_policy(none: Any, values: Iterable[Any]) -> ColumnElement[Any]:
        return case({_NONE: none, **dict(enumerate(values))}, value=c.place)

    policy_id = of_policy(no_id, (literal(one.id, Id()) for one in policies))
    ideal_days = of_policy(None, (one.ideal_days for one in policies))
    max_days = of_policy(None, (one.max_days for one in policies))
    return select(
        c.client_id,
        c.created_at,
        case((c.own_ideal.is_(None), policy_id), else_=no_id).label("policy_id"),
        func.coalesce(c.own_ideal, ideal_days).label("ideal_days"),
        func.coalesce(c.own_max, max_days).label("max_days"),
    ).where(or_(c.own_ideal.is_not(None), c.place > _NONE))


def in_turn(policies: Sequence[Policy]) -> list[tuple[Policy, ColumnElement[bool]]]:
    """Give each policy with what says, of a client, that it is the first that matches."""
    turns: list[tuple[Policy, ColumnElement[bool]]] = []
    before: ColumnElement[bool] = true()
    for one in policies:
        turns.append((one, and_(before, one.matches())))
        before = and_(before, ~one.matches())
    return turns
