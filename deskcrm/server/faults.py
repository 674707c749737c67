"""What can go wrong with a request, and what the other end is told: what to do, and no more."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from deskcrm.base.errors import UserError
from deskcrm.server.attempts import TooMany
from deskcrm.server.heads import Full
from deskcrm.server.messages import TooLarge
from deskcrm.server.sign_ins import Closed, LockedOut, NotSignedIn
from deskcrm.sync.hub.push import Stopped
from deskcrm.sync.protocol import Malformed

_log = logging.getLogger("deskcrm.server")
_LATER: Final = {"Retry-After": "5"}
_NO_PRIVILEGE: Final = "42501"
"""PostgreSQL's word for what the fence does not let through."""
_REVOKED: Final = "This device was locked out. Ask an administrator."
_UNFIT_VALUE: Final = "22"
_DRIVERS: Final = ("psycopg", "sqlcipher3")
_PASSING: Final = ("OperationalError", "AdminShutdown", "ConnectionTimeout", "InterfaceError")
"""A line that broke, a server that stops: it may work the next time."""
_AGAIN: Final = ("40", "53", "57", "08")
"""Deadlock, no room, being shut down, no connection."""


class Trouble(BaseModel):
    """Why a request was refused: a word for programs, and a sentence for people."""

    code: str
    detail: str
    proof: str | None = None
    """With ``revoked``: what hashes to the seal that the device was given."""


class NoRights(Exception):
    """This person may not do that."""


class NotFound(Exception):
    """There is no such thing, or not for this person."""


class DatabaseFailed(Exception):
    """The database raised an error of its own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.error = error


@contextmanager
def database_faults() -> Iterator[None]:
    """Tell the database's own errors from bugs, whichever driver they come from."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseFailed(error.orig or error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _DRIVERS:
            raise
        raise DatabaseFailed(error) from error


class OldWorkstation(Exception):
    """The program at the other end is too old for this server."""


def trouble(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Give the answer that refuses a request."""
    return JSONResponse({"code": code, "detail": detail}, status, headers)


def _locked_out(error: LockedOut) -> JSONResponse:
    said = {"code": "revoked", "detail": _REVOKED, "proof": error.proof.hex()}
    return JSONResponse(said, 403)


def _stopped(error: Stopped) -> JSONResponse:
    if str(error) == "revoked":
        return trouble(403, "revoked", _REVOKED)
    if str(error) == "no contents":
        return trouble(404, "not_found", "There are no such contents.")
    if str(error) == "forked":
        return trouble(409, "forked", "A copy of this device was here: take a new device id.")
    return trouble(409, "unknown_device", "Sign in with this device first.")


def _too_many(error: TooMany) -> JSONResponse:
    pause = {"Retry-After": str(error.retry_after)}
    return trouble(429, "too_many", "Too many attempts. Wait, then try again.", pause)


def _unlike(error: RequestValidationError) -> JSONResponse:
    # The parts that are wrong, never what stands in them: that may be a password.
    places = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()})
    return trouble(422, "invalid", f"Wrong or missing: {', '.join(places)[:300]}")


def _of_database(failure: DatabaseFailed) -> JSONResponse:
    error = failure.error
    state = str(getattr(error, "sqlstate", None) or "")
    if state == _NO_PRIVILEGE:
        _log.warning("Row-level security stopped what the program had let through.")
        return trouble(403, "rights", "You may not do this.")
    if state.startswith(_UNFIT_VALUE):
        return trouble(400, "malformed", "A value is not one that can be kept.")
    if type(error).__name__ in _PASSING or state.startswith(_AGAIN):
        # One line: while the database is away every request comes by here.
        _log.error("The database does not answer: %s", type(error).__name__)
        return _busy(error)
    _log.error("The database failed: %s", type(error).__name__, exc_info=error)
    return _broken(error)


def _busy(_error: BaseException) -> JSONResponse:
    return trouble(503, "busy", "The server is busy. Try again later.", _LATER)


def _broken(_error: BaseException) -> JSONResponse:
    return trouble(500, "failed", "The server failed; its log says why. Nothing was changed.")


def _http(error: HTTPException) -> JSONResponse:
    code = {404: "not_found", 405: "method"}.get(error.status_code, "malformed")
    headers = dict(error.headers) if error.headers else None
    return trouble(error.status_code, code, str(error.detail), headers)


_ANSWERS: Final[dict[type[Exception], Callable[[Any], JSONResponse]]] = {
    LockedOut: _locked_out,
    Closed: lambda _: trouble(403, "closed", "This account is closed. Ask an administrator."),
    Stopped: _stopped,
    TooMany: _too_many,
    NotSignedIn: lambda _: trouble(
        401, "sign_in", "Sign in with name and password.", {"WWW-Authenticate": "Bearer"}
    ),
    NoRights: lambda _: trouble(403, "rights", "You may not do this."),
    NotFound: lambda _: trouble(404, "not_found", "There is no such thing."),
    Malformed: lambda error: trouble(400, "malformed", str(error)),
    TooLarge: lambda _: trouble(413, "too_large", "Send less at once."),
    OldWorkstation: lambda _: trouble(426, "old_workstation", "Update DeskCRM, then try again."),
    Full: _busy,
    PoolTimeout: _busy,
    DatabaseFailed: _of_database,
    UserError: _busy,  # the disk is full, the file is locked: the operator has to see to it
    RequestValidationError: _unlike,
    HTTPException: _http,
    Exception: _broken,
}


def install(app: FastAPI) -> None:
    """Let every fault be answered in the one form."""
    for kind, say in _ANSWERS.items():
        app.add_exception_handler(kind, _handler(say))


def _handler(
    say: Callable[[Any], JSONResponse],
) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    async def handle(_request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, UserError):
            _log.error("%s", error)
        return say(error)

    return handle


def log_fault(error: DatabaseFailed | PoolTimeout | UserError) -> int:
    """Log what is in the way, and give the status of the answer that people read of it."""
    if isinstance(error, DatabaseFailed):
        return _of_database(error).status_code
    _log.error("%s", error)
    return _busy(error).status_code


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of an endpoint for OpenAPI."""
    return {status: {"model": Trouble, "description": _MEANS[status]} for status in statuses}


_MEANS: Final = {
    400: "What was sent is no message.",
    401: "Sign in: the token is missing, wrong or too old.",
    403: "The device was locked out, the account is closed, or the person may not do this.",
    404: "There is no such thing.",
    409: "The device is unknown here, or a copy of it has been here.",
    413: "What was sent is too large.",
    422: "A field is wrong or missing.",
    426: "The workstation is too old.",
    429: "Too many attempts; Retry-After says when to come back.",
    503: "The server is busy; Retry-After says when to come back.",
}
