"""``new`` and ``recover``: set up a workspace, and get into one again."""

import argparse
import getpass
import sys

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.cli.rows import write_line
from deskcrm.cli.workspace import need
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE


def declare_new(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``new``."""
    parser.add_argument("--name", required=True, help=tr("your name"))
    parser.set_defaults(run=run_new)


def declare_recover(parser: argparse.ArgumentParser) -> None:
    """Declare ``recover``: code and passphrase are asked for, never arguments others can see."""
    parser.description = tr(
        "Asks for the recovery code and a new passphrase, or reads them as two lines from the"
        " standard input. Neither is an argument, which others on this computer could see."
    )
    parser.set_defaults(run=run_recover)


def run_new(options: argparse.Namespace) -> int:
    """Set up an empty workspace and show its recovery code, this once."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.store.opening import open_profile

    refuse_existing(options.profile)
    with open_profile(options.profile, create=True) as opened:
        show_code(opened.recovery_code)
        ensure_somebody(opened.store, options.name)
    write_line(tr("The workspace is in {folder}.", folder=options.profile.folder))
    return 0


def refuse_existing(profile: Profile, advice: str = "") -> None:
    """Refuse where there is a workspace already."""
    from deskcrm.store.keys import wiping

    wiping.refuse(profile)
    if profile.exists():
        raise UserError(
            tr("There is a workspace in {folder} already.", folder=profile.folder),
            advice or tr("Open it, or choose another folder for the new one with --profile."),
        )


def show_code(code: str | None) -> None:
    """Show the recovery code of a workspace that was just made."""
    if code is not None:
        write_line(tr("Recovery code, shown once, keep it on paper: {code}", code=code))


def ensure_somebody(store: Store, name: str) -> None:
    """Make whoever works here the signed-in administrator, unless somebody is."""
    from deskcrm.domain.users.commands import create_first_user

    if store.actor == WORKSPACE:
        store.sign_in(new_id())
    store.do(create_first_user, name=name)


def run_recover(options: argparse.Namespace) -> int:
    """Open the profile with its recovery code and set a new passphrase."""
    from deskcrm.store.keys import set_passphrase, unlock_with_code

    need(options.profile)
    key = unlock_with_code(options.profile, _secret(tr("Recovery code: ")))
    set_passphrase(options.profile, key, _secret(tr("New passphrase: ")))
    write_line(tr("The new passphrase opens the workspace."))
    return 0


def _secret(prompt: str) -> str:
    """Ask without showing what is typed; from a pipe, read the next line."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")
