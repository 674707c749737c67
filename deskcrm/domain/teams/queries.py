"""Answers about teams."""

from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.domain.names import sort_key
from deskcrm.domain.teams.model import Team, TeamId, TeamMember
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with its people's names, as lists and choices show it."""

    id: TeamId
    name: str
    parent_id: TeamId | None
    lead_id: UserId | None
    members: tuple[tuple[UserId, str], ...]


def list_teams(db: Reader) -> list[TeamRow]:
    """List the teams, by name, each with its people, by name."""
    members: dict[TeamId, dict[UserId, str]] = {}
    for team_id, user_id, name in db.all(
        select(TeamMember.team_id, User.id, User.name)
        .join(User, User.id == TeamMember.user_id)
        .where(~TeamMember.is_deleted, ~User.is_deleted, User.is_active)
    ):
        members.setdefault(team_id, {})[UserId(user_id)] = name
    teams = db.all(select(Team.id, Team.name, Team.parent_id, Team.lead_id).where(~Team.is_deleted))
    rows = []
    for found_id, name, parent_id, lead_id in teams:
        team_id = TeamId(found_id)
        people = _by_name(members.get(team_id, {}))
        rows.append(TeamRow(team_id, name, parent_id, lead_id, people))
    return sorted(rows, key=lambda row: sort_key(row.name))


def list_my_teams(db: Reader) -> list[TeamId]:
    """List the teams that the signed-in person is in."""
    statement = (
        select(TeamMember.team_id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(TeamMember.user_id == db.actor, ~TeamMember.is_deleted, ~Team.is_deleted)
        .distinct()
    )
    return list(db.scalars(statement))


def _by_name(people: dict[UserId, str]) -> tuple[tuple[UserId, str], ...]:
    return tuple(sorted(people.items(), key=lambda person: sort_key(person[1])))
