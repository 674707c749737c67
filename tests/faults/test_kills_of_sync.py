"""Server, PostgreSQL and workstations are killed at any moment: nothing acknowledged is lost."""

import random
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deskcrm.base import clock
from deskcrm.store.tables import record_models, shape_of
from tests.faults.conftest import many
from tests.faults.team import Pusher, Team, team_at_work
from tests.postgres import Cluster, own_cluster
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.watch import Watch

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX"),
]
KILLS = ("server", "postgres at once", "everything", "postgres", "workstation")


class RealTime(Watch):
    """The clock on the wall, by which the processes go as well."""

    def __call__(self) -> datetime:
        return clock.now()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster() as made:
        yield made


@pytest.fixture
def make_desk(tmp_path: Path, blank_profile: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(name: str, site: Any) -> Desk:
        place = tmp_path / name
        place.mkdir()
        shutil.copyfile(blank_profile, place / "deskcrm.db")
        desk = Desk(place, site, RealTime(), name)
        desk.set_up()
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.store.close()


@pytest.fixture
def team(
    cluster: Cluster, tmp_path: Path, make_desk: Callable[..., Desk]
) -> Iterator[tuple[Team, list[Desk]]]:
    with team_at_work(cluster, tmp_path, make_desk) as made:
        yield made


@pytest.fixture
def hasty_team(
    cluster: Cluster, tmp_path: Path, make_desk: Callable[..., Desk]
) -> Iterator[tuple[Team, list[Desk]]]:
    hasty = ("synchronous_commit=off", "wal_writer_delay=10s")
    with team_at_work(cluster, tmp_path, make_desk, *hasty) as made:
        yield made


@dataclass
class Rounds:
    """Two who push, and what strikes in the middle of it."""

    team: Team
    desks: list[Desk]
    hits: Counter[str] = field(default_factory=Counter)
    done: int = 0
    taken: int = 0

    def __post_init__(self) -> None:
        for desk in self.desks:
            desk.store.close()  # the processes have it now
        self.pushers = [Pusher(desk.folder) for desk in self.desks]

    def close(self) -> None:
        """End the workstations."""
        for pusher in self.pushers:
            pusher.kill()

    def run(self, kill: str, seconds: float) -> None:
        """Strike while both push; then nothing may be missing, and all must come to the same."""
        for pusher in self.pushers:
            pusher.order("work")
        for pusher in self.pushers:
            pusher.hear("taken", 2)
        threading.Event().wait(seconds)  # the moment of the fault, which is not to be foreseen
        ended = self.strike(kill)
        self.team.mend()
        self.check(ended)
        for pusher in self.pushers:
            if pusher not in ended:
                pusher.hear("taken")  # it goes on by itself, whatever had died
        self.begin_again(ended)
        self.settle()
        self.hits[kill] += 1

    def strike(self, kill: str) -> list[Pusher]:
        """End what is to be ended; gives the workstations among it."""
        ended: list[Pusher] = []
        if kill in ("server", "everything"):
            self.team.kill_server()
        if kill in ("postgres", "postgres at once", "everything"):
            self.team.kill_postgres(signal.SIGKILL if kill == "postgres" else signal.SIGQUIT)
        if kill in ("workstation", "everything"):
            ended = self.pushers[: 1 if kill == "workstation" else 2]
        for pusher in ended:
            pusher.kill()
        return ended

    def check(self, ended: list[Pusher]) -> None:
        """Hold that everything acknowledged is where it was said to be."""
        for pusher in self.pushers:
            self.taken += self.team.check_taken(pusher)
            self.done += len(pusher.did)
        for desk, pusher in zip(self.desks, self.pushers, strict=True):
            if pusher in ended:
                desk.open()
                check_here(desk, pusher)
                desk.store.close()

    def begin_again(self, ended: list[Pusher]) -> None:
        """Start the workstations that were ended."""
        for place, pusher in enumerate(self.pushers):
            if pusher in ended:
                self.pushers[place] = Pusher(self.desks[place].folder)

    def settle(self) -> None:
        """Hold that all have the same after two exchanges, and nobody ever had to mend anything."""
        for pusher in self.pushers:
            pusher.settle()
        first, second = (pusher.settle() for pusher in self.pushers)
        assert first == second
        for pusher in self.pushers:
            assert pusher.missed == []
            pusher.lines.clear()


def check_here(desk: Desk, pusher: Pusher) -> None:
    """Assert that the workstation has what it said it did."""
    names = {row.id: int(row.name) for row in rows_of(desk.store, "client")}
    calls = {row.id for row in rows_of(desk.store, "interaction")}
    for _, kind, row, number in pusher.did:
        assert row in calls if kind == "call" else names[row] >= number


def test_nothing_acknowledged_is_lost_whatever_is_killed(
    team: tuple[Team, list[Desk]], dice: random.Random, figure: Callable[[str], None]
) -> None:
    rounds = Rounds(*team)
    with closing(rounds):
        for number in range(many(3, 200)):
            kill = KILLS[number] if number < len(KILLS) else dice.choice(KILLS)
            rounds.run(kill, dice.random() ** 2 * 0.5)
    for desk in rounds.desks:
        desk.open()
    for desk in rounds.desks * 2:
        receipt = desk.sync()
        assert (receipt.refused, receipt.was_repaired, receipt.agrees) == ([], False, True)
    first, second = (everything(desk) for desk in rounds.desks)
    assert first == second
    assert rounds.taken > rounds.hits.total()
    struck = ", ".join(f"{count} of {kill}" for kill, count in sorted(rounds.hits.items()))
    figure(
        f"kill -9 while two push: {rounds.hits.total()} rounds ({struck}), {rounds.done} commands,"
        f" {rounds.taken} of them taken by the server before the strike, 0 lost"
    )


def everything(desk: Desk) -> dict[str, list[Any]]:
    """Give every row of a workstation."""
    names = [shape_of(model).name for model in record_models()]
    return {name: [tuple(row) for row in rows_of(desk.store, name)] for name in names}


def strike_often(rounds: Rounds) -> None:
    """PostgreSQL writes every ten seconds all the same, sometimes just before it is killed."""
    for _ in range(5):
        rounds.run("everything", 0.0)


def test_an_acknowledgement_before_the_disk_would_be_noticed(
    hasty_team: tuple[Team, list[Desk]],
) -> None:
    """The control: with a server that answers before PostgreSQL wrote, the same check fails."""
    rounds = Rounds(*hasty_team)
    with closing(rounds), pytest.raises(AssertionError, match="not there"):
        strike_often(rounds)
    for desk in rounds.desks:
        desk.open()
