"""``serve``: the shared server, over a folder or over PostgreSQL."""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, write_line

URL_VARIABLE = "DESKCRM_DATABASE_URL"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``serve``."""
    declare_place(parser)
    parser.add_argument(
        "--port", type=_port, default=8480, metavar="P", help=tr("the port; 0 = any free one")
    )
    parser.add_argument(
        "--host", default="127.0.0.1",
        help=tr("the address to listen on; beyond this computer only with TLS in front"),
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=at_least_one, default=1, metavar="N",
        help=tr("processes; more than one needs PostgreSQL"),
    )  # fmt: skip
    parser.set_defaults(run=run)


def declare_place(parser: argparse.ArgumentParser) -> None:
    """Declare where the server's database is."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=tr("the folder of the server's data")
    )
    parser.add_argument(
        "--database-url", metavar="URL",
        help=tr(
            "a PostgreSQL database instead; with a password rather in the variable {variable},"
            " which others on this computer cannot see",
            variable=URL_VARIABLE,
        ),
    )  # fmt: skip


def chosen_url(options: argparse.Namespace) -> str | None:
    """Give the address that was typed, else that of the environment."""
    typed: str | None = options.database_url
    if typed or options.data is not None:
        return typed
    return os.environ.get(URL_VARIABLE)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    need_server()
    from deskcrm.server.place import place_of, prepare
    from deskcrm.server.running import Serving, listen
    from deskcrm.server.running import run as serve

    place = place_of(options.data, chosen_url(options))
    serving = Serving(options.host, options.port, options.workers)
    if serving.workers > 1 and not place.is_postgres:
        raise UserError(
            tr("Several processes cannot share a file."),
            tr("Leave out --workers, or name a PostgreSQL database with --database-url."),
        )
    with ExitStack() as stack:
        if not place.is_postgres:
            stack.enter_context(place.profile.acquire())
        bound = stack.enter_context(listen(serving))
        prepare(place)
        host, port = bound.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        write_line(tr("Serving at http://{host}:{port}", host=shown, port=port))
        serve(place, serving, bound)
    return 0


def need_server() -> None:
    """Say what to install where the server's own packages are not."""
    from importlib.util import find_spec

    if not all(find_spec(name) for name in ("fastapi", "uvicorn", "psycopg")):
        raise UserError(
            tr("The packages of the server are not installed."),
            tr("Install them with: pip install deskcrm[server]"),
        )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a port", text=text))
    return int(text)
