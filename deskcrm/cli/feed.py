"""``feed``: takes in usage, invoices or departures that another system wrote into a file."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import writing

_LARGEST: Final = 256 * 1024 * 1024


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from deskcrm.domain.feeds.taking import Feed

    parser.add_argument("file", type=Path, metavar="FILE", help=tr("CSV or JSON, in UTF-8"))
    parser.add_argument(
        "--as", dest="kind", required=True, choices=[str(one) for one in Feed],
        help=tr("what the file tells"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Take the file in and say what came of every line of it."""
    from deskcrm.domain.feeds.taking import Feed, take_feed

    with _opened(options.file) as lines, writing(options.profile) as store:
        try:
            report = take_feed(store, lines, Feed(options.kind))
        except UnicodeDecodeError as error:
            raise UserError(
                tr("{file} is not in UTF-8.", file=options.file.name),
                tr("Save it as “CSV UTF-8” and try again."),
            ) from error
    if options.json:
        write_json(report)
        return 0
    write_line(
        tr(
            "{read} lines: {new} new, {changed} changed, {same} known already, {rejected} rejected",
            read=report.read,
            new=report.new,
            changed=report.changed,
            same=report.same,
            rejected=report.rejected,
        )
    )
    for reject in report.rejects:
        write_line(tr("Line {n}: {why}", n=reject.line, why=reject.why))
    return 0


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open the file; UserError, in words, when it cannot be read or is too large to be one."""
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError(
                tr("{file} is larger than {n} MB.", file=path.name, n=_LARGEST // 1024**2),
                tr("Send it in several parts."),
            )
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UserError(
            tr("{file} cannot be read.", file=path.name), tr("Check where it is, and its rights.")
        ) from error
    with file:
        yield file
