"""The timeline by number rather than by place, for a list that scrolls freely."""

from collections.abc import Collection

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.entries import TimelineEntry, read_entries
from deskcrm.domain.interactions.timeline import (
    EntryKind,
    count_timeline,
    get_last_seen,
    page_moments,
)
from deskcrm.store.reader import Reader


def count_entries(
    db: Reader,
    *,
    client_id: ClientId | None = None,
    channels: Collection[Channel] = (),
    said: str = "",
) -> int:
    """Count the entries of a client's timeline."""
    return 0 if client_id is None else count_timeline(db, client_id, channels=channels, said=said)


def page_entries(
    db: Reader,
    *,
    client_id: ClientId | None = None,
    channels: Collection[Channel] = (),
    kinds: Collection[EntryKind] = (),
    said: str = "",
    offset: int = 0,
    limit: int = 50,
    sort: str = "",
    descending: bool = False,
) -> list[TimelineEntry]:
    """Give the entries from one number to another, the newest first; it has no other order."""
    del sort, descending
    if client_id is None:
        return []
    moments = page_moments(
        db, client_id, limit=offset + limit, channels=channels, kinds=kinds, said=said
    )
    return read_entries(db, moments[offset:], seen_at=get_last_seen(db, client_id))
