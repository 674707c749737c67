"""``verify``: is every page, every row of the log, and what is derived as it should be."""

import argparse

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_line
from deskcrm.cli.workspace import need


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare ``verify``, which needs no arguments."""
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the file, also beside a running program; nothing is changed."""
    from deskcrm.store.keys import open_key
    from deskcrm.store.verify import verify

    need(options.profile)
    key = open_key(options.profile)
    in_use = options.profile.running() is not None
    report = verify(options.profile.database, key.raw, in_use=in_use)
    if not report.is_good:
        raise UserError(
            " ".join(report.problems), tr("Restore the newest good backup: deskcrm restore FILE")
        )
    rows = ntr("{n} row", "{n} rows", report.rows)
    steps = ntr("{n} step", "{n} steps", report.steps)
    write_line(tr("The workspace is good: {rows}, {steps}.", rows=rows, steps=steps))
    return 0
