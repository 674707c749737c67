"""How the exchange with the server stands, and what its troubles are called."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.rounds import Receipt


class State(StrEnum):
    """What the exchange is doing."""

    IDLE = "idle"
    """It listens, and sends what is written at once."""
    EXCHANGING = "exchanging"
    RETRYING = "retrying"
    """It did not come about, and is tried again by itself."""
    PAUSED = "paused"
    STOPPED = "stopped"
    """A person has to do something first; ``trouble`` says what about."""
    CLOSED = "closed"


NEEDS_A_PERSON: Final = frozenset(
    {
        Trouble.SIGN_IN,
        Trouble.REVOKED,
        Trouble.WIPE,
        Trouble.CLOSED,
        Trouble.FORKED,
        Trouble.OLD_WORKSTATION,
        Trouble.OLD_SERVER,
        Trouble.LINEAGE,
        Trouble.SHRUNKEN,
        Trouble.MASS_DELETE,
    }
)
"""Troubles that trying again does not end."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the exchange stands at one moment."""

    state: State = State.IDLE
    waiting: int = 0
    """Steps that the server has not taken."""
    last_exchange: datetime | None = None
    trouble: Trouble | None = None
    detail: str = ""
    said: UserError | None = None
    """What went wrong here rather than there: the disk is full, say."""
    next_try: datetime | None = None
    receipt: Receipt | None = None
    """What came of the last exchange that came about."""

    def problem(self) -> UserError | None:
        """Give the trouble in words, or None."""
        if self.said is not None or self.trouble is None:
            return self.said
        return in_words(self.trouble, self.detail)


def in_words(trouble: Trouble, detail: str = "") -> UserError:
    """Say a trouble, and what to do; nothing that was written here is ever lost by one."""
    return UserError(*_WORDS[trouble](detail))


def explain(error: SyncError) -> UserError:
    """Say why an exchange did not come about, and what to do."""
    return in_words(error.trouble, error.detail)


def _offline(detail: str) -> tuple[str, str]:
    return (
        tr("The server cannot be reached."),
        tr("Check the network; what you write is kept and sent later."),
    )


def _busy(detail: str) -> tuple[str, str]:
    return tr("The server is busy."), tr("Try again in a minute; what you write is kept.")


def _sign_in(detail: str) -> tuple[str, str]:
    return (
        tr("You are not signed in to the server any more."),
        tr("Sign in again, or run: deskcrm connect URL --user NAME"),
    )


def _revoked(detail: str) -> tuple[str, str]:
    return (
        tr("This device was locked out of the server."),
        tr("Ask an administrator; what was not sent stays here."),
    )


def _wipe(detail: str) -> tuple[str, str]:
    return (
        tr("This device was locked out of the server, so this copy is wiped."),
        tr("Ask an administrator; what was sent is on the server."),
    )


def _closed(detail: str) -> tuple[str, str]:
    return (
        tr("Your account on the server is closed."),
        tr("Ask an administrator; what was not sent stays here."),
    )


def _forked(detail: str) -> tuple[str, str]:
    return (
        tr("A copy of this workspace speaks to the server in its name."),
        tr("Sign in again to make this one a device of its own: deskcrm connect URL --user NAME"),
    )


def _old_workstation(detail: str) -> tuple[str, str]:
    return (
        tr("This DeskCRM is too old for the server."),
        tr("Update it; until then it works alone, and what you write is kept."),
    )


def _old_server(detail: str) -> tuple[str, str]:
    return tr("The server is too old for this DeskCRM."), tr("Ask for the server to be updated.")


def _lineage(detail: str) -> tuple[str, str]:
    return (
        tr("This is not the server that the workspace belongs to."),
        tr("Nothing was sent or taken. Check the address with an administrator."),
    )


def _shrunken(detail: str) -> tuple[str, str]:
    return (
        tr("The server knows less than it did before."),
        tr("Nothing was taken from it. Ask an administrator whether it was restored."),
    )


def _mass_delete(detail: str) -> tuple[str, str]:
    count = int(detail) if detail.isdecimal() else 0
    return (
        ntr(
            "The server would delete {n} row here, which is suspiciously much.",
            "The server would delete {n} rows here, which is suspiciously much.",
            count,
        ),
        tr(
            "Nothing was deleted. If it is meant: deskcrm sync --allow-deletion; if it is not:"
            " deskcrm sync --keep-deleted"
        ),
    )


def _certificate(detail: str) -> tuple[str, str]:
    ask = tr("Nothing was sent. Ask whoever runs the server to renew its certificate.")
    if detail == "expired":
        return tr("The certificate of the server has run out, or this clock is wrong."), ask
    if detail == "name":
        return (
            tr("The certificate is another server’s."),
            tr("Nothing was sent. Check the address letter by letter, and the network you are in."),
        )
    return (
        tr("This computer does not trust the certificate of the server."),
        tr(
            "Nothing was sent. Check the network you are in; an authority of your own must be"
            " known to the operating system."
        ),
    )


def _missing(detail: str) -> tuple[str, str]:
    return (
        tr("The contents are still on a colleague’s workstation."),
        tr("They can be opened here once that workstation has been online."),
    )


def _too_large(detail: str) -> tuple[str, str]:
    return (
        tr("The server does not take so much at once."),
        tr("It is kept here. Ask an administrator to let the server take more."),
    )


def _broken(detail: str) -> tuple[str, str]:
    return (
        tr("The server did not answer as DeskCRM does ({detail}).", detail=detail or "?"),
        tr("Check its address and the network; what you write is kept."),
    )


_WORDS: Final = {
    Trouble.OFFLINE: _offline,
    Trouble.BUSY: _busy,
    Trouble.SIGN_IN: _sign_in,
    Trouble.REVOKED: _revoked,
    Trouble.WIPE: _wipe,
    Trouble.CLOSED: _closed,
    Trouble.FORKED: _forked,
    Trouble.OLD_WORKSTATION: _old_workstation,
    Trouble.OLD_SERVER: _old_server,
    Trouble.LINEAGE: _lineage,
    Trouble.SHRUNKEN: _shrunken,
    Trouble.MASS_DELETE: _mass_delete,
    Trouble.CERTIFICATE: _certificate,
    Trouble.MISSING: _missing,
    Trouble.TOO_LARGE: _too_large,
    Trouble.BROKEN: _broken,
}


def refusal_in_words(reason: str) -> str:
    """Say why the server did not take a step; a reason that is not known is said as it came."""
    if reason == "rights":
        return tr("You may not change this.")
    if reason == "author":
        return tr("It would carry somebody else’s name.")
    if reason == "gone":
        return tr("It is not there any more, or was moved out of your sight.")
    if reason == "invalid":
        return tr("A value is not one that the server can keep.")
    if reason == "unknown":
        return tr("The server does not know this kind of change.")
    return reason
