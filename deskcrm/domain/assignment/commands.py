"""Makes skills and rules of assignment, gives skills to people, and puts rules in order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.words import tr
from deskcrm.domain.assignment.model import (
    AssignmentRule,
    AssignmentRuleId,
    Skill,
    SkillId,
    UserSkill,
    Way,
)
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.naming import check_name_free, next_position, put_in_order
from deskcrm.domain.sla.cases import member_texts
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.teams.model import Team, TeamId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class SkillNeeds(TypedDict, total=False):
    """Which tickets need a skill; only what is given is written."""

    kinds: Sequence[TicketKind]
    lines: Sequence[SupportLine]
    tags: Sequence[TagId]


class SkillChanges(SkillNeeds, total=False):
    """What can be edited of a skill."""

    name: str


class RuleTerms(TypedDict, total=False):
    """Which tickets a rule is for, and among whom it chooses; only what is given is written."""

    is_active: bool
    team_id: TeamId | None
    kinds: Sequence[TicketKind]
    priorities: Sequence[Priority]
    tiers: Sequence[Tier]
    lines: Sequence[SupportLine]
    channels: Sequence[Channel]
    tags: Sequence[TagId]


class RuleChanges(RuleTerms, total=False):
    """What can be edited of a rule."""

    name: str
    way: Way


_MEMBERS: Final = ("kinds", "priorities", "tiers", "lines", "channels")


@command("assignment.create_skill", "Create skill")
def create_skill(work: Work, /, *, name: str, **needs: Unpack[SkillNeeds]) -> SkillId:
    """Make a skill that tickets of some kind, line or tag need."""
    skill = Skill(name=name)
    _change_skill(work, skill, {**needs, "name": name})
    return SkillId(work.add(skill).id)


@command("assignment.edit_skill", "Edit skill")
def edit_skill(work: Work, /, skill_id: SkillId, **changes: Unpack[SkillChanges]) -> None:
    """Change a skill's name, or which tickets need it."""
    _change_skill(work, work.get(Skill, skill_id), changes)


@command("assignment.set_skilled", "Set who has a skill")
def set_skilled(work: Work, skill_id: SkillId, *, user_ids: Sequence[UserId]) -> int:
    """Say who has a skill, and so that nobody else has it; gives how many it was changed for."""
    work.get(Skill, skill_id)
    held: Sequence[UserSkill] = work.records(
        select(UserSkill).where(UserSkill.skill_id == skill_id, ~UserSkill.is_deleted)
    )
    wanted, has = set(user_ids), {one.user_id for one in held}
    for user_id in sorted(wanted - has):
        check_assignable(work, user_id)
        work.put(UserSkill, skill_id=skill_id, user_id=user_id)
    for one in held:
        if one.user_id not in wanted:
            work.delete(one)
    return len(wanted ^ has)


@command("assignment.delete_skill", "Delete skill")
def delete_skill(work: Work, skill_id: SkillId) -> None:
    """Delete a skill; nothing asks for it any more."""
    skill = work.get(Skill, skill_id)
    for one in work.records(
        select(UserSkill).where(UserSkill.skill_id == skill_id, ~UserSkill.is_deleted)
    ):
        work.delete(one)
    work.delete(skill)


@command("assignment.create_rule", "Create assignment rule")
def create_rule(
    work: Work, /, *, name: str, way: Way, **terms: Unpack[RuleTerms]
) -> AssignmentRuleId:
    """Make a rule, behind the ones there are."""
    rule = AssignmentRule(name=name, way=way, position=next_position(work, AssignmentRule))
    _change_rule(work, rule, {**terms, "name": name})
    return AssignmentRuleId(work.add(rule).id)


@command("assignment.edit_rule", "Edit assignment rule")
def edit_rule(work: Work, /, rule_id: AssignmentRuleId, **changes: Unpack[RuleChanges]) -> None:
    """Change a rule; it holds for what is assigned from now on."""
    _change_rule(work, work.get(AssignmentRule, rule_id), changes)


@command("assignment.order_rules", "Reorder assignment rules")
def order_rules(work: Work, rule_ids: Sequence[AssignmentRuleId]) -> None:
    """Put the rules in the order given: the first that matches a ticket chooses."""
    put_in_order(work, AssignmentRule, rule_ids, tr("A rule stands twice in this order."))


@command("assignment.delete_rule", "Delete assignment rule")
def delete_rule(work: Work, rule_id: AssignmentRuleId) -> None:
    """Delete a rule; what it assigned stays as it is."""
    work.delete(work.get(AssignmentRule, rule_id))


def _change_skill(work: Work, skill: Skill, changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        skill.rename(changes["name"])
        check_name_free(work, skill, tr("There is a skill “{name}” already.", name=skill.name))
    _set_conditions(work, skill, changes)
    skill.check()


def _change_rule(work: Work, rule: AssignmentRule, changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        rule.rename(changes["name"])
        check_name_free(work, rule, tr("There is a rule “{name}” already.", name=rule.name))
    if changes.get("team_id") is not None:
        work.get(Team, changes["team_id"])
    for key in ("way", "is_active", "team_id"):
        if key in changes:
            setattr(rule, key, changes[key])
    _set_conditions(work, rule, changes)


def _set_conditions(work: Work, row: Skill | AssignmentRule, changes: Mapping[str, Any]) -> None:
    for key in _MEMBERS:
        if key in changes:
            setattr(row, key, member_texts(changes[key]))
    if "tags" in changes:
        row.tags = sorted(work.get(Tag, one).id.hex for one in set(changes["tags"]))
