"""What is around the tickets of the sample: links, colleagues who watch them, and tags."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.links.model import LinkKind, TicketLink
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.tags.model import Tag, TagId, TicketTag
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.watchers.model import TicketWatcher
from deskcrm.store.tables import Record


def make_around(
    tickets: Sequence[Ticket], staff: Staff, tags: Sequence[Tag], random: Random
) -> Iterator[Record]:
    """Link the latest tickets of a client, let colleagues watch some, and put tags on some."""
    by_client: dict[ClientId, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        by_client[ticket.client_id].append(ticket)
    kinds = cycle((LinkKind.RELATED, LinkKind.CAUSED_BY, LinkKind.BLOCKS))
    for of_client in by_client.values():
        if len(of_client) > 1:
            yield _link(of_client[-1], of_client[-2], next(kinds))
    for ticket in tickets:
        if ticket.is_open and random.random() < 0.4:
            yield _watcher(ticket, staff, random)
    yield from _tags(tickets, tags, random)


def _tags(tickets: Sequence[Ticket], tags: Sequence[Tag], random: Random) -> Iterator[TicketTag]:
    """Put a tag on every fourth ticket or so, and two on some."""
    for ticket in tickets:
        for tag in random.sample(tags, random.choices((0, 1, 2), weights=(9, 3, 1))[0]):
            ticket_id, tag_id = TicketId(ticket.id), TagId(tag.id)
            row_id = TicketTag.work_out_id({"ticket_id": ticket_id, "tag_id": tag_id})
            yield TicketTag(
                id=row_id, ticket_id=ticket_id, tag_id=tag_id, client_id=ticket.client_id
            )


def _link(one: Ticket, other: Ticket, kind: LinkKind) -> TicketLink:
    ends = TicketId(one.id), TicketId(other.id)
    row_id = TicketLink.work_out_id({"kind": kind, "ticket_id": ends[0], "other_id": ends[1]})
    return TicketLink(
        id=row_id, kind=kind, ticket_id=ends[0], other_id=ends[1], client_id=one.client_id
    )


def _watcher(ticket: Ticket, staff: Staff, random: Random) -> TicketWatcher:
    ticket_id, user_id = TicketId(ticket.id), random.choice(staff.support).id
    row_id = TicketWatcher.work_out_id({"ticket_id": ticket_id, "user_id": user_id})
    return TicketWatcher(
        id=row_id, ticket_id=ticket_id, user_id=user_id, client_id=ticket.client_id,
        began_at=ticket.opened_at,
    )  # fmt: skip
