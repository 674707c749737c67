"""``sla``: until when a ticket is due, and the arithmetic that says so."""

import argparse
from datetime import datetime

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, write_json, write_line
from deskcrm.cli.workspace import asking


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "ticket", type=at_least_one, metavar="TICKET", help=tr("the number of the ticket")
    )
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Explain the deadlines of the ticket, or of each that has the number."""
    from deskcrm.domain.sla.explain import explain_sla
    from deskcrm.domain.sla.words import lines_of
    from deskcrm.domain.tickets.queries import find_tickets_by_number

    with asking(options.profile) as store:
        tickets = store.ask(find_tickets_by_number, options.ticket)
        explained = [store.ask(explain_sla, row.id) for row in tickets]
    found = [one for one in explained if one is not None]
    if not found:
        raise UserError(
            tr("There is no ticket {number}.", number=options.ticket),
            tr("Find it with: deskcrm lookup TEXT --json"),
        )
    if options.json:
        write_json(found)
        return 0
    for one in found:
        for line in lines_of(one, _moment):
            write_line(line)
    return 0


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
