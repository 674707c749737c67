"""Sync in words: the sentence of the chip, the calm card of a trouble, the reason of a refusal."""

from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import ntr, tr
from deskcrm.sync.texts import OPEN
from deskcrm.sync.troubles import words_of
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.sync.standing import Standing


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the icon and the tone that go with it."""

    text: str
    icon: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Advice:
    """A trouble that needs a person: what happened, that nothing is lost, what to do."""

    title: str
    text: str
    deeds: tuple[str, ...] = ()
    """Names of what can be done about it, the best first: see ``TroubleCard``."""


def chip(of: Standing) -> Said:
    """Say how sync stands in one line."""
    short = headline(of)
    is_ending = of.lease is not None and of.lease.is_near_its_end
    if of.state == "off" and not is_ending:
        return Said(tr("Not connected to a server yet · everything is on this computer"), "home")
    parts = [short.text] if not _is_sending(of) else []
    if of.counts.refused:
        parts.insert(0, tr("Refused: {n}", n=of.counts.refused))
    if of.counts.waiting and of.state != "exchanging":
        parts.append(_waiting(of))
    if of.lease is not None and is_ending:
        parts.insert(0, lease_words(of.lease.days))
    if of.last_exchange is not None and of.state != "exchanging":
        parts.append(tr("last exchange {when}", when=dates.ago(of.last_exchange)))
    warns = bool(of.counts.refused) or is_ending
    icon, tone = ("warning", Tone.WARNING) if warns else (short.icon, short.tone)
    return Said(" · ".join(parts), icon, tone)


def lease_words(days: int) -> str:
    """Say in how many days this copy locks itself."""
    return ntr("Locks in {n} day", "Locks in {n} days", days)


def headline(of: Standing) -> Said:
    """Say how sync stands in a few words."""
    if of.state == "off":
        return Said(tr("Not connected"), "home")
    if of.state == "exchanging":
        return Said(tr("Syncing…"), "sync", Tone.INFO)
    if of.state == "paused":
        return Said(tr("Paused"), "snooze")
    if of.status is not None and of.status.said is not None:
        return Said(of.status.said.title, "warning", Tone.WARNING)  # it is here, not there
    if of.trouble in ("offline", "busy"):
        return Said(words_of(of.trouble).short, "offline")
    if of.trouble:
        return Said(words_of(of.trouble).short, "warning", Tone.WARNING)
    if of.last_exchange is None:
        return Said(tr("Connecting…"), "sync", Tone.INFO)
    if _is_sending(of):
        return Said(_waiting(of), "upload", Tone.INFO)
    return Said(tr("In step"), "done", Tone.OK)


def _is_sending(of: Standing) -> bool:
    """Whether all is well, but for what has only just been written."""
    return of.state == "idle" and bool(of.counts.waiting) and of.last_exchange is not None


def _waiting(of: Standing) -> str:
    return ntr("{n} change waits", "{n} changes wait", of.counts.waiting)


_DEEDS: Final = {
    "sign_in": ("connect",),
    "revoked": ("connect",),
    "wipe": (),
    "closed": ("again",),
    "forked": ("connect",),
    "old_workstation": ("again",),
    "old_server": ("again",),
    "lineage": ("connect", "again"),
    "shrunken": ("again",),
    "mass_delete": ("allow", "keep"),
    "certificate": ("again",),
    "too_large": ("again",),
    "broken": ("again",),
}


def advice(of: Standing) -> Advice | None:
    """Say what needs a person, if anything does."""
    if of.state not in ("stopped", "retrying") or of.trouble not in _DEEDS:
        return _lease_advice(of)
    status = of.status
    detail = status.detail if status is not None else ""
    if status is not None and status.said is not None:
        return Advice(status.said.title, status.said.detail, ("again",))
    title, text = _advised(of.trouble, detail)
    return Advice(title, text, _DEEDS[of.trouble])


def _lease_advice(of: Standing) -> Advice | None:
    """Say what keeps this copy from locking itself, when that is near."""
    if of.lease is None or not of.lease.is_near_its_end:
        return None
    return Advice(
        lease_words(of.lease.days),
        tr(
            "One exchange with the server before then is enough. If this copy locks itself,"
            " nothing is deleted: it opens again once you sign in."
        ),
    )


def _advised(trouble: str, detail: str) -> tuple[str, str]:
    said = words_of(trouble, detail, number=dates.number)
    if trouble in ("mass_delete", "wipe"):
        return said.heading or said.short, said.card
    kept = tr("Nothing is lost: what you write is kept here and sent later.")
    return said.short, f"{said.card} {kept}"


def marks(text: str) -> str:
    """Say what the brackets in a merged text mean; "" for a text without any."""
    if OPEN not in text:
        return ""
    return tr("Two people rewrote this: the later words stand in ⟦double brackets⟧.")


def refusal(reason: str) -> str:
    """Say why the server did not take a step."""
    said = {
        "rights": tr("You have no right to change this, or no longer have it."),
        "author": tr("It would carry somebody else’s name."),
        "gone": tr("It is not there any more, or was moved out of your sight."),
        "invalid": tr("A value is not one that the server can keep."),
        "unknown": tr("The server does not know this kind of change; it may be older."),
    }
    return said.get(reason) or tr("The server did not take it ({reason}).", reason=reason)


def refusal_advice(reason: str) -> str:
    """Say what can be done about a refusal."""
    said = {
        "rights": tr("Ask whoever is responsible for the right, then do it again."),
        "author": tr("Write it under your own name, or let an administrator bring it in."),
        "gone": tr("Copy what you need from it, and write it where it belongs now."),
        "invalid": tr("Look at the values below, and enter what is right where it belongs."),
        "unknown": tr("Do it again once the server is updated."),
    }
    return said.get(reason) or tr("Do it again later, or copy what you need from it.")
