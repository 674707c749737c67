"""Answers about skills and rules of assignment, and why a ticket has the owner it has."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from deskcrm.domain.assignment.model import (
    AssignmentRule,
    AssignmentRuleId,
    Skill,
    SkillId,
    TicketAssignment,
    UserSkill,
    Way,
)
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.names import sort_key
from deskcrm.domain.sla.cases import known
from deskcrm.domain.tags.model import TagId
from deskcrm.domain.teams.model import Team, TeamId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId, TicketKind
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.types import from_milliseconds


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill: which tickets need it, and who has it."""

    id: SkillId
    name: str
    kinds: tuple[TicketKind, ...]
    lines: tuple[SupportLine, ...]
    tags: tuple[TagId, ...]
    people: tuple[tuple[UserId, str], ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of assignment, as the list of rules and its form show it."""

    id: AssignmentRuleId
    name: str
    way: Way
    is_active: bool
    team_id: TeamId | None
    team: str
    kinds: tuple[TicketKind, ...]
    priorities: tuple[Priority, ...]
    tiers: tuple[Tier, ...]
    lines: tuple[SupportLine, ...]
    channels: tuple[Channel, ...]
    tags: tuple[TagId, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What a rule went by, with names; see ``deciding`` for what each means."""

    way: Way
    rule: str
    is_found: bool
    """Whether there was anybody whom it might choose."""
    open: int | None = None
    weight: int | None = None
    last: datetime | None = None
    served: datetime | None = None
    skills: tuple[str, ...] = ()
    stands_in_for: str = ""
    away: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadAssignment:
    """A change of hands in a ticket's thread; no reason: a person decided."""

    at: datetime
    author: str
    owner_id: UserId | None
    owner: str
    is_own: bool
    reason: Reason | None


def list_skills(db: Reader) -> list[SkillRow]:
    """List the skills, by name, each with who has it."""
    people: dict[UUID, list[tuple[UserId, str]]] = defaultdict(list)
    for skill_id, user_id, name in db.all(
        select(UserSkill.skill_id, User.id, User.name)
        .join(User, User.id == UserSkill.user_id)
        .where(~UserSkill.is_deleted, ~User.is_deleted, User.is_active)
    ):
        people[skill_id].append((UserId(user_id), name))
    rows = [
        SkillRow(
            SkillId(row.id),
            row.name,
            tuple(known(TicketKind, row.kinds)),
            tuple(known(SupportLine, row.lines)),
            tuple(TagId(UUID(one)) for one in row.tags),
            tuple(sorted(people[row.id], key=lambda one: sort_key(one[1]))),
        )
        for row in db.all(select(Skill.__table__).where(~Skill.is_deleted))
    ]
    return sorted(rows, key=lambda row: sort_key(row.name))


def list_rules(db: Reader) -> list[RuleRow]:
    """List the rules of assignment in their order."""
    teams: dict[UUID, str] = dict(db.all(select(Team.id, Team.name).where(~Team.is_deleted)))
    rows = db.all(
        select(AssignmentRule.__table__)
        .where(~AssignmentRule.is_deleted)
        .order_by(AssignmentRule.position, AssignmentRule.id)
    )
    return [
        RuleRow(
            AssignmentRuleId(row.id),
            row.name,
            row.way,
            row.is_active,
            row.team_id,
            teams.get(row.team_id, ""),
            tuple(known(TicketKind, row.kinds)),
            tuple(known(Priority, row.priorities)),
            tuple(known(Tier, row.tiers)),
            tuple(known(SupportLine, row.lines)),
            tuple(known(Channel, row.channels)),
            tuple(TagId(UUID(one)) for one in row.tags),
        )
        for row in rows
    ]


def list_assignments(db: Reader, ticket_id: TicketId) -> list[ThreadAssignment]:
    """List whose a ticket was, and why, the oldest first."""
    author, owner = aliased(User), aliased(User)
    rows = db.all(
        select(
            TicketAssignment.assigned_at,
            author.name,
            TicketAssignment.assigned_by,
            TicketAssignment.user_id,
            owner.name,
            TicketAssignment.way,
            AssignmentRule.name,
            TicketAssignment.facts,
        )
        .outerjoin(author, author.id == TicketAssignment.assigned_by)
        .outerjoin(owner, owner.id == TicketAssignment.user_id)
        .outerjoin(AssignmentRule, AssignmentRule.id == TicketAssignment.rule_id)
        .where(TicketAssignment.ticket_id == ticket_id, ~TicketAssignment.is_deleted)
        .order_by(TicketAssignment.assigned_at, TicketAssignment.id)
    )
    names = _names(db) if any(row[7] for row in rows) else {}
    return [
        ThreadAssignment(
            row[0],
            row[1] or "",
            row[3],
            row[4] or "",
            row[2] == row[3],
            None if row[5] is None else _reason(row, names),
        )
        for row in rows
    ]


def _names(db: Reader) -> dict[str, str]:
    found = (*db.all(select(User.id, User.name)), *db.all(select(Skill.id, Skill.name)))
    return {row_id.hex: name for row_id, name in found}


def _reason(row: Any, names: Mapping[str, str]) -> Reason:
    *_, owner_id, _owner, way, rule, facts = row

    def moment(key: str) -> datetime | None:
        return None if facts.get(key) is None else from_milliseconds(facts[key])

    return Reason(
        way,
        rule or "",
        owner_id is not None,
        facts.get("open"),
        facts.get("weight"),
        moment("last"),
        moment("served"),
        tuple(names.get(one, "") for one in facts.get("skills", ())),
        names.get(facts.get("stand_in_for", ""), ""),
        tuple(
            (names.get(one, ""), date.fromisoformat(until)) for one, until in facts.get("away", ())
        ),
    )
