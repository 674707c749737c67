"""What a workstation asks the server for, and the answer that came before it was needed."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from deskcrm.sync.protocol import ROWS_ALONG, Pull, Pulled, Push, Pushed
from deskcrm.sync.station import memory, outbox
from deskcrm.sync.station.memory import Memory


@dataclass(frozen=True, slots=True)
class Ahead:
    """A page that was asked for ahead, and what waits for it."""

    asked: Pull
    wait: Callable[[], Pulled]

    def answers(self, asked: Pull) -> bool:
        """Tell whether it is what is asked now, however much of it may come at once."""
        return msgspec.structs.replace(self.asked, limit=asked.limit) == asked


def question(connection: Connection, device: UUID, limit: int) -> tuple[Memory, Pull]:
    """Give what is remembered, and what is to be asked for next."""
    state, cursors = memory.recall(connection), memory.read_cursors(connection)
    asked = Pull(
        device=device.bytes,
        epoch=state.epoch,
        cursors=sorted((scope.bytes, seq) for scope, seq in cursors.items()),
        limit=limit,
        wanted=[(table, row_id.bytes) for table, row_id in outbox.wanted(connection)],
        staged=state.is_resyncing,
    )
    return state, asked


def says_nothing(pulled: Pulled, asked: Pull) -> bool:
    """Tell whether a page brings, takes and moves nothing for whoever asked this."""
    has_news = pulled.rows or pulled.exits or pulled.resync or pulled.steps or pulled.absent
    is_there = sorted(pulled.cursors) == asked.cursors and not asked.wanted
    return is_there and not has_news and {*pulled.scopes} == {scope for scope, _ in asked.cursors}


def along(asked: Pull) -> Pull:
    """Give a question as it goes along with another message."""
    return msgspec.structs.replace(asked, limit=min(asked.limit, ROWS_ALONG))


def came_along(push: Push, pushed: Pushed) -> Ahead | None:
    """Give the page that came with the answer to a push, if one was asked for and came."""
    page = pushed.page
    if push.ask is None or page is None:
        return None
    return Ahead(push.ask.after(pushed), lambda: page)
