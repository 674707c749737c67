"""Reads what was typed: the verbs, each with the file that does it, loaded only when it is used."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from deskcrm import __version__
from deskcrm.base.words import tr

UNREADABLE = 2


def _verbs() -> tuple[tuple[str, str, str], ...]:
    """List the verbs in the order of the help: name, what it does, and module with function."""
    return (
        ("call", tr("show who is calling from a number"), "window:declare_call"),
        ("lookup", tr("find clients by any scrap"), "lookup:declare"),
        ("client", tr("show everything known of a client"), "clients:declare_client"),
        ("history", tr("show who changed what at a client"), "clients:declare_history"),
        ("sla", tr("show until when a ticket is due, and why"), "sla:declare"),
        ("feed", tr("take in usage, invoices or departures from a file"), "feed:declare"),
        ("risk", tr("show which clients are at risk, and why"), "risk:declare"),
        ("duplicates", tr("show which clients and contacts are likely one"), "duplicates:declare"),
        (
            "backtest",
            tr("show what the score would have said in months gone by"),
            "backtest:declare",
        ),
        ("metrics", tr("show how we do over a period"), "metrics:declare"),
        ("erase", tr("erase a person on request, for good"), "erase:declare"),
        ("log-call", tr("log a call with a client, or many"), "calls:declare"),
        ("import", tr("bring in a table, after a preview of every row"), "importing:declare"),
        ("export", tr("write everything into a file"), "exporting:declare"),
        ("rename-client", tr("give a client another name"), "steps:declare_rename"),
        ("undo", tr("undo the last step, or the one named"), "steps:declare_undo"),
        ("redo", tr("take back the last undo"), "steps:declare_redo"),
        ("new", tr("set up an empty workspace"), "setup:declare_new"),
        ("demo", tr("fill a workspace with made-up clients"), "demo:declare"),
        ("recover", tr("get in with the recovery code"), "setup:declare_recover"),
        ("verify", tr("check the workspace, page by page"), "verify:declare"),
        ("backup", tr("copy the workspace into a file, encrypted"), "backups:declare_backup"),
        ("restore", tr("put a backup in place of the workspace"), "backups:declare_restore"),
        ("connect", tr("share the workspace by way of a server"), "connect:declare_connect"),
        ("sync", tr("exchange everything with the server, once"), "sync:declare"),
        ("unsent", tr("write out what the server has not taken"), "unsent:declare"),
        ("disconnect", tr("sign out of the server"), "connect:declare_disconnect"),
        ("serve", tr("run the server that a team shares"), "serve:declare"),
        ("admin", tr("keep the shared server in order"), "admin:declare"),
        ("screens", tr("write pictures of every screen"), "window:declare_screens"),
    )


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; ``run`` is what to do, ``profile`` with which workspace."""
    options = _parser().parse_args(arguments)
    if options.run is None:
        options.run = _open_window
    from deskcrm.base import paths
    from deskcrm.store.profile import Profile

    options.profile = Profile((options.folder or paths.default_profile()).absolute())
    return options


def _open_window(options: argparse.Namespace) -> int:
    from deskcrm.cli.window import run

    return run(options)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        if sys.stderr is not None:
            line = " ".join(message.split())
            sys.stderr.write(f"{self.prog}: {line}. See {self.prog} --help.\n")
        raise SystemExit(UNREADABLE)


class _Verb(_Parser):
    """A verb that declares its arguments when it is used, so that the others are not loaded."""

    def __init__(self, *, where: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._where = where
        _declare_everywhere(self, argparse.SUPPRESS)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._where:
            module, _, function = self._where.partition(":")
            declare: Callable[[argparse.ArgumentParser], None]
            declare = getattr(import_module(f"deskcrm.cli.{module}"), function)
            self._where = ""
            declare(self)
        return super().parse_known_args(args, namespace)


def _declare_everywhere(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Declare what may stand before the verb and after it."""
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", dest="folder", default=default,
        help=tr("the folder of the workspace"),
    )  # fmt: skip
    parser.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS,
        help=tr("show where a bug came from"),
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="deskcrm",
        description=tr("Who is calling, what happened, what we owe them. Without a verb the"
                       " window opens."),
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"DeskCRM {__version__}")
    _declare_everywhere(parser, None)
    parser.set_defaults(run=None, debug=False)
    verbs = parser.add_subparsers(title=tr("verbs"), metavar="VERB", parser_class=_Verb)
    for name, what, where in _verbs():
        verbs.add_parser(name, help=what, description=f"{what[:1].upper()}{what[1:]}.", where=where)
    return parser
