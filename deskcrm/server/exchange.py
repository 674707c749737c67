"""The endpoints of the exchange with workstations."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NoReturn, TypeVar

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from deskcrm.server import fence
from deskcrm.server.desk import Desk, Given, TheCaller, TheDesk, TheWriter, caller_of, token_of
from deskcrm.server.faults import OldWorkstation, refusals
from deskcrm.server.hub import answer
from deskcrm.server.messages import LARGEST_BODY, LARGEST_QUESTION, TooLarge, read_message
from deskcrm.sync.hub.hub import OLDEST_SCHEMA
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.protocol import (
    OLDEST,
    AskContents,
    AskManifest,
    AskPiece,
    AskSegment,
    Hello,
    Part,
    Pull,
    Push,
    SendPiece,
    pack,
)

M = TypeVar("M", bound=msgspec.Struct)

KIND: Final = "application/vnd.deskcrm.sync"
FOLLOWED: Final = "application/vnd.deskcrm.news"
router: Final = APIRouter(prefix="/sync/v1", tags=["exchange"])
_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": {KIND: _BYTES}}}
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The server's message.", "content": {KIND: _BYTES}}
}
_FOLLOWED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The server's messages.", "content": {FOLLOWED: _BYTES}}
}
_REFUSALS: Final = refusals(400, 401, 403, 409, 413, 429, 503)
_DECLARED: Final[dict[str, Any]] = {
    "openapi_extra": _BODY,
    "response_class": Response,
    "responses": {**_ANSWER, **_REFUSALS},
}


class Moved(BaseModel):
    """How far the server's order is."""

    head: int


@router.post("/hello", **{**_DECLARED, "responses": {**_ANSWER, **_REFUSALS, **refusals(426)}})
async def hello(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Present a device. The body is a Hello, the answer a Welcome."""
    data = await _body(request)

    def serve(caller: Caller, message: Hello) -> msgspec.Struct:
        if message.versions[1] < OLDEST or message.schema < OLDEST_SCHEMA:
            raise OldWorkstation
        return desk.hub.hello(caller, message)

    return await _serve(desk, caller, Hello, data, serve, fence.READ)


@router.post("/push", **_DECLARED)
async def push(request: Request, desk: TheDesk, caller: TheWriter) -> Response:
    """Hand over steps. The body is a Push, the answer a Pushed."""
    data = await _body(request)
    return await _serve(desk, caller, Push, data, desk.hub.push, fence.WRITE)


@router.post("/part", **_DECLARED)
async def part(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Hand over a part of a large step. The body is a Part, the answer a Parted."""
    data = await _body(request)
    return await _serve(desk, caller, Part, data, desk.hub.part, fence.WRITE)


@router.post("/pull", **_DECLARED)
async def pull(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Ask for what is new. The body is a Pull, the answer a Pulled."""
    data = await _body(request)
    return await _serve(desk, caller, Pull, data, desk.hub.pull, fence.READ)


@router.post("/manifest", **_DECLARED)
async def manifest(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Ask what a fresh device can begin with. The body is an AskManifest, the answer a Manifest."""
    data = await _body(request)
    async with desk.building:  # who comes meanwhile finds what the first one has made
        return await _serve(desk, caller, AskManifest, data, desk.hub.manifest, fence.READ)


@router.post("/segment", **_DECLARED)
async def segment(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Ask for a part of a manifest. The body is an AskSegment, the answer a Segment."""
    data = await _body(request)
    return await _serve(desk, caller, AskSegment, data, desk.hub.segment, fence.READ)


_ON_CONTENTS: Final[dict[str, Any]] = {
    **_DECLARED,
    "responses": {**_ANSWER, **_REFUSALS, **refusals(404)},
}


@router.post("/contents/ask", **_DECLARED)
async def ask_contents(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Ask how much of contents is there. The body is an AskContents, the answer a ContentsHere."""
    data = await _body(request)
    return await _serve(desk, caller, AskContents, data, desk.hub.contents_here, fence.READ)


@router.post("/contents/send", **_ON_CONTENTS)
async def send_piece(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Send the next piece of contents. The body is a SendPiece, the answer a PieceTaken."""
    data = await _body(request)
    return await _serve(desk, caller, SendPiece, data, desk.hub.send_piece, fence.READ)


@router.post("/contents/fetch", **_ON_CONTENTS)
async def fetch_piece(request: Request, desk: TheDesk, caller: TheCaller) -> Response:
    """Fetch a piece of contents. The body is an AskPiece, the answer a Piece."""
    data = await _body(request)
    return await _serve(desk, caller, AskPiece, data, desk.hub.fetch_piece, fence.READ)


@router.get("/wait", responses=refusals(401, 403, 422, 429, 503))
async def wait(
    desk: TheDesk, caller: TheCaller, since: Annotated[int, Query(ge=0, le=2**62)]
) -> Moved:
    """Wait until the order is beyond a number: answers at once if so, else within 50 seconds."""
    return Moved(head=await desk.heads.wait(since))


@router.post("/news", **_DECLARED)
async def news(request: Request, desk: TheDesk, given: Given) -> Response:
    """Wait for what is new. The body is a Pull, the answer News, within 50 seconds."""
    token, pull = await _question(request, given)
    answered = await desk.news.wait(token, pull)
    if answered is None:
        await _refuse(request, given)
    return Response(answered, media_type=KIND)


@router.post("/follow", **{**_DECLARED, "responses": {**_FOLLOWED, **_REFUSALS}})
async def follow(request: Request, desk: TheDesk, given: Given) -> Response:
    """Follow what is new. The body is a Pull, the answer News one after another.

    Each is preceded by its length in four bytes, highest first. There is one at once, and one at
    least every 50 seconds; at the end the question is asked anew.
    """
    token, pull = await _question(request, given)
    told = await desk.news.arrive(token, pull)
    if told is None:
        await _refuse(request, given)
    return StreamingResponse(
        desk.news.follow(token, pull, told),
        media_type=FOLLOWED,
        headers={"X-Accel-Buffering": "no"},  # what stands between must not collect it
    )


async def _question(request: Request, given: Given) -> tuple[str, Pull]:
    """Give the token and the question of somebody who is not known yet."""
    token = token_of(request, given)
    data = await _body(request, LARGEST_QUESTION)
    return token, read_message(Pull, data, LARGEST_QUESTION)


async def _refuse(request: Request, given: Given) -> NoReturn:
    """Say why somebody is not let in."""
    await caller_of(request, given)
    raise Stopped("unknown device")


async def _serve(
    desk: Desk,
    caller: Caller,
    kind: type[M],
    data: bytes,
    serve: Callable[[Caller, M], msgspec.Struct],
    mode: str,
) -> Response:
    def work() -> bytes:
        message: Any = read_message(kind, data)
        try:
            return pack(answer(serve, caller, message, message.device, mode))
        except Stopped:
            with fence.as_server():  # locked out since it was asked who speaks: say so with proof
                desk.sign_ins.check_device(caller.device)
            raise

    answered = await (desk.write(work) if mode == fence.WRITE else desk.work(work))
    return Response(answered, media_type=KIND)


async def _body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """Read a body up to a limit, which is low where it is not known yet whose it is."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            raise TooLarge
        pieces.append(piece)
    return b"".join(pieces)
