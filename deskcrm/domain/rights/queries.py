"""What a person may see now, and what decides about their writes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from deskcrm.domain.rights.matrix import (
    CREATE,
    DELETE,
    EDIT,
    ERASES,
    MOVE,
    MOVED_BY_COLLEAGUES,
    MOVED_WITH_CLIENTS,
    OWNERS,
    SEES_ALL_TEAMS,
    SELF_WRITTEN,
    SIGNS_FOR_OTHERS,
    Reach,
    is_ever_deleted,
    known_records,
    reach_of,
)
from deskcrm.domain.teams.model import Team, TeamMember
from deskcrm.domain.users.model import User, UserRole
from deskcrm.store.changes import ERASE
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.upsert import in_chunks

NO_RIGHTS: Final = "rights"
NOT_THE_AUTHOR: Final = "author"
UNKNOWN: Final = "unknown"
RIGHTS_IN: Final = frozenset({"user", "team", "team_member"})
"""The tables in which it stands who may see and do what."""
SIGN: Final = "sign"
"""What is asked, beside the write itself, where a row would carry somebody else's name."""
_ACTIONS: Final = {
    "create": CREATE,
    "set": EDIT,
    "undelete": EDIT,
    "delete": DELETE,
    "move": MOVE,
}
_KEPT_FOR_ONESELF: Final = frozenset({"saved_view", "preference", "reply_template", "macro"})
"""Only these may be taken out of everybody's sight."""
# Asked with each request of a workstation, so they are built once.
_ROLES: Final = select(User.id, User.role).where(
    User.id.in_(bindparam("users", expanding=True)), User.is_active, ~User.is_deleted
)
_MEMBERS: Final = select(TeamMember.user_id, TeamMember.team_id).where(
    TeamMember.user_id.in_(bindparam("users", expanding=True)), ~TeamMember.is_deleted
)
_TEAMS: Final = select(Team.id, Team.parent_id, Team.is_deleted)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, as far as rights go; nobody without a role may do anything."""

    id: UUID
    role: UserRole | None
    scopes: frozenset[UUID]


def scopes_of(db: Reader, user: UUID) -> set[UUID]:
    """Give the scopes that a person may see: none for one who does not work here any more."""
    return set(read_person(db.connection, user).scopes)


def read_person(connection: Connection, user: UUID) -> Person:
    """Read what a person may see and what their role is, as of this transaction."""
    return read_people(connection, [user])[user]


def read_people(connection: Connection, users: Collection[UUID]) -> dict[UUID, Person]:
    """Read the same of several: as many statements as for one."""
    members: dict[UUID, set[UUID]] = defaultdict(set)
    found: dict[UUID, UserRole] = {}
    for chunk in in_chunks(users):
        asked = {"users": chunk}
        found |= {row.id: row.role for row in connection.execute(_ROLES, asked)}
        for row in connection.execute(_MEMBERS, asked):
            members[row.user_id].add(row.team_id)
    teams = connection.execute(_TEAMS).all() if found else []
    people = {user: Person(user, None, frozenset()) for user in users}
    for user, role in found.items():
        seen = _teams_of(teams, members[user], role)
        people[user] = Person(user, role, frozenset({WORKSPACE, user, *seen}))
    return people


def _teams_of(teams: Sequence[Any], own: Set[UUID], role: UserRole) -> set[UUID]:
    if role in SEES_ALL_TEAMS:
        # Those that were deleted too: what was left in them has to be found by somebody.
        return {team.id for team in teams}
    living: dict[UUID, UUID | None] = {
        team.id: team.parent_id for team in teams if not team.is_deleted
    }
    return {team for team in living if _is_within(team, own & living.keys(), living)}


def _is_within(team: UUID, own: Set[UUID], parents: Mapping[UUID, UUID | None]) -> bool:
    """Tell whether a team or one above it is a person's own; a circle of teams ends."""
    seen: set[UUID] = set()
    above: UUID | None = team
    while above is not None and above not in seen:
        if above in own:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides about the writes of one person, within one transaction."""

    person: Person
    known: frozenset[str]

    @classmethod
    def of(cls, connection: Connection, user: UUID) -> "Judge":
        """Give what decides about a person's writes."""
        return cls(read_person(connection, user), known_records())

    def decide(
        self,
        kind: str,
        table: str,
        row_id: UUID,
        scope: UUID,
        row: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> str:
        """Give the reason of a refusal; an empty word when it may be done.

        ``scope`` is where the row lies, of a move where it goes; ``row`` is how it was, None for a
        new one; ``after`` is what is written. Values are as the log holds them.
        """
        if kind == SIGN:
            return "" if self.person.role in SIGNS_FOR_OTHERS else NOT_THE_AUTHOR
        if table not in self.known or not (kind in _ACTIONS or kind == ERASE):
            return UNKNOWN
        if self.person.role is None or scope not in self.person.scopes:
            return NO_RIGHTS
        if kind == ERASE:
            return "" if self.person.role in ERASES else NO_RIGHTS
        action = _ACTIONS[kind]
        if action == MOVE and scope == self.person.id and table not in _KEPT_FOR_ONESELF:
            return NO_RIGHTS
        if kind == "set" and after and after.keys() <= _moved(table):
            action = CREATE
        reach = reach_of(table, action, self.person.role)
        if reach is Reach.NOTHING:
            return NO_RIGHTS
        if reach is Reach.OWN and not self._owns(table, row_id, scope, row or after):
            return NO_RIGHTS
        return self._about_people(table, reach, row_id, row, after)

    def may_take_back(self, kind: str, table: str, scope: UUID) -> bool:
        """Tell whether one may undo that one has made a row, and redo it: who may make it may.

        Whoever may make a record need not be somebody who may delete others', or one that was
        made for a colleague; yet a slip is theirs to undo.
        """
        if self.person.role is None or scope not in self.person.scopes:
            return False
        is_undo = kind in ("delete", "undelete") and is_ever_deleted(table)
        return is_undo and reach_of(table, CREATE, self.person.role) is not Reach.NOTHING

    def _owns(self, table: str, row_id: UUID, scope: UUID, row: Mapping[str, Any]) -> bool:
        if table == "user":
            return row_id == self.person.id
        if scope == self.person.id:
            return True
        return any(row.get(key) == self.person.id.hex for key in OWNERS.get(table, ()))

    def _about_people(
        self,
        table: str,
        reach: Reach,
        row_id: UUID,
        row: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> str:
        """Refuse what would give oneself more, and a person or a team out of everybody's sight."""
        if table != "user":
            return ""
        if reach is Reach.OWN and not after.keys() <= SELF_WRITTEN:
            return NO_RIGHTS
        is_own_role = row is not None and row_id == self.person.id and "role" in after
        if is_own_role and row is not None and after["role"] != row.get("role"):
            # Nobody gives themselves a role, not even a lower one: another one has to.
            return NO_RIGHTS
        return ""


@cache
def _moved(table: str) -> frozenset[str]:
    """Name the columns that whoever writes rows of a kind may change in others'."""
    return MOVED_WITH_CLIENTS | MOVED_BY_COLLEAGUES.get(table, frozenset())
