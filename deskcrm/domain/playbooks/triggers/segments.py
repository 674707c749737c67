"""Segments: a client that came to match a playbook's filter, or does not match it any more.

Nothing records when a client came to match; so each device notes it when it looks, and a client
that matched when it first looked has no moment.
"""

from typing import Final

from sqlalchemy import select

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.playbooks.model import Playbook, SegmentStay
from deskcrm.domain.playbooks.triggers.trigger import Asked, Facts, Match, Trigger
from deskcrm.store.reader import Reader


def find_entered(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that are within the segment, since when this device saw them enter."""
    return _find(db, asked, is_within=True)


def find_left(db: Reader, asked: Asked) -> list[Match]:
    """Find clients that this device saw leave the segment."""
    return _find(db, asked, is_within=False)


def _find(db: Reader, asked: Asked, *, is_within: bool) -> list[Match]:
    if asked.playbook_id is None:
        return []
    made = db.scalar(select(Playbook.created_at).where(Playbook.id == asked.playbook_id))
    stay = SegmentStay.__table__.c
    rows = db.all(
        select(stay.client_id, stay.changed_at)
        .join(Client, Client.id == stay.client_id)
        .where(stay.playbook_id == asked.playbook_id, stay.is_within.is_(is_within))
        .where(*asked.clients)
    )
    found: list[Match] = []
    for client_id, changed_at in rows:
        since = changed_at or made
        if since is not None:
            match = Match(ClientId(client_id), since)
            if asked.is_asked(match):
                found.append(match)
    return found


def say_entered(facts: Facts) -> str:
    """Say that the client came to match."""
    return tr("Came into the segment")


def say_left(facts: Facts) -> str:
    """Say that the client does not match any more."""
    return tr("Left the segment")


SEGMENT_ENTERED: Final = Trigger(find_entered, say_entered, holds=True, knows_past=False)
SEGMENT_LEFT: Final = Trigger(find_left, say_left, holds=True, knows_past=False)
