"""Skills and rules of assignment as records: made, changed, put in order, taken back."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.assignment import commands
from deskcrm.domain.assignment.model import AssignmentRuleId, SkillId, Way
from deskcrm.domain.assignment.queries import RuleRow, SkillRow, list_rules, list_skills
from deskcrm.domain.tags.commands import create_tag
from deskcrm.domain.teams.commands import create_team
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from deskcrm.store.work import Missing


@pytest.fixture
def billing(desk: Store) -> SkillId:
    return desk.do(commands.create_skill, name=" Billing ", kinds=[TicketKind.COMPLAINT]).value


@pytest.fixture
def ivan(desk: Store) -> UserId:
    return desk.do(add_user, name="Ivan").value


def skill(desk: Store) -> SkillRow:
    (row,) = desk.ask(list_skills)
    return row


def rule(desk: Store) -> RuleRow:
    (row,) = desk.ask(list_rules)
    return row


def test_a_skill_says_which_tickets_need_it(desk: Store, billing: SkillId) -> None:
    tag = desk.do(create_tag, name="Pilot").value
    assert (skill(desk).name, skill(desk).kinds) == ("Billing", (TicketKind.COMPLAINT,))
    desk.do(commands.edit_skill, billing, lines=[SupportLine.SECOND], tags=[tag, tag])
    assert (skill(desk).lines, skill(desk).tags) == ((SupportLine.SECOND,), (tag,))
    desk.undo()
    assert (skill(desk).lines, skill(desk).tags) == ((), ())
    desk.undo()
    desk.undo()
    assert desk.ask(list_skills) == []


def test_a_skill_that_nothing_needs_is_refused(desk: Store, billing: SkillId) -> None:
    with pytest.raises(UserError, match="No ticket needs this skill"):
        desk.do(commands.create_skill, name="Dancing")
    with pytest.raises(UserError, match="No ticket needs this skill"):
        desk.do(commands.edit_skill, billing, kinds=[])
    with pytest.raises(UserError, match="A skill needs a name"):
        desk.do(commands.edit_skill, billing, name=" ")
    with pytest.raises(UserError, match="There is a skill “billing” already"):
        desk.do(commands.create_skill, name="billing", kinds=[TicketKind.QUESTION])


def test_people_have_skills(desk: Store, billing: SkillId, ivan: UserId) -> None:
    olga = desk.do(add_user, name="Olga").value
    assert desk.do(commands.set_skilled, billing, user_ids=[olga, ivan]).value == 2
    assert [name for _, name in skill(desk).people] == ["Ivan", "Olga"]
    assert desk.do(commands.set_skilled, billing, user_ids=[olga]).value == 1
    assert [name for _, name in skill(desk).people] == ["Olga"]
    desk.undo()
    assert [name for _, name in skill(desk).people] == ["Ivan", "Olga"]
    assert desk.do(commands.set_skilled, billing, user_ids=[ivan, olga]).value == 0
    desk.do(deactivate_user, olga)
    assert [name for _, name in skill(desk).people] == ["Ivan"]
    desk.do(commands.set_skilled, billing, user_ids=[])
    with pytest.raises(UserError, match="Olga does not work here any more"):
        desk.do(commands.set_skilled, billing, user_ids=[olga])


def test_a_deleted_skill_is_nobodys(desk: Store, billing: SkillId, ivan: UserId) -> None:
    desk.do(commands.set_skilled, billing, user_ids=[ivan])
    desk.do(commands.delete_skill, billing)
    assert desk.ask(list_skills) == []
    with pytest.raises(Missing):
        desk.do(commands.delete_skill, billing)
    desk.undo()
    assert [name for _, name in skill(desk).people] == ["Ivan"]


@pytest.fixture
def team(desk: Store) -> TeamId:
    return desk.do(create_team, name="Support").value


@pytest.fixture
def first(desk: Store, team: TeamId) -> AssignmentRuleId:
    return desk.do(commands.create_rule, name=" Rest ", way=Way.LEAST_BUSY, team_id=team).value


def test_a_rule_is_made_changed_and_deleted(
    desk: Store, first: AssignmentRuleId, team: TeamId
) -> None:
    assert (rule(desk).name, rule(desk).way, rule(desk).team) == ("Rest", Way.LEAST_BUSY, "Support")
    desk.do(commands.edit_rule, first, way=Way.ROUND_ROBIN, priorities=[Priority.URGENT],
            team_id=None, is_active=False)  # fmt: skip
    changed = rule(desk)
    assert (changed.way, changed.priorities, changed.team_id, changed.is_active) == (
        Way.ROUND_ROBIN, (Priority.URGENT,), None, False,
    )  # fmt: skip
    desk.undo()
    assert (rule(desk).way, rule(desk).team_id, rule(desk).is_active) == (
        Way.LEAST_BUSY, team, True,
    )  # fmt: skip
    desk.do(commands.delete_rule, first)
    assert desk.ask(list_rules) == []
    desk.undo()
    assert rule(desk).id == first


def test_rules_stand_in_an_order(desk: Store, first: AssignmentRuleId) -> None:
    second = desk.do(commands.create_rule, name="Urgent", way=Way.BEST_SUITED).value
    assert [one.id for one in desk.ask(list_rules)] == [first, second]
    desk.do(commands.order_rules, [second, first])
    assert [one.id for one in desk.ask(list_rules)] == [second, first]
    desk.undo()
    assert [one.id for one in desk.ask(list_rules)] == [first, second]
    with pytest.raises(UserError, match="A rule stands twice"):
        desk.do(commands.order_rules, [second, second])


def test_a_rule_that_makes_no_sense_is_refused(desk: Store, first: AssignmentRuleId) -> None:
    with pytest.raises(UserError, match="A rule needs a name"):
        desk.do(commands.create_rule, name="", way=Way.LEAST_BUSY)
    with pytest.raises(UserError, match="There is a rule “rest” already"):
        desk.do(commands.create_rule, name="rest", way=Way.LEAST_BUSY)
    with pytest.raises(Missing):
        desk.do(commands.edit_rule, first, team_id=TeamId(UserId(desk.actor)))
