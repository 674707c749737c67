"""``verify``: is every page, every row of the log, and what is derived as it should be."""

import argparse

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_line
from deskcrm.cli.workspace import need


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--thorough", action="store_true",
        help=tr("also make the search index and the summaries anew and compare them"),
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the file, also beside a running program (unless thorough); nothing is changed."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.damage import damaged
    from deskcrm.store.keys import open_key
    from deskcrm.store.verify import verify, verify_derived

    need(options.profile)
    key = open_key(options.profile)
    in_use = options.profile.running() is not None
    report = verify(options.profile.database, key.raw, in_use=in_use)
    if not report.is_good:
        raise damaged(options.profile, key, " ".join(report.problems))
    if options.thorough:
        with options.profile.acquire():
            behind = verify_derived(options.profile.database, key.raw)
        if behind:
            raise UserError(" ".join(behind))
    rows = ntr("{n} row", "{n} rows", report.rows)
    steps = ntr("{n} step", "{n} steps", report.steps)
    write_line(tr("The workspace is good: {rows}, {steps}.", rows=rows, steps=steps))
    return 0
