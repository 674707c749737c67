"""Moves clients out of one team's sight and into another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import chosen_clients
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.rights.queries import Judge
from deskcrm.domain.teams.model import Team, TeamId
from deskcrm.domain.teams.queries import list_teams
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.work import Work


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a person may move clients; without a team everybody sees them."""

    team_id: TeamId | None
    name: str


@command("clients.move_to_team", "Move to team")
def move_clients(work: Work, client_ids: Sequence[ClientId], *, team_id: TeamId | None) -> int:
    """Let only a team and those above it see clients, or everybody; gives how many moved.

    All that belongs to a client goes along, on every workstation, once the server has it.
    """
    scope = WORKSPACE if team_id is None else work.get(Team, team_id).id
    judge = Judge.of(work.connection, work.actor)
    moved = [client for client in chosen_clients(work, client_ids) if client.scope != scope]
    for client in moved:
        if not _may_move(judge, client.id, scope):
            raise _not_allowed()
        client.scope = scope
    return len(moved)


def list_destinations(db: Reader) -> list[Destination]:
    """List where the signed-in person may move clients; UserError, in words, when nowhere."""
    judge = Judge.of(db.connection, db.actor)
    teams = list_teams(db)
    if not teams:
        raise UserError(tr("There are no teams yet."), tr("An administrator makes them."))
    found = [
        Destination(team.id, team.name) for team in teams if _may_move(judge, team.id, team.id)
    ]
    if not found:
        raise _not_allowed()
    return [Destination(None, tr("Everybody")), *found]


def _may_move(judge: Judge, client_id: UUID, scope: UUID) -> bool:
    table, moved = Client.__tablename__, {"scope": scope.hex}
    return not judge.decide("move", table, client_id, scope, {}, moved)


def _not_allowed() -> UserError:
    return UserError(
        tr("You may not move clients to another team."),
        tr("A lead may, an administrator, or a manager between their own teams."),
    )
