"""Notes what workstations ask a server over HTTP, and lets something happen before a request."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from deskcrm.sync.http_peer import HttpPeer


class Calls:
    """The requests of one kind, by the name of the method that makes them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.answered: list[Any] = []
        """The messages that were answered."""
        self.before: dict[int, Callable[[HttpPeer], object]] = {}
        """What happens before a request, by how many were answered; once each."""
        self._news = threading.Condition()
        ask = getattr(HttpPeer, name)

        def asking(peer: HttpPeer, message: Any) -> Any:
            happens = self.before.pop(len(self.answered), None)
            if happens is not None:
                happens(peer)
            answer = ask(peer, message)
            with self._news:
                self.answered.append(message)
                self._news.notify_all()
            return answer

        monkeypatch.setattr(HttpPeer, name, asking)

    def wait_for(self, count: int) -> None:
        """Wait until so many were answered."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.answered) >= count, 20)
