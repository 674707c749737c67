"""Verbs that ask: they work beside a running program too."""

import argparse
from typing import Any

from deskcrm.cli.rows import plain, read_id, write_json, write_line


def declare(verbs: Any) -> None:
    """Add the verbs."""
    lookup = verbs.add_parser("lookup", help="find a client by any scrap")
    lookup.add_argument("text", help="a number, half a name, an e-mail, a ticket, words")
    lookup.add_argument("--limit", type=int, default=10, metavar="N")
    lookup.add_argument("--json", action="store_true", help="for scripts")
    lookup.set_defaults(verb=run_lookup)
    client = verbs.add_parser("client", help="show a client")
    client.add_argument("id")
    client.add_argument("--json", action="store_true", help="for scripts")
    client.set_defaults(verb=run_client)
    history = verbs.add_parser("history", help="show who changed what at a client")
    history.add_argument("id")
    history.add_argument("--limit", type=int, default=100, metavar="N")
    history.add_argument("--json", action="store_true", help="for scripts")
    history.set_defaults(verb=run_history)


def run_lookup(options: argparse.Namespace) -> int:
    """Find clients, best first."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.lookup.queries import lookup
    from deskcrm.store.opening import read_profile

    with read_profile(options.profile) as store:
        rows = store.ask(lookup, options.text, options.limit)
    if options.json:
        write_json(rows)
        return 0
    for row in rows:
        who = f"{row.contact}, {row.name}" if row.contact else row.name
        write_line(f"{row.client}  {who}  ({row.why})")
    return 0


def run_client(options: argparse.Namespace) -> int:
    """Show everything known of a client, and where we stand with it."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.clients.detail import get_client
    from deskcrm.domain.clients.model import ClientId
    from deskcrm.domain.summary.queries import get_summary
    from deskcrm.store.opening import read_profile

    client_id = ClientId(read_id(options.id))
    with read_profile(options.profile) as store:
        detail = store.ask(get_client, client_id)
        summary = store.ask(get_summary, client_id)
    known = plain(detail)
    flat = known.pop("profile") | known | {"summary": plain(summary)}
    if options.json:
        write_json(flat)
        return 0
    for key, value in flat.items():
        if value not in (None, "", [], {}):
            write_line(f"{key}: {value}")
    return 0


def run_history(options: argparse.Namespace) -> int:
    """Show who changed what, newest first."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.store.history import list_history
    from deskcrm.store.opening import read_profile

    with read_profile(options.profile) as store:
        entries = store.ask(list_history, read_id(options.id), limit=options.limit)
    if options.json:
        write_json(entries)
        return 0
    for entry in entries:
        write_line(f"{entry.at:%Y-%m-%d %H:%M}  {entry.actor}: {entry.label}")
        for line in entry.lines:
            write_line(f"    {line}")
    return 0
