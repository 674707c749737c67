"""``rename-client``, ``undo`` and ``redo``: single steps, acknowledged when they are durable."""

import argparse

from deskcrm.base.words import tr
from deskcrm.cli.rows import read_id, write_line
from deskcrm.cli.workspace import writing


def declare_rename(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``rename-client``."""
    parser.add_argument("id", metavar="ID", help=tr("as “deskcrm lookup” gives it"))
    parser.add_argument("name", metavar="NAME", help=tr("the new name"))
    parser.set_defaults(run=run_rename)


def declare_undo(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``undo``."""
    parser.add_argument(
        "step", nargs="?", type=int, metavar="STEP", help=tr("as “deskcrm history” numbers it")
    )
    parser.set_defaults(run=run_undo)


def declare_redo(parser: argparse.ArgumentParser) -> None:
    """Declare ``redo``, which needs no arguments."""
    parser.set_defaults(run=run_redo)


def run_rename(options: argparse.Namespace) -> int:
    """Rename a client."""
    from deskcrm.domain.clients.commands import rename_client
    from deskcrm.domain.clients.model import ClientId

    client_id = ClientId(read_id(options.id))
    with writing(options.profile) as store:
        done = store.do(rename_client, client_id, name=options.name)
        write_line(f"renamed {client_id} step {done.step}")
    return 0


def run_undo(options: argparse.Namespace) -> int:
    """Undo a step."""
    with writing(options.profile) as store:
        undone = store.undo(options.step)
        write_line(tr("Undone: {label}", label=tr(undone.label)))
        if undone.left_alone:
            write_line(tr("What was changed since was left as it is."))
    return 0


def run_redo(options: argparse.Namespace) -> int:
    """Redo the step that was undone last."""
    with writing(options.profile) as store:
        write_line(tr("Redone: {label}", label=tr(store.redo().label)))
    return 0
