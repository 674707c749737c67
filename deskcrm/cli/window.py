"""No verb, ``call`` and ``screens``: the window, the caller card, pictures of all screens."""

import argparse
import re
from pathlib import Path

from deskcrm.base.words import tr
from deskcrm.cli.rows import write_line


def declare_call(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``call``."""
    parser.add_argument(
        "number",
        metavar="NUMBER",
        nargs="?",
        default="",
        help=tr("as it is written anywhere, or a tel: link; without it the card asks"),
    )
    parser.set_defaults(run=run_call)


def declare_screens(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``screens``."""
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("screens"))
    parser.add_argument(
        "--size", type=_size, default=(1280, 800), metavar="WxH", help=tr("in pixels")
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        action="append",
        default=[],
        help=tr("just the pictures whose names begin so; may be given several times"),
    )
    parser.add_argument(
        "--look",
        metavar="LOOK",
        action="append",
        default=[],
        help=tr("just in this look, such as ru-dark; may be given several times"),
    )
    parser.set_defaults(run=run_screens)


def run(options: argparse.Namespace) -> int:
    """Open the window."""
    from deskcrm import app

    return app.main(options.profile)


def run_call(options: argparse.Namespace) -> int:
    """Show the caller card: in the running program, else in one that is started for it."""
    running = options.profile.running()
    if running is not None:
        from deskcrm.ui.shell.single import send

        if send(running.socket, {"verb": "call", "number": options.number}):
            write_line(tr("It is on the screen of the running program."))
            return 0
    from deskcrm import app

    return app.main(options.profile, call=options.number)


def run_screens(options: argparse.Namespace) -> int:
    """Write pictures of every screen of a sample workspace, in both languages and themes."""
    from deskcrm import app

    taken = app.write_screens(options.out, size=options.size, only=options.only, looks=options.look)
    for path in taken:
        write_line(str(path))
    return 0


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,5})[x×](\d{3,5})", text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a size like 1280x800", text=text))
    return int(found[1]), int(found[2])
