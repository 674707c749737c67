"""Two hundred workstations on one server: how long a small push takes, and until others have it.

The server is a process of its own with a limit of time; the workstations speak the protocol over
loopback from this process, each with one line that waits for news and one that pushes. Everybody
sees everything, so each change goes to all the others: the worst that a server can be given.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from bench.lines import Line, line
from bench.rows import CLIENTS, FIELDS
from bench.site import PASSWORD, Device, Site, sites
from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import UserRole
from deskcrm.server.accounts import add_account
from deskcrm.server.place import keeping
from deskcrm.store import migrate
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.http_peer import KIND
from deskcrm.sync.protocol import (
    OLDEST,
    VERSION,
    Hello,
    News,
    Op,
    Pull,
    Pulled,
    Push,
    Pushed,
    Step,
    Welcome,
    pack,
    unpack,
)

WORKSTATIONS: Final = 200
PEOPLE: Final = 20
"""Who sit at them: whoever has a scope of their own asks a question of their own."""
LASTS: Final = 60.0
"""Seconds that the crowd works; it is bounded by this, not by how much it gets done."""
BETWEEN: Final = 30.0
"""Seconds between two pushes of a workstation, on average."""
SETTLING: Final = 10.0


@dataclass
class Seen:
    """What was measured; moments are seconds since the crowd began."""

    pushes: list[tuple[float, float]] = field(default_factory=list)
    arrivals: list[tuple[float, float]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    errors: int = 0
    begun: float = 0.0
    sent: dict[bytes, float] = field(default_factory=dict)
    """When each row was saved."""


def run(clients: int) -> list[Line]:
    """Measure over both databases. The size is its own."""
    del clients
    lines: list[Line] = []
    with sites() as found:
        for kind, site in found:
            lines += _measure(kind, site)
    return lines


def _measure(kind: str, site: Site) -> list[Line]:
    with keeping(site.place) as desk:
        people = ["Anna", *(f"Person {number}" for number in range(1, PEOPLE))]
        for name in people[1:]:
            add_account(desk, name, role=UserRole.ADMINISTRATOR, teams=[], password=PASSWORD)
        devices = [site.sign_in(desk, people[n % PEOPLE]) for n in range(WORKSTATIONS)]
    seen = Seen()
    asyncio.run(_crowd(site, devices, seen))
    name = f"{kind}, {WORKSTATIONS} workstations"
    pushes, arrivals = ([took for _, took in some] for some in (seen.pushes, seen.arrivals))
    return [
        line(f"{name}: a small push", 0, pushes, at="p95"),
        line(f"{name}: from saved here to arrived there", 0, arrivals, at="p95"),
        line(f"{name}: errors", 0, [float(seen.errors)], budget=0, at="worst", unit="requests"),
        *_thirds(f"{name}: memory of the server", seen.memory, "MB"),
        *_thirds(f"{name}: a small push", seen.pushes, "ms"),
    ]


def _thirds(name: str, figures: list[tuple[float, float]], unit: str) -> list[Line]:
    """Give the first third of a run and the last: what grows would show."""
    parts = {
        "first third": [value for at, value in figures if at < LASTS / 3],
        "last third": [value for at, value in figures if at >= LASTS * 2 / 3],
    }
    return [line(f"{name}, {said}", 0, part, unit=unit) for said, part in parts.items() if part]


async def _crowd(site: Site, devices: list[Device], seen: Seen) -> None:
    seats = [Workstation(site, device, seen) for device in devices]
    for seat in seats:
        await seat.enter()
    seen.begun = time.perf_counter()
    tasks: list[Coroutine[Any, Any, None]] = [
        *(seat.listen() for seat in seats),
        *(seat.work() for seat in seats),
        _weigh(site, seen),
    ]
    running = [asyncio.create_task(task) for task in tasks]
    await asyncio.sleep(LASTS + SETTLING)
    for task in running:
        task.cancel()
    for done in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(done, Exception):
            seen.errors += 1
    for seat in seats:
        seat.close()


async def _weigh(site: Site, seen: Seen) -> None:
    """Look at the memory of the server every second, where the system says it."""
    status = Path(f"/proc/{site.pid}/status")
    while status.exists():
        text = status.read_text()
        used = int(text.split("VmRSS:")[1].split()[0]) / 1_024
        seen.memory.append((time.perf_counter() - seen.begun, used))
        await asyncio.sleep(1)


class Workstation:
    """One device: a line that waits for news, and a line that pushes."""

    def __init__(self, site: Site, device: Device, seen: Seen) -> None:
        self._device, self._seen = device, seen
        self._waiting, self._pushing = (_Connection(site.url, device) for _ in range(2))
        self._no, self._chance = 0, random.Random(device.id.int)
        self._own: set[bytes] = set()

    async def enter(self) -> None:
        """Say hello and pull once."""
        schema = migrate.known_revisions()[-1]
        hello = Hello(self._device.id.bytes, "Bench", (OLDEST, VERSION), schema, 0)
        welcome = await self._pushing.send("hello", hello, Welcome)
        self._epoch = welcome.epoch
        self._cursors: list[tuple[bytes, int]] = []
        await self._pull()

    async def _pull(self) -> None:
        pulled = await self._waiting.send("pull", self._question(), Pulled)
        self._cursors = pulled.cursors
        self._note(pulled)

    def _question(self) -> Pull:
        return Pull(self._device.id.bytes, self._epoch, self._cursors)

    def _note(self, pulled: Pulled) -> None:
        now = time.perf_counter()
        for rows in pulled.rows:
            for row in rows.rows:
                saved = self._seen.sent.get(row[0])
                if saved is not None and row[0] not in self._own:
                    self._seen.arrivals.append((saved - self._seen.begun, (now - saved) * 1_000))

    async def listen(self) -> None:
        """Wait for news and take it in, until told to stop."""
        while True:
            async for news in self._waiting.follow(self._question()):
                if news.page is not None:
                    self._cursors = [(scope, news.head) for scope, _ in self._cursors]
                    self._note(news.page)
            await self._pull()  # something did not fit into a page of all

    async def work(self) -> None:
        """Save one small row now and then."""
        until = self._seen.begun + LASTS
        while True:
            await asyncio.sleep(self._chance.uniform(0, 2 * BETWEEN))
            if time.perf_counter() < until:
                await self._push()

    async def _push(self) -> None:
        row = new_id().bytes
        self._own.add(row)
        values = {
            "client_id": self._chance.choice(CLIENTS).hex, "field_id": FIELDS[0].hex,
            "text": "a small row", "scope": WORKSPACE.hex, "created_at": 0,
        }  # fmt: skip
        self._no += 1
        op = Op("custom_value", row, "create", 0, None, json.dumps(values))
        step = Step(self._no, "do", "bench.one", "Add one", 0, self._epoch, [op])
        message = Push(self._device.id.bytes, self._epoch, self._no - 1, 0, [step])
        start = self._seen.sent[row] = time.perf_counter()
        pushed = await self._pushing.send("push", message, Pushed)
        took = (time.perf_counter() - start) * 1_000
        self._seen.pushes.append((start - self._seen.begun, took))
        if pushed.last != self._no or pushed.results[-1].status != "applied":
            raise ValueError("the step was not taken")

    def close(self) -> None:
        """Hang up."""
        self._waiting.close()
        self._pushing.close()


class _Connection:
    """A line of HTTP/1.1 that is kept open: as much of it as this needs."""

    def __init__(self, url: str, device: Device) -> None:
        parts = urlsplit(url)
        self._where = (str(parts.hostname), int(parts.port or 80))
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {device.granted.access}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, name: str, message: msgspec.Struct, kind: Any) -> Any:
        """Send a message and read the answer."""
        reader, said = await self._begin(name, pack(message))
        content = await reader.readexactly(int(said.split("content-length:")[1].split("\r\n")[0]))
        if " 200 " not in said.split("\r\n")[0]:
            raise ValueError(content[:200])
        return unpack(kind, content)

    async def follow(self, message: Pull) -> AsyncIterator[News]:
        """Ask once, and give the news as they come."""
        reader, said = await self._begin("follow", pack(message))
        if " 200 " not in said.split("\r\n")[0]:
            raise ValueError(said)
        left = b""
        while size := int(await reader.readline(), 16):
            left += (await reader.readexactly(size + 2))[:-2]
            while len(left) >= 4 and len(left) >= (end := 4 + int.from_bytes(left[:4], "big")):
                yield unpack(News, left[4:end])
                left = left[end:]
        await reader.readline()

    async def _begin(self, name: str, body: bytes) -> tuple[asyncio.StreamReader, str]:
        reader, writer = self._streams or await asyncio.open_connection(*self._where)
        self._streams = (reader, writer)
        head = f"Content-Type: {KIND}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(f"POST /sync/v1/{name} HTTP/1.1\r\n{self._head}{head}".encode() + body)
        return reader, (await reader.readuntil(b"\r\n\r\n")).decode().lower()

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
