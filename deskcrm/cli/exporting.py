"""``export``: a view as a file that other programs read, or everything as one archive."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import asking, writing

if TYPE_CHECKING:
    from deskcrm.domain.exports.bringing import Brought
    from deskcrm.domain.exports.packing import Packed
    from deskcrm.domain.exports.writing import Wanted
    from deskcrm.domain.views.queries import ViewRow
    from deskcrm.store.reader import Reader


_VIEWS: Final = ("clients", "contacts", "interactions", "tickets", "tasks", "risk", "contracts",
                 "renewals", "opportunities", "promises", "answers", "suggestions")  # fmt: skip
_FORMS: Final = ("csv", "xlsx", "jsonl", "vcf")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--all", action="store_true", dest="everything",
                      help=tr("everything, as one archive that “import” takes in"))  # fmt: skip
    what.add_argument("--view", choices=_VIEWS, help=tr("one list"))
    parser.add_argument("file", type=Path, metavar="FILE", help=tr("where to; replaced if there"))
    parser.add_argument("--format", choices=_FORMS, dest="form",
                        help=tr("of the file; else as its name ends"))  # fmt: skip
    parser.add_argument("--saved", metavar="NAME", default="",
                        help=tr("as this saved view filters, sorts and shows it"))  # fmt: skip
    parser.add_argument("--columns", metavar="KEYS", default="",
                        help=tr("only these, with commas between"))  # fmt: skip
    parser.add_argument("--language", choices=("en", "ru"), default="",
                        help=tr("of the names of columns"))  # fmt: skip
    parser.add_argument("--no-mark", action="store_false", dest="mark",
                        help=tr("without the mark by which Excel knows UTF-8"))  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the file, and a receipt of what lies in it."""
    from deskcrm.domain.exports.packing import export_everything
    from deskcrm.domain.exports.writing import export_view

    path = options.file.absolute()
    with asking(options.profile) as store:
        if options.everything:
            packed = export_everything(teller(), store, path)
            write_json(packed) if options.json else _tell(packed)
            return 0
        written = export_view(teller(), store, store.ask(_wanted, options), path)
    if options.json:
        write_json(written)
    else:
        write_line(ntr("{n} row is in {path}.", "{n} rows are in {path}.", written.rows, path=path))
    return 0


def _wanted(db: "Reader", options: argparse.Namespace) -> "Wanted":
    from deskcrm.domain.exports.views import ViewName
    from deskcrm.domain.exports.writing import FileForm, Wanted, columns_of

    view = ViewName(options.view)
    ending = options.file.suffix.lower().removeprefix(".")
    if not options.form and ending not in _FORMS:
        raise UserError(
            tr("The name of the file does not say what kind it is to be."),
            tr("Say it with --format: {names}.", names=", ".join(_FORMS)),
        )
    wanted = Wanted(view, FileForm(options.form or ending), language=options.language,
                    mark=options.mark)  # fmt: skip
    if options.saved:
        kept = _saved(db, options.saved, view)
        known = [key for key, _ in columns_of(db, view)]
        wanted = replace(
            wanted, filters={"asked": kept.read_filter()}, sort=kept.sort.removeprefix("-"),
            descending=kept.sort.startswith("-"),
            columns=[key for key in kept.columns if key in known],
        )  # fmt: skip
    chosen = [key.strip() for key in options.columns.split(",") if key.strip()]
    return replace(wanted, columns=chosen) if chosen else wanted


def _saved(db: "Reader", name: str, view: str) -> "ViewRow":
    from deskcrm.domain.views.queries import list_views

    kept = {row.name: row for row in list_views(db, place=view)}
    if name not in kept:
        raise UserError(
            tr("There is no saved view “{name}”.", name=name),
            tr("There are: {names}.", names=", ".join(kept) or "–"),
        )
    return kept[name]


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
