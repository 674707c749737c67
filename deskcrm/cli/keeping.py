"""Verbs that keep a workspace safe: check it, back it up, put it back, get into it again."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_line


def declare(verbs: Any) -> None:
    """Add the verbs."""
    verify = verbs.add_parser("verify", help="check the workspace, page by page")
    verify.add_argument(
        "--thorough",
        action="store_true",
        help="also make the search index and the summaries anew and compare them",
    )
    verify.set_defaults(verb=run_verify)
    backup = verbs.add_parser("backup", help="copy the workspace into a file, encrypted")
    backup.add_argument("file", type=Path)
    backup.set_defaults(verb=run_backup)
    restore = verbs.add_parser("restore", help="put a backup in place of the workspace")
    restore.add_argument("file", type=Path)
    restore.set_defaults(verb=run_restore)
    recover = verbs.add_parser("recover", help="get in with the recovery code, asked for")
    recover.set_defaults(verb=run_recover)
    new = verbs.add_parser("new", help="set up an empty workspace and show its recovery code")
    new.add_argument("--name", required=True, help="your name")
    new.set_defaults(verb=run_new)


def run_verify(options: argparse.Namespace) -> int:
    """Check every page and the log, and on request what is derived; exit code 1 if it is wrong."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.store.damage import damaged
    from deskcrm.store.keys import open_key
    from deskcrm.store.verify import verify, verify_derived

    _need(options.profile)
    key = open_key(options.profile)
    in_use = options.profile.running() is not None
    report = verify(options.profile.database, key.raw, in_use=in_use)
    if not report.is_good:
        raise damaged(options.profile, key, " ".join(report.problems))
    if options.thorough:
        with options.profile.acquire():
            behind = verify_derived(options.profile.database, key.raw)
        if behind:
            raise UserError(" ".join(behind))
    said = ntr("{n} row", "{n} rows", report.rows)
    write_line(tr("The workspace is good: {rows}, {steps} steps.", rows=said, steps=report.steps))
    return 0


def run_backup(options: argparse.Namespace) -> int:
    """Write a verified, encrypted copy; works beside a running program."""
    from deskcrm.store.backup import backup
    from deskcrm.store.keys import open_key

    _need(options.profile)
    report = backup(options.profile, open_key(options.profile), options.file)
    write_line(tr("Backed up into {file}: {n} bytes.", file=options.file, n=report.size))
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup in place; what was there is kept aside."""
    from deskcrm.store.keys import open_key
    from deskcrm.store.restore import adopt_keys, restore

    if not options.file.exists():
        raise UserError(tr("There is no file {path}.", path=options.file))
    adopt_keys(options.profile, options.file)
    key = open_key(options.profile)
    with options.profile.acquire() as hold:
        restored = restore(hold, key, options.file, now=clock.now())
    write_line(tr("Restored {file}.", file=options.file))
    if restored.aside is not None:
        write_line(tr("What was here before is kept in {folder}.", folder=restored.aside))
    return 0


def run_recover(options: argparse.Namespace) -> int:
    """Open the profile with its recovery code and set a new passphrase; neither is an argument."""
    from deskcrm.store.keys import set_passphrase, unlock_with_code

    _need(options.profile)
    key = unlock_with_code(options.profile, _secret(tr("Recovery code: ")))
    set_passphrase(options.profile, key, _secret(tr("New passphrase: ")))
    write_line(tr("The new passphrase opens the profile."))
    return 0


def run_new(options: argparse.Namespace) -> int:
    """Set up an empty workspace."""
    from deskcrm.base.ids import new_id
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.users.commands import create_first_user
    from deskcrm.store.opening import open_profile

    if options.profile.exists():
        raise UserError(tr("There is a workspace in {folder}.", folder=options.profile.folder))
    with open_profile(options.profile, create=True) as opened:
        opened.store.sign_in(new_id())
        opened.store.do(create_first_user, name=options.name)
        write_line(tr("Recovery code, shown once: {code}", code=opened.recovery_code))
    return 0


def _secret(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _need(profile: Any) -> None:
    if not profile.exists():
        raise UserError(
            tr("There is no workspace in {folder}.", folder=profile.folder),
            tr("Start DeskCRM to set one up, or name another folder with --profile."),
        )
