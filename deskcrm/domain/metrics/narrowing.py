"""Whose figures are asked for: a team's, a person's, those of some clients, by way of answering."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from deskcrm.domain.clients.filters import client_clauses
from deskcrm.domain.clients.model import Client
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.teams.model import Team, TeamId, TeamMember
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader


class AnswerWay(StrEnum):
    """Which answers count: those given on the phone please more than those in writing."""

    ALL = "all"
    WITHOUT_PHONE = "without_phone"
    BY_PHONE = "by_phone"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Tickets and clients count by their owner; nothing given means everything there is."""

    team_id: TeamId | None = None
    user_id: UserId | None = None
    segment: Filter = field(default_factory=Filter)
    """A filter of clients; a ticket counts if its client does."""
    answers: AnswerWay = AnswerWay.ALL


def owned(db: Reader, narrowing: Narrowing, owner: Any, scope: Any) -> list[ColumnElement[bool]]:
    """Give the conditions on whose a row is: that person's, that team's and those within it."""
    found: list[ColumnElement[bool]] = []
    if narrowing.user_id is not None:
        found.append(owner == narrowing.user_id)
    if narrowing.team_id is not None:
        teams = teams_within(db, narrowing.team_id)
        members = select(TeamMember.user_id).where(
            ~TeamMember.is_deleted, TeamMember.team_id.in_(teams)
        )
        found.append(or_(scope.in_(teams), owner.in_(members)))
    return found


def in_segment(db: Reader, narrowing: Narrowing, client_id: Any) -> list[ColumnElement[bool]]:
    """Give the conditions on the client of a row; raises UserError for a filter of another time."""
    if not narrowing.segment:
        return []
    clauses = client_clauses(db, narrowing.segment)
    found: list[ColumnElement[bool]] = [
        client_id.in_(select(Client.id).where(~Client.is_deleted, *clauses.client))
    ]
    if clauses.summary:
        summed = select(client_summary.c.client_id).where(*clauses.summary)
        found.append(client_id.in_(summed))
    return found


def teams_within(db: Reader, team_id: TeamId) -> list[TeamId]:
    """List a team and the teams within it, however deep."""
    parents = {row.id: row.parent_id for row in db.all(
        select(Team.id, Team.parent_id).where(~Team.is_deleted)
    )}  # fmt: skip
    found = [team_id]
    for one in found:
        found += [
            TeamId(child) for child, parent in parents.items()
            if parent == one and child not in found
        ]  # fmt: skip
    return found
