"""Chooses whose a ticket becomes: the first rule that matches, and its way of choosing.

The same log gives the same choice on every device: nothing is drawn by lot, nothing is counted
anywhere but in the records, and whoever is equal otherwise stands in the order of their ids.

What a rule went by is kept as facts, so that it can be said in any language:

``open`` and ``weight``  how many open tickets the chosen one had, and what they weigh
``last``                 when this rule chose them last, in milliseconds; None for never
``skills``               the needed skills that they have
``served``               when they served the client last
``stand_in_for``         who served the client, and is away
``away``                 who could not be chosen because they are away, each with the last day
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, union_all

from deskcrm.domain.absences.queries import AwayRow, list_away
from deskcrm.domain.assignment.model import (
    AssignmentRule,
    AssignmentRuleId,
    Skill,
    SkillId,
    TicketAssignment,
    UserSkill,
    Way,
)
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.rights.queries import read_person
from deskcrm.domain.sla.cases import Case, read_conditions
from deskcrm.domain.sla.policies import first_mismatch
from deskcrm.domain.teams.model import TeamId, TeamMember
from deskcrm.domain.tickets.model import MessageKind, Priority, Ticket, TicketMessage
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.types import to_milliseconds

WEIGHTS: Final = {Priority.URGENT: 3, Priority.HIGH: 2}
"""What an open ticket weighs on its owner; others, and those that wait for somebody else, one."""
_WAITING: Final = (TicketState.WAITING_ON_CLIENT, TicketState.WAITING_ON_THIRD_PARTY)
_NAMED: Final = 5
"""So many who are away are named with a choice."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided; without an owner nobody could be chosen."""

    rule_id: AssignmentRuleId
    way: Way
    owner_id: UserId | None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """How busy somebody is."""

    open: int = 0
    weight: int = 0


@dataclass(frozen=True, slots=True)
class _Choosing:
    """What one choice is made of: those who are here, who is away, and the ticket."""

    db: Reader
    rule_id: AssignmentRuleId
    case: Case
    client_id: UUID
    here: Sequence[UserId]
    away: Mapping[UserId, AwayRow]


def decide(db: Reader, case: Case, client_id: UUID) -> Decision | None:
    """Give what the rules say about a ticket; None when no rule matches it."""
    rules = db.all(
        select(AssignmentRule.__table__)
        .where(~AssignmentRule.is_deleted, AssignmentRule.is_active)
        .order_by(AssignmentRule.position, AssignmentRule.id)
    )
    for rule in rules:
        if first_mismatch(read_conditions(rule), case.traits) is None:
            return _decide_by(db, rule, case, client_id)
    return None


def _decide_by(db: Reader, rule: Any, case: Case, client_id: UUID) -> Decision:
    people, absent = candidates(db, rule.team_id, case.scope), list_away(db)
    away = {one: absent[one] for one in people if one in absent}
    here = [one for one in people if one not in absent]
    choosing = _Choosing(db, AssignmentRuleId(rule.id), case, client_id, here, away)
    chosen, facts = _WAYS[rule.way](choosing) if here else (None, {})
    if away:
        facts["away"] = [
            [one.hex, found.last_day.isoformat()] for one, found in list(away.items())[:_NAMED]
        ]
    return Decision(AssignmentRuleId(rule.id), rule.way, chosen, facts)


def candidates(db: Reader, team_id: TeamId | None, scope: UUID) -> list[UserId]:
    """Give the people that a rule may choose from, who may see what lies in a scope."""
    people = select(User.id).where(User.is_active, ~User.is_deleted)
    if team_id is None:
        people = people.where(User.role == UserRole.AGENT)
    else:
        members = select(TeamMember.user_id).where(
            TeamMember.team_id == team_id, ~TeamMember.is_deleted
        )
        people = people.where(User.id.in_(members), User.role != UserRole.VIEWER)
    found = [UserId(one) for one in db.scalars(people.order_by(User.id))]
    if scope == WORKSPACE:
        return found
    return [one for one in found if scope in read_person(db.connection, one).scopes]


def loads(db: Reader, people: Sequence[UserId]) -> dict[UserId, Load]:
    """Give how busy each of some people is."""
    rows = db.all(
        select(Ticket.owner_id, Ticket.priority, Ticket.state, func.count())
        .where(IS_OPEN, ~Ticket.is_deleted, Ticket.owner_id.in_(people))
        .group_by(Ticket.owner_id, Ticket.priority, Ticket.state)
    )
    found: dict[UserId, Load] = defaultdict(Load)
    for owner_id, priority, state, count in rows:
        assert owner_id is not None
        weight = 1 if state in _WAITING else WEIGHTS.get(priority, 1)
        before = found[owner_id]
        found[owner_id] = Load(before.open + count, before.weight + count * weight)
    return found


def skills_needed(db: Reader, case: Case) -> list[SkillId]:
    """Give the skills that a ticket asks for."""
    skills = db.all(select(Skill.__table__).where(~Skill.is_deleted).order_by(Skill.id))
    return [
        SkillId(one.id)
        for one in skills
        if first_mismatch(read_conditions(one), case.traits) is None
    ]


def _by_turn(choosing: _Choosing) -> tuple[UserId, Facts]:
    """Whom this rule chose longest ago; those first whom it never chose."""
    rows = choosing.db.all(
        select(TicketAssignment.user_id, func.max(TicketAssignment.assigned_at), func.count())
        .where(
            TicketAssignment.rule_id == choosing.rule_id,
            TicketAssignment.user_id.in_(choosing.here),
            ~TicketAssignment.is_deleted,
        )
        .group_by(TicketAssignment.user_id)
    )
    # Many tickets assigned at once have one moment: then it is the turn of who has fewer.
    turns = {row[0]: (row[1], row[2]) for row in rows}
    chosen = min(choosing.here, key=lambda one: (turns.get(one, (_NEVER, 0)), one))
    last = turns.get(chosen)
    return chosen, {"last": to_milliseconds(last[0]) if last is not None else None}


def _least_busy(choosing: _Choosing, among: Sequence[UserId] | None = None) -> tuple[UserId, Facts]:
    people = choosing.here if among is None else among
    busy = loads(choosing.db, people)
    chosen = min(people, key=lambda one: (busy[one].weight, busy[one].open, one))
    return chosen, {"open": busy[chosen].open, "weight": busy[chosen].weight}


def _best_suited(choosing: _Choosing) -> tuple[UserId, Facts]:
    """Whoever has most of the needed skills, and of those the least busy."""
    needed = skills_needed(choosing.db, choosing.case)
    rows = choosing.db.all(
        select(UserSkill.user_id, UserSkill.skill_id).where(
            UserSkill.skill_id.in_(needed),
            UserSkill.user_id.in_(choosing.here),
            ~UserSkill.is_deleted,
        )
    )
    has: dict[UserId, set[SkillId]] = defaultdict(set)
    for user_id, skill_id in rows:
        has[user_id].add(skill_id)
    most = max((len(has[one]) for one in choosing.here), default=0)
    chosen, facts = _least_busy(choosing, [one for one in choosing.here if len(has[one]) == most])
    return chosen, {**facts, "skills": [one.hex for one in needed if one in has[chosen]]}


def _last_served(choosing: _Choosing) -> tuple[UserId, Facts]:
    """Whoever served the client last, or stands in for them; else the least busy."""
    everybody = [*choosing.here, *choosing.away]
    served = served_last(choosing.db, choosing.client_id, everybody)
    for user_id, at in sorted(served.items(), key=lambda one: (-to_milliseconds(one[1]), one[0])):
        facts: Facts = {"served": to_milliseconds(at)}
        if user_id in choosing.here:
            return user_id, facts
        stand_in = choosing.away[user_id].acting_id
        if stand_in is not None and stand_in in choosing.here:
            return stand_in, {**facts, "stand_in_for": user_id.hex}
    return _least_busy(choosing)


def served_last(db: Reader, client_id: UUID, people: Sequence[UserId]) -> dict[UserId, datetime]:
    """Give when each of some people served a client last: answered in a ticket, or was in touch."""
    replies = select(TicketMessage.author_id.label("who"), TicketMessage.sent_at.label("at")).where(
        TicketMessage.client_id == client_id,
        TicketMessage.kind == MessageKind.PUBLIC_REPLY,
        TicketMessage.author_id.in_(people),
        ~TicketMessage.is_deleted,
    )
    contacts = select(Interaction.logged_by, Interaction.started_at).where(
        Interaction.client_id == client_id,
        Interaction.logged_by.in_(people),
        ~Interaction.is_deleted,
    )
    both = union_all(replies, contacts).subquery()
    rows = db.all(select(both.c.who, func.max(both.c.at)).group_by(both.c.who))
    return {UserId(row[0]): row[1] for row in rows}


_WAYS: Final[dict[Way, Callable[[_Choosing], tuple[UserId, Facts]]]] = {
    Way.ROUND_ROBIN: _by_turn,
    Way.LEAST_BUSY: _least_busy,
    Way.BEST_SUITED: _best_suited,
    Way.LAST_SERVED: _last_served,
}
