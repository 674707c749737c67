"""A workstation that works and exchanges as fast as it can, and says what is safe and where.

    python -m tests.faults.pusher FOLDER

For tests that end it. Orders come on stdin: ``work`` until the next one, or ``settle``. Said are
``did NO KIND ID NUMBER`` once a command is durable here, ``taken NO`` once the server has answered
that it has all steps up to there, ``missed NO`` if it ever has less than that, and ``settled``.
"""

import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sqlalchemy import func, select

import deskcrm.domain.all  # noqa: F401 - the features that travel
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.commands import log_call
from deskcrm.store import ledger
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Done, Store
from deskcrm.store.tables import WORKSPACE, step_table
from deskcrm.sync.credentials import Credentials
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.peer import SyncError
from deskcrm.sync.protocol import Push, Pushed
from deskcrm.sync.station.handing import HandingOver
from deskcrm.sync.station.rounds import Exchange
from deskcrm.sync.transport import Transport
from tests.fixtures_store import KEY

MOST = 20
"""Commands between two exchanges: whoever is cut off works on, but not without end."""
PAUSE = 0.05
"""Seconds between two exchanges while nothing answers."""


def say(*words: object) -> None:
    """Say something at once."""
    print(*words, flush=True)  # noqa: T201


class Telling(HttpPeer):
    """A server, of which each answer to a push is told."""

    def push(self, message: Push) -> Pushed:
        """Hand over steps, and say how far they were taken."""
        pushed = super().push(message)
        say("taken", pushed.last)
        return pushed


class Watchful(HandingOver):
    """Tells when the server has less than it said: the loss would be mended."""

    def refill(self, last: int) -> None:
        """Queue again what is lost, and say from where on."""
        say("missed", last + 1)
        super().refill(last)


class Watched(Exchange):
    """An exchange that tells of losses."""

    def _handing_over(self) -> HandingOver:
        assert self.welcome is not None
        return Watchful(self.store, self.peer, self.welcome, self.receipt, self.limit)


@dataclass
class Workstation:
    """What works here, and how far it is."""

    store: Store
    peer: HttpPeer
    clients: list[ClientId] = field(default_factory=list)
    made: int = 0
    alone: int = 0
    """Commands since the last exchange."""

    def work(self) -> None:
        """Run one command and exchange; the numbers that are written only ever rise."""
        if self.alone < MOST:
            self.made, self.alone = self.made + 1, self.alone + 1
            number = 1 + (self._find(func.max(step_table.c.id)) or 0)
            done, kind, row = self._write(number)
            no = self._find(step_table.c.no, step_table.c.id == done.step)
            say("did", no, kind, row.hex, number)
        self.exchange()

    def _write(self, number: int) -> tuple[Done[Any], str, Any]:
        if self.made % 4 == 1:
            added = self.store.do(create_company, name=f"{number}")
            self.clients.append(added.value)
            return added, "client", added.value
        if self.made % 4 == 2:
            last = self.clients[-1]
            return self.store.do(rename_client, last, name=f"{number}"), "name", last
        text = f"call {number} " * (self.made % 30)
        logged = self.store.do(log_call, self.clients[0], text=text)
        return logged, "call", logged.value

    def _find(self, what: Any, *where: Any) -> Any:
        return self.store.ask(lambda db: db.scalar(select(what).where(*where)))

    def exchange(self) -> bool:
        """Exchange everything; tell whether that came about."""
        try:
            receipt = Watched(self.store, self.peer).run()
        except SyncError as error:
            say("trouble", error.trouble.name)
            threading.Event().wait(PAUSE)
            return False
        self.alone = 0
        for bad in ("repaired",) * receipt.was_repaired + ("apart",) * (not receipt.agrees):
            say("missed", bad)
        for refused in receipt.refused:
            say("missed", refused.no, refused.detail)
        return receipt.waiting == 0

    def settle(self) -> None:
        """Exchange until nothing waits, and say what everybody must have then."""
        while not self.exchange():
            pass
        sums = self.store.ask(lambda db: ledger.read_sums(db.connection, [WORKSPACE]))
        say(
            "settled",
            *(f"{table}:{rows}:{digest}" for (_, table), (rows, digest) in sorted(sums.items())),
        )


def main() -> None:
    """Do what is ordered until the end comes."""
    orders: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            orders.put(line.strip())
        orders.put("end")

    threading.Thread(target=listen, daemon=True).start()
    store = Store.open(open_sqlite(Path(sys.argv[1]) / "deskcrm.db", KEY))
    credentials = Credentials(store)
    login = credentials.login()
    assert login is not None
    here = Workstation(store, Telling(Transport(login.url), credentials))
    say("ready")
    while (order := orders.get()) != "end":
        if order == "settle":
            here.settle()
        while order == "work" and orders.empty():
            here.work()


if __name__ == "__main__":
    main()
