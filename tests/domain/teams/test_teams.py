"""Teams, and who is in them."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.teams import commands
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.teams.queries import TeamRow, list_my_teams, list_teams
from deskcrm.domain.users.commands import add_user, create_first_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store


@pytest.fixture
def team(store: Store) -> TeamId:
    return store.do(commands.create_team, name="Support").value


@pytest.fixture
def boris(store: Store) -> UserId:
    return store.do(add_user, name="Борис").value


def row(store: Store, team_id: TeamId) -> TeamRow:
    (found,) = [one for one in store.ask(list_teams) if one.id == team_id]
    return found


def test_a_team_is_created_and_undone(store: Store, team: TeamId) -> None:
    assert [one.name for one in store.ask(list_teams)] == ["Support"]
    store.undo()
    assert store.ask(list_teams) == []


def test_a_team_is_renamed_but_not_to_blank(store: Store, team: TeamId) -> None:
    store.do(commands.rename_team, team, name="Line 1")
    assert row(store, team).name == "Line 1"
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.rename_team, team, name=" ")
    store.undo()
    assert row(store, team).name == "Support"


def test_a_team_cannot_be_within_itself(store: Store, team: TeamId) -> None:
    below = store.do(commands.create_team, name="Line 1", parent_id=team).value
    lowest = store.do(commands.create_team, name="Night", parent_id=below).value
    for parent in (team, below, lowest):
        with pytest.raises(UserError, match="within itself"):
            store.do(commands.move_team, team, parent_id=parent)
    store.do(commands.move_team, lowest, parent_id=None)
    assert row(store, lowest).parent_id is None
    store.undo()
    assert row(store, lowest).parent_id == below


def test_members_come_and_go(store: Store, team: TeamId, boris: UserId) -> None:
    store.do(commands.add_member, team, user_id=boris)
    assert row(store, team).members == ((boris, "Борис"),)
    assert store.do(commands.add_member, team, user_id=boris).step is None
    store.do(commands.remove_member, team, user_id=boris)
    assert row(store, team).members == ()
    with pytest.raises(UserError, match="not in this team"):
        store.do(commands.remove_member, team, user_id=boris)
    store.undo()
    assert row(store, team).members == ((boris, "Борис"),)


def test_who_does_not_work_here_cannot_join_or_lead(
    store: Store, team: TeamId, boris: UserId
) -> None:
    store.do(deactivate_user, boris)
    with pytest.raises(UserError, match="does not work here"):
        store.do(commands.add_member, team, user_id=boris)
    with pytest.raises(UserError, match="does not work here"):
        store.do(commands.set_team_lead, team, lead_id=boris)


def test_a_lead_is_set_and_undone(store: Store, team: TeamId, boris: UserId) -> None:
    store.do(commands.set_team_lead, team, lead_id=boris)
    assert row(store, team).lead_id == boris
    store.undo()
    assert row(store, team).lead_id is None


def test_a_team_with_teams_within_it_is_not_deleted(store: Store, team: TeamId) -> None:
    below = store.do(commands.create_team, name="Line 1", parent_id=team).value
    with pytest.raises(UserError, match="has other teams") as refused:
        store.do(commands.delete_team, team)
    assert "Line 1" in refused.value.detail
    store.do(commands.delete_team, below)
    store.do(commands.delete_team, team)
    assert store.ask(list_teams) == []
    store.undo()
    assert row(store, team).name == "Support"


def test_my_teams_are_those_i_am_in(store: Store, team: TeamId) -> None:
    me = store.do(create_first_user, name="Анна").value
    store.do(commands.create_team, name="Success")
    store.do(commands.add_member, team, user_id=me)
    assert store.ask(list_my_teams) == [team]
