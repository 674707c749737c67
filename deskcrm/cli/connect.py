"""``connect`` and ``disconnect``: make a workspace part of a shared one, and sign out again."""

import argparse
import getpass
import os
import sys

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import write_line
from deskcrm.cli.workspace import give_up, need


def declare_connect(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``connect``; a password is never one, others could see it."""
    parser.add_argument("url", metavar="URL", help=tr("the server, like https://desk.example.com"))
    parser.add_argument("--user", required=True, metavar="NAME", help=tr("your name on the server"))
    parser.add_argument(
        "--password-env", metavar="VAR", help=tr("the variable that holds the password")
    )
    parser.add_argument("--json", action="store_true", help=tr("the receipt as JSON"))
    parser.set_defaults(run=run_connect)


def declare_disconnect(parser: argparse.ArgumentParser) -> None:
    """Declare ``disconnect``, which needs no arguments."""
    parser.set_defaults(run=run_disconnect)


def run_connect(options: argparse.Namespace) -> int:
    """Sign in, hand over all that was written alone, take in what the others wrote."""
    from deskcrm.cli.sync import show
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.backup import Reason, make_backup
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.connecting import Entry, connect
    from deskcrm.sync.credentials import Credentials
    from deskcrm.sync.peer import SyncError
    from deskcrm.sync.transport import check_url

    need(options.profile)
    entry = Entry(check_url(options.url), options.user, _password(options.password_env))
    with open_profile(options.profile) as opened:
        credentials = Credentials.of(opened.store, opened.profile)
        try:
            exchange = connect(
                opened.store,
                credentials,
                entry,
                backup=lambda: make_backup(
                    opened.profile, opened.key, Reason.SYNC, now=clock.now()
                ),
            )
        except SyncError as error:
            raise give_up(opened, error) from error
        if not options.json:
            write_line(tr("Connected with {url} as {name}.", url=entry.url, name=entry.name))
        show(exchange, as_json=options.json)
    return 0


def run_disconnect(options: argparse.Namespace) -> int:
    """Sign out; the workspace stays as it is."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.connecting import disconnect
    from deskcrm.sync.credentials import Credentials
    from deskcrm.sync.peer import SyncError

    need(options.profile)
    with open_profile(options.profile) as opened:
        try:
            was_heard = disconnect(opened.store, Credentials.of(opened.store, options.profile))
        except SyncError as error:
            raise give_up(opened, error) from error
    write_line(tr("Signed out; everything stays in this workspace."))
    if not was_heard:
        write_line(tr("The server did not hear of it: ask to have this device removed there."))
    return 0


def _password(variable: str | None) -> str:
    if variable is not None:
        given = os.environ.get(variable)
        if not given:
            raise UserError(
                tr("The variable {variable} holds no password.", variable=variable),
                tr("Set it, or leave out --password-env to be asked."),
            )
        return given
    if sys.stdin.isatty():
        return getpass.getpass(tr("Password: "))
    return sys.stdin.readline().rstrip("\r\n")
