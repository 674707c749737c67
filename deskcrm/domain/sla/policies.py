"""Which policy holds for a ticket: the first that matches, and why those before it do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.sla.clocks import ClockKind, Terms
from deskcrm.domain.sla.model import PolicyId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState


class Condition(StrEnum):
    """What a policy can ask of a ticket."""

    KIND = "kind"
    PRIORITY = "priority"
    TIER = "tier"
    LINE = "line"
    CHANNEL = "channel"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Traits:
    """What policies look at in a ticket. ``tags``: those on the ticket and on its client."""

    kind: TicketKind
    priority: Priority
    tier: Tier
    line: SupportLine
    channel: Channel
    tags: frozenset[UUID] = frozenset()

    def of(self, condition: Condition) -> frozenset[object]:
        """Give what a condition is held against."""
        single: Mapping[Condition, object] = {
            Condition.KIND: self.kind, Condition.PRIORITY: self.priority,
            Condition.TIER: self.tier, Condition.LINE: self.line,
            Condition.CHANNEL: self.channel,
        }  # fmt: skip
        return (
            frozenset(self.tags) if condition is Condition.TAG else frozenset({single[condition]})
        )


Conditions = Mapping[Condition, frozenset[object]]
"""What is asked of a ticket; of several values any will do, and none asks nothing."""


def first_mismatch(conditions: Conditions, traits: Traits) -> Condition | None:
    """Name the first condition that a ticket does not meet, or None when it meets all."""
    for condition, wanted in conditions.items():
        if wanted and not wanted & traits.of(condition):
            return condition
    return None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, ready to be held against tickets; the fallback has neither an id nor conditions."""

    id: PolicyId | None
    name: str
    conditions: Conditions = field(default_factory=dict)
    targets: Mapping[ClockKind, timedelta] = field(default_factory=dict)
    pauses_in: frozenset[TicketState] = frozenset({TicketState.WAITING_ON_CLIENT})
    warn_percent: int = 75
    calendar_id: CalendarId | None = None

    def mismatch(self, traits: Traits) -> Condition | None:
        """Name the first condition that the ticket does not meet, or None: the policy holds."""
        return first_mismatch(self.conditions, traits)


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that holds for a ticket, and each one before it with what it failed on."""

    policy: Policy
    passed_over: tuple[tuple[Policy, Condition], ...]

    def terms(self, fallback: Policy) -> Terms:
        """Give what is promised; a target that the policy leaves out is the fallback's."""
        return Terms(
            {kind: self.policy.targets.get(kind) or fallback.targets[kind] for kind in ClockKind},
            self.policy.pauses_in,
            self.policy.warn_percent,
        )


def choose(policies: Iterable[Policy], traits: Traits, fallback: Policy) -> Choice:
    """Give the first policy that matches, else the fallback: no ticket is without a promise."""
    passed_over: list[tuple[Policy, Condition]] = []
    for policy in policies:
        failed = policy.mismatch(traits)
        if failed is None:
            return Choice(policy, tuple(passed_over))
        passed_over.append((policy, failed))
    return Choice(fallback, tuple(passed_over))
