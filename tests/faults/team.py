"""A server as it is shipped, over PostgreSQL, and workstations: processes that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import add_account
from deskcrm.server.place import Place, keeping, place_of
from tests.postgres import Cluster, stop
from tests.sync.desks import Desk
from tests.sync.http_world import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which a state that must come is given up."""


class Pusher:
    """The process of a workstation, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.lines: list[list[str]] = []
        self._said = threading.Condition()  # with a lock that one thread may take twice
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.pusher", str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):  # else it was not said to its end
                with self._said:
                    self.lines.append(line.split())
                    self._said.notify_all()

    def order(self, what: str) -> None:
        """Tell it what to do from now on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()

    def hear(self, word: str, more: int = 1) -> list[str]:
        """Wait until so much more of a kind was said than up to now; gives the last of it."""

        def said() -> list[list[str]]:
            return [line for line in self.lines if line[0] == word]

        with self._said:
            wanted = len(said()) + more
            came = self._said.wait_for(lambda: len(said()) >= wanted, PATIENCE)
            assert came, f"no more {word!r} after {self.lines[-3:]}"
            return said()[-1]

    def settle(self) -> list[str]:
        """Let it exchange until nothing waits; gives what it has then, as counts and digests."""
        with self._said:  # it cannot be heard before we listen
            self.order("settle")
            return self.hear("settled")

    def kill(self) -> None:
        """End it at once; what lies in the pipe was said. Twice is harmless."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        assert self._process.returncode == -signal.SIGKILL, "it ended by itself"

    @property
    def missed(self) -> list[list[str]]:
        """Give what the server did not have, or what else should not have been."""
        return [line for line in self.lines if line[0] == "missed"]

    @property
    def taken(self) -> int:
        """Tell up to where the server said that it has all."""
        return max((int(line[1]) for line in self.lines if line[0] == "taken"), default=0)

    @property
    def did(self) -> list[tuple[int, str, UUID, int]]:
        """Give what it did, each with its number."""
        return [
            (int(line[1]), line[2], UUID(line[3]), int(line[4]))
            for line in self.lines
            if line[0] == "did"
        ]


@dataclass
class Team:
    """PostgreSQL, the server and the folders of two people."""

    cluster: Cluster
    folder: Path
    settings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.postgres = self.cluster.start(*self.settings)
        self.server = self._serve()

    @property
    def place(self) -> Place:
        """Give the server's place."""
        return place_of(None, self.cluster.url.render_as_string(hide_password=False))

    def _serve(self) -> "subprocess.Popen[str]":
        place, log = self.place.url, (self.folder / "server.log").open("ab")
        with log:
            started = subprocess.Popen(
                [sys.executable, "-m", "deskcrm", "serve", "--port", str(self._port)],
                cwd=ROOT, env={**os.environ, "DESKCRM_DATABASE_URL": str(place)},
                stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        assert started.stdout is not None
        with started.stdout as out:
            assert out.readline().startswith("Serving at "), (
                self.folder / "server.log"
            ).read_text()
        return started

    def kill_server(self) -> None:
        """End the server at once."""
        self.server.kill()
        self.server.wait()

    def kill_postgres(self, how: int) -> None:
        """End PostgreSQL without letting it write anything more."""
        self.postgres.send_signal(how)
        self.postgres.wait()

    def mend(self) -> None:
        """Start again whatever was ended."""
        if self.postgres.poll() is not None:
            self.postgres = self._start_again()
        if self.server.poll() is not None:
            self.server = self._serve()

    def _start_again(self) -> "subprocess.Popen[bytes]":
        for _ in range(100):
            try:
                return self.cluster.start(*self.settings)
            except RuntimeError:  # what the dead server left behind is still about to end
                continue
        raise AssertionError((self.cluster.folder / "log").read_text("utf-8", "replace"))

    def close(self) -> None:
        """Stop everything."""
        self.kill_server()
        stop(self.postgres)

    def check_taken(self, pusher: Pusher) -> int:
        """Assert that PostgreSQL has what the server said it has; gives how much that is.

        It is asked itself, past the program.
        """
        did, upto = pusher.did, pusher.taken
        taken = [one for one in did if one[0] <= upto]
        calls = {row for _, kind, row, _ in taken if kind == "call"}
        numbers = {row: number for _, kind, row, number in taken if kind != "call"}
        plain = self.cluster.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            query = "SELECT id FROM interaction WHERE id = ANY(%s) AND NOT is_deleted"
            there = {row for (row,) in connection.execute(query, [list(calls)])}
            query = "SELECT id, name FROM client WHERE id = ANY(%s) AND NOT is_deleted"
            names = {row: int(name) for row, name in connection.execute(query, [list(numbers)])}
        assert calls <= there, f"{len(calls - there)} of {len(calls)} calls are not there"
        for row, number in numbers.items():
            assert names.get(row, 0) >= number, f"{number} is not there: {names.get(row)}"
        return len(taken)


@contextmanager
def team_at_work(
    cluster: Cluster, folder: Path, make_desk: Callable[..., Desk], *settings: str
) -> Iterator[tuple[Team, list[Desk]]]:
    """Give a server with two people whose workstations are connected."""
    made = Team(cluster, folder, settings)
    try:
        with keeping(made.place) as store:
            for name in ("anna", "ivan"):
                add_account(store, name, role=UserRole.ADMINISTRATOR, teams=(), password=PASSWORD)
        desks = [make_desk(name, made) for name in ("anna", "ivan")]
        for desk in desks:
            desk.connect()
        yield made, desks
    finally:
        made.close()
