"""Answers about interactions: a screen of the timeline, and one interaction with its past."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.interactions.channels import Channel, InteractionId
from deskcrm.domain.interactions.entries import TimelineEntry, read_entries
from deskcrm.domain.interactions.model import (
    EDITABLE_FOR,
    Interaction,
    Participant,
    Revision,
)
from deskcrm.domain.interactions.timeline import (
    EntryKind,
    Moment,
    Place,
    get_last_seen,
    page_moments,
)
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """A screen of the timeline, the newest first."""

    entries: tuple[TimelineEntry, ...]
    has_more: bool
    """Whether it goes on, in the direction that was asked for."""
    last_seen_at: datetime | None
    """When this page was last looked at; what came since is new."""

    def bottom(self) -> Place | None:
        """Give the place to go on downwards from."""
        last = self.entries[-1] if self.entries else None
        return Place(last.at, last.id) if last else None

    def top(self) -> Place | None:
        """Give the place to go on upwards from."""
        first = self.entries[0] if self.entries else None
        return Place(first.at, first.id) if first else None


@dataclass(frozen=True, slots=True)
class FormerWording:
    """How an interaction was worded before it was corrected."""

    at: datetime
    by: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """Somebody else who took part."""

    contact_id: ContactId | None
    user_id: UserId | None
    name: str


@dataclass(frozen=True, slots=True)
class InteractionDetail:
    """One interaction with who took part and how it was worded before."""

    entry: TimelineEntry
    client_id: ClientId
    is_editable: bool
    """Whether the wording may still be changed in place by whoever asks; else it is corrected."""
    editable_until: datetime
    participants: tuple[ParticipantRow, ...]
    former: tuple[FormerWording, ...]


def page_timeline(
    db: Reader,
    client_id: ClientId,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 50,
    channels: Collection[Channel] = (),
    kinds: Collection[EntryKind] = (),
) -> TimelinePage:
    """Give a screen of a client's timeline: the newest, or from a place downwards or upwards.

    ``before=Place(moment)`` jumps to a date.
    """
    moments = page_moments(
        db,
        client_id,
        before=before,
        after=after,
        limit=limit + 1,
        channels=channels,
        kinds=kinds,
    )
    has_more = len(moments) > limit
    shown = moments[-limit:] if after is not None else moments[:limit]
    seen_at = get_last_seen(db, client_id)
    return TimelinePage(tuple(read_entries(db, shown, seen_at=seen_at)), has_more, seen_at)


def get_interaction(db: Reader, interaction_id: InteractionId) -> InteractionDetail | None:
    """Give one interaction with its past; None when it is not there."""
    row = db.first(
        select(
            Interaction.client_id,
            Interaction.started_at,
            Interaction.created_at,
            Interaction.logged_by,
        ).where(Interaction.id == interaction_id, ~Interaction.is_deleted)
    )
    if row is None:
        return None
    moment = Moment(EntryKind.INTERACTION, Place(row.started_at, interaction_id))
    until = row.created_at + EDITABLE_FOR
    return InteractionDetail(
        entry=read_entries(db, [moment])[0],
        client_id=row.client_id,
        is_editable=row.logged_by == db.actor and db.now <= until,
        editable_until=until,
        participants=_participants(db, interaction_id),
        former=_former(db, interaction_id),
    )


def _participants(db: Reader, interaction_id: InteractionId) -> tuple[ParticipantRow, ...]:
    rows = db.all(
        select(Participant.contact_id, Participant.user_id, Participant.name)
        .where(Participant.interaction_id == interaction_id, ~Participant.is_deleted)
        .order_by(Participant.id)
    )
    return tuple(ParticipantRow(*row) for row in rows)


def _former(db: Reader, interaction_id: InteractionId) -> tuple[FormerWording, ...]:
    rows = db.all(
        select(
            Revision.corrected_at,
            func.coalesce(User.name, ""),
            Revision.former_text,
            Revision.reason,
        )
        .outerjoin(User, User.id == Revision.corrected_by)
        .where(Revision.interaction_id == interaction_id, ~Revision.is_deleted)
        .order_by(Revision.corrected_at.desc(), Revision.id.desc())
    )
    return tuple(FormerWording(*row) for row in rows)
