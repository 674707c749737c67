"""Runs the server: one process, or several in front of one PostgreSQL, until told to stop."""

import asyncio
import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from deskcrm.base.errors import UserError
from deskcrm.base.garbage import keep_what_is_there
from deskcrm.base.words import tr
from deskcrm.server.app import make_app
from deskcrm.server.desk import Desk
from deskcrm.server.place import Place, open_serving, place_of

_FOLDER: Final = "DESKCRM_SERVER_FOLDER"
_URL: Final = "DESKCRM_SERVER_URL"
"""How the processes that are started hear of the place: not by arguments, which others can see."""
BACKLOG: Final = 2_048
GRACE: Final = 20
"""Seconds that requests under way are given when the server stops."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and how to serve."""

    host: str
    port: int
    workers: int = 1


def listen(serving: Serving) -> socket.socket:
    """Take the port before anything else is done; UserError when it is taken."""
    try:
        family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
        # Said in so many words: only of these the event loop switches off Nagle's delay, which
        # would add 40 ms to every answer.
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name != "nt":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((serving.host, serving.port))
    except OSError as error:
        made.close()
        raise UserError(
            tr("Port {port} cannot be used: {reason}.", port=serving.port, reason=error.strerror),
            tr("Choose another one with --port."),
        ) from error
    made.listen(BACKLOG)  # who comes before the server is ready waits for it
    made.set_inheritable(True)
    return made


def run(place: Place, serving: Serving, bound: socket.socket) -> None:
    """Serve a prepared place until SIGTERM or SIGINT; requests under way are finished."""
    os.environ[_FOLDER] = str(place.folder or "")
    os.environ[_URL] = place.url or ""
    config = uvicorn.Config(
        "deskcrm.server.running:app_of_environment",
        factory=True,
        workers=serving.workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=75,
        h11_max_incomplete_event_size=64 << 10,
        backlog=BACKLOG,
    )
    if serving.workers > 1:
        Multiprocess(config, sockets=[bound]).run()
    else:
        uvicorn.Server(config).run(sockets=[bound])


def app_of_environment() -> FastAPI:
    """Make the server of one process, over the place that the environment names."""
    folder = os.environ.get(_FOLDER)
    place = place_of(Path(folder) if folder else None, os.environ.get(_URL) or None)
    return make_app(open_serving(place), when_live=_settle)


def _settle(desk: Desk) -> None:
    """Serve from now on, until told to stop."""
    keep_what_is_there()
    _send_home_when_told(desk)


def _send_home_when_told(desk: Desk) -> None:
    """Let who waits go home at the first signal: uvicorn waits for requests under way."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(desk.heads.stop)
            if callable(before):
                before(number, frame)

        signal.signal(number, stop)
