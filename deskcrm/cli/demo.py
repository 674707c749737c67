"""``demo``: a believable workspace, from a handful of clients with every story to a million."""

import argparse
import sys

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, write_line
from deskcrm.cli.setup import ensure_somebody, refuse_existing, show_code

_NAMES = {"ru": "Анна Лебедева", "en": "Anna Shaw", "both": "Anna Lebedeva"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--clients", type=at_least_one, default=60, metavar="N", help=tr("so many; 60 unless said")
    )
    parser.add_argument(
        "--seed", type=int, default=7, metavar="S", help=tr("the same number, the same clients")
    )
    parser.add_argument("--language", choices=("ru", "en", "both"), default="both")
    parser.add_argument("--name", default="", help=tr("your name in a new workspace"))
    parser.add_argument(
        "--into", choices=("new", "existing"), default="new",
        help=tr("“existing” adds them to a workspace that is there"),
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Fill the workspace, making it where there is none."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.domain.sample.bulk import fill_workspace
    from deskcrm.store.opening import open_profile

    if options.into == "new":
        advice = tr("To add made-up clients to it: --into existing.")
        refuse_existing(options.profile, advice)
    with open_profile(options.profile, create=True) as opened:
        show_code(opened.recovery_code)
        ensure_somebody(opened.store, options.name or _NAMES[options.language])
        job = Job(on_progress=_show) if sys.stderr and sys.stderr.isatty() else Job()
        count = fill_workspace(
            job,
            opened.store,
            clients=options.clients,
            seed=options.seed,
            language=options.language,
        )
    write_line(tr("{n} records are in {folder}.", n=f"{count:,}", folder=options.profile.folder))
    return 0


def _show(done: int, total: int, text: str) -> None:
    sys.stderr.write(f"\r{text} {done:,}/{total:,} \x1b[K")
    sys.stderr.write("\n" if done >= total else "")
    sys.stderr.flush()
