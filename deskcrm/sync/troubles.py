"""What every trouble is called, wherever it is said: one list for the command line and the window.

Nothing that was written here is ever lost by a trouble.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import ntr, tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A trouble in words."""

    short: str
    """In a few words, for a chip."""
    title: str
    """What happened, for whoever has no buttons: at the command line, say."""
    todo: str
    """What to do about it there."""
    card: str = ""
    """What happened, beside the buttons that do something about it."""
    heading: str = ""
    """Over that, where more is to be said than in short."""
    joining: tuple[str, str] = ("", "")
    """What happened and what to do for somebody who is only about to sign in."""


def words_of(trouble: str, detail: str = "", *, number: Callable[[int], str] = str) -> Words:
    """Say a trouble; ``number`` writes one as the reader is used to it."""
    if trouble == "mass_delete":
        return _mass_delete(detail, number)
    return _WORDS[trouble](detail)


def _offline(detail: str) -> Words:
    return Words(
        short=tr("Offline"),
        title=tr("The server cannot be reached."),
        todo=tr("Check the network; what you write is kept and sent later."),
        joining=(tr("Nobody answers at this address."), tr("Check it and the network.")),
    )


def _busy(detail: str) -> Words:
    return Words(
        short=tr("Offline"),
        title=tr("The server is busy."),
        todo=tr("Try again in a minute; what you write is kept."),
        joining=(tr("The server is busy."), tr("Try again in a minute.")),
    )


def _sign_in(detail: str) -> Words:
    return Words(
        short=tr("Sign in again"),
        title=tr("You are not signed in to the server any more."),
        todo=tr("Sign in again, or run: deskcrm connect URL --user NAME"),
        card=tr("The sign-in has run out or the password was changed."),
        joining=(tr("This name and this password do not go together."), tr("Type it again.")),
    )


def _revoked(detail: str) -> Words:
    return Words(
        short=tr("This device was locked out"),
        title=tr("This device was locked out of the server."),
        todo=tr("Ask an administrator; what was not sent stays here."),
        card=tr("An administrator locked this device out. Ask them; then you can sign in again."),
        joining=(tr("This device was locked out."), tr("Ask an administrator.")),
    )


def _wipe(detail: str) -> Words:
    return Words(
        short=tr("This device was locked out"),
        title=tr("This device was locked out of the server, so this copy is wiped."),
        todo=tr("Ask an administrator; what was sent is on the server."),
        card=tr("An administrator locked this device out, so this copy is wiped now."),
    )


def _closed(detail: str) -> Words:
    return Words(
        short=tr("Your account is closed"),
        title=tr("Your account on the server is closed."),
        todo=tr("Ask an administrator; what was not sent stays here."),
        card=tr(
            "Somebody closed it: the person has left, or the account was disabled. Ask your"
            " administrator whether that was meant."
        ),
        joining=(tr("This account is closed."), tr("Ask an administrator.")),
    )


def _forked(detail: str) -> Words:
    return Words(
        short=tr("Sign in again"),
        title=tr("A copy of this workspace speaks to the server in its name."),
        todo=tr(
            "Sign in again to make this one a device of its own: deskcrm connect URL --user NAME"
        ),
        card=tr(
            "A copy of this workspace speaks to the server in its name. Sign in again to make"
            " this one a device of its own."
        ),
    )


def _old_workstation(detail: str) -> Words:
    return Words(
        short=tr("DeskCRM must be updated"),
        title=tr("This DeskCRM is too old for the server."),
        todo=tr("Update it; until then it works alone, and what you write is kept."),
        card=tr(
            "The server is newer than this DeskCRM. Install the newer DeskCRM; until then it works"
            " without the server."
        ),
        joining=(
            tr("The server is newer than this DeskCRM."),
            tr("Install the newer DeskCRM first."),
        ),
    )


def _old_server(detail: str) -> Words:
    return Words(
        short=tr("The server must be updated"),
        title=tr("The server is too old for this DeskCRM."),
        todo=tr("Ask for the server to be updated."),
        card=tr("This DeskCRM is newer than the server. Ask your administrator to update it."),
        joining=(tr("The server is older than this DeskCRM."), tr("Have it updated first.")),
    )


def _lineage(detail: str) -> Words:
    title = tr("This is not the server that the workspace belongs to.")
    return Words(
        short=tr("Another server answers"),
        title=title,
        todo=tr("Nothing was sent or taken. Check the address with an administrator."),
        card=tr(
            "What answers at this address is not the server that your workspace belongs to."
            " Nothing was sent or taken. Check the address with your administrator."
        ),
        joining=(title, tr("Nothing was changed here.")),
    )


def _shrunken(detail: str) -> Words:
    return Words(
        short=tr("The server knows less than before"),
        title=tr("The server knows less than it did before."),
        todo=tr("Nothing was taken from it. Ask an administrator whether it was restored."),
        card=tr(
            "It may have been restored from an old backup in the wrong way. Nothing was taken"
            " from it. Ask your administrator before you go on."
        ),
    )


def _mass_delete(detail: str, number: Callable[[int], str]) -> Words:
    count = int(detail) if detail.isdecimal() else 0
    return Words(
        short=tr("A large deletion waits for you"),
        title=ntr(
            "The server would delete {n} row here, which is suspiciously much.",
            "The server would delete {n} rows here, which is suspiciously much.",
            count,
        ),
        todo=tr(
            "Nothing was deleted. If it is meant: deskcrm sync --allow-deletion; if it is not:"
            " deskcrm sync --keep-deleted"
        ),
        heading=ntr(
            "The server wants to delete {count} record here",
            "The server wants to delete {count} records here",
            count,
            count=number(count),
        ),
        card=tr(
            "That is more than people usually delete, so nothing was deleted yet. If somebody"
            " cleaned up on purpose, delete them here too. If not, keep everything: it stays here"
            " and is offered back to the server, for all."
        ),
    )


def _certificate(detail: str) -> Words:
    short = tr("The server’s certificate is not trusted")
    title, todo = _distrusted(detail)
    return Words(short=short, title=title, todo=todo, card=f"{title} {todo}", joining=(title, todo))


def _distrusted(detail: str) -> tuple[str, str]:
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


def _missing(detail: str) -> Words:
    return Words(
        short=tr("The server failed"),
        title=tr("The contents are still on a colleague’s workstation."),
        todo=tr("They can be opened here once that workstation has been online."),
    )


def _too_large(detail: str) -> Words:
    title = tr("The server does not take so much at once.")
    todo = tr("It is kept here. Ask an administrator to let the server take more.")
    short = tr("The server does not take so much")
    return Words(short=short, title=title, todo=todo, card=f"{title} {todo}")


def _broken(detail: str) -> Words:
    return Words(
        short=tr("The server failed"),
        title=tr("The server did not answer as DeskCRM does ({detail}).", detail=detail or "?"),
        todo=tr("Check its address and the network; what you write is kept."),
        card=tr(
            "It did not answer as DeskCRM does ({detail}). It is tried again by itself.",
            detail=detail or "?",
        ),
        joining=(tr("What answers there is not a DeskCRM server."), tr("Check the address.")),
    )


_WORDS: Final[dict[str, Callable[[str], Words]]] = {
    "offline": _offline,
    "busy": _busy,
    "sign_in": _sign_in,
    "revoked": _revoked,
    "wipe": _wipe,
    "closed": _closed,
    "forked": _forked,
    "old_workstation": _old_workstation,
    "old_server": _old_server,
    "lineage": _lineage,
    "shrunken": _shrunken,
    "certificate": _certificate,
    "missing": _missing,
    "too_large": _too_large,
    "broken": _broken,
}
