"""The server over HTTP: its endpoints, put together around one open store."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from anyio import CapacityLimiter
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskcrm import __version__
from deskcrm.domain.feedback.linking import PLACE
from deskcrm.server import entrance, exchange, faults, forms
from deskcrm.server.daily import Daily
from deskcrm.server.desk import BUILDING, HASHING, PUBLIC, THREADS, WRITING, Desk, TheDesk
from deskcrm.server.faults import refusals, trouble
from deskcrm.server.form_page import too_long_page
from deskcrm.server.heads import Heads
from deskcrm.server.hub import make_hub
from deskcrm.server.late import Latecomers
from deskcrm.server.messages import LARGEST_BODY
from deskcrm.server.news import Newsroom
from deskcrm.server.sign_ins import SignIns
from deskcrm.store.store import Store
from deskcrm.sync.hub.hub import Hub

LARGEST_JSON: Final = 64 << 10
_FREE_TO_READ: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Health(BaseModel):
    """The server is there, and so is its database."""

    status: str
    version: str


def make_app(
    store: Store, *, hub: Hub | None = None, when_live: Callable[[Desk], None] = lambda _: None
) -> FastAPI:
    """Put the server together around a store, which it closes at its end."""
    desk, daily = _make_desk(store, hub or make_hub(store)), Daily(store)
    late = Latecomers(store, desk.heads)

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        await desk.heads.start()
        desk.news.start()
        daily.start()
        late.start()
        when_live(desk)
        try:
            yield
        finally:
            await late.close()
            await daily.close()
            await desk.news.close()
            await desk.heads.close()
            store.close()

    app = FastAPI(
        title="DeskCRM",
        version=__version__,
        description="The shared server of DeskCRM: sign-in, the exchange, and forms by link.",
        lifespan=live,
        # Their pages load scripts from elsewhere; the description itself is /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = desk
    faults.install(app)
    app.include_router(exchange.router)
    app.include_router(entrance.router)
    app.include_router(forms.router)
    app.add_api_route("/health", health, responses=refusals(503), tags=["server"])
    app.add_middleware(Limits)
    return app


def _make_desk(store: Store, hub: Hub) -> Desk:
    threads = CapacityLimiter(THREADS)
    # Whoever looks for news looks for all, and waits behind none of them.
    heads, sign_ins = Heads(store, CapacityLimiter(1)), SignIns(store)
    news = Newsroom(sign_ins, heads, CapacityLimiter(1))
    writing, hashing, building, public = map(CapacityLimiter, (WRITING, HASHING, BUILDING, PUBLIC))
    return Desk(store, hub, sign_ins, heads, news, threads, writing, hashing, building, public)


async def health(desk: TheDesk) -> Health:
    """Tell whether the server can work; says nothing of what is in it."""
    await desk.as_server(desk.hub.head)
    return Health(status="ok", version=__version__)


class Limits:
    """Refuses a body that is too large before anything reads it, and sets the common headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_exchange = scope["path"].startswith("/sync/")
        largest, refuse = _limit_of(scope["path"])
        given = dict(scope["headers"]).get(b"content-length", b"")
        if given.isdigit() and int(given) > largest:
            await refuse()(scope, receive, _with_headers(send))
            return
        if not is_exchange and not given:
            # Of unknown length, and small: read here, so that nothing else has to count.
            body = await _read(receive, largest)
            if body is None:
                await refuse()(scope, receive, _with_headers(send))
                return
            receive = _again(body, receive)
        await self._app(scope, receive, _with_headers(send))


def _limit_of(path: str) -> tuple[int, Callable[[], Response]]:
    """Give how large a body may be, and how a larger one is refused."""
    if path.startswith(PLACE):
        return forms.LARGEST_FORM, too_long_page
    largest = LARGEST_BODY if path.startswith("/sync/") else LARGEST_JSON
    return largest, lambda: trouble(413, "too_large", "Send less at once.")


async def _read(receive: Receive, largest: int) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > largest:
            return None
        if message["type"] != "http.request" or not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return left.pop() if left else await receive()

    return give


def _with_headers(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[Any] = list(message.get("headers", []))
            headers += [(k.lower().encode(), v.encode()) for k, v in _FREE_TO_READ.items()]
            message = {**message, "headers": headers}
        await send(message)

    return pass_on
