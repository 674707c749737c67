"""``backup`` and ``restore``: an encrypted copy that was checked, and the way back from it."""

import argparse
from pathlib import Path

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import write_line
from deskcrm.cli.workspace import need


def declare_backup(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``backup``."""
    parser.add_argument("file", type=Path, metavar="FILE", help=tr("where to; replaced if there"))
    parser.set_defaults(run=run_backup)


def declare_restore(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``restore``."""
    parser.add_argument("file", type=Path, metavar="FILE", help=tr("what “deskcrm backup” made"))
    parser.set_defaults(run=run_restore)


def run_backup(options: argparse.Namespace) -> int:
    """Write a verified, encrypted copy; works beside a running program."""
    from deskcrm.store.backup import backup
    from deskcrm.store.keys import open_key

    need(options.profile)
    report = backup(options.profile, open_key(options.profile), options.file.absolute())
    write_line(tr("Backed up into {file}: {n} bytes.", file=options.file, n=f"{report.size:,}"))
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup in place of the workspace; what was there is kept aside."""
    from deskcrm.store.keys import open_key
    from deskcrm.store.restore import adopt_keys, restore

    if not options.file.is_file():
        raise UserError(
            tr("There is no file {path}.", path=options.file), tr("Choose another file.")
        )
    adopt_keys(options.profile, options.file)
    need(options.profile)
    key = open_key(options.profile)
    with options.profile.acquire() as hold:
        restored = restore(hold, key, options.file, now=clock.now())
    write_line(tr("Restored {file}.", file=options.file))
    if restored.aside is not None:
        write_line(tr("What was here before is kept in {folder}.", folder=restored.aside))
    return 0
