"""The command line: every job that a script can rely on, and the way into the window.

Exit code 0 or not; what is wrong is one line on the standard error.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from deskcrm import __version__
from deskcrm.base import paths
from deskcrm.base.errors import DeskError, UserError
from deskcrm.base.words import tr
from deskcrm.store.profile import Profile

Verb = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb, or open the window without one; gives the exit code."""
    _speak_utf8()
    options = _parser().parse_args(argv)
    options.profile = Profile((options.profile or paths.default_profile()).absolute())
    verb: Verb = options.verb
    try:
        code = verb(options)
        sys.stdout.flush()
        return code
    except UserError as error:
        return _refuse(str(error))
    except DeskError as error:
        return _refuse(str(error) or tr("Cancelled."))
    except KeyboardInterrupt:
        return _refuse(tr("Cancelled."))
    except BrokenPipeError:
        # Whoever reads has seen enough. What is left must not be written when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if options.debug:
            raise
        return _refuse(
            tr(
                "A bug in DeskCRM: {error}. Run it again with --debug to see where.",
                error=f"{type(error).__name__}: {error}",
            )
        )


def _refuse(words: str) -> int:
    line = " ".join(words.split())
    sys.stderr.write(f"deskcrm: {line}\n")
    return 1


def _speak_utf8() -> None:
    """Read and write UTF-8 whatever the locale says: names are Cyrillic where it says C."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}. See {self.prog} --help.\n")
        raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    from deskcrm.cli import asking, keeping, opening, sample, writing

    parser = _Parser(prog="deskcrm", description="DeskCRM: who is calling, and what we owe them.")
    parser.add_argument("--version", action="version", version=f"DeskCRM {__version__}")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="the folder of the workspace")
    parser.add_argument("--debug", action="store_true", help="show where a bug came from")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", parser_class=_Parser)
    for room in (opening, asking, writing, sample, keeping):
        room.declare(verbs)
    parser.set_defaults(verb=opening.run)
    return parser
