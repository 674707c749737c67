"""What every request of the server works with, and how it finds out who speaks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from deskcrm.server import fence
from deskcrm.server.faults import database_faults
from deskcrm.server.heads import Heads
from deskcrm.server.news import Newsroom
from deskcrm.server.pace import Pace
from deskcrm.server.sign_ins import NotSignedIn, SignIns
from deskcrm.store.store import Store
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.push import Caller

P = ParamSpec("P")
R = TypeVar("R")

THREADS: Final = 8
"""Requests that work with the database at once; all others wait without a thread."""
WRITING: Final = 2
"""Pushes beside those: whoever has something to hand over never queues behind those who look."""
HASHING: Final = 2
"""Passwords that are hashed at once: each takes 64 MiB and a whole core."""
PUBLIC: Final = 2
"""Requests of clients who open a form by a link: however many come, the team does not wait."""
BUILDING: Final = 1
"""Snapshots that are made at once, since each reads all of somebody's rows."""


@dataclass(slots=True)
class Desk:
    """The server's parts, one of each in a process."""

    store: Store
    hub: Hub
    sign_ins: SignIns
    heads: Heads
    news: Newsroom
    threads: CapacityLimiter
    writing: CapacityLimiter
    hashing: CapacityLimiter
    building: CapacityLimiter
    public: CapacityLimiter
    pace: Pace = field(default_factory=Pace)

    async def work(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what blocks in a thread; it says itself for whom it works."""

        def run() -> R:
            with database_faults():
                return function(*args, **kwargs)

        return await to_thread.run_sync(run, limiter=self.threads)

    async def write(self, function: Callable[[], R]) -> R:
        """Run a part of a push in a thread of its own; it says itself for whom it works."""

        def run() -> R:
            with database_faults():
                return function()

        return await to_thread.run_sync(run, limiter=self.writing)

    async def hash(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what hashes a password in a thread, as the server."""

        def run() -> R:
            with database_faults(), fence.as_server():
                return function(*args, **kwargs)

        return await to_thread.run_sync(run, limiter=self.hashing)

    async def for_public(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what serves somebody who is not signed in, in a thread, as the server itself."""

        def run() -> R:
            with database_faults(), fence.as_server():
                return function(*args, **kwargs)

        return await to_thread.run_sync(run, limiter=self.public)

    async def as_server(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what blocks in a thread, as the server itself."""

        def run() -> R:
            with fence.as_server():
                return function(*args, **kwargs)

        return await self.work(run)


def desk_of(request: Request) -> Desk:
    """Give the server's parts."""
    desk: Desk = request.app.state.desk
    return desk


async def _the_desk(request: Request) -> Desk:
    """Give them to an endpoint; FastAPI would hand what is not ``async`` to a thread and wait."""
    return desk_of(request)


_bearer: Final = HTTPBearer(auto_error=False, description="The access token of a sign-in.")


Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def token_of(request: Request, given: Given) -> str:
    """Give the token that came, and count the request; raises NotSignedIn or TooMany."""
    if given is None:
        raise NotSignedIn
    desk_of(request).pace.count(given.credentials, request.scope["path"])
    return given.credentials


async def caller_of(request: Request, given: Given) -> Caller:
    """Tell who speaks; raises NotSignedIn, TooMany or Stopped."""
    desk, token = desk_of(request), token_of(request, given)
    return await desk.as_server(desk.sign_ins.caller_of, token)


async def writer_of(request: Request, given: Given) -> Caller:
    """Tell who has something to hand over, as :func:`caller_of` does."""
    desk, token = desk_of(request), token_of(request, given)

    def find() -> Caller:
        with fence.as_server():
            return desk.sign_ins.caller_of(token)

    return await desk.write(find)


TheDesk = Annotated[Desk, Depends(_the_desk)]
TheCaller = Annotated[Caller, Depends(caller_of)]
TheWriter = Annotated[Caller, Depends(writer_of)]
