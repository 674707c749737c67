"""``admin``: people, teams, devices, backups and the books of a shared server."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import read_id, write_line, write_table
from deskcrm.cli.serve import chosen_url, declare_place, need_server
from deskcrm.domain.users.model import UserRole

if TYPE_CHECKING:
    from deskcrm.domain.teams.model import TeamId
    from deskcrm.server.place import Place
    from deskcrm.store.store import Store

Job = Callable[[argparse.Namespace, "Place"], int]


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs of ``admin``, each with its arguments."""
    declare_place(parser)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, what: str, job: Job) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=what, description=f"{what[:1].upper()}{what[1:]}.")
        declare_place(made)
        for action in made._actions:
            if action.dest in ("data", "database_url"):
                action.default = argparse.SUPPRESS
        made.set_defaults(run=run, job=job)
        return made

    _declare_people(verb)
    _declare_keeping(verb)


Declare = Callable[[str, str, Job], argparse.ArgumentParser]


def _declare_people(verb: Declare) -> None:
    add = verb("add-user", tr("add a person who may sign in"), add_user)
    add.add_argument("name", metavar="NAME", help=tr("the name, which is also the login"))
    roles = [role.value for role in UserRole]
    add.add_argument("--role", required=True, choices=roles, help=tr("what they may do"))
    add.add_argument(
        "--team", action="append", default=[], metavar="T", help=tr("a team; may be repeated")
    )
    password = verb("password", tr("give an account another password"), set_password)
    disable = verb("disable", tr("refuse everything to an account from now on"), disable_account)
    for one in (password, disable):
        one.add_argument("name", metavar="NAME", help=tr("the login"))
    disable.add_argument(
        "--and-devices", action="store_true",
        help=tr("lock out their devices too, which wipe their copies at next contact"),
    )  # fmt: skip
    for one in (add, password):
        one.add_argument(
            "--password-env", required=True, metavar="VAR",
            help=tr("the variable of the environment that holds the password"),
        )  # fmt: skip
    teams = verb("teams", tr("list the teams, or add one"), run_teams)
    teams.add_argument("what", nargs="?", choices=["list", "add"], default="list")
    teams.add_argument("name", nargs="?", metavar="NAME", help=tr("the name of a new team"))
    teams.add_argument("--parent", metavar="T", help=tr("the team that it is within"))
    verb("devices", tr("list the devices that signed in"), list_devices)
    revoke = verb("revoke", tr("lock a device out for good"), revoke_device)
    revoke.add_argument("device", metavar="DEVICE", help=tr("its id"))


def _declare_keeping(verb: Declare) -> None:
    backup = verb("backup", tr("write a backup of the server into a file"), run_backup)
    backup.add_argument("file", type=Path, metavar="FILE", help=tr("where to; replaced if there"))
    restore = verb("restore", tr("put a backup in place of the server's database"), run_restore)
    restore.add_argument("file", type=Path, metavar="FILE", help=tr("what “admin backup” made"))
    verb("restored", tr("say that the database was restored by other means"), run_restored)
    verb("migrate", tr("bring the database to this version"), run_migrate)
    verb("check", tr("check the books of the server"), run_check)
    verb("collect", tr("let go of files that nothing names any more"), run_collect)


def run(options: argparse.Namespace) -> int:
    """Do the chosen job at the place that was named."""
    need_server()
    from deskcrm.server.place import place_of

    job: Job = options.job
    return job(options, place_of(options.data, chosen_url(options)))


def add_user(options: argparse.Namespace, place: "Place") -> int:
    """Add a person and their account; the person arrives at every workstation."""
    from deskcrm.server.accounts import add_account
    from deskcrm.server.place import keeping

    password = _password(options.password_env)
    with keeping(place) as store:
        teams = [_team(store, named) for named in options.team]
        role = UserRole(options.role)
        user = add_account(store, options.name, role=role, teams=teams, password=password)
    write_line(str(user))
    return 0


def set_password(options: argparse.Namespace, place: "Place") -> int:
    """Give an account another password; it is also let in again if it was disabled."""
    from deskcrm.server import accounts
    from deskcrm.server.place import keeping

    password = _password(options.password_env)
    with keeping(place) as store:
        accounts.set_password(store, options.name, password)
    return 0


def disable_account(options: argparse.Namespace, place: "Place") -> int:
    """Refuse everything to an account."""
    from deskcrm.server import accounts
    from deskcrm.server.place import keeping

    with keeping(place) as store:
        accounts.disable(store, options.name, and_devices=options.and_devices)
    return 0


def run_teams(options: argparse.Namespace, place: "Place") -> int:
    """List the teams, or add one."""
    from deskcrm.domain.teams.commands import create_team
    from deskcrm.domain.teams.queries import list_teams
    from deskcrm.server.place import keeping

    with keeping(place) as store:
        if options.what == "list":
            teams = store.ask(list_teams)
            write_table([(str(team.id), team.name, _names(team.members)) for team in teams])
            return 0
        if not options.name:
            raise UserError(tr("A team needs a name."), tr("Type it behind “add”."))
        parent = _team(store, options.parent) if options.parent else None
        write_line(str(store.do(create_team, name=options.name, parent_id=parent).value))
    return 0


def list_devices(_options: argparse.Namespace, place: "Place") -> int:
    """List all devices, with whose they are."""
    from sqlalchemy import select

    from deskcrm.domain.users.model import User
    from deskcrm.server.place import keeping
    from deskcrm.sync.tables import device_table

    d = device_table.c
    query = (
        select(d.id, User.name, d.name, d.last_seen_at, d.revoked_at)
        .join_from(device_table, User, User.id == d.user_id, isouter=True)
        .order_by(d.last_seen_at.desc())
    )
    with keeping(place) as store:
        rows = store.ask(lambda db: db.all(query))
    revoked = tr("locked out")
    write_table(
        [
            (str(row[0]), row[1] or "?", row[2], f"{row[3]:%Y-%m-%d %H:%M}", revoked * bool(row[4]))
            for row in rows
        ]
    )
    return 0


def revoke_device(options: argparse.Namespace, place: "Place") -> int:
    """Lock a device out."""
    from deskcrm.server import accounts
    from deskcrm.server.place import keeping

    device = read_id(options.device)
    with keeping(place) as store:
        if not accounts.revoke_device(store, device):
            raise UserError(
                tr("There is no device {id}.", id=device), tr("List them with “admin devices”.")
            )
    return 0


def run_backup(options: argparse.Namespace, place: "Place") -> int:
    """Write a backup; works beside a running server."""
    from deskcrm.server.backups import back_up

    size = back_up(place, options.file.absolute())
    write_line(tr("Backed up into {file}: {n} bytes.", file=options.file, n=f"{size:,}"))
    return 0


def run_restore(options: argparse.Namespace, place: "Place") -> int:
    """Put a backup in place; what workstations had handed over since comes again from them."""
    from deskcrm.server.backups import restore

    restore(place, options.file.absolute(), clock=clock.now)
    write_line(tr("Restored {file}. Everybody has to sign in again.", file=options.file))
    return 0


def run_restored(_options: argparse.Namespace, place: "Place") -> int:
    """Begin a new epoch, after a restore that was not ours."""
    from deskcrm.server.backups import begin_again
    from deskcrm.server.place import keeping

    with keeping(place) as store:
        now = store.clock()
        store.absorb(lambda connection: begin_again(connection, now))
    return 0


def run_migrate(_options: argparse.Namespace, place: "Place") -> int:
    """Bring the database to this version, or make an empty one ready."""
    from deskcrm.server.place import prepare

    if place.is_postgres:
        prepare(place)
    else:
        with place.profile.acquire():
            prepare(place)
    return 0


def run_check(_options: argparse.Namespace, place: "Place") -> int:
    """Check rows, order and sums; 1 when something is wrong."""
    from deskcrm.server.place import keeping
    from deskcrm.server.soundness import check_books

    with keeping(place) as store:
        problems = store.ask(check_books)
    for problem in problems:
        write_line(problem)
    if not problems:
        write_line(tr("Everything is in order."))
        return 0
    write_line(ntr("{n} problem was found.", "{n} problems were found.", len(problems)))
    return 1


def run_collect(_options: argparse.Namespace, place: "Place") -> int:
    """Let go of contents that no row has named for long; works beside a running server."""
    from deskcrm.server.place import keeping
    from deskcrm.store.store import Arrived
    from deskcrm.sync.hub.contents import collect

    with keeping(place) as store:
        now = store.clock()
        count = store.absorb(lambda connection: Arrived(collect(connection, now))).value
    write_line(ntr("{n} file was let go.", "{n} files were let go.", count))
    return 0


def _password(variable: str) -> str:
    password = os.environ.get(variable)
    if not password:
        raise UserError(
            tr("The variable {name} is not set.", name=variable),
            tr("Put the password into it, so that nobody sees it among the arguments."),
        )
    return password


def _team(store: "Store", named: str) -> "TeamId":
    from deskcrm.domain.teams.queries import list_teams

    found = [
        team.id
        for team in store.ask(list_teams)
        if named.casefold() == team.name.casefold() or named == str(team.id)
    ]
    if len(found) != 1:
        raise UserError(
            tr("There is no one team “{name}”.", name=named), tr("List them with “admin teams”.")
        )
    return found[0]


def _names(members: Sequence[tuple[UUID, str]]) -> str:
    return ", ".join(name for _, name in members)
