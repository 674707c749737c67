"""Makes teams, moves them about, and puts people in them."""

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.teams.model import Team, TeamId, TeamMember
from deskcrm.domain.users.commands import check_assignable
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("teams.create", "Create team")
def create_team(work: Work, *, name: str, parent_id: TeamId | None = None) -> TeamId:
    """Make a team, perhaps within another."""
    if parent_id is not None:
        work.get(Team, parent_id)
    team = Team(name=name, parent_id=parent_id)
    team.rename(name)
    return TeamId(work.add(team).id)


@command("teams.rename", "Rename team")
def rename_team(work: Work, team_id: TeamId, *, name: str) -> None:
    """Give a team another name."""
    work.get(Team, team_id).rename(name)


@command("teams.move", "Move team")
def move_team(work: Work, team_id: TeamId, *, parent_id: TeamId | None) -> None:
    """Put a team within another, or on its own; never within itself."""
    team = work.get(Team, team_id)
    above, seen = parent_id, {team_id}
    while above is not None:
        if above in seen:
            raise UserError(
                tr("A team cannot be within itself."), tr("Choose a team that is not below it.")
            )
        seen.add(above)
        above = work.get(Team, above).parent_id
    team.parent_id = parent_id


@command("teams.set_lead", "Set team lead")
def set_team_lead(work: Work, team_id: TeamId, *, lead_id: UserId | None) -> None:
    """Say who leads a team."""
    team = work.get(Team, team_id)
    if lead_id is not None:
        check_assignable(work, lead_id)
    team.lead_id = lead_id


@command("teams.delete", "Delete team")
def delete_team(work: Work, team_id: TeamId) -> None:
    """Delete a team that has no teams within it; its people stay."""
    team = work.get(Team, team_id)
    below = work.scalar(select(Team.name).where(Team.parent_id == team_id, ~Team.is_deleted))
    if below is not None:
        raise UserError(
            tr("{name} has other teams within it.", name=team.name),
            tr("Move “{below}” elsewhere first.", below=below),
        )
    work.delete(team)


@command("teams.add_member", "Add to team")
def add_member(work: Work, team_id: TeamId, *, user_id: UserId) -> None:
    """Put a person in a team; once is enough."""
    work.get(Team, team_id)
    check_assignable(work, user_id)
    if not _memberships(work, team_id, user_id):
        work.put(TeamMember, team_id=team_id, user_id=user_id)


@command("teams.remove_member", "Remove from team")
def remove_member(work: Work, team_id: TeamId, *, user_id: UserId) -> None:
    """Take a person out of a team."""
    found = _memberships(work, team_id, user_id)
    if not found:
        raise UserError(tr("{name} is not in this team.", name=work.get(User, user_id).name))
    for membership in found:
        work.delete(membership)


def _memberships(work: Work, team_id: TeamId, user_id: UserId) -> list[TeamMember]:
    """Give the records that say so: two, where ids were still drawn for each."""
    return list(
        work.records(
            select(TeamMember).where(
                TeamMember.team_id == team_id, TeamMember.user_id == user_id, ~TeamMember.is_deleted
            )
        )
    )
