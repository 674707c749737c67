"""Verbs that open something on the screen: the window, the caller card, pictures of all screens."""

import argparse
import sys
from pathlib import Path
from typing import Any

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr


def declare(verbs: Any) -> None:
    """Add the verbs."""
    call = verbs.add_parser("call", help="show who is calling from a number")
    call.add_argument("number")
    call.set_defaults(verb=run_call)
    screens = verbs.add_parser("screens", help="write pictures of every screen")
    screens.add_argument("--out", type=Path, metavar="DIR", default=Path("screens"))
    screens.add_argument("--size", default="1280x800", help="width x height in pixels")
    screens.set_defaults(verb=write_screens)


def run(options: argparse.Namespace) -> int:
    """Open the window."""
    from deskcrm import app

    return app.main(options.profile)


def run_call(options: argparse.Namespace) -> int:
    """Show the caller card: in the running program, else in one that is started for it."""
    from deskcrm import app

    running = options.profile.running()
    if running is not None:
        from deskcrm.ui.shell.single import send

        if send(running.socket, {"verb": "call", "number": options.number}):
            sys.stdout.write(tr("The card is on the screen of the running program.") + "\n")
            return 0
    return app.main(options.profile, call=options.number)


def write_screens(options: argparse.Namespace) -> int:
    """Write pictures of every screen of a sample workspace, in both languages and themes."""
    from deskcrm import app

    width, _, height = options.size.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise UserError(tr("A size is written like 1280x800."))
    for path in app.write_screens(options.out, size=(int(width), int(height))):
        sys.stdout.write(f"{path}\n")
    return 0
