"""Verbs that write: each says so only after it is on the disk."""

import argparse
import json
import sys
from typing import Any

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import read_id, write_line


def declare(verbs: Any) -> None:
    """Add the verbs."""
    log = verbs.add_parser("log-call", help="log a call with a client")
    log.add_argument("--client", metavar="ID")
    log.add_argument("--text", default="")
    log.add_argument("--minutes", type=float, default=0)
    log.add_argument("--stdin", action="store_true", help="many: one JSON object a line")
    log.set_defaults(verb=run_log_call)
    rename = verbs.add_parser("rename-client", help="give a client another name")
    rename.add_argument("id")
    rename.add_argument("name")
    rename.set_defaults(verb=run_rename)
    undo = verbs.add_parser("undo", help="undo the last step, or the one named")
    undo.add_argument("step", nargs="?", type=int)
    undo.set_defaults(verb=run_undo)
    verbs.add_parser("redo", help="take back the last undo").set_defaults(verb=run_redo)


def run_log_call(options: argparse.Namespace) -> int:
    """Log a call, or one for each line of the standard input; acknowledge each when it is kept."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.clients.model import ClientId
    from deskcrm.domain.interactions.commands import log_call
    from deskcrm.store.opening import open_profile

    if not options.stdin and options.client is None:
        raise UserError(tr("Name the client: --client ID."))
    with open_profile(options.profile) as opened:
        for call in _calls(options):
            client_id = ClientId(read_id(str(call["client"])))
            text, minutes = str(call.get("text", "")), float(call.get("minutes", 0))
            done = opened.store.do(log_call, client_id, text=text, minutes=minutes)
            write_line(f"logged {done.value} step {done.step}")
    return 0


def _calls(options: argparse.Namespace) -> Any:
    if not options.stdin:
        yield {"client": options.client, "text": options.text, "minutes": options.minutes}
        return
    for number, line in enumerate(sys.stdin, 1):
        try:
            call = json.loads(line)
            call["client"]
        except (ValueError, KeyError, TypeError):
            raise UserError(
                tr("Line {n} is not a call.", n=number),
                tr("Write it like {example}.", example='{"client": "…", "text": "…"}'),
            ) from None
        yield call


def run_rename(options: argparse.Namespace) -> int:
    """Rename a client."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.domain.clients.commands import rename_client
    from deskcrm.domain.clients.model import ClientId
    from deskcrm.store.opening import open_profile

    with open_profile(options.profile) as opened:
        client_id = ClientId(read_id(options.id))
        done = opened.store.do(rename_client, client_id, name=options.name)
        write_line(f"renamed {client_id} step {done.step}")
    return 0


def run_undo(options: argparse.Namespace) -> int:
    """Undo a step."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.store.opening import open_profile

    with open_profile(options.profile) as opened:
        undone = opened.store.undo(options.step)
        write_line(tr("Undone: {label}", label=tr(undone.label)))
        if undone.left_alone:
            write_line(tr("What somebody changed since was left alone."))
    return 0


def run_redo(options: argparse.Namespace) -> int:
    """Redo the step that was undone last."""
    from deskcrm.domain import all as _features  # noqa: F401
    from deskcrm.store.opening import open_profile

    with open_profile(options.profile) as opened:
        write_line(tr("Redone: {label}", label=tr(opened.store.redo().label)))
    return 0
