"""A workspace with every kind of record in every kind of place, for each cell of the rights."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import types

from deskcrm.base.ids import new_id
from deskcrm.domain.rights.matrix import (
    CREATE,
    DELETE,
    EDIT,
    MOVE,
    OWNERS,
    Reach,
    known_records,
    reach_of,
)
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.store.tables import WORKSPACE, Shape, shape_named
from deskcrm.store.types import EnumText, Id, Instant, Json
from deskcrm.sync.hub.push import Caller
from deskcrm.sync.protocol import Hello, Op, Push, Step
from tests.server.site import Site, Speaker, allow_everything

SEEN: Final = 2**40
"""A base that has seen everything: rights are tested here, not merges."""
MOMENT: Final = 1_700_000_000_000
OPEN_TO_ALL: Final = ("workspace", "own", "team", "below")
KEPT_FOR_ONESELF: Final = ("saved_view", "preference", "reply_template", "macro")


@dataclass(frozen=True)
class Place:
    """Where a row lies, and whether it is the person's."""

    where: str
    is_owned: bool


@dataclass(frozen=True)
class Cell:
    """One thing that a person tries."""

    table: str
    kind: str
    place: Place
    target: str = ""


@dataclass
class Grounds:
    """The workspace, the person who tries, and the scopes by the words for them."""

    site: Site
    role: UserRole
    person: Speaker = field(init=False)
    scopes: dict[str, UUID] = field(init=False)
    clients: dict[str, UUID] = field(default_factory=dict)
    steps: list[list[Op]] = field(default_factory=list)

    def __post_init__(self) -> None:
        north = self.site.team("North")
        below = self.site.team("Below", north)
        south = self.site.team("South")
        self.person = self.site.person("Anna", self.role, north)
        self.stranger = self.site.person("Boris", UserRole.AGENT, south)
        self.team_of_nobody = north
        self.scopes = {
            "workspace": WORKSPACE,
            "own": self.person.user,
            "team": north,
            "below": below,
            "other team": south,
            "stranger": self.stranger.user,
        }
        for where in self.scopes:
            self.clients[where] = new_id()
            self.steps.append([self.creation("client", Place(where, False), self.clients[where])])

    def plant(self) -> None:
        """Write what was prepared, past all rights."""
        hub = allow_everything(self.site.desk.store)
        caller = Caller(self.stranger.user, new_id())
        with fence.as_server():
            hub.hello(caller, Hello(caller.device.bytes, "Seeds", (1, 1), "9999", 0))
            for start in range(0, len(self.steps), 400):
                made = [
                    Step(start + n, "do", "tests.seed", "Seed", 0, 1, ops)
                    for n, ops in enumerate(self.steps[start : start + 400], 1)
                ]
                pushed = hub.push(caller, Push(caller.device.bytes, 1, start, 0, made))
                assert {result.status for result in pushed.results} == {"applied"}
        self.steps.clear()

    def creation(self, table: str, place: Place, row_id: UUID) -> Op:
        """Give the op that makes a row in a place."""
        owner = self.person.user if place.is_owned else self.stranger.user
        shape = shape_named(table)
        values = plain_values(shape) | {"scope": self.scopes[place.where].hex}
        for column in OWNERS.get(table, ()):
            values[column] = owner.hex
        if shape.subject == "client_id":
            values["client_id"] = self.clients[place.where].hex
        return Op(table, row_id.bytes, "create", 0, None, json.dumps(values))

    def trial(self, cell: Cell) -> list[Op]:
        """Give the ops of what is tried; the row that it needs is prepared to be planted."""
        row_id = new_id()
        creation = self.creation(cell.table, cell.place, row_id)
        if cell.kind == "create":
            return [creation]
        self.steps.append([creation])
        if cell.kind == "undelete":
            self.steps.append([Op(cell.table, row_id.bytes, "delete", SEEN)])
        if cell.kind in ("delete", "undelete"):
            return [Op(cell.table, row_id.bytes, cell.kind, SEEN)]
        after: dict[str, Any] = {"created_at": MOMENT + 1}
        if cell.kind == "move":
            after = {"scope": self.scopes[cell.target].hex}
        before = json.dumps({"created_at": MOMENT})
        return [Op(cell.table, row_id.bytes, "set", SEEN, before, json.dumps(after))]

    def may(self, cell: Cell) -> bool:
        """Tell what the table of rights says of a cell, worked out once more and plainly."""
        if not self._sees(cell.place.where):
            return False
        action = {"create": CREATE, "set": EDIT, "undelete": EDIT, "delete": DELETE, "move": EDIT}
        if not self._reaches(cell, action[cell.kind]):
            return False
        if cell.kind == "create" and not cell.place.is_owned and shape_named(cell.table).signatures:
            return self.role is UserRole.ADMINISTRATOR  # it carries the stranger's name
        if cell.kind != "move":
            return True
        hides = cell.target == "own" and cell.table not in KEPT_FOR_ONESELF
        return self._sees(cell.target) and not hides and self._reaches(cell, MOVE)

    def _reaches(self, cell: Cell, action: str) -> bool:
        reach = reach_of(cell.table, action, self.role)
        is_own = cell.place.where == "own" or (cell.place.is_owned and cell.table in OWNERS)
        if cell.table == "user":  # these are others: one's own entry has tests of its own
            is_own = False
        return reach in (Reach.TEAM, Reach.ALL) or (reach is Reach.OWN and is_own)

    def _sees(self, where: str) -> bool:
        all_teams = self.role in (UserRole.ADMINISTRATOR, UserRole.LEAD)
        return where in OPEN_TO_ALL or (where == "other team" and all_teams)


def cells() -> Iterator[Cell]:
    """Give every cell: each record, kind of write and place, and for moves each target."""
    wheres = (*OPEN_TO_ALL, "other team", "stranger")
    for table in sorted(known_records()):
        shape = shape_named(table)
        # These lie where their team does, in the workspace.
        possible = ("workspace",) if shape.subject == "team_id" else wheres
        for where in possible:
            for is_owned in (False, True) if table in OWNERS else (False,):
                place = Place(where, is_owned)
                for kind in ("create", "set", "delete", "undelete"):
                    yield Cell(table, kind, place)
                for target in wheres:
                    if target != where:
                        yield Cell(table, "move", place, target)


def plain_values(shape: Shape) -> dict[str, Any]:
    """Give values that the columns of a table can hold."""
    return {
        key: _plain(column.type)
        for key, column in shape.columns.items()
        if not column.nullable and key != "scope"
    }


def _plain(column_type: types.TypeEngine[Any]) -> Any:
    if isinstance(column_type, Id):
        return new_id().hex
    if isinstance(column_type, Instant):
        return MOMENT
    if isinstance(column_type, EnumText):
        return next(iter(column_type.members)).value
    if isinstance(column_type, Json):
        return []
    if isinstance(column_type, types.Date):
        return "2026-03-11"
    if isinstance(column_type, types.Boolean):
        return False
    if isinstance(column_type, types.Float):
        return 1.0
    if isinstance(column_type, types.Integer | types.Numeric):
        return 1
    return "x"
