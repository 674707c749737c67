"""A second start reaches the first: it hands over what it was asked and ends."""

import json
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT: Final = 1_500
_LONGEST: Final = 4_096
_READ_WITHIN: Final = 3_000

Message = dict[str, str]


def send(socket_name: str, message: Message) -> bool:
    """Hand a message to the running program; False when none answers.

    ``{"verb": "call", "number": "+7…"}`` shows the caller card, ``{"verb": "show"}`` the window.
    """
    socket = QLocalSocket()
    socket.connectToServer(socket_name)
    if not socket.waitForConnected(_WAIT):
        return False
    socket.write(json.dumps(message).encode() + b"\n")
    socket.flush()
    answered = socket.waitForReadyRead(_WAIT) and bytes(socket.readAll().data()) == b"ok\n"
    socket.disconnectFromServer()
    return answered


class Doorbell(QObject):
    """Listens for messages of later starts; only this user can reach it."""

    rang = Signal(dict)

    def __init__(self, socket_name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        if not self._server.listen(socket_name):
            # The profile's lock is ours, so whoever left this socket behind is gone.
            QLocalServer.removeServer(socket_name)
            self._server.listen(socket_name)

    @property
    def is_listening(self) -> bool:
        """Tell whether a later start can reach this program."""
        return self._server.isListening()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _welcome(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            _Visit(connection, self.rang.emit)


class _Visit(QObject):
    """One connection: a line of JSON, an answer, goodbye."""

    def __init__(self, connection: QLocalSocket, tell: Callable[[Message], None]) -> None:
        super().__init__(connection)
        self._connection = connection
        self._tell = tell
        connection.readyRead.connect(self._read)
        connection.disconnected.connect(connection.deleteLater)
        QTimer.singleShot(_READ_WITHIN, connection, connection.abort)
        if connection.bytesAvailable():
            self._read()

    def _read(self) -> None:
        if self._connection.bytesAvailable() > _LONGEST:
            self._connection.abort()
        elif self._connection.canReadLine():
            message = _parse(bytes(self._connection.readLine().data()))
            self._connection.write(b"ok\n" if message else b"what?\n")
            self._connection.flush()
            self._connection.disconnectFromServer()
            if message:
                self._tell(message)


def _parse(line: bytes) -> Message | None:
    """Read a message; what comes from outside is taken only in the shape that we know."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.get("verb") not in ("call", "show"):
        return None
    return {str(key): str(value)[:200] for key, value in found.items()}
