"""A workstation of the next version of the program, which a test speaks to line by line.

    python -m tests.sync.newer FOLDER URL NAME

Run where the next version lies. Orders are lines of JSON on stdin, answers lines on stdout.
"""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import deskcrm.domain.all  # noqa: F401 - the features that travel
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.store.commands import command
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.tables import shape_named
from deskcrm.store.work import Work
from deskcrm.sync.connecting import Entry, connect, reach
from deskcrm.sync.credentials import Credentials
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests.fixtures_store import KEY
from tests.sync.http_world import PASSWORD


@command("tests.set_mood", "Set mood")
def set_mood(work: Work, client_id: ClientId, mood: str) -> None:
    """Write the column that only the next version has."""
    client: Any = work.get(Client, client_id)
    client.mood = mood


@command("tests.add_moody", "Add moody company")
def add_moody(work: Work, name: str, mood: str) -> ClientId:
    """Make a client that has the column from the beginning."""
    client: Any = work.get(Client, create_company(work, name=name))
    client.mood = mood
    return ClientId(client.id)


def answer(store: Store, url: str, name: str, order: list[str]) -> Any:
    """Do what is ordered."""
    what, *given = order
    if what == "connect":
        entry = Entry(url, name, PASSWORD)
        exchange = connect(store, Credentials(store), entry, backup=lambda: None)
        return said(exchange.receipt)
    if what == "sync":
        peer = reach(store, Credentials(store))
        try:
            return said(Exchange(store, peer).run())
        finally:
            peer.close()
    if what == "add":
        return store.do(add_moody, *given).value.hex
    if what == "rename":
        store.do(rename_client, ClientId(UUID(given[0])), name=given[1])
    if what == "mood":
        store.do(set_mood, ClientId(UUID(given[0])), given[1])
    t = shape_named("client").table
    rows = store.ask(lambda db: db.all(t.select().where(~t.c.is_deleted)))
    return {row.name: row.mood for row in rows}


def said(receipt: Receipt) -> dict[str, Any]:
    """Give what is of interest in a receipt."""
    return {
        "held_back": receipt.is_held_back,
        "waiting": receipt.waiting,
        "agrees": receipt.agrees,
        "repaired": receipt.was_repaired,
        "refused": [one.detail for one in receipt.refused],
    }


def main() -> None:
    """Answer until there is nothing more to answer."""
    folder, url, name = sys.argv[1:]
    store = Store.open(open_sqlite(Path(folder) / "deskcrm.db", KEY))
    for line in sys.stdin:
        print(json.dumps(answer(store, url, name, json.loads(line))), flush=True)  # noqa: T201
    store.close()


if __name__ == "__main__":
    main()
