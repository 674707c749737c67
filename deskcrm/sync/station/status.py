"""How the exchange with the server stands, and what its troubles are called."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.troubles import words_of


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
    said = words_of(trouble.value, detail)
    return UserError(said.title, said.todo)


def explain(error: SyncError) -> UserError:
    """Say why an exchange did not come about, and what to do."""
    return in_words(error.trouble, error.detail)


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
