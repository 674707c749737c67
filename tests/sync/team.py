"""A team with the real rights, who do anything at all apart, over a network that fails as told."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.domain.client_merges.commands import follow_merges
from deskcrm.domain.client_merges.queries import has_strays
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.moving import move_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.erasures.queries import preview_erasure
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.playbooks import rounds as playbooks
from deskcrm.domain.rights.queries import scopes_of
from deskcrm.domain.risk import rounds as risk
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import add_user, create_first_user, set_role
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.server import late
from deskcrm.server.hub import make_hub
from deskcrm.store.commands import Command
from deskcrm.store.engine import Database
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import WORKSPACE, shape_named, shape_of, step_table
from deskcrm.sync.hub.horizon import KEEP_TOMBSTONES, drop_tombstones, move_on
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station import answers
from tests.domain.arguments import Call
from tests.domain.beginning import begin
from tests.domain.behind import behind
from tests.domain.everything import IN_MACHINE, own_models
from tests.sync.crashes import Crash, killed_at_a_write
from tests.sync.drawn import drawing_ids, small_bounds
from tests.sync.told import News
from tests.sync.verdict import Violation, answers_given
from tests.sync.world import Station, World, in_memory, raw_of
from tests.watch import START

ROLES: Final = (UserRole.ADMINISTRATOR, UserRole.MANAGER, UserRole.AGENT)
"""Of the three whose workstations these are, in order."""
MOST_ENDS: Final = 25
"""Times that all exchange everything at the end; more would be an exchange that never ends."""
LIMITS: Final = (5_000, 50, 7)
"""How many rows a workstation asks for at once."""
_BETWEEN: Final = 10
"""Seconds between the ids of two deeds."""

Deed = tuple[Any, ...]
"""What happens: the name of one of the methods below, and what it is called with."""


@dataclass
class Team(World):
    """A server with its real rights, and a workstation of each person."""

    came_through: Counter[str] = field(default_factory=Counter)
    """The commands that were not refused where they were given."""
    looked: int = field(init=False, default=0)
    """How far the server looked for what came late."""
    copies: dict[int, Any] = field(init=False, default_factory=dict)
    """Backups of workstations."""
    server_copy: Any = field(init=False, default=None)
    news: News = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.news = News(self, self.rng)

    def open_hub(self, database: Database) -> None:
        """Start the server over a database."""
        self.hub = make_hub(Store.open(database, clock=lambda: self.now))

    def scopes_of(self, db: Reader, user: UUID) -> set[UUID]:
        """Give what a person may see."""
        return set(scopes_of(db, user))

    def act(self, number: int, deed: Deed) -> None:
        """Let something happen, the same way under the same number, whatever happened before.

        So deeds can be left out until only those are left that a fault needs.
        """
        self.rng = self.network.rng = self.news.chance = random.Random(f"{self.seed} {number}")
        self.pass_time(seconds=1)
        with drawing_ids(f"{self.seed} {number}", number * _BETWEEN), suppress(UserError):
            getattr(self, deed[0])(*deed[1:])

    # Deeds.

    def do(self, who: int, command_id: str, wanted: Call) -> None:
        """Give a command."""
        self.stations[who].store.do(IN_MACHINE[command_id], *wanted.args, **wanted.kwargs)
        self.came_through[command_id] += 1

    def undo(self, who: int) -> None:
        """Undo what somebody did last."""
        self.stations[who].store.undo()

    def redo(self, who: int) -> None:
        """Redo it."""
        self.stations[who].store.redo()

    def erase(self, who: int, kind: PersonKind, person: UUID) -> None:
        """Erase a person, with all that speaks of them."""
        store = self.stations[who].store
        seen = store.ask(preview_erasure, kind, person)
        store.do(
            erase_person, kind, person, typed_name=seen.person.name,
            mentions=[(one.table, one.row_id, one.column) for one in seen.mentions],
            attachments=[one.id for one in seen.attachments],
        )  # fmt: skip

    def exchange(self, who: int) -> bool:
        """Exchange everything; tells whether anything moved, or did not arrive."""
        station = self.stations[who]
        try:
            done = station.sync()
        except SyncError as error:
            if error.trouble is Trouble.MASS_DELETE:
                answers.allow_deletion(station.store)
            elif not self.network.is_faulty:
                raise
            return True
        if done.was_repaired or not done.agrees:
            raise Violation("the sums were not what they should be")
        return bool(done.steps or done.came or done.gone or done.kept)

    def type_on(self, who: int, command_id: str, wanted: Call) -> None:
        """Give a command while everything is exchanged, where the network fails."""
        left = [wanted]

        def give(station: Station) -> None:
            with suppress(UserError):
                while left:
                    self.do(self.stations.index(station), command_id, left.pop())

        before, self.meanwhile = self.meanwhile, give
        try:
            self.exchange(who)
        finally:
            self.meanwhile = before

    def hear(self) -> None:
        """Let somebody ask for news, and somebody be told what comes of it."""
        self.news.pass_by()

    def crash(self, who: int) -> None:
        """Be killed while everything is exchanged, and start again."""
        station = self.stations[who]
        try:
            with killed_at_a_write(station.store, self.rng):
                self.exchange(who)
        except Crash:
            station.restart()

    def copy(self, who: int) -> None:
        """Back a workstation up."""
        self.copies[who] = self.stations[who].copy()

    def go_back(self, who: int) -> None:
        """Restore a workstation from its backup."""
        if who in self.copies:
            self.stations[who].restore(self.copies[who])

    def copy_server(self) -> None:
        """Back the server up."""
        self.server_copy = self.backup()

    def restore_server(self) -> None:
        """Restore the server from its backup."""
        if self.server_copy is not None:
            self.restore(self.server_copy)
            self.looked = 0

    def go_round(self, who: int) -> bool:
        """Do what a workstation does by itself; tells whether it wrote anything."""
        store, before = self.stations[who].store, self.stations[who].store.ask(_last_step)
        if store.ask(has_strays):
            store.do(follow_merges)
        playbooks.go_round(store, owner_id=store.ask(playbooks.whose_book))
        risk.go_round(Job(), store)
        return store.ask(_last_step) != before

    def look(self) -> bool:
        """Let the server see after what came late; tells whether it wrote anything."""
        before = self.hub.head()
        self.looked = late.see_after(self.hub.store, self.looked)
        return self.hub.head() != before

    def forget(self) -> None:
        """Let the time pass for which tombstones are kept, and let the server forget them."""
        while self.look():
            pass
        for _ in range(2):
            self.hub.store.absorb(self._move_on)
            self.pass_time(seconds=KEEP_TOMBSTONES.total_seconds() + 1)
        self.server_copy = None  # is older than what is forgotten

    def _move_on(self, connection: Connection) -> Arrived[int]:
        move_on(connection, self.now)
        return Arrived(drop_tombstones(connection, 1 << 30))

    def mistake_the_time(self, who: int, seconds: float) -> None:
        """Let the clock of a workstation be wrong."""
        self.stations[who].skew = timedelta(seconds=seconds)

    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.pass_time(hours=hours)

    # The end.

    def end(self) -> None:
        """Let everybody exchange everything until nobody has anything to do, and look at it."""
        with drawing_ids(f"{self.seed} end", 1_000_000):
            self._settle()
        for station in self.stations:
            self._has_what_it_may_see(station)
            self._is_answered(station)
            if wrong := behind(station.store):
                raise Violation(f"derived rows are wrong: {wrong}")

    def _settle(self) -> None:
        self.network.is_faulty = False
        self.network.late.clear()
        everybody = range(len(self.stations))
        for _ in range(MOST_ENDS):
            moved = [self.exchange(who) for who in everybody]
            if not any(moved) and not any([self.look(), *map(self.go_round, everybody)]):
                return
        raise Violation("there is always something new")

    def _has_what_it_may_see(self, station: Station) -> None:
        seen = self.hub.store.ask(self.scopes_of, station.user)
        for model in own_models():
            name = shape_of(model).name
            mine, all_rows = station.store.ask(living, name), self.hub.store.ask(living, name)
            theirs = {key: row for key, row in all_rows.items() if row.scope in seen}
            if mine != theirs:
                extra, missing = mine.keys() - theirs.keys(), theirs.keys() - mine.keys()
                both = [key for key in mine.keys() & theirs.keys() if mine[key] != theirs[key]]
                other = [(mine[key], theirs[key]) for key in both]
                raise Violation(f"{name} differs: {extra=} {missing=} {other=}")

    def _is_answered(self, station: Station) -> None:
        given = self.hub.store.ask(answers_given)
        s = step_table.c
        query = select(s.device, s.no, s.state, s.command).where(s.state != "arrived")
        for row in station.store.ask(lambda db: db.all(query)):
            if row.state == "waiting":
                raise Violation(f"still waiting: {row}")
            if row.state in ("acknowledged", "settled") and (row.device, row.no) not in given:
                raise Violation(f"the server never answered {row}")


def living(db: Reader, table: str) -> dict[UUID, Any]:
    """Give the rows of a table that are not deleted."""
    t = shape_named(table).table
    return {row.id: row for row in db.all(select(*t.columns).where(~t.c.is_deleted))}


def _last_step(db: Reader) -> int:
    return db.scalar(select(func.max(step_table.c.id))) or 0


@cache
def _found() -> Team:
    """Make a team that has one or two of each thing, of which everybody has all they may see."""
    team = Team(now=START)
    with drawing_ids("team"):
        server = team.hub.store
        server.sign_in(new_id())
        anna = team.station(server.do(create_first_user, name="Anna").value)
        server.sign_in(WORKSPACE)
        team.sync_all()

        def do(command: Command[..., Any], *args: Any, **kwargs: Any) -> Any:
            team.pass_time(seconds=1)
            return anna.store.do(command, *args, **kwargs).value

        south = do(create_team, name="South")
        for name, role in zip(("Olga", "Piotr"), ROLES[1:], strict=True):
            made: UserId = do(add_user, name=name)
            do(set_role, made, role=role)
            do(add_member, south, user_id=made)
            team.station(made)
        begin(do)
        _begin_in(do, south)
    team.end()
    return team


def _begin_in(do: Callable[..., Any], team_id: TeamId) -> None:
    """Make two clients of a team that may be one, with something of each."""
    made = [do(create_company, name=name) for name in ("South Ltd", "South")]
    for client in made:
        do(add_contact, client, name="Sue", emails=["sue@example.org"])
        do(log_call, client, text="She asked for a price")
        do(create_task, title="Send a price", client_id=client)
        do(tag_clients_by_name, [client], name="vip")
        do(open_ticket, client, subject="It is late", text="Where is it?")
        do(open_ticket, client, subject="It is broken", text="It fell")
    do(move_clients, made, team_id=team_id)


def a_team(seed: int, *, is_faulty: bool) -> Team:
    """Give a copy of that team, over a network that may fail; of odd seeds the server is older."""
    found = _found()
    team = Team(seed, now=found.now, is_older=seed % 2 == 1)
    team.open_hub(in_memory(raw_of(found.hub.store.database)))
    for each in found.stations:
        station = team.station(each.user)
        station.store = station.open(in_memory(raw_of(each.store.database)))
        station.limit = team.rng.choice(LIMITS)
    team.network.is_faulty = is_faulty
    return team


def run_deeds(seed: int, is_faulty: bool, deeds: Sequence[tuple[int, Deed]]) -> Team:
    """Let a team do deeds, each under its number; raises whatever does not hold."""
    team = a_team(seed, is_faulty=is_faulty)
    with small_bounds():
        for number, deed in deeds:
            team.act(number, deed)
        team.end()
    return team
