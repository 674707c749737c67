"""``unsent``: all that is in the changes which the server has not taken, to be carried out."""

import argparse

from deskcrm.base.words import tr
from deskcrm.cli.rows import plain, write_json, write_line
from deskcrm.cli.workspace import asking


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write what waits and what was refused, oldest first; nothing is an empty answer."""
    from deskcrm.domain.conflicts.steps import Shelf, StepSaid, list_step_ids, read_steps
    from deskcrm.sync.station.status import refusal_in_words

    said: list[tuple[Shelf, StepSaid]] = []
    with asking(options.profile) as store:
        for shelf in (Shelf.REFUSED, Shelf.WAITING):
            steps = sorted(store.ask(list_step_ids, shelf=shelf))
            said += [(shelf, step) for step in store.ask(read_steps, steps)]
    if options.json:
        write_json([{"state": shelf.value, **plain(step)} for shelf, step in said])
        return 0
    for _, step in said:
        write_line(f"{step.row.at:%Y-%m-%d %H:%M}  {step.row.label}")
        if step.row.refusal:
            write_line("  " + refusal_in_words(step.row.refusal))
        for change in step.changes:
            write_line(f"  {change.thing}")
            for value in change.values:
                before = "" if value.before is None else f"{value.before} → "
                write_line(f"    {value.caption}: {before}{value.after}")
    return 0
