"""The pages of forms that clients open by a link: nobody signs in, the link is all there is.

What is answered is written by the server itself, through the command that takes in answers.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import TimeoutError as PoolTimeout

from deskcrm.base.errors import UserError
from deskcrm.base.words import speaking
from deskcrm.domain.feedback.commands import answer_by_link
from deskcrm.domain.feedback.linking import PLACE, LinkClosed, Linked, find_linked
from deskcrm.server.attempts import TooMany, check_links, count_wrong_link
from deskcrm.server.desk import Desk, TheDesk
from deskcrm.server.faults import DatabaseFailed, log_fault
from deskcrm.server.form_fields import Filled, read_form
from deskcrm.server.form_page import closed_page, form_page, later_page, thanks_page

router: Final = APIRouter(prefix=PLACE.rstrip("/"), tags=["forms"])
LARGEST_FORM: Final = 256 << 10
"""A few answers as long as they may be, each Cyrillic letter written as six."""
_SOON: Final = 60
_MEANS: Final = {
    200: "The form, or thanks for the answers.",
    404: "The link opens nothing: it is wrong, too old, or was taken back.",
    413: "What was sent is too large.",
    422: "The form again: something is missing or wrong.",
    429: "Too many links that open nothing; Retry-After says when to come back.",
    503: "The server is busy.",
}
_PAGES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": means, "content": {"text/html": {"schema": {"type": "string"}}}}
    for status, means in _MEANS.items()
}
_BODY: Final = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "additionalProperties": {"type": "string"}}
            }
        }
    }
}
_Endpoint = Callable[..., Awaitable[HTMLResponse]]


def _as_pages(endpoint: _Endpoint) -> _Endpoint:
    """Answer with a page also where something is in the way: a person reads it."""

    @wraps(endpoint)
    async def answer(*args: Any, **kwargs: Any) -> HTMLResponse:
        try:
            return await endpoint(*args, **kwargs)
        except LinkClosed:
            return closed_page()
        except TooMany as error:
            return later_page(429, error.retry_after)
        except (DatabaseFailed, PoolTimeout, UserError) as error:
            return later_page(log_fault(error), _SOON)

    return answer


@router.get("/{token:path}", response_class=HTMLResponse, responses=_PAGES)
@_as_pages
async def show_form(request: Request, desk: TheDesk, token: str) -> HTMLResponse:
    """Show the form that a link opens; one that was answered is thanked for."""
    linked = await desk.for_public(_find, desk, token, _address_of(request))
    if linked.is_answered:
        return thanks_page(linked)
    return form_page(linked, Filled())


@router.post(
    "/{token:path}", response_class=HTMLResponse, responses=_PAGES, openapi_extra=_BODY
)  # fmt: skip
@_as_pages
async def take_answers(request: Request, desk: TheDesk, token: str) -> HTMLResponse:
    """Take the answers, once; a form that is not whole is shown again as it was filled in."""
    linked = await desk.for_public(_find, desk, token, _address_of(request))
    if linked.is_answered:
        return thanks_page(linked)
    body = await request.body()
    with speaking(linked.language):
        filled = read_form(linked.questions, body)
    if filled.wrong:
        return form_page(linked, filled)
    is_first = await desk.for_public(_take, desk, token, filled)
    return thanks_page(linked, filled if is_first else None)


def _find(desk: Desk, token: str, address: str) -> Linked:
    """Find what a link opens; raises LinkClosed, and TooMany where many opened nothing."""
    check_links(desk.store, address)
    linked = desk.store.ask(find_linked, token)
    if linked is None:
        count_wrong_link(desk.store, address)
        raise LinkClosed("")
    return linked


def _take(desk: Desk, token: str, filled: Filled) -> bool:
    answers, never_again = filled.answers, filled.never_again
    return desk.store.do(answer_by_link, token, answers=answers, never_again=never_again).value


def _address_of(request: Request) -> str:
    return request.client.host if request.client else ""
