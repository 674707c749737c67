"""``export``: a view as a file that other programs read, or everything as one archive."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import asking, writing

if TYPE_CHECKING:
    from deskcrm.domain.exports.bringing import Brought
    from deskcrm.domain.exports.packing import Packed


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--all", type=Path, metavar="FILE", dest="everything", required=True,
                        help=tr("write everything into this archive"))  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the archive, and a receipt of what lies in it."""
    from deskcrm.domain.exports.packing import export_everything

    with asking(options.profile) as store:
        packed = export_everything(teller(), store, options.everything.absolute())
    if options.json:
        write_json(packed)
    else:
        _tell(packed)
    return 0


def teller() -> Job:
    """Give a job that tells on the standard error how far it is, where somebody looks on."""
    return Job(on_progress=_show) if sys.stderr and sys.stderr.isatty() else Job()


def _show(done: int, total: int, text: str) -> None:
    sys.stderr.write(f"\r{text} {done:,}/{total:,} \x1b[K" if total else f"\r{text} \x1b[K")
    sys.stderr.flush()


def _tell(packed: "Packed") -> None:
    for name, rows in packed.rows.items():
        if rows:
            write_line(f"{rows:>9,}  {name}")
    rows = sum(packed.rows.values())
    write_line(
        tr("{n} records and {files} attached files are in {path}: {size} bytes.",
           n=f"{rows:,}", files=packed.contents, path=packed.path, size=f"{packed.size:,}")
    )  # fmt: skip
    if packed.missing:
        write_line(
            ntr("{n} attached file is not on this device, and not in the archive.",
                "{n} attached files are not on this device, and not in the archive.",
                packed.missing)
        )  # fmt: skip
    write_line(tr("It is not encrypted: keep it where only you can read it."))


def bring_in(options: argparse.Namespace) -> int:
    """Bring an archive of everything into the workspace, which must be empty."""
    from deskcrm.domain.exports.bringing import bring_everything

    with writing(options.profile) as store:
        brought = bring_everything(teller(), store, options.file)
    if options.json:
        write_json(brought)
    else:
        _tell_brought(brought)
    return 0


def _tell_brought(brought: "Brought") -> None:
    rows = sum(brought.rows.values())
    write_line(
        tr("{n} records and {files} attached files were brought in.",
           n=f"{rows:,}", files=brought.contents)
    )  # fmt: skip
    write_line(tr("Signed in: {name}.", name=brought.user))
