"""The server as a process: started by one command, over a file and by several processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from deskcrm.server import fence
from deskcrm.server.place import Place, open_database, open_serving
from deskcrm.server.running import Serving, listen
from deskcrm.store.tables import local_meta
from tests.cli.conftest import ROOT, complaint, environment, process

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM to send")


@contextmanager
def served(
    *arguments: str, program: Path = ROOT, **variables: str
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Start the server of the program in a folder, and give where it is once it says so."""
    started = subprocess.Popen(
        [sys.executable, "-m", "deskcrm", "serve", "--port", "0", *arguments],
        cwd=program,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout is not None
        said = started.stdout.readline()
        assert said.startswith("Serving at "), said
        yield said.split()[-1], started
    finally:
        started.terminate()
        started.communicate(timeout=30)


def sign_in(url: str) -> requests.Response:
    """Sign Anna in."""
    said = {"user": "Anna", "password": "correct horse", "device": "1" * 32, "device_name": "Desk"}
    return requests.post(f"{url}/auth/v1/sign-in", json=said, timeout=30)


def test_one_command_starts_a_server_and_a_signal_stops_it(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "server"))
    add = ("admin", *data, "add-user", "Anna", "--role", "agent", "--password-env", "PW")
    with served(*data) as (url, started):
        assert requests.get(f"{url}/health", timeout=30).json()["status"] == "ok"
        assert process(*add, PW="correct horse").returncode == 0
        token = sign_in(url).json()["access"]
        assert "already open" in complaint(process("serve", *data, "--port", "0"))
        head = {"Authorization": f"Bearer {token}"}
        assert requests.get(f"{url}/sync/v1/wait?since=0", headers=head, timeout=30).ok
        started.send_signal(signal.SIGTERM)
        out, err = started.communicate(timeout=30)
        assert (out, err) == ("", "")
    assert oct((tmp_path / "server" / "server.key").stat().st_mode & 0o777) == "0o600"
    assert "correct horse" not in str(started.args)


@pytest.mark.postgres
def test_several_processes_serve_one_database(postgres_url: str, tmp_path: Path) -> None:
    where = {"DESKCRM_DATABASE_URL": postgres_url}
    add = ("admin", "add-user", "Anna", "--role", "agent", "--password-env", "PW")
    with served("--workers", "2", DESKCRM_DATABASE_URL=postgres_url) as (url, _):
        assert process(*add, PW="correct horse", **where).returncode == 0
        answers = {sign_in(url).status_code for _ in range(6)}
        assert answers == {200}
        assert "of another version" not in process("admin", "check", **where).stdout


@pytest.mark.postgres
def test_whoever_opens_a_place_that_is_ready_writes_nothing(postgres_place: Place) -> None:
    """Processes that start at once would else write the same row, and one of them would end."""
    database = open_database(postgres_place)

    def noted() -> dict[str, str]:
        with fence.as_server(), database.readers.begin() as connection:
            return dict(connection.execute(select(local_meta)).all())

    try:
        before = noted()
        assert "device" in before
        open_serving(postgres_place).close()
        assert noted() == before
    finally:
        database.close()


def test_an_answer_is_sent_at_once_not_gathered_with_the_next() -> None:
    async def is_gathered() -> bool:
        told = asyncio.get_running_loop().create_future()

        async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = writer.get_extra_info("socket")
            told.set_result(not line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        bound = listen(Serving("127.0.0.1", 0))
        async with await asyncio.start_server(note, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname()[:2])
            gathered: bool = await told
            writer.close()
            await writer.wait_closed()
        return gathered

    assert not asyncio.run(is_gathered())
