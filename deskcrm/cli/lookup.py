"""``lookup``: who is it, by any scrap."""

import argparse

from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, write_json, write_table
from deskcrm.cli.workspace import asking


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("text", help=tr("a number, half a name, an email, a ticket, words"))
    parser.add_argument(
        "--limit", type=at_least_one, default=10, metavar="N", help=tr("so many at most")
    )
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Find clients, best first; nothing found is an empty answer, not a fault."""
    from deskcrm.domain.lookup.queries import lookup

    with asking(options.profile) as store:
        rows = store.ask(lookup, options.text, options.limit)
    if options.json:
        write_json(rows)
        return 0
    write_table(
        (str(row.client), f"{row.contact}, {row.name}" if row.contact else row.name, row.why)
        for row in rows
    )
    return 0
