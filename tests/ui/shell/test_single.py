"""A second start hands its message to the first."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from deskcrm.ui.shell.single import Doorbell, send


def test_nobody_listens(qapp: object, tmp_path: Path) -> None:
    assert not send(str(tmp_path / "no.sock"), {"verb": "show"})


def test_another_process_rings(qtbot: QtBot, tmp_path: Path) -> None:
    name = str(tmp_path / "desk.sock")
    bell = Doorbell(name)
    assert bell.is_listening
    code = (
        "import sys; from deskcrm.ui.shell.single import send;"
        "sys.exit(not send(sys.argv[1], {'verb': 'call', 'number': '+7 916 1234567'}))"
    )
    with qtbot.waitSignal(bell.rang, timeout=20_000) as heard:
        process = subprocess.Popen([sys.executable, "-c", code, name])
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert heard.args == [{"verb": "call", "number": "+7 916 1234567"}]
    assert process.returncode == 0


def test_a_stale_socket_of_a_crash_is_replaced(qtbot: QtBot, tmp_path: Path) -> None:
    name = tmp_path / "desk.sock"
    name.touch()
    assert Doorbell(str(name)).is_listening


def test_nonsense_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    name = str(tmp_path / "desk.sock")
    bell = Doorbell(name)
    heard: list[dict[str, str]] = []
    bell.rang.connect(heard.append)
    for line in (b"{\n", b"[]\n", b'{"verb": "rm"}\n', b"\xff\xfe\n"):
        socket = QLocalSocket()
        socket.connectToServer(name)
        qtbot.waitUntil(lambda s=socket: s.state() == QLocalSocket.LocalSocketState.ConnectedState)  # type: ignore[misc]  # a default binds it
        socket.write(line)
        qtbot.waitUntil(lambda s=socket: s.bytesAvailable() > 0)  # type: ignore[misc]  # a default binds it
        assert socket.readAll().data() == b"what?\n"
    assert heard == []
