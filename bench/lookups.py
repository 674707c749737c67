"""Queries as screens ask them, in a workspace of N clients, beside bare SQLite on the same file."""

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from bench.lines import Line, line, repeated, timed
from bench.workspace import busy_client, open_workspace
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import Client
from deskcrm.domain.clients.queries import count_clients, page_clients
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.duplicates.queries import list_namesakes
from deskcrm.domain.interactions.windowed import count_entries, page_entries
from deskcrm.domain.lookup.queries import find_callers, search_everything
from deskcrm.domain.summary.queries import get_summary
from deskcrm.domain.today.queries import get_today
from deskcrm.store.store import Store


def run(clients: int) -> list[Line]:
    """Measure search, callers, the client page, the list and Today."""
    with open_workspace(clients) as store:
        chance = random.Random(1)
        return [
            *_searching(store, clients, chance),
            _warning(store, clients, chance),
            _calling(store, clients, chance),
            _page(store, clients),
            *_listing(store, clients),
            line("Today", clients, repeated(lambda: store.ask(get_today), 10)),
        ]


def _searching(store: Store, clients: int, chance: random.Random) -> list[Line]:
    names: Sequence[Any] = store.ask(lambda db: db.scalars(select(Contact.name).limit(40_000)))
    chosen = [chance.choice(names) for _ in range(60)]
    keystrokes = [name[: n + 1] for name in chosen for n in range(min(8, len(name)))]
    store.ask(search_everything, "warm")
    took = [timed(partial(store.ask, search_everything, text)) for text in keystrokes]
    typos = [name[:3] + name[4:] for name in chosen if len(name) > 6]
    mistaken = [timed(partial(store.ask, search_everything, text)) for text in typos]
    floor = _bare(
        store,
        "SELECT name FROM client WHERE is_deleted = 0 AND sort_name >= ? LIMIT 20",
        [(text.lower(),) for text in keystrokes],
    )
    return [
        line("keystroke to results, the query", clients, took, budget=50, floor=floor),
        line("a word with a typo, the query", clients, mistaken, budget=50, floor=floor),
    ]


def _warning(store: Store, clients: int, chance: random.Random) -> Line:
    names: Sequence[Any] = store.ask(lambda db: db.scalars(select(Client.name).limit(40_000)))
    chosen = [chance.choice(names) for _ in range(60)]
    typed = [text for name in chosen for text in (name[:5], name)]
    took = [timed(partial(store.ask, list_namesakes, text)) for text in typed]
    floor = _bare(
        store,
        "SELECT name FROM client WHERE is_deleted = 0 AND sort_name >= ? LIMIT 3",
        [(text.lower(),) for text in typed],
    )
    return line("who a name being typed is already", clients, took, budget=50, floor=floor)


def _calling(store: Store, clients: int, chance: random.Random) -> Line:
    numbers: Sequence[Any] = store.ask(
        lambda db: db.scalars(
            select(ContactPoint.normal).where(ContactPoint.kind == PointKind.PHONE).limit(20_000)
        )
    )
    chosen = [chance.choice(numbers) for _ in range(200)]
    took = [timed(partial(store.ask, find_callers, number)) for number in chosen]
    floor = _bare(
        store,
        "SELECT client_id FROM contact_point WHERE normal = ? AND kind = 'phone'",
        [(number,) for number in chosen],
    )
    return line("who is calling, the query", clients, took, budget=100, floor=floor)


def _page(store: Store, clients: int) -> Line:
    client_id = busy_client(store)

    def load() -> None:
        store.ask(get_client, client_id)
        store.ask(get_summary, client_id)
        store.ask(count_entries, client_id=client_id)
        store.ask(page_entries, client_id=client_id, limit=50)

    floor = _bare(
        store,
        "SELECT subject, text, started_at FROM interaction"
        " WHERE client_id = ? AND is_deleted = 0 ORDER BY started_at DESC LIMIT 50",
        [(client_id.bytes,)] * 30,
    )
    took = repeated(load, 100)
    return line("client page, 10,000 interactions, queries", clients, took, budget=50, floor=floor)


def _listing(store: Store, clients: int) -> list[Line]:
    deep = max(0, clients - 300)
    floor = _bare(store, "SELECT id, name FROM client ORDER BY id LIMIT 200", [()] * 30)
    counted = repeated(lambda: store.ask(count_clients), 30)
    first = repeated(lambda: store.ask(page_clients), 50)
    last = repeated(lambda: store.ask(page_clients, offset=deep), 20)
    contact = repeated(
        lambda: store.ask(page_clients, sort="last_contact_at", offset=deep // 2), 20
    )
    return [
        line("list: count", clients, counted, budget=200),
        line("list: first page", clients, first, budget=200, floor=floor),
        line("list: last page by name", clients, last, budget=200, floor=floor),
        line("list: middle page by last contact", clients, contact, budget=200, floor=floor),
    ]


def _bare(store: Store, statement: str, parameters: Sequence[tuple[Any, ...]]) -> list[float]:
    """Time a statement on the raw connection: what SQLite itself needs."""
    with store.database.readers.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        cursor = raw.cursor()

        def ask(values: tuple[Any, ...]) -> Any:
            return cursor.execute(statement, values).fetchall()

        ask(parameters[0])
        return [timed(partial(ask, values)) for values in parameters]
