"""The verb that makes a believable workspace."""

import argparse
import sys
from typing import Any

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.cli.rows import write_line


def declare(verbs: Any) -> None:
    """Add the verb."""
    demo = verbs.add_parser("demo", help="fill a workspace with made-up clients")
    demo.add_argument("--clients", type=int, default=60, metavar="N")
    demo.add_argument("--seed", type=int, default=7, metavar="S")
    demo.add_argument("--language", choices=("ru", "en", "both"), default="both")
    demo.set_defaults(verb=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Fill the workspace, making it where there is none."""
    from deskcrm.base.ids import new_id
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.sample.bulk import fill_workspace
    from deskcrm.domain.users.commands import create_first_user
    from deskcrm.domain.users.queries import get_me
    from deskcrm.store.opening import open_profile

    with open_profile(options.profile, create=True) as opened:
        if opened.recovery_code is not None:
            write_line(tr("Recovery code, shown once: {code}", code=opened.recovery_code))
        store = opened.store
        if store.ask(get_me) is None:
            store.sign_in(new_id())
            name = "Анна Лебедева" if options.language == "ru" else "Anna Lebedeva"
            store.do(create_first_user, name=name)
        job = Job(on_progress=_show if sys.stderr.isatty() else Job().on_progress)
        count = fill_workspace(
            job, store, clients=options.clients, seed=options.seed, language=options.language
        )
        write_line(tr("{n} records are in {folder}.", n=count, folder=options.profile.folder))
    return 0


def _show(done: int, total: int, text: str) -> None:
    sys.stderr.write(f"\r{text} {done:,}/{total:,} ")
    sys.stderr.flush()
