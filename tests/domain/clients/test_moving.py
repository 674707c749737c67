"""Moving clients to another team: who may, what it says, and the way back."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.moving import list_destinations, move_clients
from deskcrm.domain.clients.outcomes import get_outcome, page_outcome
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.history import list_history
from deskcrm.store.store import Store


@pytest.fixture
def desk(store: Store) -> Store:
    store.do(create_first_user, name="Ann")
    return store


@pytest.fixture
def north(desk: Store) -> TeamId:
    return desk.do(create_team, name="North").value


def team_of(desk: Store, client: ClientId) -> str:
    return desk.ask(get_client, client).profile.team


def test_clients_are_moved_and_moved_back(desk: Store, north: TeamId) -> None:
    ids = [desk.do(create_company, name=name).value for name in ("Acme", "Bolt")]
    assert desk.do(move_clients, ids, team_id=north).value == 2
    assert [team_of(desk, one) for one in ids] == ["North", "North"]
    desk.undo()
    assert [team_of(desk, one) for one in ids] == ["", ""]
    desk.redo()
    assert desk.do(move_clients, ids[:1], team_id=None).value == 1
    assert [team_of(desk, one) for one in ids] == ["", "North"]


def test_it_says_of_each_client_what_became_of_it(desk: Store, north: TeamId) -> None:
    ids = [desk.do(create_company, name=name).value for name in ("Acme", "Bolt")]
    desk.do(move_clients, ids[:1], team_id=north)
    done = desk.do(move_clients, ids, team_id=north)
    assert done.value == 1
    outcome = desk.ask(get_outcome, done.step, ids)
    assert (outcome.changed, outcome.same) == ((ids[1],), (ids[0],))
    rows = desk.ask(page_outcome, outcome, ids)
    assert [row.lines for row in rows] == [(), ("Who sees it: everybody → North",)]
    assert desk.ask(list_history, ids[1])[0].lines == ("Who sees it: everybody → North",)


def test_where_one_may_move_depends_on_the_role(desk: Store, north: TeamId) -> None:
    south = desk.do(create_team, name="South").value
    client = desk.do(create_company, name="Acme").value
    people = {role: desk.do(add_user, name=role.value, role=role).value for role in UserRole}
    for person in people.values():
        desk.do(add_member, south, user_id=person)
    allowed = {
        UserRole.ADMINISTRATOR: ["Everybody", "North", "South"],
        UserRole.LEAD: ["Everybody", "North", "South"],
        UserRole.MANAGER: ["Everybody", "South"],
    }
    for role, person in people.items():
        desk.sign_in(person)
        if role in allowed:
            assert [one.name for one in desk.ask(list_destinations)] == allowed[role]
            continue
        with pytest.raises(UserError, match="may not move"):
            desk.ask(list_destinations)
        with pytest.raises(UserError, match="may not move"):
            desk.do(move_clients, [client], team_id=south)
    desk.sign_in(people[UserRole.MANAGER])
    with pytest.raises(UserError, match="may not move"):
        desk.do(move_clients, [client], team_id=north)
    desk.sign_in(UserId(people[UserRole.LEAD]))
    assert desk.do(move_clients, [client], team_id=north).value == 1


def test_where_there_are_no_teams_it_says_who_makes_them(desk: Store) -> None:
    with pytest.raises(UserError, match="no teams yet"):
        desk.ask(list_destinations)
