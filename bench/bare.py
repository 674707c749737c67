"""The least that requests cost with the same libraries: the floor of small exchanges."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn

from bench.lines import timed
from deskcrm.server.running import Serving, listen


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read a request and answer nothing; no framework, no database."""
    del scope
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def take(times: int, requests_each: int) -> list[float]:
    """Give the milliseconds that so many requests take one after another, several times."""
    with _serving() as url, requests.Session() as session:
        session.trust_env = False

        def ask() -> None:
            for _ in range(requests_each):
                session.post(url, data=b"").raise_for_status()

        ask()
        return [timed(ask) for _ in range(times)]


@contextmanager
def _serving() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.bare"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    """Serve until told to stop, as the server of the program does."""
    bound = listen(Serving("127.0.0.1", 0))
    print(f"http://127.0.0.1:{bound.getsockname()[1]}/", flush=True)
    config = uvicorn.Config(
        app, lifespan="off", access_log=False, log_level="warning", server_header=False
    )
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    main()
